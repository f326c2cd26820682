//! Numerals inside a longer text: which of them count something and may as well be written in figures.

use super::character::{Chars, is_numeral};
use super::number::{Form, Number};
use super::numeral::{read, tokens};
use super::worth::Token;

/// The text with numerals in digits where they count something (两个, 第三, 十一届, 10万), and as they are in words (一般, 三角形).
pub(super) fn count_in_digits(characters: &[char]) -> Chars {
    let mut out = Chars::new();
    let mut at = 0;
    while at < characters.len() {
        let first = characters[at];
        if !(first.is_ascii_digit() || is_numeral(first)) {
            out.push(first);
            at += 1;
            continue;
        }
        let (tokens, tokens_end) = tokens(characters, at);
        let end = tokens_end.max(at + 1);
        let counts = match read(characters, at) {
            Some((number, number_end)) if counts_something(characters, at, &tokens, number_end, &number) => {
                out.extend(number.to_string().chars());
                at = number_end;
                true
            }
            _ => false,
        };
        if !counts {
            out.extend_from_slice(&characters[at..end]);
            at = end;
        }
    }
    out
}

/// Measure words behind which a numeral is a count even inside a longer text. Those that also build words (字, 角, 分, 面, 心, 手) are left out.
const COUNTED: &str = "个名位条次种类项部台张件篇章节段届期年月日天周层级阶步维元倍版册卷组批套款轮场座家所国省市县区人者方点权法制维岁亩吨米克里升度号";

fn counts_something(characters: &[char], at: usize, tokens: &[Token], end: usize, number: &Number) -> bool {
    let before = at.checked_sub(1).map(|before| characters[before]);
    let after = characters.get(end).copied();
    if let [Token::Figures(_)] = tokens {
        // Figures stay as they are but for separators, percent and powers: 3.0 is a version here.
        return characters[at..end].contains(&',');
    }
    // 俩 and 仨 hold their measure word already; before another one they are slips.
    if before.is_some_and(|b| b.is_ascii_alphabetic()) || matches!(characters[at], '俩' | '仨') {
        return false;
    }
    let bare = matches!(tokens.first(), Some(Token::Small(2..) | Token::Big(_)));
    match number.form {
        Form::Percent | Form::Permille => true,
        Form::Fraction(_) => characters[at..end].contains(&'之'),
        Form::Power(_) => false,
        Form::Plain if before == Some('第') => true,
        Form::Plain if bare => false,
        // 四P, 三D打印
        Form::Plain if after.is_some_and(|c| c.is_ascii_alphabetic()) => true,
        Form::Plain => {
            tokens.len() >= 2 || after.is_some_and(|c| COUNTED.contains(c) && !is_word(before, characters[at], c))
        }
    }
}

/// 一点, 一次性 and the like are words, but writing their numeral in figures changes nothing a teacher would mind, except here.
fn is_word(before: Option<char>, numeral: char, measure: char) -> bool {
    matches!(
        (numeral, measure),
        ('一', '点' | '方') | ('十', '分') | ('三', '国' | '角') | ('四', '方' | '面') | ('二', '维' | '元')
    ) || before.is_some_and(|b| matches!(b, '统' | '唯' | '单' | '同' | '万' | '专' | '之' | '逐') && numeral == '一')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_inside_a_text_count_or_belong_to_a_word() {
        let digits = |text: &str| count_in_digits(&text.chars().collect::<Chars>()).iter().collect::<String>();
        assert_eq!(digits("第三范式"), "第3范式");
        assert_eq!(digits("两个微信号"), "2个微信号");
        assert_eq!(digits("十一届三中全会"), "11届三中全会");
        assert_eq!(digits("九一八事变"), "918事变");
        assert_eq!(digits("双十一"), "双11");
        assert_eq!(digits("10万粉丝"), "100000粉丝");
        assert_eq!(digits("一般"), "一般");
        assert_eq!(digits("万一"), "万一");
        assert_eq!(digits("三角形"), "三角形");
        assert_eq!(digits("一一对应"), "一一对应");
        assert_eq!(digits("百分之七十的用户"), "70%的用户");
        assert_eq!(digits("3.0版"), "3.0版");
    }
}
