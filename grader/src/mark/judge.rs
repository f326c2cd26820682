//! One answer against one key: the steps from "word for word" over "equal" and "alike" to "wrong".

use crate::assignment::{MatchKind, Share};

use super::candidate::{Candidate, Candidates, other_candidates};
use super::case;
use super::closer::{gloss_or_list, resemblance};
use super::equality::{compare, compare_quantities, equal};
use super::fold::{Text, trimmed};
use super::given::{Given, normal_form};
use super::key::Key;
use super::outcome::{Finding, Outcome, Verdict};
use super::reason::{Resemblance, Steps};

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
    if outcome.is_equal() { case_considered(key, given.answer, given.text(), outcome) } else { outcome }
}

/// An equal answer whose letter case makes another meaning is only similar.
fn case_considered(key: &Key, answer: &str, text: &Text, outcome: Outcome) -> Outcome {
    let own = outcome.alternative.map(|alternative| &*key.alternatives[usize::from(alternative)].raw);
    match own {
        Some(own) if text.steps.has(Steps::CASE) && case::means_another(own, answer) => {
            Outcome { finding: Finding::Similar(Resemblance::Shape), credit: Share::NONE, ..outcome }
        }
        _ => outcome,
    }
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
                case_considered(key, answer, text, equality)
            } else {
                resemblance(key, text, equality, &others)
            }
        }
        MatchKind::Exact => judge_exactly(key, answer),
        MatchKind::Number => judge_number(key, answer, text),
        MatchKind::Regex => judge_pattern(key, answer),
    }
}

/// Only width, case and outer spaces are set aside.
fn judge_exactly(key: &Key, answer: &str) -> Outcome {
    let given = exact_form(answer);
    let found = key.alternatives.iter().enumerate().filter(|(_, accepted)| exact_form(&accepted.raw) == given);
    match found.max_by_key(|(index, accepted)| (accepted.share, std::cmp::Reverse(*index))) {
        Some((index, accepted)) if *accepted.raw == *answer => equal(key, index, Steps::default()),
        Some((index, _)) => equal(key, index, Steps::WIDTH | Steps::CASE),
        None => Outcome::of(Finding::Different),
    }
}

/// A text without differences of width and case.
fn exact_form(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    trimmed(text).chars().map(narrow).flat_map(char::to_lowercase).collect()
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
