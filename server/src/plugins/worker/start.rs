//! What a worker is told on its command line.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// What a worker is to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Id of the plugin.
    pub plugin: String,
    /// What kind of worker.
    pub what: What,
    /// The library, or the manifest of a program; absolute.
    pub file: PathBuf,
    /// SHA-256 of that file, in hexadecimal.
    pub sha256: String,
    /// The program and its arguments, for [`What::Program`].
    pub command: Vec<String>,
    /// Folder that a program may read; absolute.
    pub folder: PathBuf,
    /// Memory above which the worker is replaced; at twice as much the system refuses more.
    pub memory_mib: u32,
    /// Calls at a time.
    pub threads: u16,
}

/// What kind of worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Opens a library.
    Library,
    /// Shuts itself in and becomes a program.
    Program,
    /// Renders the templates of a program, and does nothing else.
    Renderer,
}

impl Start {
    /// As an argument of the command line.
    pub fn to_argument(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From the command line.
    pub fn from_argument(argument: Option<OsString>) -> anyhow::Result<Self> {
        let text = argument.context("this subcommand is the server's own; it starts it with one argument")?;
        serde_json::from_slice(text.as_encoded_bytes()).context("this subcommand is the server's own")
    }
}
