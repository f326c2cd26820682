//! General properties: what must be accepted, what must never be credited, and the arithmetic of groups.

use std::collections::HashMap;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use grader::assignment::{Alternative, Blank, Points, Share};
use grader::mark::{Key, Verdict, mark_blank, mark_question, normal_form};
use pinyin::ToPinyin;
use proptest::prelude::*;

use super::{blank, compile, credited, mark_one, points};

/// Terms of several subjects; none is a synonym of another.
const TERMS: &[&str] = &[
    "订阅号",
    "服务号",
    "企业微信",
    "小程序",
    "朋友圈",
    "私域流量",
    "客户资源",
    "营销成本",
    "沟通成本高",
    "生命周期短",
    "活跃度低",
    "种子用户",
    "公众平台",
    "二维码",
    "点对点",
    "强关系链接",
    "标签分组",
    "精准定位",
    "内容输出",
    "用户画像",
    "品牌记忆",
    "触点",
    "粉丝",
    "好友",
    "视频号",
    "直播",
    "数据库",
    "数据模型",
    "关系模型",
    "层次模型",
    "网状模型",
    "概念模式",
    "外模式",
    "内模式",
    "逻辑独立性",
    "物理独立性",
    "数据冗余",
    "候选码",
    "主属性",
    "外部码",
    "参照完整性",
    "实体完整性",
    "函数依赖",
    "传递依赖",
    "第一范式",
    "第二范式",
    "第三范式",
    "事务",
    "原子性",
    "隔离性",
    "持久性",
    "封锁",
    "死锁",
    "视图",
    "索引",
    "触发器",
    "存储过程",
    "笛卡尔积",
    "投影",
    "自然连接",
    "等于",
    "不等于",
    "SELECT",
    "INSERT",
    "DELETE",
    "primary key",
    "foreign key",
    "辛亥革命",
    "戊戌变法",
    "洋务运动",
    "五四运动",
    "鸦片战争",
    "南京条约",
    "马关条约",
    "林则徐",
    "康有为",
    "孙中山",
    "九一八事变",
    "十一届三中全会",
    "氧化反应",
    "还原反应",
    "催化剂",
    "中和反应",
    "化合价",
    "摩尔质量",
    "质量守恒定律",
    "光合作用",
    "呼吸作用",
    "细胞膜",
    "叶绿体",
    "线粒体",
    "有丝分裂",
    "买方市场",
    "通货膨胀",
    "边际效用",
    "机会成本",
    "需求弹性",
    "完全竞争",
    "有限责任公司",
    "诉讼时效",
    "无因管理",
    "不当得利",
    "善意取得",
    "民事行为能力",
    "牛顿第一定律",
    "万有引力",
    "电磁感应",
    "匀速直线运动",
    "加速度",
    "串联电路",
    "并联电路",
    "欧姆定律",
    "惯性",
    "浮力",
    "1:n",
    "m:n",
    "C++",
    "HTTP",
    "TCP/IP",
];

/// Characters in daily use, from which homophones are taken.
const COMMON: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经\
十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内\
数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老\
头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济\
阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土\
许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准\
精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严";

fn traditional() -> OpenCC {
    OpenCC::from_config(BuiltinConfig::S2t).expect("the dictionaries are part of the program")
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| if ('!'..='~').contains(&c) { char::from_u32(c as u32 + 0xFEE0).expect("a character") } else { c })
        .collect()
}

