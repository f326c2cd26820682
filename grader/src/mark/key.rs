//! A blank's key as marking uses it; `compile` makes it.

use regex::Regex;
use smallvec::SmallVec;

use crate::assignment::{MatchKind, Points, Share};

use super::case::Case;
use super::choice::Letters;
use super::fold::Text;
use super::formula::Formula;
use super::prepared::Equivalent;
use super::quantity::{PrintedUnits, Readings};
use super::reason::Steps;
use super::unit::Unit;

/// A blank's key, ready to mark with. Compiling does the expensive work; keep it.
#[derive(Debug)]
pub struct Key {
    pub(super) alternatives: Vec<Accepted>,
    pub(super) match_kind: MatchKind,
    pub(super) pattern: Option<Regex>,
    pub(super) group: Option<String>,
    pub(super) points: Points,
    pub(super) printed: Printed,
    /// What the key says of a statement, if the blank asks for nothing else.
    pub(super) truth: Option<bool>,
    /// Ways to write the alternatives that need no further thought, sorted.
    pub(super) equivalents: Vec<Equivalent>,
    /// What teachers decided about answers, by their normal form.
    pub(super) decided: Vec<(Box<str>, Share)>,
}

/// One accepted text.
#[derive(Debug)]
pub(super) struct Accepted {
    pub(super) raw: Box<str>,
    pub(super) share: Share,
    pub(super) text: Text,
    pub(super) readings: Readings,
    /// Whether another case is another answer.
    pub(super) case: Case,
    /// The letters, if they are those of a choice.
    pub(super) choice: Option<Letters>,
    /// The formula that it is.
    pub(super) formula: Option<Box<Formula>>,
    /// The unit that it names.
    pub(super) unit: Option<Box<Unit>>,
    /// Whether it lists several things.
    pub(super) is_list: bool,
    /// The longitude or latitude that it is, in one way of writing.
    pub(super) coordinate: Option<Box<str>>,
    /// What else is as good: the name and the abbreviation of `国内生产总值（GDP）`.
    pub(super) names: Box<[Text]>,
    /// Its quotation marks belong to it, see [`punctuation::is_literal`](super::punctuation::is_literal).
    pub(super) literal: bool,
}

/// What is printed around the blank, folded.
#[derive(Debug, Default)]
pub(super) struct Printed {
    pub(super) before: SmallVec<[char; 16]>,
    pub(super) after: SmallVec<[char; 16]>,
    pub(super) unit: SmallVec<[char; 8]>,
    pub(super) marker: Option<String>,
    pub(super) units: PrintedUnits,
    /// How many characters of `after` are a unit.
    pub(super) unit_behind: usize,
}

impl Key {
    /// Whether the blank has a key at all.
    pub fn is_known(&self) -> bool {
        !self.alternatives.is_empty()
    }

    /// The alternative and the steps of an answer that is written in a way prepared with the key.
    pub(super) fn prepared(&self, answer: &str, hash: u64) -> Option<(usize, Steps)> {
        let start = self.equivalents.partition_point(|known| known.hash < hash);
        let same_hash = self.equivalents[start..].iter().take_while(|known| known.hash == hash);
        let known = same_hash.into_iter().find(|known| *known.written == *answer)?;
        Some((usize::from(known.alternative), Steps::from_bits(known.steps)))
    }
}
