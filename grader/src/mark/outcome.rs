//! The verdict on an answer, and what was found about it before it is put into words.

use serde::{Deserialize, Serialize};

use crate::assignment::Share;

use super::reason::{Resemblance, Steps};

/// What the marking says of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// All of the credit.
    Correct,
    /// Some of it.
    Partial,
    /// None.
    Incorrect,
    /// Not credited yet: a teacher will look.
    Review,
    /// Nothing was written.
    Unanswered,
}

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
    pub(super) fn better(self, other: Outcome) -> Outcome {
        let rank = |outcome: &Outcome| {
            let kind = match outcome.finding {
                Finding::Equal(_) | Finding::Pattern | Finding::Decided => 10,
                Finding::Several => 9,
                Finding::Similar(Resemblance::Case) => 8,
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
