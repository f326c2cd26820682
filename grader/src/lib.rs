//! Reads assignments, finds keys in the book, marks blanks.
//!
//! The library is pure: no IO, no SQL, no clock. The same functions serve the teacher's command (`grader`)
//! and the server.
//!
//! - [`assignment`]: what an assignment is, and its file format
//! - [`diagnostic`]: what is wrong in a file, where, why, and how to mend it
//! - [`formats`]: which format a file has, and its text
//! - [`mark`]: marking blanks
//! - [`message`]: the words people read
//! - [`textbook`]: from the text of a printed chapter to an assignment with proposed keys

pub mod assignment;
pub mod diagnostic;
pub mod formats;
pub mod mark;
pub mod message;
pub mod textbook;

use serde::{Deserialize, Serialize};

/// The language a message is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// Chinese as written on the mainland, the default.
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// The language tag: `zh-CN` or `en`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }
}
