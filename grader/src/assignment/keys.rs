//! What is doubtful about the keys of one question: groups that are none, keys that cannot be marked by.

use std::collections::HashMap;
use std::ops::Range;

use crate::Language;
use crate::diagnostic::Severity;
use crate::mark::{self, KeyFinding};

use super::problem::Problems;
use super::{Blank, MatchKind};

/// Keys of one file are compared with each other no more often than this: reading stays quick whatever the file holds.
pub(super) const MOST_COMPARISONS: usize = 100_000;

/// Holds the keys of a question against each other, as far as `comparisons` are left.
pub(super) fn check(
    blanks: &[Blank],
    spans: &[Range<usize>],
    comparisons: &mut usize,
    language: Language,
    problems: &mut Problems,
) {
    let alternatives: usize = blanks.iter().map(|blank| blank.key.len()).sum();
    let Some(left) = comparisons.checked_sub(alternatives * blanks.len()) else { return };
    *comparisons = left;
    // A key that cannot be compiled has been reported with its own words, but for a number.
    for finding in mark::check_keys(blanks) {
        let words = finding.text(language);
        let mut report =
            |severity, code, blank: usize| problems.in_words(severity, code, spans[blank].clone(), words.clone());
        match &finding {
            KeyFinding::Broken { blank, .. } if blanks[*blank].match_kind == MatchKind::Number => {
                report(Severity::Error, "not-a-number", *blank);
            }
            KeyFinding::RefusesItself { blank, .. } => report(Severity::Warning, "key-refuses-itself", *blank),
            KeyFinding::Near { second, .. } => report(Severity::Note, "near-keys", *second),
            KeyFinding::PatternTooWide { blank, .. } | KeyFinding::PatternAcceptsAnything { blank } => {
                report(Severity::Warning, "wide-pattern", *blank);
            }
            KeyFinding::Broken { .. } | KeyFinding::Repeated { .. } | KeyFinding::Shared { .. } => {}
        }
    }
}

/// A group has at least two blanks, and each of them a key of its own.
pub(super) fn check_groups(blanks: &[Blank], spans: &[Range<usize>], problems: &mut Problems) {
    let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, blank) in blanks.iter().enumerate() {
        if let Some(group) = &blank.group {
            groups.entry(group).or_default().push(index);
        }
    }
    for (name, members) in groups {
        if let [only] = members[..] {
            problems.warning("group-of-one", spans[only].clone(), &[("group", name)]);
        }
        for (position, index) in members.iter().enumerate() {
            let Some(text) = blanks[*index].key.first().map(|first| first.text.as_str()) else { continue };
            let same = |other: &&usize| blanks[**other].key.first().is_some_and(|first| first.text == text);
            if members[..position].iter().any(|other| same(&other)) {
                problems.warning("group-same-key", spans[*index].clone(), &[("group", name), ("text", text)]);
            }
        }
    }
}
