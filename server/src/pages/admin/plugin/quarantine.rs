//! Why a plugin is in quarantine: what was written down when it was put there.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::told::{self, Told};
use super::words;
use crate::moment::{DEFAULT_ZONE, Stamp};
use crate::store::plugin::Plugin;
use crate::view::View;

/// The quarantine for its template.
#[derive(Serialize)]
pub(super) struct Quarantine {
    /// How it ended the last time: the signal, the exit code.
    end: Told,
    /// What it was doing; empty: nothing that was asked of it.
    operation: String,
    /// When.
    at: Option<Stamp>,
    version: String,
    /// Its last words.
    log: String,
}

/// What the supervisor writes down. Every field may be missing, so that a note of another release can be read.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Note {
    reason: String,
    detail: String,
    operation: String,
    version: String,
    at: Option<DateTime<Utc>>,
    log: String,
}

impl Quarantine {
    /// Reads the note of a plugin.
    pub(super) fn read(view: &View, stored: &Plugin) -> Self {
        let text = stored.quarantine.as_deref().unwrap_or_default();
        let note: Note =
            serde_json::from_str(text).unwrap_or_else(|_| Note { reason: text.to_owned(), ..Note::default() });
        let detail = if note.detail.is_empty() { &note.reason } else { &note.detail };
        Self {
            end: told::tell(view, detail),
            operation: words::operation(view, &note.operation),
            at: note.at.map(|at| Stamp::new(at, DEFAULT_ZONE)),
            version: note.version,
            log: told::log(&note.log),
        }
    }
}
