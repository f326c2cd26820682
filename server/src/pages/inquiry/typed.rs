//! What was typed in either form about a mark.

use serde::Deserialize;
use uuid::Uuid;

/// What somebody typed that was not taken, and why.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The field asked about, or the question answered.
    pub(in crate::pages) about: Uuid,
    pub(in crate::pages) sent: Sent,
    pub(in crate::pages) error: String,
}

/// Either form as sent.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Sent {
    /// What is asked or answered.
    #[serde(default)]
    pub(in crate::pages) text: String,
    /// Blank, or question of an essay, that is asked about.
    #[serde(default)]
    pub(in crate::pages) field: Uuid,
    /// What happens to a blank's mark: `keep`, `accept`, `part` or `reject`.
    #[serde(default)]
    pub(in crate::pages) decision: String,
    /// Per cent, for a part.
    #[serde(default)]
    pub(in crate::pages) share: String,
    /// New points of an essay; empty: as they are.
    #[serde(default)]
    pub(in crate::pages) points: String,
    /// The mark, or the version of the key, that the teacher saw.
    #[serde(default)]
    pub(in crate::pages) seen: String,
}
