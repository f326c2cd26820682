//! What a character of a printed Chinese page is: space, ideograph, punctuation, list marker, numeral.

use unicode_normalization::UnicodeNormalization;
use unicode_width::UnicodeWidthChar;

/// A space of any width, but no line end.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// Characters without a shape, which text extraction leaves behind.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
        || (c.is_control() && c != '\t')
}

/// A Chinese character.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '々' | '〇' | '\u{2e80}'..='\u{2fdf}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A letter or digit of another script, of either width.
pub(super) fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c) && marker_number(c).is_none()
}

/// The number of a list marker that is one character, such as `③` or `⑶`.
pub(super) fn marker_number(c: char) -> Option<u32> {
    let code = u32::from(c);
    let first = match code {
        0x2460..=0x2473 => 0x2460,
        0x2474..=0x2487 => 0x2474,
        0x2488..=0x249b => 0x2488,
        0x2776..=0x277f => 0x2776,
        0x2780..=0x2789 => 0x2780,
        0x278a..=0x2793 => 0x278a,
        0x3220..=0x3229 => 0x3220,
        0x3280..=0x3289 => 0x3280,
        _ => return None,
    };
    Some(code - first + 1)
}

/// Punctuation that ends a sentence or stands for it.
pub(super) fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '…' | '｡')
}

/// Punctuation that divides clauses or items, without the full stop.
pub(super) fn divides_clauses(c: char) -> bool {
    matches!(c, '，' | ',' | '；' | ';' | '：' | ':' | '、' | '､' | '﹐' | '﹑' | '﹔' | '﹕')
}

/// Whether the text has punctuation that divides clauses or items. The colon of 3:1 does not, nor does the comma of 1,000.
pub(super) fn is_divided(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(|c| fold(*c).is_ascii_digit());
    characters.iter().enumerate().any(|(at, c)| {
        divides_clauses(*c) && !(matches!(c, ':' | '：' | ',') && digit(at.checked_sub(1)) && digit(Some(at + 1)))
    })
}

pub(super) fn opens(c: char) -> bool {
    matches!(c, '(' | '（' | '[' | '［' | '【' | '〔' | '《' | '〈' | '“' | '‘' | '「' | '『' | '{' | '｛')
}

pub(super) fn closes(c: char) -> bool {
    matches!(c, ')' | '）' | ']' | '］' | '】' | '〕' | '》' | '〉' | '”' | '’' | '」' | '』' | '}' | '｝')
}

/// Marks that the comparison of a question with the book passes over: quotes and title brackets.
pub(super) fn is_wrapping(c: char) -> bool {
    matches!(
        c,
        '“' | '”'
            | '‘'
            | '’'
            | '「'
            | '」'
            | '『'
            | '』'
            | '"'
            | '\''
            | '《'
            | '》'
            | '〈'
            | '〉'
            | '【'
            | '】'
            | '〔'
            | '〕'
            | '〖'
            | '〗'
    )
}

/// Ornaments that printers set in running heads and before headings.
pub(super) fn is_ornament(c: char) -> bool {
    matches!(
        c,
        '◆' | '◇'
            | '■'
            | '□'
            | '▪'
            | '▫'
            | '●'
            | '○'
            | '◎'
            | '★'
            | '☆'
            | '▲'
            | '△'
            | '▼'
            | '▽'
            | '►'
            | '▶'
            | '◀'
            | '◄'
            | '♦'
            | '※'
            | '|'
            | '｜'
            | '│'
            | '┃'
            | '•'
            | '·'
            | '・'
            | '∙'
            | '❖'
            | '✦'
            | '✧'
            | '◢'
            | '◣'
            | '◤'
            | '◥'
            | '➤'
            | '~'
            | '～'
            | '—'
            | '–'
            | '-'
            | '－'
            | '*'
            | '#'
    )
}

/// The form in which characters of question and book are compared: half width, lower case, one kind of each
/// punctuation mark, and one character for shapes that optical recognition mistakes for each other.
pub(super) fn fold(c: char) -> char {
    match c {
        '，' | '﹐' => ',',
        '；' | '﹔' => ';',
        '：' | '﹕' | '∶' => ':',
        '！' => '!',
        '？' => '?',
        '（' => '(',
        '）' => ')',
        '｡' => '。',
        '～' | '∼' | '〜' => '~',
        '–' | '−' | '－' | '─' | '—' | '―' => '-',
        '岀' => '出',
        '冃' => '月',
        '巳' => '已',
        '囗' => '口',
        '冋' => '同',
        '戸' | '戶' => '户',
        '\u{ff01}'..='\u{ff5e}' => lower(char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)),
        _ => lower(ideograph(c)),
    }
}

