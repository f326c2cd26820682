//! What the FAQ suggests for a question, and why.

use plugin_sdk::prelude::*;

use super::entry::Entry;
use super::kept;

/// The most suggestions.
const MOST: usize = 3;
/// What is less like than this is no suggestion.
const LEAST: f32 = 0.12;

/// A suggestion.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The entry.
    pub entry: Entry,
    /// The words that agreed.
    pub words: Vec<String>,
}

/// The entries most like a text, the best first.
pub fn of(host: &Host, text: &str) -> Result<Vec<Suggestion>> {
    let kept = kept::of_class(host)?;
    let hits = kept.index.nearest(text, MOST + 1).into_iter().filter(|hit| hit.score >= LEAST);
    // Everyday talk is none of the entries.
    let found =
        hits.filter_map(|hit| Some(Suggestion { entry: kept.entries.get(hit.entry)?.clone(), words: hit.words }));
    Ok(found.take(MOST).collect())
}
