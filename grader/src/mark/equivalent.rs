//! Other ways to write a key that students use most, tried out once when the key is compiled.

use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

use crate::assignment::MatchKind;

use super::judge::{Finding, Given, judge_slowly};
use super::key::{Equivalent, Key};
use super::numeral;
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
        for written in ways_to_write(key, &accepted.raw).into_iter().take(MOST) {
            let outcome = judge_slowly(key, &Given::new(&written));
            if let (Finding::Equal(steps), Some(alternative)) = (outcome.finding, outcome.alternative) {
                prepared.push(Equivalent { written: written.into(), alternative, steps: steps.bits() });
            }
        }
    }
    prepared.sort();
    prepared.dedup_by(|one, other| one.written == other.written);
    prepared
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
                    let chinese = number.as_integer().and_then(numeral::in_chinese);
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
    ways
}
