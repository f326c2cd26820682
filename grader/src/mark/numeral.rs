//! Numbers as they are written in Chinese: 100, 1,000, 一百, 壹佰, 10万, 1亿2千万, 二〇一九, 一点五, 三分之一, 百分之七十, 5×10^3.

use super::character::Chars;
use super::number::{Form, Number};
use super::worth::{MOST_DIGITS, Token, Tokens, evaluate};

/// The number that starts at `at`, and where it ends. Signs are the caller's.
pub(super) fn read(characters: &[char], at: usize) -> Option<(Number, usize)> {
    let (number, end) = read_magnitude(characters, at)?;
    match characters[end..] {
        ['%', ..] if number.form == Form::Plain => Some((number.with_form(Form::Percent), end + 1)),
        ['‰', ..] if number.form == Form::Plain => Some((number.with_form(Form::Permille), end + 1)),
        ['成', ..] if number.form == Form::Plain => Some(
            tenths(number, &characters[end + 1..]).map_or((number, end), |(tenths, more)| (tenths, end + 1 + more)),
        ),
        ['又', ..] => Some(mixed(number, characters, end).unwrap_or((number, end))),
        ['*' | 'x', '1', '0', '^', ..] => match read_power(characters, end + 4) {
            Some((power, end)) if power >= 0 => Some((number.times_power(power.unsigned_abs())?, end)),
            Some((power, end)) => Some((number.divided_by_power(power.unsigned_abs())?, end)),
            None => Some((number, end)),
        },
        ['^', ..] if number.as_integer().is_some_and(|base| base != 0) => match read_power(characters, end + 1) {
            Some((exponent, end)) => Some((number.with_form(Form::Power(exponent)), end)),
            None => Some((number, end)),
        },
        _ => Some((number, end)),
    }
}

/// 七成 is 70%, 七成五 is 75%, where nothing but a bound follows; 一成不变 is a word.
fn tenths(number: Number, behind: &[char]) -> Option<(Number, usize)> {
    let more = behind.first().and_then(|&c| digit(c).or_else(|| c.to_digit(10).map(i128::from)));
    let length = usize::from(more.is_some());
    let ends = behind.get(length).is_none_or(|c| "以左多余".contains(*c));
    let percent = number.times_power(1)?.plus(Number::integer(more.unwrap_or(0)))?;
    ends.then_some((percent.with_form(Form::Percent), length))
}

/// 4又2/5, 四又五分之二.
fn mixed(whole: Number, characters: &[char], at: usize) -> Option<(Number, usize)> {
    let (part, end) = read_magnitude(characters, at + 1)?;
    let Form::Fraction(under) = part.form else { return None };
    let over = whole.as_integer()?.checked_mul(under)?;
    Some((part.with_form(Form::Plain).plus(Number::integer(over))?.with_form(Form::Fraction(under)), end))
}

fn read_power(characters: &[char], at: usize) -> Option<(i32, usize)> {
    let negative = characters.get(at) == Some(&'-');
    let start = at + usize::from(negative);
    let digits: String = characters[start..].iter().take_while(|c| c.is_ascii_digit()).take(3).collect();
    let power: i32 = digits.parse().ok().filter(|&power| power <= 24)?;
    Some((if negative { -power } else { power }, start + digits.len()))
}

fn read_magnitude(characters: &[char], at: usize) -> Option<(Number, usize)> {
    if let Some((over, under)) = characters.get(at).copied().and_then(vulgar_fraction) {
        return Some((Number::integer(over).with_form(Form::Fraction(under)), at + 1));
    }
    if characters[at..].starts_with(&['一', '半']) {
        return Some((Number::integer(1).with_form(Form::Fraction(2)), at + 2));
    }
    let (tokens, end) = tokens(characters, at);
    let number = evaluate(&tokens)?;
    if characters[end..].starts_with(&['分', '之']) {
        let (over, over_end) = read_magnitude(characters, end + 2)?;
        let form = match (tokens.as_slice(), number.as_integer()?) {
            ([Token::Small(2)], _) => Form::Percent,
            ([Token::Small(3)], _) => Form::Permille,
            (_, under) if under > 0 && over.as_integer().is_some() => Form::Fraction(under),
            _ => return None,
        };
        return (over.form == Form::Plain).then(|| (over.with_form(form), over_end));
    }
    if let [Token::Figures(figures)] = tokens[..]
        && let Some(whole) = figures.as_integer()
    {
        if let Some((over, under)) = characters.get(end).copied().and_then(vulgar_fraction) {
            return Some((Number::integer(whole * under + over).with_form(Form::Fraction(under)), end + 1));
        }
        if characters.get(end) == Some(&'/')
            && let (Token::Figures(under), under_end) = figures_at(characters, end + 1)?
            && let Some(under) = under.as_integer().filter(|&under| under > 0)
        {
            return Some((figures.with_form(Form::Fraction(under)), under_end));
        }
    }
    Some((number, end))
}