fn is_chinese(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

fn equivalents(term: &str, converter: &OpenCC) -> Vec<String> {
    let spaced: String = term.chars().flat_map(|c| if is_chinese(c) { vec![c, ' '] } else { vec![c] }).collect();
    let mut all = vec![
        term.to_uppercase(),
        term.to_lowercase(),
        full_width(term),
        full_width(&term.to_uppercase()),
        spaced.replace(' ', "\u{3000}"),
        spaced,
        format!("{term}。"),
        format!("  {term}\n"),
        format!("“{term}”"),
        format!("「{term}」。"),
        format!("《{term}》"),
        format!("{term}；"),
        format!("【{term}】"),
        format!("（{term}）"),
        converter.convert(term),
        full_width(&converter.convert(term)),
        format!("\u{FEFF}{term}\u{200B}"),
    ];
    let soft: String = term.chars().flat_map(|c| [c, '\u{AD}']).collect();
    all.push(soft);
    // 【C++】 and the like are not wrapped words.
    all.retain(|way| term.chars().any(is_chinese) || !way.contains(['【']));
    all
}

#[test]
fn every_key_accepts_itself_and_its_equivalents() {
    let converter = traditional();
    let mut tried = 0;
    for term in TERMS {
        let key = Key::compile(&blank(&[term])).expect("a usable key");
        for way in equivalents(term, &converter) {
            let mark = mark_blank(&key, &way);
            assert_eq!(mark.verdict, Verdict::Correct, "{term} as {way:?}: {:?}", mark.reason);
            // What a student writes may be what the teacher keyed.
            let reverse = mark_one(&blank(&[&way]), term);
            assert_eq!(reverse.verdict, Verdict::Correct, "{way:?} as {term}: {:?}", reverse.reason);
            assert_eq!(normal_form(&way), normal_form(term), "{way:?}");
            tried += 1;
        }
    }
    assert!(tried > 2_000, "{tried}");
}

/// Wrong answers made from a term by rules, with the name of the rule.
fn adversaries(term: &str) -> Vec<(&'static str, String)> {
    let characters: Vec<char> = term.chars().collect();
    let mut all: Vec<(&'static str, String)> = Vec::new();
    let text = |characters: &[char]| characters.iter().collect::<String>();
    for at in 0..characters.len() {
        let mut without = characters.clone();
        without.remove(at);
        all.push(("one character less", text(&without)));
        if characters[at] != ' ' {
            let mut doubled = characters.clone();
            doubled.insert(at, characters[at]);
            all.push(("one character more", text(&doubled)));
        }
        for other in homophones(characters[at]) {
            let mut swapped = characters.clone();
            swapped[at] = other;
            all.push(("homophone", text(&swapped)));
        }
        for other in look_alikes(characters[at]) {
            let mut swapped = characters.clone();
            swapped[at] = other;
            all.push(("look-alike", text(&swapped)));
        }
    }
    for negation in ["不", "非", "未", "无", "不是", "并非", "没有"] {
        all.push(("negation", format!("{negation}{term}")));
    }
    for (first, second) in
        [("是", ""), ("的", ""), ("", "的"), ("大", ""), ("", "法"), ("不全是", ""), ("", "等"), ("某", "")]
    {
        all.push(("words around", format!("{first}{term}{second}")));
    }
    all.push(("not", format!("not {term}")));
    let half = characters.len().div_ceil(2);
    all.push(("halves swapped", text(&[&characters[half..], &characters[..half]].concat())));
    all.push(("first half", text(&characters[..half])));
    all.push(("second half", text(&characters[characters.len() - half..])));
    all.push(("backwards", characters.iter().rev().collect()));
    all.push(("twice", format!("{term}{term}")));
    all.push(("listed", format!("{term}/别的/其他")));
    all.push(("listed", format!("{term}、别的")));
    all.push(("listed", format!("{term}或别的")));
    all.push(("explained", format!("{term}（大概）")));
    all.retain(|(_, answer)| answer != term && !answer.is_empty());
    all
}

fn homophones(character: char) -> Vec<char> {
    let Some(sound) = character.to_pinyin() else { return Vec::new() };
    COMMON
        .chars()
        .filter(|c| *c != character && c.to_pinyin().is_some_and(|other| other.plain() == sound.plain()))
        .take(6)
        .collect()
}

fn look_alikes(character: char) -> Vec<char> {
    const PAIRS: &[&str] = &[
        "己已", "未末", "土士", "人入", "日曰", "天夫", "千干", "大太", "木本", "候侯", "订钉", "析折", "系糸", "券卷",
        "拆折", "科料", "辛幸", "戊戌", "0O", "1l",
    ];
    PAIRS
        .iter()
        .filter(|pair| pair.contains(character))
        .flat_map(|pair| pair.chars())
        .filter(|c| *c != character)
        .collect()
}

#[test]
fn no_adversary_is_credited() {
    let mut tried: HashMap<&'static str, u32> = HashMap::new();
    for term in TERMS {
        let key = Key::compile(&blank(&[term])).expect("a usable key");
        for other in TERMS.iter().filter(|other| *other != term) {
            let mark = mark_blank(&key, other);
            assert!(!credited(&mark), "another term: {term} ← {other}: {:?}", mark.reason);
            *tried.entry("another term").or_default() += 1;
        }
        for (rule, answer) in adversaries(term) {
            let mark = mark_blank(&key, &answer);
            assert!(!credited(&mark), "{rule}: {term} ← {answer}: {:?}", mark.reason);
            *tried.entry(rule).or_default() += 1;
        }
    }
    let made: u32 = tried.iter().filter(|(rule, _)| **rule != "another term").map(|(_, count)| count).sum();
    assert!(made >= 3_000 && tried.len() >= 14, "{tried:?}");
}

#[test]
fn few_wrong_answers_wait_for_the_teacher() {
    // A wrong answer is nearly always another term of the same chapter.
    let (mut waiting, mut all) = (0, 0);
    for term in TERMS {
        let key = Key::compile(&blank(&[term])).expect("a usable key");
        for other in TERMS.iter().filter(|other| *other != term) {
            all += 1;
            waiting += u32::from(mark_blank(&key, other).verdict == Verdict::Review);
        }
    }
    assert!(f64::from(waiting) < 0.01 * f64::from(all), "{waiting} of {all}");
}

/// A whole number in Chinese, written independently of the marking.
fn chinese(number: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    fn section(number: u32) -> String {
        let digit = |power: u32| ((number / power) % 10) as usize;
        let mut text = String::new();
        for (power, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            match digit(power) {
                0 if !text.is_empty() && !number.is_multiple_of(power) && !text.ends_with('零') => text.push('零'),
                0 => {}
                d => text.push_str(&format!("{}{name}", DIGITS[d])),
            }
        }
        text
    }
    match (number / 10_000, number % 10_000) {
        (0, 0) => "零".to_string(),
        (0, low) => {
            let text = section(low);
            text.strip_prefix("一十").map_or(text.clone(), |rest| format!("十{rest}"))
        }
        (high, 0) => format!("{}万", chinese(high)),
        (high, low) => format!("{}万{}{}", chinese(high), if low < 1000 { "零" } else { "" }, section(low)),
    }
}

fn formal(text: &str) -> String {
    text.chars()
        .map(|c| {
            "零一二三四五六七八九十百千"
                .chars()
                .position(|plain| plain == c)
                .map_or(c, |at| "零壹贰叁肆伍陆柒捌玖拾佰仟".chars().nth(at).expect("as long"))
        })
        .collect()
}

fn ways_to_write(number: u32) -> Vec<String> {
    let plain = number.to_string();
    let mut separated = String::new();
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at).is_multiple_of(3) {
            separated.push(',');
        }
        separated.push(digit);
    }
    let mut ways = vec![
        full_width(&plain),
        chinese(number),
        formal(&chinese(number)),
        format!("{plain}.0"),
        format!("{plain}个"),
        format!("{} 个", chinese(number)),
        format!("{plain}。"),
        full_width(&separated),
        separated,
        plain,
    ];
    if number.is_multiple_of(10_000) && number > 0 {
        ways.push(format!("{}万", number / 10_000));
    } else if number.is_multiple_of(1_000) && number > 10_000 {
        ways.push(format!("{}万", f64::from(number) / 10_000.0));
    }
    ways
}

