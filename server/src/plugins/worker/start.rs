//! What a worker is told on its command line.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Context as _;
use plugin_protocol::op::Op;
use plugin_protocol::{Code, Failure};
use serde::{Deserialize, Serialize};

use crate::plugins::render::Renderer;

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

/// What the worker of a program is told that renders: a reply of the program, to be finished.
#[derive(Debug, Serialize, Deserialize)]
pub struct Finish {
    op: u16,
    code: i32,
    reply: serde_json::Value,
    request: serde_json::Value,
}

impl Finish {
    /// A reply and the request that it answers.
    ///
    /// # Errors
    /// When the reply is no JSON.
    pub fn new(op: Op, code: Code, reply: &[u8], request: &[u8]) -> Result<Self, Failure> {
        let json = |bytes| serde_json::from_slice(bytes).map_err(|error| no_json(&error));
        Ok(Self { op: op as u16, code: code.number(), reply: json(reply)?, request: json(request)? })
    }

    /// As the payload of a call.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Does it.
    pub(super) fn apply(payload: &[u8], renderer: &Renderer) -> (i32, Vec<u8>) {
        let finish: Self = match serde_json::from_slice(payload) {
            Ok(finish) => finish,
            Err(error) => return (Code::PluginError.number(), no_json(&error).to_bytes()),
        };
        let bytes = |json: &serde_json::Value| json.to_string().into_bytes();
        renderer.finish(u32::from(finish.op), finish.code, bytes(&finish.reply), &bytes(&finish.request))
    }
}

fn no_json(error: &serde_json::Error) -> Failure {
    Failure::new(Code::PluginError, format!("the answer is no JSON: {error}"))
}
