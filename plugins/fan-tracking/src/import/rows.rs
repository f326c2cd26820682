//! Rows of text, whatever file they come from: how large a table may be, and why a file is refused.

/// The most rows of a table.
pub const MOST_ROWS: usize = 4_000;
/// The most cells of a row.
pub const MOST_COLUMNS: usize = 64;
/// The longest text of a cell, in characters; the rest is cut off, for no figure is so long.
const LONGEST: usize = 200;

/// Rows of cells.
pub type Rows = Vec<Vec<String>>;

/// Why a file cannot be read: key of the words, and what they name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Key.
    pub key: &'static str,
    /// Line of the table, counted from 1.
    pub line: Option<usize>,
    /// What stands there.
    pub text: String,
}

impl Refusal {
    /// Without a place.
    pub fn new(key: &'static str) -> Self {
        Self { key, line: None, text: String::new() }
    }

    /// At a line, where this stands.
    pub fn at(key: &'static str, line: usize, text: &str) -> Self {
        Self { key, line: Some(line), text: text.chars().take(60).collect() }
    }
}

/// A cell as it is kept.
pub fn cell(text: &str) -> String {
    text.trim().chars().take(LONGEST).collect()
}