fn vulgar_fraction(character: char) -> Option<(i128, i128)> {
    const ALL: &[(char, i128, i128)] = &[
        ('½', 1, 2),
        ('⅓', 1, 3),
        ('⅔', 2, 3),
        ('¼', 1, 4),
        ('¾', 3, 4),
        ('⅕', 1, 5),
        ('⅖', 2, 5),
        ('⅗', 3, 5),
        ('⅘', 4, 5),
        ('⅙', 1, 6),
        ('⅚', 5, 6),
        ('⅐', 1, 7),
        ('⅛', 1, 8),
        ('⅜', 3, 8),
        ('⅝', 5, 8),
        ('⅞', 7, 8),
        ('⅑', 1, 9),
        ('⅒', 1, 10),
    ];
    ALL.iter().find(|(fraction, ..)| *fraction == character).map(|&(_, over, under)| (over, under))
}

/// The numerals and multipliers from `start` on, and where they end.
pub(super) fn tokens(characters: &[char], start: usize) -> (Tokens, usize) {
    let mut tokens = Tokens::new();
    let mut at = start;
    while let Some((token, end)) = token(characters, at) {
        // 廿 is 二十, 卅 is 三十.
        if let '廿' | '卅' = characters[at] {
            tokens.push(token);
            tokens.push(Token::Small(1));
        } else {
            tokens.push(token);
        }
        at = end;
    }
    // 三点五 is 3.5, but 三点五十分 is a time.
    if characters.get(at) == Some(&'点') && at > start && !matches!(tokens.last(), Some(Token::Figures(_))) {
        let part = characters[at + 1..].iter().take_while(|&&c| digit(c).is_some()).count();
        let multiplier = characters.get(at + 1 + part).copied().and_then(power);
        if part > 0
            && !matches!(multiplier, Some(1..=3))
            && let Some(whole) = evaluate(&tokens)
            && let Some(decimal) = decimal(whole, &characters[at + 1..at + 1 + part])
        {
            at += 1 + part;
            tokens.clear();
            tokens.push(Token::Figures(decimal));
            while let Some(power @ (4 | 8)) = characters.get(at).copied().and_then(power) {
                tokens.push(Token::Big(power));
                at += 1;
            }
        }
    }
    (tokens, at)
}

fn decimal(whole: Number, part: &[char]) -> Option<Number> {
    let mut mantissa = whole.as_integer()?;
    for &character in part {
        mantissa = mantissa.checked_mul(10)?.checked_add(digit(character)?)?;
    }
    (part.len() < 12).then(|| Number::plain(mantissa, part.len() as u8))
}

fn token(characters: &[char], at: usize) -> Option<(Token, usize)> {
    let character = *characters.get(at)?;
    if character.is_ascii_digit() || (character == '.' && characters.get(at + 1).is_some_and(char::is_ascii_digit)) {
        return figures_at(characters, at);
    }
    let token = match (digit(character), power(character)) {
        (Some(0), _) => Token::Zero,
        (Some(digit), _) => Token::Digit(digit),
        (_, Some(power @ 1..=3)) => Token::Small(power),
        (_, Some(power)) => Token::Big(power),
        _ if character == '廿' => Token::Digit(2),
        _ if character == '卅' => Token::Digit(3),
        _ if matches!(character, '两' | '俩') => Token::Digit(2),
        _ if character == '仨' => Token::Digit(3),
        _ => return None,
    };
    Some((token, at + 1))
}

