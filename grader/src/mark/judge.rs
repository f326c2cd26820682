//! One answer against one key: the steps from "word for word" over "equal" and "alike" to "wrong".

use crate::assignment::{MatchKind, Share};

use super::candidate::{Candidate, Candidates, other_candidates};
use super::case::{self, Case};
use super::choice::{Chosen, Letters};
use super::closer::{gloss_or_list, resemblance};
use super::equality::{compare, compare_quantities, equal, similar_to};
use super::fold::{Text, trimmed};
use super::formula::Comparison;
use super::given::{Given, normal_form};
use super::key::Key;
use super::outcome::{Finding, Outcome, Verdict};
use super::punctuation;
use super::reason::{Resemblance, Steps};
use super::truth;

/// Marks one answer by one key. What a teacher decided about equal answers holds before every rule.
pub(super) fn judge(key: &Key, given: &Given<'_>) -> Outcome {
    judge_prepared(key, given).unwrap_or_else(|| judge_slowly(key, given))
}

fn decided(key: &Key, given: &Given<'_>) -> Option<Outcome> {
    if key.decided.is_empty() {
        return None;
    }
    let form = normal_form(given.answer);
    let (_, share) = key.decided.iter().rfind(|(decided, _)| **decided == *form)?;
    Some(Outcome { credit: *share, ..Outcome::of(Finding::Decided) })
}

/// Marks an answer that a teacher decided about, or that is written in a way prepared with the key.
pub(super) fn judge_prepared(key: &Key, given: &Given<'_>) -> Option<Outcome> {
    decided(key, given)
        .or_else(|| key.prepared(given.answer, given.hash).map(|(alternative, steps)| equal(key, alternative, steps)))
}

/// Marks by equality; what would have to be looked at more closely is not final, see [`may_resemble`].
pub(super) fn judge_equality(key: &Key, given: &Given<'_>) -> Outcome {
    if let Some(outcome) = judge_prepared(key, given) {
        return outcome;
    }
    let closer = key.match_kind == MatchKind::Auto && !key.alternatives.is_empty() && !given.too_long;
    if !closer || given.text().folded.iter().all(|c| *c == ' ') {
        return judge_slowly(key, given);
    }
    let outcome = equality(key, given.answer, given.text()).0;
    if outcome.is_equal() { as_written(key, given.answer, given.text(), outcome) } else { outcome }
}

/// An equal answer is only similar where letter case or quotation marks make another meaning.
fn as_written(key: &Key, answer: &str, text: &Text, outcome: Outcome) -> Outcome {
    let Some(own) = outcome.alternative.map(|alternative| &key.alternatives[usize::from(alternative)]) else {
        return outcome;
    };
    let only = |resemblance| Outcome { finding: Finding::Similar(resemblance), credit: Share::NONE, ..outcome };
    if text.steps.has(Steps::CASE) && case::means_another(&own.raw, answer) {
        return only(Resemblance::Case);
    }
    // Folding lets a hyphen between words go; in a formula it is a minus.
    let holds_hyphen = |text: &str| text.contains(|c| c == '-' || punctuation::ascii_form(c) == Some("-"));
    let hyphen = || holds_hyphen(answer) || holds_hyphen(&own.raw);
    if own.formula.as_ref().is_some_and(|formula| hyphen() && formula.is_contradicted_by(answer)) {
        return only(Resemblance::Punctuation);
    }
    if own.literal && !punctuation::holds_literal(answer, &own.raw) {
        let but_for_case = punctuation::holds_literal(&answer.to_lowercase(), &own.raw.to_lowercase());
        return only(if but_for_case { Resemblance::Case } else { Resemblance::Punctuation });
    }
    outcome
}

/// Whether a closer look at an answer that is not equal can find anything.
pub(super) fn may_resemble(key: &Key, given: &Given<'_>, equality: &Outcome) -> bool {
    let text = given.text();
    let counts = text.has_number || text.form().len() == 1;
    !equality.settled
        && (counts || key.alternatives.iter().any(|own| own.text.has_number || own.text.sounds & text.sounds != 0))
}

