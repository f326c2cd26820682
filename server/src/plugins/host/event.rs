//! Events for other plugins.

use plugin_protocol::host::{Emit, Emitted, HostOp};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::{Code, Failure};
use uuid::Uuid;

use super::{Host, Scope, bad_request, class};
use crate::plugins::event;
use crate::plugins::failure::not_answered;
use crate::store::plugin::delivery::Event;

/// The most events that may lead to one.
pub const MOST_HOPS: u8 = 8;

/// The largest event, in bytes.
const MOST_DATA: usize = 256 * 1024;

/// Tells an event at once, without a change of tables.
pub(super) async fn emit(host: &Host, manifest: &Manifest, scope: &Scope, emit: Emit) -> Result<Emitted, Failure> {
    let hops = check(manifest, scope, &emit)?;
    let class_id = class::reachable(host, manifest, scope, emit.class).await?;
    let event = Event {
        id: Uuid::now_v7(),
        name: emit.name,
        emitted_by: manifest.id.clone(),
        class_id,
        at: host.parts.clock.now(),
        data: emit.data,
        hops,
    };
    let id = event.id;
    event::tell(&host.parts.db, &host.plugins.list(), vec![event]).await.map_err(|error| not_answered(&error))?;
    Ok(Emitted { id })
}

/// Whether the plugin may emit this now; returns how many events led to it.
pub(super) fn check(manifest: &Manifest, scope: &Scope, emit: &Emit) -> Result<u8, Failure> {
    if !manifest.events.emits.contains(&emit.name) {
        let message = format!("{} does not declare the event {:?}", manifest.id, emit.name);
        let hint = format!("add {:?} to `events.emits` in plugin.toml", emit.name);
        return Err(Failure::new(Code::Denied, message).at("emit").hint(hint));
    }
    let size = emit.data.to_string().len();
    if size > MOST_DATA {
        return Err(bad_request(HostOp::Emit, format!("{}: {size} bytes; at most {MOST_DATA}", emit.name)));
    }
    match scope.hops.checked_add(1).filter(|hops| *hops <= MOST_HOPS) {
        Some(hops) => Ok(hops),
        None => {
            let message =
                format!("{} events led to {:?}: plugins answer each other without end", scope.hops, emit.name);
            Err(Failure::new(Code::Conflict, message).at("emit").hint("do not emit when nothing has changed"))
        }
    }
}