/// `12`, `1,234,567`, `0.5`, `.5`.
fn figures_at(characters: &[char], start: usize) -> Option<(Token, usize)> {
    let digits = |at: usize| characters[at.min(characters.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut end = start + digits(start);
    let mut whole: Chars = Chars::from_slice(&characters[start..end]);
    let groups = (1..=3).contains(&(end - start));
    while groups && whole.len() <= MOST_DIGITS && characters.get(end) == Some(&',') && digits(end + 1) == 3 {
        whole.extend_from_slice(&characters[end + 1..end + 4]);
        end += 4;
    }
    let leading_zeros =
        if whole.len() > 1 { whole.iter().take_while(|&&c| c == '0').count().min(whole.len() - 1) } else { 0 };
    let mut scale = 0;
    if characters.get(end) == Some(&'.') && digits(end + 1) > 0 {
        scale = digits(end + 1);
        whole.extend_from_slice(&characters[end + 1..end + 1 + scale]);
        end += 1 + scale;
    }
    if whole.is_empty() || whole.len() > MOST_DIGITS {
        return None;
    }
    let mantissa =
        whole.iter().try_fold(0_i128, |sum, c| sum.checked_mul(10)?.checked_add(i128::from(c.to_digit(10)?)))?;
    let number = Number::plain(mantissa, scale as u8).with_leading_zeros(leading_zeros);
    Some((Token::Figures(number), end))
}

fn digit(character: char) -> Option<i128> {
    Some(match character {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn power(character: char) -> Option<u32> {
    Some(match character {
        '十' | '拾' => 1,
        '百' | '佰' => 2,
        '千' | '仟' => 3,
        '万' => 4,
        '亿' => 8,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn value(text: &str) -> String {
        let characters: Chars = text.chars().collect();
        match read(&characters, 0) {
            Some((number, end)) if end == characters.len() => number.to_string(),
            _ => "-".to_string(),
        }
    }

    #[test]
    fn reads_numbers_in_all_forms() {
        for (text, expected) in [
            ("100", "100"),
            ("1,000", "1000"),
            ("1,234,567", "1234567"),
            ("100.0", "100"),
            ("0.01", "0.01"),
            (".5", "0.5"),
            ("一百", "100"),
            ("壹佰", "100"),
            ("百", "100"),
            ("十", "10"),
            ("千", "1000"),
            ("万", "10000"),
            ("廿", "20"),
            ("廿一", "21"),
            ("一百零一", "101"),
            ("一百一", "110"),
            ("一百一十", "110"),
            ("一百一十一", "111"),
            ("一千零一", "1001"),
            ("一千二", "1200"),
            ("一千零二十", "1020"),
            ("三百五", "350"),
            ("两万五", "25000"),
            ("10万", "100000"),
            ("十万", "100000"),
            ("2.5万", "25000"),
            ("1亿2千万", "120000000"),
            ("一万亿", "1000000000000"),
            ("百万", "1000000"),
            ("千万", "10000000"),
            ("3百", "300"),
            ("二〇一九", "2019"),
            ("一九四九", "1949"),
            ("二零二六", "2026"),
            ("一点五", "1.5"),
            ("三点一四", "3.14"),
            ("一点五亿", "150000000"),
            ("百分之七十", "70%"),
            ("百分之五", "5%"),
            ("千分之三", "3‰"),
            ("三分之一", "1/3"),
            ("1/3", "1/3"),
            ("½", "1/2"),
            ("1½", "3/2"),
            ("一半", "1/2"),
            ("70%", "70%"),
            ("七成", "70%"),
            ("七成五", "75%"),
            ("4又2/5", "22/5"),
            ("四又五分之二", "22/5"),
            ("5*10^3", "5000"),
            ("2*10^-3", "0.002"),
            ("十五", "15"),
            ("二十四", "24"),
            ("一百", "100"),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in [
            "万一",
            "七八",
            "三百百",
            "一一",
            "1OO",
            "百千",
            "十十",
            "1,00",
            "一千百",
            "零零",
            "两两",
            "万亿万一",
            "12一",
        ] {
            assert_eq!(value(text), "-", "{text}");
        }
    }
}