/// Marks without the prepared ways to write the key.
pub(super) fn judge_slowly(key: &Key, given: &Given<'_>) -> Outcome {
    if given.too_long {
        return Outcome::of(Finding::TooLong);
    }
    let (answer, text) = (given.answer, given.text());
    if text.folded.iter().all(|c| *c == ' ') {
        return Outcome::of(Finding::Unanswered);
    }
    if key.alternatives.is_empty() {
        return Outcome::of(Finding::NoKey);
    }
    match key.match_kind {
        MatchKind::Auto => {
            let (equality, others) = equality(key, answer, text);
            if equality.is_equal() {
                as_written(key, answer, text, equality)
            } else {
                resemblance(key, text, equality, &others)
            }
        }
        MatchKind::Exact => judge_exactly(key, answer),
        MatchKind::Number => judge_number(key, answer, text),
        MatchKind::Regex => judge_pattern(key, answer),
    }
}

/// Only width and outer spaces are set aside.
fn judge_exactly(key: &Key, answer: &str) -> Outcome {
    let given = exact_form(answer);
    let found = key.alternatives.iter().enumerate().filter(|(_, accepted)| exact_form(&accepted.raw) == given);
    match found.max_by_key(|(index, accepted)| (accepted.share, std::cmp::Reverse(*index))) {
        Some((index, accepted)) if *accepted.raw == *answer => equal(key, index, Steps::default()),
        Some((index, _)) => equal(key, index, Steps::WIDTH),
        None => Outcome::of(Finding::Different),
    }
}

/// A text without differences of width.
fn exact_form(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    trimmed(text).chars().map(narrow).collect()
}

fn judge_pattern(key: &Key, answer: &str) -> Outcome {
    let Some(pattern) = &key.pattern else { return Outcome::of(Finding::NoKey) };
    let narrow = || -> String {
        answer
            .chars()
            .map(|c| {
                if ('\u{FF01}'..='\u{FF5E}').contains(&c) { char::from_u32(c as u32 - 0xFEE0).unwrap_or(c) } else { c }
            })
            .collect()
    };
    if pattern.is_match(answer) || pattern.is_match(&narrow()) {
        return Outcome { credit: key.alternatives[0].share, alternative: Some(0), ..Outcome::of(Finding::Pattern) };
    }
    Outcome::of(Finding::Different)
}

/// The number decides; words around it do not make it right.
fn judge_number(key: &Key, answer: &str, text: &Text) -> Outcome {
    let mut best = Outcome::of(Finding::Different);
    best = best.better(compare_quantities(key, text, Steps::default()));
    for candidate in other_candidates(key, answer, text) {
        best = best.better(compare_quantities(key, &candidate.text, candidate.steps));
    }
    best
}

/// Everything that makes an answer equal, and the answer without what it repeats from the page.
fn equality(key: &Key, answer: &str, text: &Text) -> (Outcome, Candidates) {
    let own = compare(key, text, Steps::default());
    if own.is_equal() {
        return (own, Candidates::new());
    }
    if let Some(outcome) = compare_truth(key, text).or_else(|| compare_choice(key, text)) {
        return (outcome, Candidates::new());
    }
    let formula = compare_formulas(key, answer, text);
    if let Some(outcome) = formula.filter(Outcome::is_equal) {
        return (outcome, Candidates::new());
    }
    let others = other_candidates(key, answer, text);
    let mut best = own;
    for candidate in &others {
        best = best.better(compare_candidate(key, candidate));
    }
    // Another number or unit is plain; what is left of it without printed words cannot make it closer.
    let settled = matches!(own.finding, Finding::OtherNumber | Finding::OtherUnit) && best.verdict() != Verdict::Review;
    if best.is_equal() || settled {
        return (Outcome { settled, ..best }, Candidates::new());
    }
    if let Some(formula) = formula {
        return (Outcome { settled: true, ..best.better(formula) }, Candidates::new());
    }
    // The things of a list in another order are no answers to choose from.
    if best.finding == Finding::Similar(Resemblance::Order) {
        return (best, others);
    }
    (best.better(gloss_or_list(key, text)), others)
}

