//! Backups: one file that holds every row, readable into either database.
//!
//! A backup is a zip with `manifest.json` and one `NAME.jsonl` a table, each line a row; the tables of plugins are in
//! `plugins/ID/NAME.jsonl`, each plugin's as of one moment. It is taken in one read
//! transaction, so it is a moment of the class as it was, while people go on working; uploads are rows too, so nothing
//! lies beside it. Sessions and counters of failed sign-ins are left out: after a restore people sign in again. What is
//! secret is in it as well, such as the keys in plugins' settings: a backup is kept like the database itself.

mod archive;
mod digest;
mod plugins;
mod read;
mod rows;
mod write;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use digest::{Digest, digests};
pub use plugins::{PluginTable, PluginTables, plugin_tables};
pub use read::{check, restore};
pub use write::backup;

/// The tables of a backup in an order in which every row's references come before it. A test compares the list with
/// the migrated database.
pub const TABLES: &[&str] = &[
    "person",
    "api_token",
    "known_device",
    "class",
    "activation",
    "membership",
    "post",
    "assignment",
    "extension",
    "question",
    "blank",
    "blank_key",
    "decision",
    "attempt",
    "draft",
    "answer",
    "essay",
    "attachment_content",
    "attachment",
    "project_hand_in",
    "mark",
    "project_rate",
    "project_share",
    "override",
    "inquiry",
    "reading_position",
    "audit",
    "setting",
    "plugin",
    "plugin_class",
    "plugin_setting",
    "plugin_delivery",
    "plugin_job",
    "plugin_incident",
];

/// Tables that a backup leaves out.
pub const LEFT_OUT: &[&str] = &["session", "sign_in_failure", "sign_in_try", "roster_upload", "_sqlx_migrations"];

/// Version of the file's form.
const FORMAT: u32 = 1;

/// What a backup says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the file's form.
    pub format: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// The newest migration of the database it was taken from.
    pub schema: i64,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// Each table with its columns and the digest of its rows.
    pub tables: BTreeMap<String, Table>,
    /// The tables of each plugin.
    #[serde(default)]
    pub plugins: BTreeMap<String, PluginTables>,
}

impl Manifest {
    /// How many rows it has, with those of the plugins.
    pub fn rows(&self) -> u64 {
        let own = self.tables.values().map(|table| table.digest.rows);
        let of_plugins = self.plugins.values().flat_map(|plugin| plugin.tables.values()).map(|table| table.digest.rows);
        own.chain(of_plugins).sum()
    }
}

/// One table of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Column names and kinds, in the order of the values in a row.
    pub columns: Vec<(String, rows::Kind)>,
    /// Count and digest of the rows, whatever their order.
    pub digest: Digest,
}

/// Why a backup could not be written or read, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file cannot be created or read.
    #[error("{path}: {cause}")]
    File {
        /// Which file.
        path: String,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The file is no backup, or damaged.
    #[error("{path} is not a whole backup: {reason}. Take another copy; nothing was changed")]
    Damaged {
        /// Which file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// The backup was written by a newer version.
    #[error("the backup was written by version {0}, which is newer than this program; restore it with that version")]
    Newer(String),
    /// The target already has people in it.
    #[error(
        "the database already has {0} people in it; restore into an empty one (another --data directory or --database)"
    )]
    NotEmpty(i64),
    /// What was restored differs from what was backed up.
    #[error("table {0} does not hold the same rows after the restore; do not use this database")]
    Different(String),
    /// The tables of a plugin cannot be read or made.
    #[error("the tables of the plugin {id}: {failure}. Nothing of the course was restored; mend this and try again")]
    Plugin {
        /// Which.
        id: String,
        /// Why.
        failure: String,
    },
    /// Anything the database says.
    #[error("the database refused: {0}")]
    Database(#[from] sqlx::Error),
    /// A fault of ours.
    #[error("{0}")]
    Internal(String),
}

impl BackupError {
    fn file(path: &Path) -> impl Fn(std::io::Error) -> Self + '_ {
        |cause| Self::File { path: path.display().to_string(), cause }
    }

    fn damaged(path: &Path, reason: impl ToString) -> Self {
        Self::Damaged { path: path.display().to_string(), reason: reason.to_string() }
    }
}

impl From<crate::error::Error> for BackupError {
    fn from(error: crate::error::Error) -> Self {
        Self::Internal(error.to_string())
    }
}
