//! What plugins know of a person: together for the person, and gone when the person is to be forgotten.

use std::time::Duration;

use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::{Op, Subject};
use plugin_protocol::{Code, Failure};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::failure::not_answered;
use super::host::Host;
use super::{Scope, context};
use crate::error::Result;
use crate::store::plugin;

/// What a plugin may take for its part.
const DEADLINE: Duration = Duration::from_secs(10);

/// Everything that plugins know of a person: plugin → its tables, and what it says beside them. A plugin that was enabled
/// once may know something, whether it runs or not; one that cannot say now is named with the reason, so that nobody
/// takes the list for complete.
///
/// # Errors
/// When the course's database does not answer.
pub async fn export(host: &Host, person: Uuid) -> Result<Map<String, Value>> {
    let mut parts = Map::new();
    let listed = host.plugins.list();
    for known in plugin::list(&host.parts.db).await? {
        let Some(status) = listed.iter().find(|status| status.manifest.id == known.id) else {
            parts.insert(known.id, incomplete(&Failure::new(Code::NotRunning, "its file is gone")));
            continue;
        };
        let part = export_of(host, &status.manifest, person).await;
        if !part.is_empty() {
            parts.insert(known.id, part.into());
        }
    }
    Ok(parts)
}

async fn export_of(host: &Host, manifest: &Manifest, person: Uuid) -> Map<String, Value> {
    let mut part = Map::new();
    if !manifest.personal_data.is_empty() {
        let tables = match host.shared.tables.of(&host.parts, &manifest.id).await {
            Ok(tables) => tables.export_person(manifest, person).await,
            Err(failure) => Err(failure),
        };
        part.insert("tables".into(), tables.unwrap_or_else(|failure| incomplete(&failure)));
    }
    match ask(host, manifest, Op::ExportPerson, person).await {
        Ok(Value::Null) => {}
        Ok(more) => drop(part.insert("more".into(), more)),
        Err(failure) if failure.code == Code::Unsupported => {}
        Err(failure) => drop(part.insert("more".into(), incomplete(&failure))),
    }
    part
}

fn incomplete(failure: &Failure) -> Value {
    json!({ "incomplete": failure.to_string() })
}

/// Makes a plugin forget a person: first what it keeps beside the declared columns, then those; returns how many of
/// their rows changed. Done again, it changes nothing.
///
/// # Errors
/// When the plugin is not there or fails, or its tables cannot be reached.
pub async fn erase(host: &Host, manifest: &Manifest, person: Uuid) -> Result<u64, Failure> {
    match ask(host, manifest, Op::ErasePerson, person).await {
        Err(failure) if failure.code != Code::Unsupported => return Err(failure),
        _ => {}
    }
    if manifest.personal_data.is_empty() {
        return Ok(0);
    }
    host.shared.tables.of(&host.parts, &manifest.id).await?.erase_person(manifest, person).await
}

async fn ask(host: &Host, manifest: &Manifest, op: Op, person: Uuid) -> Result<Value, Failure> {
    let context = context::of_nobody(&host.parts, manifest, None).await;
    let context = context.map_err(|error| not_answered(&error))?;
    let scope = Scope::new(context, DEADLINE).idempotent();
    host.plugins.ask(&manifest.id, op, scope, &Subject { person }).await
}
