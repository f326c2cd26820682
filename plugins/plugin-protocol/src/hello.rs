//! The first message of both sides, JSON that describes itself. Whoever does not understand the other says which
//! versions it knows and ends.

use serde::{Deserialize, Serialize};

/// What the host says first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostHello {
    /// Lowest and highest protocol version it speaks.
    pub protocol: [u16; 2],
    /// Id of the plugin it expects.
    pub plugin: String,
    /// Threads that may run calls.
    #[serde(default)]
    pub threads: u16,
    /// What else the host offers, such as `http/1`.
    #[serde(default)]
    pub features: Vec<String>,
}

/// What a worker answers, once the plugin has started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerHello {
    /// The protocol version it chose.
    pub protocol: u16,
    /// Id of the plugin that runs.
    pub plugin: String,
    /// SHA-256 of the library that was opened, in hexadecimal; empty where there is none.
    #[serde(default)]
    pub sha256: String,
    /// What the plugin was built with.
    #[serde(default)]
    pub sdk: String,
    /// How far it is shut in.
    #[serde(default)]
    pub sandbox: Sandbox,
    /// What it understands.
    #[serde(default)]
    pub features: Vec<String>,
}

/// How far a worker is shut in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sandbox {
    /// No files: the Landlock version, or why not.
    #[serde(default)]
    pub files: Shut,
    /// No network, no programs, no signals: seccomp, or why not.
    #[serde(default)]
    pub calls: Shut,
}

/// Whether a part of the sandbox stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "note")]
pub enum Shut {
    /// It stands; by what.
    Shut(String),
    /// It does not; why.
    Open(String),
    /// Nobody said.
    #[default]
    Unknown,
}

/// What a worker says instead of its hello when the plugin does not start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What is wrong, with both values where two differ.
    pub refused: String,
    /// What to do about it.
    #[serde(default)]
    pub hint: String,
}
