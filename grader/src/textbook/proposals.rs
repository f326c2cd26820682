//! Proposals as such: made of a passage, compared, the likeliest first.

use super::book::Passage;
use super::characters::{fold, small_number};
use super::page::{Proposal, Source};

/// The passage as a proposal.
pub(super) fn proposal(passage: Passage, confidence: f64) -> Proposal {
    Proposal {
        answer: passage.text,
        confidence: (confidence * 100.0).round() / 100.0,
        source: Source { section: passage.section, quote: passage.quote, line: passage.line },
    }
}

/// Whether two answers are one: the same number counts, however it is written.
pub(super) fn alike(a: &str, b: &str) -> bool {
    let plain = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).map(fold).collect() };
    plain(a) == plain(b) || (small_number(a).is_some() && small_number(a) == small_number(b))
}

/// The confidence of the first proposal.
pub(super) fn best(proposals: &[Proposal]) -> f64 {
    proposals.first().map_or(0.0, |proposal| proposal.confidence)
}
