//! General properties: whatever the key and the answer, and the arithmetic of groups.

use grader::assignment::{Alternative, Blank, Points, Share};
use grader::mark::{Key, Verdict, mark_blank, mark_question, normal_form};
use proptest::prelude::*;

use super::{blank, compile, credited, full_width, points};

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
