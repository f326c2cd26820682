//! What makes an answer equal to a key: one form of both texts, or the same quantity.

use super::fold::Text;
use super::key::{Accepted, Key};
use super::outcome::{Finding, Outcome};
use super::quantity::{Comparison, Readings};
use super::reading;
use super::reason::{Resemblance, Steps};

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
        }
    }
    if best.is_equal() { best } else { best.better(compare_quantities(key, candidate, steps)) }
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
