//! Plugins: class tools in libraries that other people may have written. Each runs in a worker process of its own, so
//! that it may panic, crash, hang or leak without anybody else noticing.
//!
//! [`Plugins`] is what the rest of the server knows of them: their manifests, their states, and
//! [`ask`](Plugins::ask). It knows no plugin by name.

pub mod asset;
pub mod check;
pub mod context;
pub mod delivery;
mod event;
pub mod fact;
mod failure;
pub mod files;
pub mod host;
pub mod jobs;
pub mod log;
mod peers;
pub mod personal;
pub mod process;
pub mod reconcile;
pub mod render;
mod scope;
pub mod setting;
pub mod supervisor;
pub mod tables;
pub mod worker;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use plugin_protocol::hello::Sandbox;
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::Op;
use plugin_protocol::{Code, Failure};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Notify;

pub use peers::Peers;
pub use scope::Scope;
use supervisor::Supervisor;

/// The plugins of this server.
#[derive(Clone, Default)]
pub struct Plugins {
    inner: Arc<Inner>,
    shared: host::Shared,
}

#[derive(Default)]
struct Inner {
    supervisors: RwLock<BTreeMap<String, Arc<Supervisor>>>,
    refused: RwLock<BTreeMap<PathBuf, String>>,
    nudged: Notify,
}

/// How a plugin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There, and not enabled.
    Disabled,
    /// On its way.
    Starting,
    /// Answers.
    Ready,
    /// Its process ended; it is started again in a moment.
    Restarting,
    /// Failed too often; waits for an administrator.
    Quarantined,
    /// Cannot be loaded here, or lacks something; the reason says what.
    Incompatible,
    /// Enabled, but its file is gone.
    Missing,
}

/// What is known about a plugin now.
#[derive(Clone, Debug)]
pub struct Status {
    /// What it declares.
    pub manifest: Arc<Manifest>,
    /// How it is.
    pub state: State,
    /// Why, for an administrator; empty when all is well.
    pub reason: String,
    /// SHA-256 of its file, in hexadecimal; empty where there is none.
    pub sha256: String,
    /// A newer file that asks for more than was approved, and waits.
    pub waiting: Option<Update>,
    /// How far its worker is shut in; none where it does not run.
    pub sandbox: Option<Sandbox>,
    /// Memory of its worker, KiB.
    pub memory_kib: Option<u64>,
    /// What it was asked since the server started.
    pub figures: Vec<Figures>,
}

/// A newer file of a plugin.
#[derive(Clone, Debug)]
pub struct Update {
    /// What it declares.
    pub manifest: Arc<Manifest>,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// How an operation of a plugin has gone since the server started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Which.
    pub op: Op,
    /// Calls.
    pub calls: u64,
    /// Calls that ended in a fault of the plugin.
    pub faults: u64,
    /// Time of all calls together, microseconds.
    pub time_us: u64,
    /// The longest call, microseconds.
    pub longest_us: u64,
}

impl Plugins {
    /// What all who answer plugins share: their open tables, and the bell of their outboxes.
    pub fn shared(&self) -> &host::Shared {
        &self.shared
    }

    /// Every plugin that was found, by id.
    pub fn list(&self) -> Vec<Status> {
        self.supervisors().values().map(|supervisor| supervisor.status()).collect()
    }

    /// The plugin with this id.
    pub fn status(&self, id: &str) -> Option<Status> {
        self.supervisor(id).map(|supervisor| supervisor.status())
    }

    /// Files that look like plugins and are refused, with the reason.
    pub fn refused(&self) -> BTreeMap<PathBuf, String> {
        self.inner.refused.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last lines of a plugin's log, oldest first.
    pub fn log(&self, id: &str, lines: usize) -> Vec<log::Line> {
        self.supervisor(id).map(|supervisor| supervisor.log().last(lines)).unwrap_or_default()
    }

    /// Process of a plugin's worker, where it runs.
    pub fn pid(&self, id: &str) -> Option<u32> {
        self.supervisor(id)?.pid()
    }

    /// Looks at once at what the database says is to run, instead of within two seconds.
    pub fn nudge(&self) {
        self.inner.nudged.notify_one();
    }

    /// Does an operation of a plugin: JSON in, JSON out.
    ///
    /// # Errors
    /// The plugin's own, and those of the host: the codes from 100 on.
    pub async fn ask<I: Serialize, O: DeserializeOwned>(
        &self,
        id: &str,
        op: Op,
        scope: Scope,
        input: I,
    ) -> Result<O, Failure> {
        let Some(supervisor) = self.supervisor(id) else {
            return Err(Failure::new(Code::NotRunning, format!("there is no plugin {id}")));
        };
        let payload = supervisor::payload(&scope, &input)?;
        let answer = supervisor.ask(op, Arc::new(scope), payload).await?;
        // An operation without an answer may say nothing at all.
        let answer = if answer.is_empty() { b"null".as_slice() } else { &answer };
        serde_json::from_slice(answer).map_err(|error| {
            Failure::new(Code::PluginError, format!("its answer to {} is not what it must be: {error}", op.name()))
        })
    }

    fn supervisors(&self) -> BTreeMap<String, Arc<Supervisor>> {
        self.inner.supervisors.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn supervisor(&self, id: &str) -> Option<Arc<Supervisor>> {
        self.inner.supervisors.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// Writes a line into a plugin's log; into the server's alone where the plugin is not known.
    pub fn note(&self, id: &str, level: &str, line: &str) {
        match self.supervisor(id) {
            Some(supervisor) => drop(supervisor.log().push(level, line)),
            None => tracing::warn!(plugin = id, level, "{line}"),
        }
    }
}