fn lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(single), None) => single,
        _ => c,
    }
}

/// Radicals of simplified characters that Unicode gives no ideograph for, and the ideographs that look the same.
const RADICALS: &str = "⺁厂⺈刀⺊卜⺎兀⺏尢⺒巳⺓幺⺛旡⺝月⺟母⺠民⺧牛⺩王⺪疋⺫目⺬示⺮竹⺰纟⺱网⺲网⺶羊⺷羊⺹老⺺聿⺻聿⺼月⺽臼⺾艹⺿艹⻁虎⻂衣⻃西⻄西⻅见⻆角⻇角⻈讠⻉贝⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑长⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟饣⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟";

/// The ideograph that the text means where a PDF's font has a radical or a compatible form of it.
pub(super) fn ideograph(c: char) -> char {
    match c {
        '\u{2e80}'..='\u{2eff}' => {
            let mut pairs = RADICALS.chars();
            while let (Some(radical), Some(plain)) = (pairs.next(), pairs.next()) {
                if radical == c {
                    return plain;
                }
            }
            single_nfkc(c)
        }
        '\u{2f00}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' => single_nfkc(c),
        _ => c,
    }
}

fn single_nfkc(c: char) -> char {
    let mut folded = c.nfkc();
    match (folded.next(), folded.next()) {
        (Some(single), None) => single,
        _ => c,
    }
}

/// The value of a Chinese or Arabic numeral from 0 to 9999, if the whole text is one.
pub(super) fn small_number(text: &str) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 7 {
        return None;
    }
    let digits: String = text.chars().map(fold).collect();
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.parse().ok().filter(|number| *number <= 9999);
    }
    let (mut total, mut digit, mut unit_seen) = (0u32, None, false);
    for c in text.chars() {
        let value = "零一二三四五六七八九".chars().position(|numeral| numeral == c);
        if let Some(value) = value.or((c == '〇').then_some(0)).or((c == '两').then_some(2)) {
            if digit.is_some_and(|digit| digit != 0) {
                return None;
            }
            digit = Some(value as u32);
            continue;
        }
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => return None,
        };
        let count = match digit {
            Some(digit) => digit,
            None if unit == 10 && !unit_seen => 1,
            None => return None,
        };
        total += count * unit;
        digit = None;
        unit_seen = true;
    }
    Some(total + digit.unwrap_or(0)).filter(|number| *number <= 9999)
}

/// A number from 1 to 99 in Chinese numerals.
pub(super) fn chinese_number(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match number {
        0 => "零".to_owned(),
        1..=9 => DIGITS[number].to_owned(),
        10..=19 => format!("十{}", DIGITS[number - 10]),
        20..=99 => format!("{}十{}", DIGITS[number / 10], DIGITS[number % 10]),
        _ => number.to_string(),
    }
}

/// Words that count the items of a list that follows.
pub(super) const COUNTED: [&str; 32] = [
    "个", "种", "类", "点", "条", "项", "方面", "大类", "大", "部分", "步", "步骤", "阶段", "层次", "层面", "环节",
    "要素", "因素", "类型", "原则", "特征", "特点", "方式", "方法", "途径", "维度", "级", "层", "门", "型", "处", "方",
];

/// Width in columns, a Chinese character counting two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| c.width_cjk().unwrap_or(0)).sum()
}

/// The text without any space.
pub(super) fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !is_space(*c) && !is_invisible(*c)).collect()
}

/// The text without spaces at its ends, of any width.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| is_space(c) || is_invisible(c) || c.is_whitespace())
}

/// A title as words: the spaces that print sets between the characters of a short title are taken out.
pub(super) fn title(text: &str) -> String {
    let characters: Vec<char> = trim(text).chars().filter(|c| !is_invisible(*c)).collect();
    let mut title = String::new();
    for (at, c) in characters.iter().enumerate() {
        if !is_space(*c) {
            title.push(*c);
            continue;
        }
        let before = characters[..at].iter().rev().find(|c| !is_space(**c));
        let after = characters[at..].iter().find(|c| !is_space(**c));
        let latin = |side: Option<&char>| side.is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(before) && latin(after) && !title.ends_with(' ') {
            title.push(' ');
        }
    }
    title
}

