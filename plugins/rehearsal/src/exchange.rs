//! A request and its answer, kept for the page.

use chrono::{DateTime, Utc};

use crate::words::Problem;

/// No more of a body is kept.
const LONGEST: usize = 4000;

/// A request and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// When, by this machine's clock.
    pub at: DateTime<Utc>,
    /// From the platform to the account's callback, or from the account to the API.
    pub to_account: bool,
    /// Method and address; a secret in it is covered.
    pub line: String,
    /// What was sent.
    pub request: String,
    /// The HTTP status, if there was one.
    pub status: Option<u16>,
    /// What came back.
    pub response: String,
    /// How long it took.
    pub milliseconds: u128,
    /// What was wrong.
    pub problem: Option<Problem>,
}

/// As much of a body as is kept.
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_owned(),
    }
}
