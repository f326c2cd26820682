//! The plugin's own tables.

use plugin_database::OutboxEvent;
use plugin_protocol::Failure;
use plugin_protocol::host::{Batch, Done, HostOp, MOST_STATEMENTS, Query, Rows};
use plugin_protocol::manifest::Manifest;
use uuid::Uuid;

use super::{Host, Scope, bad_request, class, event, remaining};

pub(super) async fn query(host: &Host, manifest: &Manifest, scope: &Scope, query: &Query) -> Result<Rows, Failure> {
    let tables = host.shared.tables.of(&host.parts, &manifest.id).await?;
    tables.query(query, remaining(scope)).await
}

pub(super) async fn batch(host: &Host, manifest: &Manifest, scope: &Scope, batch: &Batch) -> Result<Done, Failure> {
    if batch.statements.len() + batch.emit.len() > MOST_STATEMENTS {
        let count = batch.statements.len() + batch.emit.len();
        return Err(bad_request(HostOp::Batch, format!("{count} statements and events; at most {MOST_STATEMENTS}")));
    }
    if batch.once.as_ref().is_some_and(|key| key.is_empty() || key.len() > 200) {
        return Err(bad_request(HostOp::Batch, "`once` is a key of 1–200 bytes"));
    }
    let now = host.parts.clock.now();
    let mut events = Vec::with_capacity(batch.emit.len());
    for emit in &batch.emit {
        let hops = event::check(manifest, scope, emit)?;
        let class = class::reachable(host, manifest, scope, emit.class).await?;
        let data = emit.data.clone();
        events.push(OutboxEvent {
            id: Uuid::now_v7(),
            name: emit.name.clone(),
            class,
            at: now,
            hops: hops.into(),
            data,
        });
    }
    let tables = host.shared.tables.of(&host.parts, &manifest.id).await?;
    let done = tables.batch(batch, &events, now, remaining(scope)).await?;
    if !events.is_empty() && !done.repeated {
        host.shared.outbox.notify_one();
    }
    Ok(done)
}