/// Joins the lines of a paragraph: nothing stands between Chinese characters, one space between Latin words.
pub(super) fn join_line(paragraph: &mut String, line: &str) {
    let line = trim(line);
    let (last, first) = (paragraph.chars().next_back(), line.chars().next());
    if let (Some(last), Some(first)) = (last, first)
        && (last.is_ascii_alphanumeric() || matches!(last, ',' | '.' | ';'))
        && first.is_ascii_alphabetic()
        && !(last.is_ascii_digit())
        && paragraph.chars().rev().nth(1).is_none_or(|c| c.is_ascii())
    {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}

/// The text as an editor sets it: punctuation beside Chinese characters is full width, and no space stands beside them.
pub(super) fn set_in_type(text: &str) -> String {
    let characters: Vec<char> = text.chars().filter(|c| !is_invisible(*c) || *c == '\n').collect();
    let mut set = String::with_capacity(text.len());
    let beside =
        |c: Option<&char>| c.is_some_and(|c| is_han(*c) || "”’》】〉」』）、。，；：？！“‘《（}…—".contains(*c));
    for (at, c) in characters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| characters.get(at));
        let after = characters.get(at + 1);
        let between_digits = before.is_some_and(char::is_ascii_digit) && after.is_some_and(char::is_ascii_digit);
        let full = match c {
            ',' => '，',
            ';' => '；',
            ':' => '：',
            '?' => '？',
            '!' => '！',
            '(' => '（',
            ')' => '）',
            '―' => '—',
            ' ' | '\u{3000}' if beside(before) || beside(after) => continue,
            '\u{3000}' => ' ',
            _ => {
                set.push(*c);
                continue;
            }
        };
        let chinese = match c {
            '(' => beside(before) || beside(after) || bracket_is_chinese(&characters[at..]),
            ')' => beside(before) || beside(after) || set.rfind('（') > set.rfind('('),
            ':' if after == Some(&'/') => false,
            '―' => true,
            _ => !between_digits && (beside(before) || beside(after) || before == Some(&')')),
        };
        set.push(if chinese || *c == '\u{3000}' { full } else { *c });
    }
    set
}

fn bracket_is_chinese(from: &[char]) -> bool {
    from.iter().take(60).take_while(|c| !closes(**c)).any(|c| is_han(*c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_become_the_ideographs_they_look_like() {
        assert_eq!("⽤⼈⼯在⻔⼝炒⻘茶".chars().map(ideograph).collect::<String>(), "用人工在门口炒青茶");
        let pairs: Vec<char> = RADICALS.chars().collect();
        assert!(pairs.chunks(2).all(|pair| ('\u{2e80}'..='\u{2eff}').contains(&pair[0]) && pair.len() == 2));
    }

    #[test]
    fn small_numbers_are_read() {
        for (text, number) in
            [("12", 12), ("１２", 12), ("十", 10), ("二十一", 21), ("三", 3), ("一百零五", 105), ("两", 2)]
        {
            assert_eq!(small_number(text), Some(number), "{text}");
        }
        for text in ["", "甲", "十个", "一二", "百", "1a"] {
            assert_eq!(small_number(text), None, "{text}");
        }
        assert_eq!([4, 10, 13, 20, 35].map(chinese_number).join(" "), "四 十 十三 二十 三十五");
    }

    #[test]
    fn spaced_titles_close_up_and_latin_words_stay_apart() {
        assert_eq!(title("  土 壤　的　形 成 "), "土壤的形成");
        assert_eq!(title("Web　Design 入 门"), "Web Design入门");
    }

    #[test]
    fn type_is_set_beside_chinese_only() {
        assert_eq!(set_in_type("水稻,小麦(冬小麦)和玉米:三种"), "水稻，小麦（冬小麦）和玉米：三种");
        assert_eq!(set_in_type("比例为3:1,见http://a.b/c"), "比例为3:1，见http://a.b/c");
        assert_eq!(set_in_type("产量为1,000千克"), "产量为1,000千克");
    }
}
