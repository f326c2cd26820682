//! What makes an answer equal to a key: one form of both texts, or the same quantity.

use super::coordinate;
use super::fold::Text;
use super::key::{Accepted, Key};
use super::list;
use super::outcome::{Finding, Outcome};
use super::quantity::{Comparison, Readings};
use super::reading;
use super::reason::{Resemblance, Steps};
use super::unit::Unit;

/// Equality and, for quantities, everything there is to say.
pub(super) fn compare(key: &Key, candidate: &Text, steps: Steps) -> Outcome {
    let mut best = Outcome::of(Finding::Different);
    for (index, accepted) in key.alternatives.iter().enumerate() {
        if accepted.text.form() == candidate.form() {
            let number = Steps::NUMBER.when(accepted.text.folded != candidate.folded);
            let folded = steps | number | accepted.text.steps.between(candidate.steps);
            let cased = Steps::CASE.when(!accepted.text.has_case_of(candidate));
            let outcome = if accepted.case.allows(&accepted.text, candidate) {
                equal(key, index, folded.without(Steps::CASE) | cased)
            } else {
                similar_to(index, Resemblance::Case)
            };
            best = best.better(outcome);
        } else if accepted.names.iter().any(|name| name.form() == candidate.form()) {
            best = best.better(equal(key, index, steps | Steps::GLOSS));
        }
    }
    if best.is_equal() {
        return best;
    }
    best = best.better(compare_quantities(key, candidate, steps));
    if best.is_equal() { best } else { best.better(compare_by_kind(key, candidate, steps)) }
}

/// What is equal by what a key is: a list, or the name of a unit.
fn compare_by_kind(key: &Key, candidate: &Text, steps: Steps) -> Outcome {
    let mut best = Outcome::of(Finding::Different);
    for (index, accepted) in key.alternatives.iter().enumerate() {
        if accepted.is_list && list::same(accepted.text.form(), candidate.form()) {
            best = best.better(equal(key, index, steps | Steps::LIST));
        } else if accepted.is_list && list::is_reordered(accepted.text.form(), candidate.form()) {
            best = best.better(similar_to(index, Resemblance::Order));
        }
        if let Some(own) = &accepted.coordinate
            && coordinate::read(&candidate.folded).is_some_and(|given| *given == **own)
        {
            best = best.better(equal(key, index, steps | Steps::UNIT));
        }
        if let Some(own) = &accepted.unit
            && let Some(given) = Unit::named(&candidate.folded)
        {
            best = best.better(compare_unit_names(key, index, (own, &given), candidate, steps));
        }
    }
    best
}

/// A key that is the name of a unit. A word for a simple one may be a word of its own (元, 分); a compound one is nothing else,
/// and neither is one that is keyed by name and sign.
fn compare_unit_names(
    key: &Key,
    index: usize,
    (own, given): (&Unit, &Unit),
    candidate: &Text,
    steps: Steps,
) -> Outcome {
    let by_name_and_sign = key.alternatives.len() > 1
        && key.alternatives.iter().all(|accepted| accepted.unit.as_ref().is_some_and(|unit| unit.same(own)));
    match own.surely_same(given) {
        // A sign in letters is right as it is keyed or not at all: n is not N.
        true if own.is_compound() || by_name_and_sign && !candidate.folded.iter().all(char::is_ascii) => {
            equal(key, index, steps | Steps::UNIT)
        }
        true => similar_to(index, Resemblance::Form),
        false => match own.worth(given) {
            Some((one, other)) if one.0.checked_mul(other.1) == other.0.checked_mul(one.1) => {
                similar_to(index, Resemblance::Form)
            }
            _ => Outcome::of(Finding::Different),
        },
    }
}

/// The quantities that an answer and a key can mean, compared.
pub(super) fn compare_quantities(key: &Key, candidate: &Text, steps: Steps) -> Outcome {
    let mut best = Outcome::of(Finding::Different);
    if !candidate.has_number || key.alternatives.iter().all(|accepted| accepted.readings.is_empty()) {
        return best;
    }
    let readings = reading::readings(&candidate.folded);
    for (index, accepted) in key.alternatives.iter().enumerate() {
        let Some(comparison) = best_comparison(key, accepted, &readings) else { continue };
        let outcome = match comparison {
            Comparison::Equal if units_disagree(key) && readings.iter().all(|given| given.unit.is_none()) => {
                similar_to(index, Resemblance::Form)
            }
            Comparison::Equal => {
                let unit = Steps::UNIT.when(accepted.readings[0].unit.is_some() != readings[0].unit.is_some());
                let number = Steps::NUMBER.when(unit.is_empty() || accepted.text.folded[0] != candidate.folded[0]);
                equal(key, index, steps | unit | number)
            }
            Comparison::SameSize => similar_to(index, Resemblance::Form),
            Comparison::OtherUnit => Outcome { alternative: Some(index as u16), ..Outcome::of(Finding::OtherUnit) },
            Comparison::OtherNumber => Outcome { alternative: Some(index as u16), ..Outcome::of(Finding::OtherNumber) },
        };
        best = best.better(outcome);
    }
    best
}

/// Whether a bare number does not say which of the alternatives it is: 32位 or 4字节.
fn units_disagree(key: &Key) -> bool {
    if key.alternatives.len() < 2 {
        return false;
    }
    let mut units = key.alternatives.iter().flat_map(|accepted| &accepted.readings).filter_map(|own| own.unit.as_ref());
    let Some(first) = units.next() else { return false };
    units.any(|unit| !unit.same(first))
}

fn best_comparison(key: &Key, accepted: &Accepted, readings: &Readings) -> Option<Comparison> {
    let rank = |comparison: &Comparison| match comparison {
        Comparison::Equal => 3,
        Comparison::SameSize => 2,
        Comparison::OtherUnit => 1,
        Comparison::OtherNumber => 0,
    };
    let pairs = accepted
        .readings
        .iter()
        .flat_map(|own| readings.iter().map(move |given| own.compare(given, &key.printed.units)));
    pairs.max_by_key(rank)
}

/// Equal to an alternative, after these steps.
pub(super) fn equal(key: &Key, alternative: usize, steps: Steps) -> Outcome {
    let credit = key.alternatives[alternative].share;
    Outcome { credit, alternative: Some(alternative as u16), ..Outcome::of(Finding::Equal(steps)) }
}

/// Like an alternative, but not equal to it.
pub(super) fn similar_to(alternative: usize, resemblance: Resemblance) -> Outcome {
    Outcome { alternative: Some(alternative as u16), ..Outcome::of(Finding::Similar(resemblance)) }
}
