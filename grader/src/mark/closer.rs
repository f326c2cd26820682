//! A closer look at answers that are not equal as they stand: a synonym in brackets, a list, and what merely resembles.

use std::ops::Range;

use smallvec::SmallVec;

use crate::assignment::Share;

use super::candidate::Candidates;
use super::character::{Chars, confusable, is_chinese, spelled};
use super::equality::{compare, similar_to};
use super::fold::Text;
use super::key::{Accepted, Key};
use super::list;
use super::number::Number;
use super::numeral;
use super::opposite::holds_negation;
use super::outcome::{Finding, Outcome};
use super::quantity::Value;
use super::reading;
use super::reason::{Resemblance, Steps};
use super::similar::{self, Likeness};

/// How an answer that equals nothing resembles the key.
pub(super) fn resemblance(key: &Key, text: &Text, so_far: Outcome, others: &Candidates) -> Outcome {
    if so_far.settled || so_far.finding == Finding::Several {
        return so_far;
    }
    let best = so_far.better(resemble(key, text));
    let best = others.iter().fold(best, |best, candidate| best.better(resemble(key, &candidate.text)));
    match best.finding {
        Finding::Different => in_pinyin(key, text).map_or(best, |index| similar_to(index, Resemblance::Sound)),
        _ => best,
    }
}

/// The alternative that an answer spells in Latin letters.
fn in_pinyin(key: &Key, text: &Text) -> Option<usize> {
    if !text.folded.first()?.is_ascii_alphabetic() || text.folded.len() > 60 {
        return None;
    }
    let given = || text.folded.iter().copied().filter(|c| !matches!(c, ' ' | '\'' | '-'));
    key.alternatives.iter().position(|accepted| {
        let own = accepted.text.form();
        own.len() > 1 && own.iter().copied().all(is_chinese) && spelled(own).chars().eq(given())
    })
}

/// `结构化查询语言（SQL）`, where both are accepted, is right; a list of answers to choose from is not.
pub(super) fn gloss_or_list(key: &Key, text: &Text) -> Outcome {
    let form = text.form();
    let accepts = |part: &Range<usize>| {
        let part = text.part(form, part.clone());
        let found = compare(key, &part, Steps::default());
        found.is_equal().then_some(found)
    };
    if form.last() == Some(&')')
        && let Some(open) = form.iter().position(|c| *c == '(').filter(|open| *open > 0)
    {
        let (outer, inner) = (accepts(&(0..open)), accepts(&(open + 1..form.len() - 1)));
        return match (outer, inner) {
            (Some(outer), Some(inner)) => {
                let credit = outer.credit.min(inner.credit);
                Outcome { finding: Finding::Equal(Steps::GLOSS), credit, ..outer }
            }
            (Some(one), None) | (None, Some(one)) => {
                Outcome { finding: Finding::Similar(Resemblance::Added), credit: Share::NONE, ..one }
            }
            (None, None) => Outcome::of(Finding::Different),
        };
    }
    let choice = |c: &char| matches!(c, '/' | '|' | '或');
    let list = |c: &char| choice(c) || matches!(c, ',' | ';' | '和' | '与' | '及');
    if !form.iter().any(list) || form.len() > 80 {
        return Outcome::of(Finding::Different);
    }
    let mut start = 0;
    let parts: SmallVec<[Range<usize>; 8]> = form
        .split(|c| list(c))
        .map(|part| {
            let begin = start;
            start += part.len() + 1;
            begin..begin + part.len()
        })
        .filter(|part| !part.is_empty())
        .collect();
    if parts.len() < 2 {
        return Outcome::of(Finding::Different);
    }
    let found: SmallVec<[Option<Outcome>; 8]> = parts.iter().map(accepts).collect();
    let Some(one) = found.iter().flatten().next() else { return Outcome::of(Finding::Different) };
    let all = found.iter().all(Option::is_some);
    // 泰勒/泰罗, both accepted, are one answer in two words.
    let distinct = || {
        let first = found[0].and_then(|outcome| outcome.alternative);
        found.iter().skip(1).all(|outcome| outcome.and_then(|outcome| outcome.alternative) != first)
    };
    if all && distinct() {
        let credit = found.iter().flatten().map(|outcome| outcome.credit).min().unwrap_or(Share::NONE);
        return Outcome { finding: Finding::Equal(Steps::GLOSS), credit, ..*one };
    }
    // 4条/月 names no second number.
    let counts = key.alternatives.iter().any(|accepted| !accepted.readings.is_empty());
    let rival = |part: &Range<usize>| !counts || text.part(form, part.clone()).has_number;
    let rivals = found.iter().zip(&parts).any(|(found, part)| found.is_none() && rival(part));
    if !all && !rivals {
        return Outcome { finding: Finding::Similar(Resemblance::Added), credit: Share::NONE, ..*one };
    }
    if !all && (form.iter().any(choice) || parts.len() > 2) {
        return Outcome { finding: Finding::Several, credit: Share::NONE, ..*one };
    }
    Outcome { finding: Finding::Similar(Resemblance::List), credit: Share::NONE, ..*one }
}

