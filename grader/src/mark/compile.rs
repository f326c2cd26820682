//! Prepares a blank's key once, so that marking an answer is quick.

use regex::{Regex, RegexBuilder};
use smallvec::SmallVec;
use thiserror::Error;

use crate::Language;
use crate::assignment::{Blank, MatchKind};
use crate::message;

use super::case::Case;
use super::character::is_chinese;
use super::choice::Letters;
use super::coordinate;
use super::equivalent;
use super::fold::{Text, trimmed};
use super::formula::Formula;
use super::key::{Accepted, Key, Printed};
use super::list;
use super::punctuation;
use super::quantity::PrintedUnits;
use super::reading;
use super::truth;
use super::unit::Unit;

/// Longest accepted text, in characters.
pub const MAX_KEY: usize = 1_000;

/// Most a pattern may take when compiled, in bytes.
const PATTERN_SIZE: usize = 1 << 20;

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The pattern is no regular expression, or too big a one.
    #[error("pattern {pattern:?}: {detail}")]
    Pattern {
        /// The pattern as written.
        pattern: String,
        /// What is wrong with it, in English.
        detail: String,
    },
    /// A blank with a pattern has no alternatives.
    #[error("a blank with a pattern has exactly one key")]
    PatternCount,
    /// A blank that takes a number has a key that is none.
    #[error("{text:?} is not a number")]
    Number {
        /// The key as written.
        text: String,
    },
    /// An alternative is empty.
    #[error("an accepted answer is empty")]
    Empty,
    /// An alternative is longer than [`MAX_KEY`].
    #[error("an accepted answer is longer than {MAX_KEY} characters")]
    TooLong,
}

impl KeyError {
    /// What is wrong, for the teacher.
    pub fn text(&self, language: Language) -> String {
        let most = MAX_KEY.to_string();
        match self {
            KeyError::Pattern { pattern, detail } => {
                message::text_with(language, "key-error-pattern", &[("text", pattern), ("detail", detail)])
            }
            KeyError::PatternCount => message::text(language, "key-error-pattern-count"),
            KeyError::Number { text } => message::text_with(language, "key-error-number", &[("text", text)]),
            KeyError::Empty => message::text(language, "key-error-empty"),
            KeyError::TooLong => message::text_with(language, "key-error-long", &[("most", &most)]),
        }
    }
}

impl Key {
    /// Prepares the key of a blank. A blank without a key gives one that sends every answer to review.
    ///
    /// # Errors
    /// When an alternative is empty, too long, or not what `match=` asks for.
    pub fn compile(blank: &Blank) -> Result<Key, KeyError> {
        let pattern = match (blank.match_kind, blank.key.as_slice()) {
            (MatchKind::Regex, []) => None,
            (MatchKind::Regex, [only]) => Some(compile_pattern(&only.text)?),
            (MatchKind::Regex, _) => return Err(KeyError::PatternCount),
            _ => None,
        };
        let mut alternatives = Vec::with_capacity(blank.key.len());
        for alternative in &blank.key {
            let raw = trimmed(&alternative.text);
            if raw.chars().nth(MAX_KEY).is_some() {
                return Err(KeyError::TooLong);
            }
            let text = Text::new(raw);
            if text.folded.iter().all(|c| *c == ' ') {
                return Err(KeyError::Empty);
            }
            let mut readings = reading::readings(&text.folded);
            // = and == are two operators of a program, though one sign in a reaction.
            let is_operator = text.folded.iter().all(|c| *c == '=');
            let may_be_formula = !is_operator && (readings.is_empty() || is_difference(&text.folded));
            let formula = if may_be_formula { Formula::of_key(raw).map(Box::new) } else { None };
            if formula.is_some() {
                readings.clear();
            }
            if blank.match_kind == MatchKind::Number && readings.is_empty() {
                return Err(KeyError::Number { text: raw.to_string() });
            }
            // In what case a unit is written is not what is asked for.
            let case = if readings.is_empty() { Case::of(&text) } else { Case::Free };
            let choice = Letters::of_key(&text.cased());
            let literal = punctuation::is_literal(raw);
            alternatives.push(Accepted {
                raw: raw.into(),
                share: alternative.share,
                unit: Unit::named(&text.folded).filter(Unit::is_physical).map(Box::new),
                is_list: list::is_list(text.form()),
                names: names(raw),
                coordinate: coordinate::read(&text.folded).map(Into::into),
                text,
                readings,
                case,
                choice,
                formula,
                literal,
            });
        }
        // 树立正确的职业观 says nothing of a statement.
        let printed = Printed::new(blank);
        let runs_on = printed.after.first().is_some_and(|&c| is_chinese(c));
        let truth = (!runs_on)
            .then(|| truth::of_key(alternatives.iter().map(|accepted| (&*accepted.raw, &accepted.text.folded[..]))))
            .flatten();
        let mut key = Key {
            alternatives,
            match_kind: blank.match_kind,
            pattern,
            group: blank.group.clone(),
            points: blank.points,
            printed,
            truth,
            equivalents: Vec::new(),
            decided: blank.decided.iter().map(|decided| (decided.text.as_str().into(), decided.share)).collect(),
        };
        key.equivalents = equivalent::prepare(&key);
        Ok(key)
    }
}