fn small_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[订阅服务号企业微信客户资源的不短长点赞评论]{1,6}",
        "[0-9一二三十百千万亿.,%~:/年月日个元-]{1,8}",
        "[a-zA-Z ]{1,10}",
        ".{0,12}",
        "[①②③１２３（）“”《》。、，：； \u{3000}\u{200B}²½₂a中]{1,8}",
    ]
}

fn group_of_blanks() -> impl Strategy<Value = (Vec<Blank>, Vec<String>)> {
    const WORDS: &[&str] =
        &["点赞", "评论", "转发", "收藏", "冗余", "数据冗余", "1", "一个", "二", "SQL", "关注", "概念模式", "概念模型"];
    const ANSWERS: &[&str] = &[
        "",
        "点 赞",
        "評論",
        "转发。",
        "一",
        "２",
        "sql",
        "收臧",
        "点攒",
        "冗余数据",
        "概念模试",
        "别的",
        "两个",
        "关住",
        "不关注",
    ];
    let word = prop::sample::select(WORDS);
    let share = prop::sample::select(&[Share::WHOLE, Share(500_000), Share(333_333), Share::WHOLE]);
    let alternative = (word, share).prop_map(|(text, share)| Alternative { text: text.to_string(), share });
    let member =
        (prop::collection::vec(alternative, 1..4), 1..4_i64, any::<bool>()).prop_map(|(key, points, whole)| {
            let key = key.into_iter().map(|alternative| {
                if whole { Alternative { share: Share::WHOLE, ..alternative } } else { alternative }
            });
            Blank {
                key: key.collect(),
                points: Points(points * 1_000_000),
                group: Some("g".to_string()),
                ..Blank::default()
            }
        });
    let answer = prop_oneof![prop::sample::select(WORDS), prop::sample::select(ANSWERS)].prop_map(str::to_string);
    (1..=6_usize).prop_flat_map(move |count| {
        (prop::collection::vec(member.clone(), count), prop::collection::vec(answer.clone(), count))
    })
}

