//! Classes, who is in them, and what was set for them. A plugin reaches a class only if the class uses it.

use std::collections::HashMap;

use plugin_protocol::context::Person;
use plugin_protocol::host::{Classes, HostOp, OfClass, Roster, Secret, SecretValue};
use plugin_protocol::manifest::{Manifest, SettingKind};
use plugin_protocol::{Code, Failure};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Host, Scope, bad_request};
use crate::plugins::failure::not_answered;
use crate::plugins::{context, setting};
use crate::store::plugin::setting as stored;
use crate::store::{class, plugin, post};

/// The class that a call means: the one it names, if the plugin may reach it, else its own.
pub(super) async fn reachable(
    host: &Host,
    manifest: &Manifest,
    scope: &Scope,
    asked: Option<Uuid>,
) -> Result<Option<Uuid>, Failure> {
    let own = scope.context.class.as_ref().map(|class| class.id);
    let Some(asked) = asked.filter(|asked| Some(*asked) != own) else { return Ok(own) };
    let uses = plugin::class::uses(&host.parts.db, asked, &manifest.id).await;
    if uses.map_err(|error| not_answered(&error))? {
        return Ok(Some(asked));
    }
    let message = format!("class {asked} does not use {}", manifest.id);
    Err(Failure::new(Code::Denied, message).at("class").hint("`classes` lists those that do"))
}

pub(super) async fn roster(host: &Host, manifest: &Manifest, scope: &Scope, asked: OfClass) -> Result<Roster, Failure> {
    let Some(class_id) = reachable(host, manifest, scope, asked.class).await? else {
        return Err(bad_request(HostOp::Roster, "the call belongs to no class; say which"));
    };
    let db = &host.parts.db;
    let members = class::members(db, class_id).await.map_err(|error| not_answered(&error))?;
    let mut posts: HashMap<Uuid, Vec<String>> = HashMap::new();
    for held in post::list(db, class_id).await.map_err(|error| not_answered(&error))? {
        posts.entry(held.person_id).or_default().push(held.post);
    }
    let people = members.into_iter().map(|member| Person {
        id: member.person_id,
        name: member.name,
        role: member.role,
        number: member.student_number,
        posts: posts.remove(&member.person_id).unwrap_or_default(),
    });
    Ok(Roster { people: people.collect() })
}

pub(super) async fn classes(host: &Host, manifest: &Manifest) -> Result<Classes, Failure> {
    let using = plugin::class::using(&host.parts.db, &manifest.id).await.map_err(|error| not_answered(&error))?;
    Ok(Classes { classes: using.iter().map(context::told).collect() })
}

pub(super) async fn settings(
    host: &Host,
    manifest: &Manifest,
    scope: &Scope,
    asked: OfClass,
) -> Result<Map<String, Value>, Failure> {
    let class_id = reachable(host, manifest, scope, asked.class).await?;
    in_force(host, manifest, class_id).await
}

/// The settings in force, without secrets.
pub(super) async fn in_force(
    host: &Host,
    manifest: &Manifest,
    class_id: Option<Uuid>,
) -> Result<Map<String, Value>, Failure> {
    let all = stored::list(&host.parts.db, &manifest.id, class_id).await.map_err(|error| not_answered(&error))?;
    Ok(setting::in_force(manifest, &all, class_id))
}

pub(super) async fn secret(
    host: &Host,
    manifest: &Manifest,
    scope: &Scope,
    asked: Secret,
) -> Result<SecretValue, Failure> {
    let declared = manifest.settings.iter().find(|one| one.name == asked.name && one.kind == SettingKind::Secret);
    let Some(declared) = declared else {
        let message = format!("{} declares no secret {:?}", manifest.id, asked.name);
        let hint = "add it to `settings` in plugin.toml with kind = \"secret\"";
        return Err(Failure::new(Code::NotFound, message).at("secret").hint(hint));
    };
    let class_id = reachable(host, manifest, scope, asked.class).await?.filter(|_| declared.for_each_class);
    let value = stored::secret(&host.parts.db, &manifest.id, class_id, &asked.name).await;
    Ok(SecretValue { value: value.map_err(|error| not_answered(&error))? })
}