/// A name with its abbreviation in brackets, `国内生产总值（GDP）`, is as good as either.
fn names(raw: &str) -> Box<[Text]> {
    let closed = raw.strip_suffix([')', '）']).and_then(|open| open.split_once(['(', '（']));
    let Some((outer, inner)) = closed else { return Box::default() };
    let (outer, inner) = (outer.trim(), inner.trim());
    let is_name = |text: &str| text.chars().count() > 1 && text.chars().all(is_chinese);
    let is_abbreviation = |text: &str| {
        let capitals = text.chars().filter(char::is_ascii_uppercase).count();
        capitals > 1 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if is_name(outer) && is_abbreviation(inner) || is_abbreviation(outer) && is_name(inner) {
        [outer, inner, &format!("{outer}{inner}"), &format!("{inner}{outer}")].map(Text::new).into()
    } else {
        Box::default()
    }
}

/// 2n-1 is no range of so many newtons.
fn is_difference(folded: &[char]) -> bool {
    let sign = folded.iter().position(|c| *c == '-').filter(|at| *at > 0);
    sign.is_some_and(|at| folded[at - 1].is_ascii_alphabetic() && folded[at + 1..].iter().all(char::is_ascii_digit))
}

impl Printed {
    fn new(blank: &Blank) -> Printed {
        let fold = |text: &str| Text::new(text).folded;
        let after = fold(&blank.surroundings.after);
        let unit = fold(blank.unit.as_deref().unwrap_or_default());
        let mut units = PrintedUnits::default();
        units.units.extend(Unit::named(&unit));
        let behind = Unit::leading(&after);
        // 天 in 天猫 is no unit, but then a number does not stand before it either.
        let unit_behind = behind.as_ref().map_or(0, |(_, length)| *length);
        units.units.extend(behind.map(|(unit, _)| unit));
        units.before_christ = blank.surroundings.before.trim_end().ends_with("公元前");
        units.percent = after.first() == Some(&'%') || unit.first() == Some(&'%');
        units.other_text_behind = units.units.is_empty() && !after.is_empty();
        Printed {
            before: SmallVec::from_slice(&fold(&blank.surroundings.before)),
            after: SmallVec::from_slice(&after),
            unit: SmallVec::from_slice(&unit),
            marker: blank.surroundings.marker.clone().filter(|marker| !marker.trim().is_empty()),
            units,
            unit_behind,
        }
    }
}

/// Anchored at both ends whatever the pattern holds: it must be whole by itself before it is wrapped.
fn compile_pattern(pattern: &str) -> Result<Regex, KeyError> {
    let build = |pattern: &str| {
        RegexBuilder::new(pattern).size_limit(PATTERN_SIZE).dfa_size_limit(PATTERN_SIZE).nest_limit(50).build().map_err(
            |error| {
                let detail = error.to_string().lines().last().unwrap_or_default().trim().to_string();
                KeyError::Pattern { pattern: pattern.to_string(), detail }
            },
        )
    };
    build(pattern)?;
    build(&format!(r"\A(?:{pattern})\z")).map_err(|_| KeyError::Pattern {
        pattern: pattern.to_string(),
        detail: "it cannot be anchored at both ends".to_string(),
    })
}