/// The most credit, and with it the most reviews, that any order of the keys gives.
fn brute_force(blanks: &[Blank], answers: &[String]) -> (i64, u32) {
    let keys = compile(blanks);
    let edges: Vec<Vec<(i64, u32)>> = answers
        .iter()
        .map(|answer| {
            let marks: Vec<_> = keys.iter().map(|key| mark_blank(key, answer)).collect();
            let equal = marks.iter().any(credited);
            marks
                .iter()
                .zip(blanks)
                .map(|(mark, blank)| {
                    (blank.points.times(mark.credit).0, u32::from(mark.verdict == Verdict::Review && !equal))
                })
                .collect()
        })
        .collect();
    fn best(edges: &[Vec<(i64, u32)>], used: u32) -> (i64, u32) {
        let Some((first, rest)) = edges.split_first() else { return (0, 0) };
        let mut most = (0, 0);
        for (member, edge) in first.iter().enumerate().filter(|(member, _)| used & (1 << member) == 0) {
            let after = best(rest, used | 1 << member);
            most = most.max((edge.0 + after.0, edge.1 + after.1));
        }
        most
    }
    best(&edges, 0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_key_accepts_itself(text in small_text()) {
        prop_assume!(!text.trim().is_empty());
        let stated = blank(&[&text]);
        if let Ok(key) = Key::compile(&stated) {
            let mark = mark_blank(&key, &text);
            let invisible = mark.verdict == Verdict::Unanswered;
            prop_assert!(mark.verdict == Verdict::Correct || invisible, "{:?}: {:?}", text, mark);
        }
    }

    #[test]
    fn nothing_panics_and_marking_is_a_function(key in small_text(), after in small_text(), before in small_text(), answer in ".{0,40}") {
        let mut stated = blank(&[&key]);
        stated.surroundings.after = after;
        stated.surroundings.before = before;
        stated.surroundings.marker = Some("①".to_string());
        if let (Ok(one), Ok(other)) = (Key::compile(&stated), Key::compile(&stated)) {
            prop_assert_eq!(mark_blank(&one, &answer), mark_blank(&other, &answer));
        }
        let _ = normal_form(&answer);
    }

    #[test]
    fn a_number_is_itself_however_it_is_written(number in prop_oneof![0..200_u32, 0..20_000_u32, 0..9_999_u32, (1..900_u32).prop_map(|n| n * 10_000)]) {
        let ways = ways_to_write(number);
        for key in &ways {
            let compiled = Key::compile(&blank(&[key])).expect("a usable key");
            for answer in &ways {
                let mark = mark_blank(&compiled, answer);
                prop_assert_eq!(mark.verdict, Verdict::Correct, "{} ← {}: {:?}", key, answer, mark.reason);
            }
        }
    }

    #[test]
    fn another_number_is_incorrect(number in 1..100_000_u32, by in 1..50_u32) {
        let key = Key::compile(&blank(&[&number.to_string()])).expect("a usable key");
        for other in [number + by, number.saturating_sub(by), number * 10, number / 10, number + 10_000].into_iter().filter(|other| *other != number) {
            for answer in ways_to_write(other) {
                let mark = mark_blank(&key, &answer);
                prop_assert_eq!(mark.verdict, Verdict::Incorrect, "{} ← {}: {:?}", number, answer, mark.reason);
            }
        }
        let negative = mark_blank(&key, &format!("-{number}"));
        prop_assert_eq!(negative.verdict, Verdict::Incorrect);
    }

    #[test]
    fn a_date_is_itself_however_it_is_written(year in 1000..2999_u32, month in 1..=12_u32, day in 1..=28_u32) {
        let digits = |number: u32| number.to_string().chars().map(|c| "〇一二三四五六七八九".chars().nth(c as usize - '0' as usize).expect("a digit")).collect::<String>();
        let ways = [
            format!("{year}年{month}月{day}日"), format!("{year}-{month:02}-{day:02}"), format!("{year}.{month}.{day}"), format!("{year}/{month}/{day}"),
            format!("{}年{}月{}日", digits(year), chinese(month), chinese(day)), format!("{year} 年 {month} 月 {day} 号"), full_width(&format!("{year}年{month:02}月{day:02}日")),
        ];
        for key in &ways {
            let compiled = Key::compile(&blank(&[key])).expect("a usable key");
            for answer in &ways {
                prop_assert_eq!(mark_blank(&compiled, answer).verdict, Verdict::Correct, "{} ← {}", key, answer);
            }
            let next = format!("{year}年{month}月{}日", day + 1);
            prop_assert_eq!(mark_blank(&compiled, &next).verdict, Verdict::Incorrect, "{} ← {}", key, next);
        }
    }

    #[test]
    fn a_group_scores_the_most_that_any_order_gives((blanks, answers) in group_of_blanks()) {
        let keys = compile(&blanks);
        let texts: Vec<&str> = answers.iter().map(String::as_str).collect();
        let marks = mark_question(&keys, &texts);
        let reviews = marks.iter().filter(|mark| mark.verdict == Verdict::Review).count() as u32;
        prop_assert_eq!((points(&blanks, &marks).0, reviews), brute_force(&blanks, &answers), "{:?}", marks);
        let mut used: Vec<usize> = marks.iter().filter(|mark| credited(mark)).filter_map(|mark| mark.key).collect();
        used.sort_unstable();
        used.dedup();
        prop_assert_eq!(used.len(), marks.iter().filter(|mark| credited(mark)).count());
    }

    #[test]
    fn the_order_of_a_group_does_not_matter((blanks, answers) in group_of_blanks(), seed in any::<u64>()) {
        let keys = compile(&blanks);
        let texts: Vec<&str> = answers.iter().map(String::as_str).collect();
        let mut shuffled = texts.clone();
        let mut state = seed | 1;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        let count = |marks: &[grader::mark::Mark], verdict| marks.iter().filter(|mark| mark.verdict == verdict).count();
        let (one, other) = (mark_question(&keys, &texts), mark_question(&keys, &shuffled));
        prop_assert_eq!(points(&blanks, &one), points(&blanks, &other));
        prop_assert_eq!(count(&one, Verdict::Review), count(&other, Verdict::Review));
    }
}