/// What is not equal may be alike, the contrary, or the same with another number.
fn resemble(key: &Key, candidate: &Text) -> Outcome {
    let mut best = Outcome::of(Finding::Different);
    for (index, accepted) in key.alternatives.iter().enumerate() {
        let finding = if !accepted.readings.is_empty() {
            like_quantity(accepted, candidate)
        } else {
            let named = accepted.names.iter().map(|name| like_text(name, candidate));
            let likeness = named.fold(like_text(&accepted.text, candidate), |best, likeness| match best {
                Likeness::None => likeness,
                found => found,
            });
            match likeness {
                Likeness::None if accepted.is_list && list::is_part(accepted.text.form(), candidate.form()) => {
                    Finding::Similar(Resemblance::Missing)
                }
                Likeness::None => Finding::Different,
                Likeness::OtherNumber => Finding::OtherNumber,
                Likeness::Opposite => Finding::Opposite,
                Likeness::Alike(resemblance) => Finding::Similar(resemblance),
            }
        };
        if finding != Finding::Different && accepted.share > Share::NONE {
            best = best.better(Outcome { alternative: Some(index as u16), ..Outcome::of(finding) });
        }
    }
    best
}

fn like_text(own: &Text, candidate: &Text) -> Likeness {
    let shares_sounds = own.sounds & candidate.sounds != 0 || candidate.form().len() == 1;
    let likeness = if shares_sounds { similar::likeness(own.form(), candidate.form()) } else { Likeness::None };
    if likeness == Likeness::None && (own.has_number || candidate.has_number) {
        return similar::likeness(&own.folded, &candidate.folded);
    }
    likeness
}

/// An answer that is no quantity beside a key that is one: `1OO` for 100, 大概10个吧 for 10.
fn like_quantity(accepted: &Accepted, candidate: &Text) -> Finding {
    let folded = &candidate.folded;
    if folded.len() > 40 {
        return Finding::Different;
    }
    if !reading::readings(folded).is_empty() {
        return Finding::Different;
    }
    let own = &accepted.text.folded;
    if own.len() == folded.len() && own.iter().zip(folded).all(|(&a, &b)| a == b || confusable(a) == confusable(b)) {
        return Finding::Similar(Resemblance::Shape);
    }
    let numbers = numbers_within(folded);
    let Value::Number(value) = &accepted.readings[0].value else {
        return match similar::likeness(own, folded) {
            Likeness::Alike(resemblance) => Finding::Similar(resemblance),
            _ => Finding::Different,
        };
    };
    match numbers[..] {
        [only] if only.same_size(value) && folded.len() <= own.len() + 6 && !holds_negation(folded) => {
            Finding::Similar(Resemblance::Added)
        }
        [_, ..] => Finding::OtherNumber,
        [] => match similar::likeness(own, folded) {
            Likeness::Alike(resemblance @ (Resemblance::Sound | Resemblance::Shape)) => Finding::Similar(resemblance),
            _ => Finding::Different,
        },
    }
}

fn numbers_within(text: &Chars) -> SmallVec<[Number; 4]> {
    let mut numbers = SmallVec::new();
    let mut at = 0;
    while at < text.len() {
        match numeral::read(text, at) {
            Some((number, end)) => {
                numbers.push(number);
                at = end;
            }
            None => at += 1,
        }
    }
    numbers
}
