//! Marking blanks, from outside: hand-written pairs, the traps other systems fell into, and general properties.

#[path = "marking/pairs.rs"]
mod pairs;
#[path = "marking/properties.rs"]
mod properties;
#[path = "marking/terms.rs"]
mod terms;
#[path = "marking/traps.rs"]
mod traps;

use grader::assignment::{Alternative, Blank, MatchKind, Points, Share};
use grader::mark::{Key, Mark, Verdict};

/// A blank with these alternatives, each worth all of it.
fn blank(alternatives: &[&str]) -> Blank {
    let key = alternatives.iter().map(|text| Alternative { text: (*text).to_string(), share: Share::WHOLE }).collect();
    Blank { key, ..Blank::default() }
}

/// The same, in an order-free group.
fn member(alternatives: &[&str]) -> Blank {
    Blank { group: Some("g".to_string()), ..blank(alternatives) }
}

#[track_caller]
fn compile(blanks: &[Blank]) -> Vec<Key> {
    blanks.iter().map(|blank| Key::compile(blank).expect("a usable key")).collect()
}

#[track_caller]
fn mark_one(blank: &Blank, answer: &str) -> Mark {
    grader::mark::mark_blank(&Key::compile(blank).expect("a usable key"), answer)
}

fn credited(mark: &Mark) -> bool {
    matches!(mark.verdict, Verdict::Correct | Verdict::Partial)
}

/// Points of a marked question: each belongs to the key that was matched.
fn points(blanks: &[Blank], marks: &[Mark]) -> Points {
    let earned = |mark: &Mark| mark.key.map_or(Points::default(), |key| blanks[key].points.times(mark.credit));
    Points(marks.iter().map(|mark| earned(mark).0).sum())
}

fn with_match(match_kind: MatchKind, alternatives: &[&str]) -> Blank {
    Blank { match_kind, ..blank(alternatives) }
}

/// The text in full-width characters.
fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| if ('!'..='~').contains(&c) { char::from_u32(c as u32 + 0xFEE0).expect("a character") } else { c })
        .collect()
}
