//! Other ways to write a key that students use most, tried out once when the key is compiled.

use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

use crate::assignment::MatchKind;

use super::given::Given;
use super::judge::judge_slowly;
use super::key::Key;
use super::outcome::Finding;
use super::prepared::{Equivalent, MAX_PREPARED, hash};
use super::quantity::Value;

static TO_TRADITIONAL: LazyLock<OpenCC> =
    LazyLock::new(|| OpenCC::from_config(BuiltinConfig::S2t).expect("the dictionaries are part of the program"));

/// Most of them that are kept with a key.
const MOST: usize = 64;

/// The ways to write the alternatives that the marking accepts. Every one has been marked, so that the short cut cannot disagree.
pub(super) fn prepare(key: &Key) -> Vec<Equivalent> {
    if key.match_kind == MatchKind::Regex {
        return Vec::new();
    }
    let mut prepared = Vec::new();
    for accepted in &key.alternatives {
        for written in ways_to_write(key, &accepted.raw).into_iter().filter(|way| way.len() <= MAX_PREPARED).take(MOST)
        {
            let outcome = judge_slowly(key, &Given::new(&written));
            if let (Finding::Equal(steps), Some(alternative)) = (outcome.finding, outcome.alternative) {
                let hash = hash(written.as_bytes());
                prepared.push(Equivalent { hash, written: written.into(), alternative, steps: steps.bits() });
            }
        }
    }
    prepared.sort();
    prepared.dedup_by(|one, other| one.written == other.written);
    prepared
}

fn full_width(character: char) -> char {
    if character.is_ascii_graphic() {
        char::from_u32(character as u32 + 0xFEE0).unwrap_or(character)
    } else {
        character
    }
}

fn ways_to_write(key: &Key, raw: &str) -> Vec<String> {
    let mut ways = vec![raw.to_string(), TO_TRADITIONAL.convert(raw)];
    let counted: Vec<String> =
        key.alternatives.iter().find(|accepted| *accepted.raw == *raw).map_or_else(Vec::new, |accepted| {
            accepted
                .readings
                .iter()
                .filter_map(|reading| match &reading.value {
                    Value::Number(number) => Some(*number),
                    _ => None,
                })
                .flat_map(|number| {
                    let chinese = number.as_integer().and_then(in_chinese);
                    let liang = chinese.as_deref().filter(|text| *text == "二").map(|_| "两".to_string());
                    [Some(number.to_string()), chinese, liang].into_iter().flatten()
                })
                .collect()
        });
    let printed: String = key.printed.after.iter().take(1).collect();
    let units = [printed, key.printed.unit.iter().collect(), "个".to_string()];
    for number in counted {
        ways.extend(units.iter().filter(|unit| !unit.is_empty()).map(|unit| format!("{number}{unit}")));
        ways.push(number);
    }
    let cased: Vec<String> = ways.iter().flat_map(|way| [way.to_lowercase(), way.to_uppercase()]).collect();
    ways.extend(cased);
    let ended: Vec<String> = ways.iter().map(|way| format!("{way}。")).collect();
    ways.extend(ended);
    ways.push(format!("“{raw}”"));
    ways.push(raw.chars().map(full_width).collect());
    ways
}

/// How a small whole number is written in Chinese, for equivalents that are prepared with a key.
fn in_chinese(value: i128) -> Option<String> {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    if !(0..100_000_000).contains(&value) {
        return None;
    }
    if value == 0 {
        return Some("零".to_string());
    }
    let section = |value: i128, inner: bool| {
        let mut text = String::new();
        let mut gap = inner && value < 1000;
        for (power, unit) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = (value / power) % 10;
            if digit == 0 {
                gap |= !text.is_empty();
                continue;
            }
            if gap {
                text.push('零');
                gap = false;
            }
            if !(power == 10 && digit == 1 && text.is_empty()) {
                text.push(DIGITS[digit as usize]);
            }
            text.push_str(unit);
        }
        text
    };
    let (high, low) = (value / 10_000, value % 10_000);
    Some(match (high, low) {
        (0, _) => section(low, false),
        (_, 0) => format!("{}万", section(high, false)),
        _ => format!("{}万{}", section(high, false), section(low, true)),
    })
}

#[cfg(test)]
mod tests {
    use super::in_chinese;
    use crate::mark::numeral::read;

    #[test]
    fn whole_numbers_are_written_as_they_are_read() {
        for number in (0..12_000).chain([20_005, 100_000, 101_010, 1_000_001, 99_999_999, 30_200]) {
            let text: Vec<char> = in_chinese(number).expect("in range").chars().collect();
            let (value, end) = read(&text, 0).expect("a number");
            assert_eq!((value.as_integer(), end), (Some(number), text.len()), "{text:?}");
        }
    }
}
