//! One answer against one key: the steps from "word for word" over "equal" and "alike" to "wrong".

use std::cell::OnceCell;

use smallvec::SmallVec;

use crate::assignment::{MatchKind, Share};

use super::candidate::{Candidate, Candidates, other_candidates};
use super::case;
use super::character::{Chars, confusable};
use super::equivalent::{self, MAX_PREPARED};
use super::fold::Text;
use super::key::{Accepted, Key};
use super::opposite::holds_negation;
use super::quantity::{self, Comparison, Readings};
use super::reason::{Resemblance, Steps};
use super::similar::{self, Likeness};
use super::{MAX_ANSWER, Verdict, numeral};

/// What was found, without the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    Unanswered,
    NoKey,
    Equal(Steps),
    Pattern,
    Decided,
    Different,
    OtherNumber,
    OtherUnit,
    Opposite,
    Several,
    Taken,
    Similar(Resemblance),
    TooLong,
}

/// A mark before its reason is put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) finding: Finding,
    pub(super) alternative: Option<u16>,
    pub(super) credit: Share,
    /// A closer look would find nothing more.
    pub(super) settled: bool,
}

impl Outcome {
    pub(super) fn of(finding: Finding) -> Outcome {
        Outcome { finding, alternative: None, credit: Share::NONE, settled: false }
    }

    pub(super) fn verdict(&self) -> Verdict {
        match self.finding {
            Finding::Unanswered => Verdict::Unanswered,
            Finding::NoKey | Finding::Similar(_) => Verdict::Review,
            Finding::Equal(_) | Finding::Pattern | Finding::Decided if self.credit == Share::WHOLE => Verdict::Correct,
            Finding::Equal(_) | Finding::Pattern | Finding::Decided if self.credit > Share::NONE => Verdict::Partial,
            _ => Verdict::Incorrect,
        }
    }

    pub(super) fn is_equal(&self) -> bool {
        matches!(self.finding, Finding::Equal(_) | Finding::Pattern | Finding::Decided)
    }

    /// Without naming a key, for an answer that is held against none.
    pub(super) fn without_words(self) -> Outcome {
        match self.finding {
            Finding::OtherNumber | Finding::OtherUnit | Finding::Opposite => Outcome::of(Finding::Different),
            _ => self,
        }
    }

    /// The better of two: more credit, then equality (a foreseen wrong answer is settled), then review, then a telling reason.
    fn better(self, other: Outcome) -> Outcome {
        let rank = |outcome: &Outcome| {
            let kind = match outcome.finding {
                Finding::Equal(_) | Finding::Pattern | Finding::Decided => 10,
                Finding::Several => 9,
                Finding::Similar(resemblance) => 8 - (resemblance as u8) / 4,
                Finding::Opposite => 5,
                Finding::OtherUnit => 4,
                Finding::OtherNumber => 3,
                _ => 0,
            };
            (outcome.credit, kind)
        };
        if rank(&other) > rank(&self) { other } else { self }
    }
}

/// An answer; what has to be worked out about it is worked out once, however many keys it is held against.
#[derive(Clone, Debug)]
pub(super) struct Given<'a> {
    /// Without the spaces and line ends around it.
    pub(super) answer: &'a str,
    hash: u64,
    text: OnceCell<Box<Text>>,
    too_long: bool,
}

