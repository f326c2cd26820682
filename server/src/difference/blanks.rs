//! Which blank of the file is which blank of the class.

use std::collections::HashMap;

use grader::assignment::{Blank, Question};

use super::words::{self, Change, Kind};
use super::{Asked, Choice, CurrentQuestion};

/// Blanks of the file paired with blanks of the class.
pub(super) struct Paired {
    /// For each blank of the file the index of the class's blank, or `None` for a new one.
    pub pairs: Vec<Option<usize>>,
    /// Indices of the class's blanks that are gone.
    pub removed: Vec<usize>,
    /// What is unclear.
    pub asked: Option<Asked>,
}

pub(super) fn pair(old: &CurrentQuestion, new: &Question, answers: &HashMap<String, String>) -> Paired {
    let olds = &old.question.blanks;
    let by_gap: Vec<Option<usize>> = (0..new.blanks.len()).map(|i| (i < olds.len()).then_some(i)).collect();
    let by_key = pair_by_key(olds, &new.blanks);
    // The same text with the same gaps: keys that changed places are either corrected or moved with their gaps.
    let same_text = old.question.text == new.text && olds.len() == new.blanks.len();
    let has_answers = old.blanks.iter().any(|blank| blank.answers > 0);
    let mut asked = None;
    let pairs = if same_text && by_key != by_gap {
        let id = format!("question-{}", new.number);
        let choice = match answers.get(&id).map(String::as_str) {
            Some("key") => Choice::Key,
            Some(_) => Choice::Gap,
            None => {
                if has_answers && is_rearranged(olds, &new.blanks) {
                    let options = vec![Choice::Gap, Choice::Key];
                    asked = Some(Asked { id, question: new.number.clone(), options });
                }
                Choice::Gap
            }
        };
        if choice == Choice::Key { by_key } else { by_gap }
    } else {
        by_key
    };
    let removed = (0..olds.len()).filter(|index| !pairs.contains(&Some(*index))).collect();
    Paired { pairs, removed, asked }
}

/// First those with the same key, in order; then the rest in order.
fn pair_by_key(olds: &[Blank], news: &[Blank]) -> Vec<Option<usize>> {
    let mut free: Vec<usize> = (0..olds.len()).collect();
    let mut pairs = vec![None; news.len()];
    // A blank that kept both key and place is itself, however often its key occurs.
    for (index, new) in news.iter().enumerate() {
        if olds.get(index).is_some_and(|old| old.key == new.key && !new.key.is_empty()) {
            pairs[index] = Some(index);
            free.retain(|old| *old != index);
        }
    }
    for (index, new) in news.iter().enumerate() {
        if pairs[index].is_some() || new.key.is_empty() {
            continue;
        }
        if let Some(place) = free.iter().position(|old| olds[*old].key == new.key) {
            pairs[index] = Some(free.remove(place));
        }
    }
    // What is left is paired in order, but never across a blank that is already paired.
    for index in 0..news.len() {
        if pairs[index].is_some() {
            continue;
        }
        let before = pairs[..index].iter().flatten().max().map_or(0, |last| last + 1);
        let after = pairs[index + 1..].iter().flatten().min().copied().unwrap_or(olds.len());
        if let Some(place) = free.iter().position(|old| (before..after).contains(old)) {
            pairs[index] = Some(free.remove(place));
        }
    }
    pairs
}

/// Whether the file holds the same keys in another order.
fn is_rearranged(olds: &[Blank], news: &[Blank]) -> bool {
    let sorted = |blanks: &[Blank]| {
        let mut keys: Vec<String> = blanks.iter().map(words::key).collect();
        keys.sort();
        keys
    };
    sorted(olds) == sorted(news)
}

/// The differences of one blank, for people.
pub(super) fn changes(question: &Question, place: usize, old: &Blank, new: &Blank) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut push = |kind, before: String, after: String| {
        if before != after {
            changes.push(Change::blank(kind, question, place).values(before, after));
        }
    };
    push(Kind::Key, words::key(old), words::key(new));
    push(Kind::Group, old.group.clone().unwrap_or_default(), new.group.clone().unwrap_or_default());
    push(Kind::Unit, old.unit.clone().unwrap_or_default(), new.unit.clone().unwrap_or_default());
    push(Kind::Match, words::match_kind(old), words::match_kind(new));
    push(Kind::Hint, old.hint.clone().unwrap_or_default(), new.hint.clone().unwrap_or_default());
    push(Kind::Confirmed, old.confirmed.to_string(), new.confirmed.to_string());
    if old.points != new.points {
        changes.push(Change::points(question, Some(place), old.points, new.points));
    }
    changes
}
