//! The answers of a question, each with its mark.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::assignment::Share;

use super::given::Given;
use super::key::Key;
use super::outcome::{Finding, Outcome, Verdict};
use super::reason::{Reason, Steps};
use super::{group, judge};

/// The marking of one answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mark {
    /// What is said of the answer.
    pub verdict: Verdict,
    /// The share of the points of the blank named by `key`.
    pub credit: Share,
    /// Why.
    pub reason: Reason,
    /// The blank (counted from 0 in the question) whose key the answer was held against: its own, or in a group perhaps another one's. `None` if it
    /// came near no key, and always for [`mark_blank`].
    pub key: Option<usize>,
    /// The alternative of that key, counted from 0.
    pub alternative: Option<usize>,
}

/// Marks the answers of one question; `answers[i]` stands in the blank of `keys[i]`. An answer that is not there is unanswered.
///
/// Answers of a group are matched to its keys for the most credit, then the most reviews, then by position. Credit belongs to the
/// key: blank `i` earned `keys[mark.key].points.times(mark.credit)`.
pub fn mark_question(keys: &[Key], answers: &[&str]) -> Vec<Mark> {
    let given: SmallVec<[Given<'_>; 8]> =
        (0..keys.len()).map(|blank| Given::new(answers.get(blank).copied().unwrap_or(""))).collect();
    if keys.iter().all(|key| key.group.is_none()) {
        return (0..keys.len()).map(|blank| mark_fixed(keys, &given, blank)).collect();
    }
    let mut marks: Vec<Option<Mark>> = vec![None; keys.len()];
    for blank in 0..keys.len() {
        if marks[blank].is_some() {
            continue;
        }
        let members = members_of_group(keys, blank);
        if members.len() < 2 {
            marks[blank] = Some(mark_fixed(keys, &given, blank));
            continue;
        }
        let group_keys: SmallVec<[&Key; 8]> = members.iter().map(|&member| &keys[member]).collect();
        let group_given: SmallVec<[&Given<'_>; 8]> = members.iter().map(|&member| &given[member]).collect();
        for (position, (outcome, matched)) in group::settle(&group_keys, &group_given).into_iter().enumerate() {
            let own = members[position];
            let outcome = not_anothers(keys, &given[own], &members, outcome);
            let matched = matched.map(|member| members[member]);
            marks[own] = Some(in_words(&keys[matched.unwrap_or(own)], matched, &given[own], outcome));
        }
    }
    marks.into_iter().flatten().collect()
}

fn mark_fixed(keys: &[Key], given: &[Given<'_>], blank: usize) -> Mark {
    let outcome = judge::judge(&keys[blank], &given[blank]);
    let outcome = not_anothers(keys, &given[blank], &[blank], outcome);
    in_words(&keys[blank], Some(blank), &given[blank], outcome)
}

/// Marks a single answer by itself, outside of any group.
pub fn mark_blank(key: &Key, answer: &str) -> Mark {
    let given = Given::new(answer);
    let outcome = judge::judge(key, &given);
    in_words(key, None, &given, outcome)
}

fn members_of_group(keys: &[Key], blank: usize) -> SmallVec<[usize; 8]> {
    match &keys[blank].group {
        None => SmallVec::from_slice(&[blank]),
        group => (0..keys.len()).filter(|&other| keys[other].group == *group).collect(),
    }
}

/// What merely resembles its own key, or equals it but for letter case, and equals another blank's stands in the wrong place: nothing for a
/// teacher to look at.
fn not_anothers(keys: &[Key], given: &Given<'_>, own: &[usize], outcome: Outcome) -> Outcome {
    let but_for_case = matches!(outcome.finding, Finding::Equal(steps) if steps.has(Steps::CASE));
    let resembles = but_for_case || matches!(outcome.finding, Finding::Similar(_));
    let is_anothers = |other: usize| {
        let is_same = |outcome: Outcome| match outcome.finding {
            Finding::Equal(steps) if but_for_case => !steps.has(Steps::CASE),
            _ => outcome.is_equal() && !but_for_case,
        };
        !own.contains(&other) && keys[other].pattern.is_none() && is_same(judge::judge_equality(&keys[other], given))
    };
    if resembles && (0..keys.len()).any(is_anothers) { Outcome::of(Finding::Different) } else { outcome }
}

fn in_words(key: &Key, blank: Option<usize>, given: &Given<'_>, outcome: Outcome) -> Mark {
    let alternative = outcome.alternative.map(usize::from);
    let accepted = alternative.map(|alternative| &key.alternatives[alternative]);
    let text = || accepted.map_or_else(Box::default, |accepted| accepted.raw.clone());
    let reason = match outcome.finding {
        Finding::Unanswered => Reason::Unanswered,
        Finding::NoKey => Reason::NoKey,
        Finding::Equal(_) | Finding::Pattern if outcome.credit == Share::NONE => Reason::Different,
        Finding::Equal(_)
            if outcome.credit == Share::WHOLE && accepted.is_some_and(|accepted| *accepted.raw == *given.answer) =>
        {
            Reason::Same
        }
        Finding::Equal(steps) => {
            Reason::Equal { answer: given.answer.into(), key: text(), steps, share: outcome.credit }
        }
        Finding::Pattern => Reason::Pattern,
        Finding::Decided => Reason::Decided { share: outcome.credit },
        Finding::Different => Reason::Different,
        Finding::OtherNumber => Reason::OtherNumber { key: text() },
        Finding::OtherUnit => Reason::OtherUnit { key: text() },
        Finding::Opposite => Reason::Opposite { key: text() },
        Finding::Several => Reason::Several,
        Finding::Taken => Reason::Taken { key: text() },
        Finding::Similar(how) => Reason::Similar { key: text(), how },
        Finding::TooLong => Reason::TooLong,
    };
    let held_against = alternative.is_some() || outcome.finding == Finding::Decided;
    let key = blank.filter(|_| held_against);
    Mark { verdict: outcome.verdict(), credit: outcome.credit, reason, key, alternative }
}