impl<'a> Given<'a> {
    pub(super) fn new(answer: &'a str) -> Given<'a> {
        let answer = trimmed(answer);
        // Counting stops early; most answers have fewer bytes than that.
        let too_long = answer.len() > MAX_ANSWER && answer.chars().nth(MAX_ANSWER).is_some();
        // Longer answers are never prepared.
        let hash = if answer.len() > MAX_PREPARED { 0 } else { equivalent::hash(answer.as_bytes()) };
        Given { answer, hash, text: OnceCell::new(), too_long }
    }

    fn text(&self) -> &Text {
        self.text.get_or_init(|| Box::new(Text::new(self.answer)))
    }
}

/// Marks one answer by one key. What a teacher decided about equal answers holds before every rule.
pub(super) fn judge(key: &Key, given: &Given<'_>) -> Outcome {
    judge_prepared(key, given).unwrap_or_else(|| judge_slowly(key, given))
}

fn decided(key: &Key, given: &Given<'_>) -> Option<Outcome> {
    if key.decided.is_empty() {
        return None;
    }
    let form = super::normal_form(given.answer);
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

/// Without the usual spaces and line ends around it.
pub(super) fn trimmed(answer: &str) -> &str {
    answer.trim_matches(|c: char| c.is_whitespace() || c.is_control())
}

fn equal(key: &Key, alternative: usize, steps: Steps) -> Outcome {
    let credit = key.alternatives[alternative].share;
    Outcome { credit, alternative: Some(alternative as u16), ..Outcome::of(Finding::Equal(steps)) }
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

/// How an answer that equals nothing resembles the key.
fn resemblance(key: &Key, text: &Text, so_far: Outcome, others: &Candidates) -> Outcome {
    if so_far.settled || so_far.finding == Finding::Several {
        return so_far;
    }
    let best = so_far.better(resemble(key, text));
    others.iter().fold(best, |best, candidate| best.better(resemble(key, &candidate.text)))
}

/// A printed negation that was repeated makes an equal answer doubtful: not 等于 behind 不.
fn compare_candidate(key: &Key, candidate: &Candidate) -> Outcome {
    let outcome = compare(key, &candidate.text, candidate.steps);
    if outcome.is_equal() && candidate.doubtful {
        return Outcome { finding: Finding::Similar(Resemblance::Added), credit: Share::NONE, ..outcome };
    }
    outcome
}

/// Equality and, for quantities, everything there is to say.
fn compare(key: &Key, candidate: &Text, steps: Steps) -> Outcome {
    let mut best = Outcome::of(Finding::Different);
    for (index, accepted) in key.alternatives.iter().enumerate() {
        if accepted.text.form() == candidate.form() {
            let number = Steps::NUMBER.when(accepted.text.folded != candidate.folded);
            let folded = steps | number | accepted.text.steps.between(candidate.steps);
            let outcome = equal(key, index, folded);
            best = best.better(outcome);
        }
    }
    if best.is_equal() { best } else { compare_quantities(key, candidate, steps) }
}

fn compare_quantities(key: &Key, candidate: &Text, steps: Steps) -> Outcome {
    let mut best = Outcome::of(Finding::Different);
    if !candidate.has_number || key.alternatives.iter().all(|accepted| accepted.readings.is_empty()) {
        return best;
    }
    let readings = quantity::readings(&candidate.folded);
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

fn similar_to(alternative: usize, resemblance: Resemblance) -> Outcome {
    Outcome { alternative: Some(alternative as u16), ..Outcome::of(Finding::Similar(resemblance)) }
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

/// `结构化查询语言（SQL）`, where both are accepted, is right; a list of answers to choose from is not.
fn gloss_or_list(key: &Key, text: &Text) -> Outcome {
    let form = text.form();
    let accepts = |part: &[char]| {
        let part = Text::part(part, text.steps);
        let found = compare(key, &part, Steps::default());
        found.is_equal().then_some(found)
    };
    if form.last() == Some(&')')
        && let Some(open) = form.iter().position(|c| *c == '(').filter(|open| *open > 0)
    {
        let (outer, inner) = (accepts(&form[..open]), accepts(&form[open + 1..form.len() - 1]));
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
    if !form.iter().any(|c| list(c)) || form.len() > 80 {
        return Outcome::of(Finding::Different);
    }
    let parts: SmallVec<[&[char]; 8]> = form.split(|c| list(c)).filter(|part| !part.is_empty()).collect();
    if parts.len() < 2 {
        return Outcome::of(Finding::Different);
    }
    let found: SmallVec<[Option<Outcome>; 8]> = parts.iter().map(|part| accepts(part)).collect();
    let Some(one) = found.iter().flatten().next() else { return Outcome::of(Finding::Different) };
    let all = found.iter().all(Option::is_some);
    if !all && (form.iter().any(|c| choice(c)) || parts.len() > 2) {
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
            let shares_sounds = accepted.text.sounds & candidate.sounds != 0 || candidate.form().len() == 1;
            let mut likeness =
                if shares_sounds { similar::likeness(accepted.text.form(), candidate.form()) } else { Likeness::None };
            if likeness == Likeness::None && (accepted.text.has_number || candidate.has_number) {
                likeness = similar::likeness(&accepted.text.folded, &candidate.folded);
            }
            match likeness {
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

/// An answer that is no quantity beside a key that is one: `1OO` for 100, 大概10个吧 for 10.
fn like_quantity(accepted: &Accepted, candidate: &Text) -> Finding {
    let folded = &candidate.folded;
    if folded.len() > 40 {
        return Finding::Different;
    }
    if !quantity::readings(folded).is_empty() {
        return Finding::Different;
    }
    let own = &accepted.text.folded;
    if own.len() == folded.len() && own.iter().zip(folded).all(|(&a, &b)| a == b || confusable(a) == confusable(b)) {
        return Finding::Similar(Resemblance::Shape);
    }
    let numbers = numbers_within(folded);
    let quantity::Value::Number(value) = &accepted.readings[0].value else {
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

fn numbers_within(text: &Chars) -> SmallVec<[numeral::Number; 4]> {
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