/// A printed negation that was repeated makes an equal answer doubtful: not 等于 behind 不.
fn compare_candidate(key: &Key, candidate: &Candidate) -> Outcome {
    let outcome = compare(key, &candidate.text, candidate.steps);
    if outcome.is_equal() && candidate.doubtful {
        return Outcome { finding: Finding::Similar(Resemblance::Added), credit: Share::NONE, ..outcome };
    }
    outcome
}

/// √ and 对 say the same of a statement, × and 错 the contrary.
fn compare_truth(key: &Key, text: &Text) -> Option<Outcome> {
    let truth = key.truth?;
    let outcome = if truth::says(&text.folded)? == truth {
        equal(key, 0, Steps::default())
    } else {
        Outcome { alternative: Some(0), settled: true, ..Outcome::of(Finding::Opposite) }
    };
    Some(outcome)
}

/// The letters of a choice in whatever order; other letters are another choice.
fn compare_choice(key: &Key, text: &Text) -> Option<Outcome> {
    key.alternatives.first()?.choice?;
    let chosen = Letters::of_answer(&text.folded)?;
    let compared = key.alternatives.iter().enumerate().filter_map(|(index, accepted)| {
        Some(match accepted.choice?.compare(chosen) {
            Chosen::Same => equal(key, index, Steps::default()),
            Chosen::Reversed => similar_to(index, Resemblance::Order),
            Chosen::Others => Outcome::of(Finding::Different),
        })
    });
    let best = compared.fold(Outcome::of(Finding::Different), Outcome::better);
    let only_choices = key.alternatives.iter().all(|accepted| accepted.choice.is_some());
    (only_choices || best.is_equal()).then_some(Outcome { settled: true, ..best })
}

/// A key that is a formula, against an answer in whatever notation; `None` if none of the keys is one or the answer has nothing to do with it.
fn compare_formulas(key: &Key, answer: &str, text: &Text) -> Option<Outcome> {
    let mut is_other = false;
    let compared = key.alternatives.iter().enumerate().filter_map(|(index, accepted)| {
        let formula = accepted.formula.as_ref()?;
        let outcome = match formula.compare(answer) {
            Some(Comparison::Equal) => return Some(equal(key, index, Steps::FORMULA)),
            compared if !text.has_case_of(&accepted.text) => {
                let small = formula.compare_small(answer);
                let careless = accepted.case == Case::OneForAll && text.is_of_one_case();
                match small {
                    Some(Comparison::Equal) if careless => {
                        return Some(equal(key, index, Steps::FORMULA | Steps::CASE));
                    }
                    Some(Comparison::Equal) => return Some(similar_to(index, Resemblance::Case)),
                    small if careless => small,
                    _ => compared,
                }
            }
            compared => compared,
        };
        Some(match outcome? {
            Comparison::Equal => equal(key, index, Steps::FORMULA),
            Comparison::SameValue => similar_to(index, Resemblance::Form),
            Comparison::Unclear => similar_to(index, Resemblance::Character),
            Comparison::Apart => similar_to(index, Resemblance::Form),
            Comparison::Other => {
                is_other = true;
                Outcome::of(Finding::Different)
            }
        })
    });
    let best = compared.reduce(Outcome::better)?;
    // What is surely not one of the formulas is not another way to write the others.
    let apart = matches!(best.finding, Finding::Similar(Resemblance::Form)) && is_other;
    Some(if apart { Outcome::of(Finding::Different) } else { best })
}
