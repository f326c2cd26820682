//! What a run of numerals and multipliers is worth: 一千二 is 1200, 1亿2千万 is 120000000, 二〇一九 is 2019.

use smallvec::SmallVec;

use super::number::Number;

/// Digits beyond which a run of digits is a code, not a number.
pub(super) const MOST_DIGITS: usize = 24;

/// A piece of a written number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Digits of a number in figures.
    Figures(Number),
    /// 一 to 九, 两.
    Digit(i128),
    Zero,
    /// 十, 百, 千 as powers of ten.
    Small(u32),
    /// 万, 亿 as powers of ten.
    Big(u32),
}

/// The pieces of one number; most have a few.
pub(super) type Tokens = SmallVec<[Token; 16]>;

/// The number that all of these tokens make together.
pub(super) fn evaluate(tokens: &[Token]) -> Option<Number> {
    match tokens {
        [] => None,
        [Token::Figures(number)] => Some(*number),
        _ if tokens.iter().all(|token| matches!(token, Token::Digit(_) | Token::Zero)) => positional(tokens),
        _ => by_multiplier(tokens, 8),
    }
}

/// 二〇一九; two digits such as 七八 mean "seven or eight" and are no number.
fn positional(tokens: &[Token]) -> Option<Number> {
    if tokens.len() == 2 || tokens.len() > MOST_DIGITS {
        return None;
    }
    let mut value = 0_i128;
    for token in tokens {
        value = value * 10 + if let Token::Digit(digit) = token { *digit } else { 0 };
    }
    let zeros = tokens.iter().take_while(|token| **token == Token::Zero).count().min(tokens.len() - 1);
    Some(Number::integer(value).with_leading_zeros(zeros))
}

/// Splits at the last 亿, then at the last 万.
fn by_multiplier(tokens: &[Token], power: u32) -> Option<Number> {
    if power < 4 {
        return below_ten_thousand(tokens);
    }
    let Some(at) = tokens.iter().rposition(|token| *token == Token::Big(power)) else {
        return by_multiplier(tokens, power - 4);
    };
    let (left, right) = (&tokens[..at], &tokens[at + 1..]);
    let high = match left {
        [] if right.is_empty() => Number::integer(1),
        [] => return None,
        _ => by_multiplier(left, if power == 8 { 8 } else { 0 })?,
    };
    let low = match right {
        [] => Number::integer(0),
        // 两万五 is 25000.
        [Token::Digit(digit)] => Number::integer(*digit).times_power(power - 1)?,
        _ => by_multiplier(right, power - 4)?,
    };
    high.times_power(power)?.plus(low)
}

fn below_ten_thousand(tokens: &[Token]) -> Option<Number> {
    let mut sum = Number::integer(0);
    let mut pending: Option<Number> = None;
    let mut last_power = 4;
    let mut zero = false;
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            Token::Zero => {
                if pending.is_some() || zero {
                    return None;
                }
                zero = true;
            }
            Token::Digit(_) | Token::Figures(_) if pending.is_some() => return None,
            Token::Digit(digit) => pending = Some(Number::integer(digit)),
            Token::Figures(number) => pending = Some(number),
            Token::Small(power) if power < last_power => {
                let count = match pending.take() {
                    Some(count) => count,
                    // 十五, 百, and 一千零十五; never 三百百.
                    None if power == 1 || (at == 0 && tokens.len() == 1) => Number::integer(1),
                    None => return None,
                };
                sum = sum.plus(count.times_power(power)?)?;
                last_power = power;
                zero = false;
            }
            _ => return None,
        }
    }
    match pending {
        Some(digit) => {
            // 一千二 is 1200, 一千零二 is 1002.
            let short = !zero && (2..4).contains(&last_power);
            let digit = if short { digit.times_power(last_power - 1)? } else { digit };
            sum.plus(digit)
        }
        None if zero && tokens.len() > 1 => None,
        None => Some(sum),
    }
}
