//! Answers what plugins ask of the host. A call is judged by the manifest that was approved and by its scope, never by
//! what the plugin says about itself.

mod class;
mod event;
mod fetch;
mod schedule;
mod service;
mod table;

use std::sync::Arc;
use std::time::{Duration, Instant};

use plugin_protocol::host::{HostOp, Log};
use plugin_protocol::manifest::{Manifest, Permission};
use plugin_protocol::{Code, Failure};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Notify;

use super::context::Parts;
use super::tables::Tables;
use super::{Peers, Plugins, Scope};

pub use event::MOST_HOPS;
pub use service::DEEPEST;

/// The largest payload of a call, in bytes.
const MOST_PAYLOAD: usize = 6 * 1024 * 1024;

/// Where log lines of plugins go: plugin, level, line.
pub type LogSink = Arc<dyn Fn(&str, &str, &str) + Send + Sync>;

/// What all hosts of a server share.
#[derive(Clone, Default)]
pub struct Shared {
    /// The tables that are open.
    pub tables: Tables,
    /// Rung when an event went into an outbox.
    pub outbox: Arc<Notify>,
}

/// Answers the calls of plugins.
#[derive(Clone)]
pub struct Host {
    /// What plugins need of the server.
    pub parts: Parts,
    /// What all hosts of the server share.
    pub shared: Shared,
    /// The plugins, for services and for who hears an event.
    pub plugins: Peers,
    /// Where log lines go; whoever takes them bounds their number.
    pub log: LogSink,
}

impl Host {
    /// The host for what the server does by itself. What it says of a plugin is in the plugin's log, and with it in the
    /// server's.
    pub fn new(parts: Parts, plugins: &Plugins) -> Self {
        let noting = plugins.clone();
        Self {
            parts,
            shared: plugins.shared().clone(),
            plugins: plugins.clone().into(),
            log: Arc::new(move |plugin, level, line| noting.note(plugin, level, line)),
        }
    }
}

/// Answers one call.
///
/// # Errors
/// What the plugin may know of why not.
pub async fn answer(
    host: &Host,
    manifest: &Manifest,
    scope: &Scope,
    op: HostOp,
    payload: &[u8],
) -> Result<Vec<u8>, Failure> {
    if payload.len() > MOST_PAYLOAD {
        let message = format!("{} bytes; at most {MOST_PAYLOAD}", payload.len());
        return Err(Failure::new(Code::BadRequest, message).at(op.name()).hint("send less at a time"));
    }
    permit(manifest, op)?;
    match op {
        HostOp::Log => {
            let line: Log = read(op, payload)?;
            if !matches!(line.level.as_str(), "error" | "warn" | "info" | "debug") {
                return Err(bad_request(op, format!("{:?} is none of error, warn, info, debug", line.level)));
            }
            (host.log)(&manifest.id, &line.level, &line.message);
            Ok(Vec::new())
        }
        HostOp::Query => write(&table::query(host, manifest, scope, &read(op, payload)?).await?),
        HostOp::Batch => write(&table::batch(host, manifest, scope, &read(op, payload)?).await?),
        HostOp::Emit => write(&event::emit(host, manifest, scope, read(op, payload)?).await?),
        HostOp::Service => write(&service::ask(host, manifest, scope, read(op, payload)?).await?),
        HostOp::Roster => write(&class::roster(host, manifest, scope, read_or_default(op, payload)?).await?),
        HostOp::Classes => write(&class::classes(host, manifest).await?),
        HostOp::Settings => write(&class::settings(host, manifest, scope, read_or_default(op, payload)?).await?),
        HostOp::Secret => write(&class::secret(host, manifest, scope, read(op, payload)?).await?),
        HostOp::Fetch => write(&fetch::fetch(host, manifest, scope, read(op, payload)?).await?),
        HostOp::Schedule => {
            schedule::schedule(host, manifest, scope, read(op, payload)?).await?;
            Ok(Vec::new())
        }
    }
}

/// Refuses what the manifest does not ask for. What is named in lists is judged where it is read.
fn permit(manifest: &Manifest, op: HostOp) -> Result<(), Failure> {
    let (permission, name) = match op {
        HostOp::Query | HostOp::Batch => (Permission::Tables, "tables"),
        HostOp::Roster | HostOp::Classes => (Permission::Roster, "roster"),
        HostOp::Secret => (Permission::Secrets, "secrets"),
        HostOp::Schedule => (Permission::Schedule, "schedule"),
        HostOp::Log | HostOp::Settings | HostOp::Emit | HostOp::Service | HostOp::Fetch => return Ok(()),
    };
    if manifest.may(permission) {
        return Ok(());
    }
    let message = format!("{} has no permission {name:?}", manifest.id);
    Err(Failure::new(Code::Denied, message)
        .at(op.name())
        .hint(format!("add {name:?} to `permissions` in plugin.toml; an administrator approves it")))
}

fn read<T: DeserializeOwned>(op: HostOp, payload: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(payload).map_err(|error| {
        let place = format!("{}, line {}, column {}", op.name(), error.line(), error.column());
        Failure::new(Code::BadRequest, error.to_string()).at(place)
    })
}

/// The same where nothing at all means the call's own class.
fn read_or_default<T: DeserializeOwned + Default>(op: HostOp, payload: &[u8]) -> Result<T, Failure> {
    if payload.is_empty() { Ok(T::default()) } else { read(op, payload) }
}

fn write<T: Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(|error| Failure::new(Code::PluginError, error.to_string()))
}

fn bad_request(op: HostOp, message: impl Into<String>) -> Failure {
    Failure::new(Code::BadRequest, message).at(op.name())
}

/// How long the call may still take; at least a moment, so that what is late fails by its own deadline.
fn remaining(scope: &Scope) -> Duration {
    scope.deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))
}
