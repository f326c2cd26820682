//! Which plugins are enabled, with what an administrator approved. Their own tables are not here.

pub mod class;
pub mod delivery;
pub mod incident;
pub mod job;
pub mod member;
pub mod setting;

use chrono::{DateTime, Utc};
use plugin_protocol::manifest::{Manifest, Permission};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use crate::db::Db;
use crate::error::Result;
use crate::store::audit::{self, Entry};
use crate::store::person::Actor;
use crate::{execute, on};

/// A plugin that an administrator has enabled at least once.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Plugin {
    /// Id.
    pub id: String,
    /// Whether it is to run.
    pub enabled: bool,
    /// What was approved, as JSON; see [`Plugin::approved`].
    approved: String,
    /// Version of the file in use.
    pub version: String,
    /// The file in use, in hexadecimal.
    pub sha256: String,
    /// The file before it; empty: none.
    pub previous_sha256: String,
    /// Why it does not run though it is enabled, as JSON; none: nothing is wrong.
    pub quarantine: Option<String>,
    /// When something of this was changed.
    pub changed_at: DateTime<Utc>,
}

/// What an administrator has read and approved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Approved {
    /// Permissions.
    pub permissions: Vec<Permission>,
    /// Other servers.
    pub http: Vec<String>,
    /// Services of other plugins, needed and wanted.
    pub services: Vec<String>,
    /// Events it emits.
    pub emits: Vec<String>,
    /// Events it hears.
    pub hears: Vec<String>,
}

impl Approved {
    /// All that a plugin asks for.
    pub fn all_of(manifest: &Manifest) -> Self {
        Self {
            permissions: manifest.permissions.clone(),
            http: manifest.http.clone(),
            services: manifest.needs.iter().chain(&manifest.wants).cloned().collect(),
            emits: manifest.events.emits.clone(),
            hears: manifest.events.hears.clone(),
        }
    }

    /// What a plugin asks for that is not approved.
    #[must_use]
    pub fn missing_for(&self, manifest: &Manifest) -> Self {
        let asked = Self::all_of(manifest);
        Self {
            permissions: without(asked.permissions, &self.permissions),
            http: without(asked.http, &self.http),
            services: without(asked.services, &self.services),
            emits: without(asked.emits, &self.emits),
            hears: without(asked.hears, &self.hears),
        }
    }

    /// Whether it is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn without<T: PartialEq>(asked: Vec<T>, approved: &[T]) -> Vec<T> {
    asked.into_iter().filter(|one| !approved.contains(one)).collect()
}

impl Plugin {
    /// What was approved. A note that cannot be read approves nothing.
    pub fn approved(&self) -> Approved {
        serde_json::from_str(&self.approved).unwrap_or_default()
    }
}

/// A file as it is taken into use.
#[derive(Clone, Debug)]
pub struct File {
    /// Version it declares.
    pub version: String,
    /// Its bytes, in hexadecimal.
    pub sha256: String,
}

/// An entry for the audit log; without an actor it was the command on the server's own machine.
fn entry(by: Option<&Actor>, now: DateTime<Utc>, action: &'static str, id: &str, detail: impl ToString) -> Entry {
    Entry {
        at: now,
        person_id: by.map(|actor| actor.id),
        class_id: None,
        action,
        subject: id.to_owned(),
        detail: detail.to_string(),
        address: by.map(|actor| actor.address.clone()).unwrap_or_default(),
    }
}

const COLUMNS: &str =
    "select id, enabled, approved, version, sha256, previous_sha256, quarantine, changed_at from plugin
     where $1 = '' or id = $1 order by id";

/// All plugins that were ever enabled, by id.
pub async fn list(db: &Db) -> Result<Vec<Plugin>> {
    Ok(on!(db, |c| sqlx::query_as(COLUMNS).bind("").fetch_all(c).await)?)
}

/// One of them.
pub async fn find(db: &Db, id: &str) -> Result<Option<Plugin>> {
    Ok(on!(db, |c| sqlx::query_as(COLUMNS).bind(id).fetch_optional(c).await)?.filter(|_: &Plugin| !id.is_empty()))
}

/// Enables a plugin with all it asks for, or approves what a newer file of it asks for. What quarantined it is over. The
/// file is in use from now on where none was before; else [`use_file`] notes it when it has taken over, so that a file
/// that does not start costs nothing, and the data of the version before is brought along.
pub async fn enable(db: &Db, by: Option<Actor>, manifest: &Manifest, file: File, now: DateTime<Utc>) -> Result<()> {
    let id = manifest.id.clone();
    let approved = Approved::all_of(manifest);
    let action = match find(db, &id).await? {
        Some(known) if known.enabled && !known.approved().missing_for(manifest).is_empty() => "plugin.approve",
        _ => "plugin.enable",
    };
    let approved = serde_json::json!(approved).to_string();
    let entry = entry(by.as_ref(), now, action, &id, format!("{} {approved}", file.version));
    audit::change(db, entry, move |tx| {
        Box::pin(async move {
            Ok(execute!(
                tx,
                "insert into plugin (id, enabled, approved, version, sha256, previous_sha256, quarantine, changed_at)
                 values ($1, true, $2, $3, $4, '', null, $5)
                 on conflict (id) do update set enabled = true, approved = excluded.approved, quarantine = null,
                     previous_sha256 = case when plugin.previous_sha256 = excluded.sha256 then ''
                                            else plugin.previous_sha256 end,
                     changed_at = excluded.changed_at",
                &id,
                approved,
                file.version,
                file.sha256,
                now,
            )?)
        })
    })
    .await
}

/// Disables a plugin. Its tables, settings and classes stay.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when it is not enabled.
pub async fn disable(db: &Db, by: Option<Actor>, id: &str, now: DateTime<Utc>) -> Result<()> {
    let entry = entry(by.as_ref(), now, "plugin.disable", id, "");
    let id = id.to_owned();
    audit::change(db, entry, move |tx| {
        Box::pin(async move {
            Ok(execute!(tx, "update plugin set enabled = false, changed_at = $2 where id = $1 and enabled", id, now)?)
        })
    })
    .await
}

/// Notes the file that now runs; the one before it is kept for going back. The same file again changes nothing.
pub async fn use_file(db: &Db, id: &str, file: File, now: DateTime<Utc>) -> Result<()> {
    let id = id.to_owned();
    db.write(move |tx| {
        Box::pin(async move {
            execute!(
                tx,
                "update plugin set previous_sha256 = sha256, sha256 = $2, version = $3, changed_at = $4
                 where id = $1 and sha256 <> $2",
                id,
                file.sha256,
                file.version,
                now,
            )?;
            Ok(())
        })
    })
    .await
}

/// Goes back to the file before, which declares this version; going back again undoes it.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when there is none.
pub async fn roll_back(db: &Db, by: Option<Actor>, id: &str, version: &str, now: DateTime<Utc>) -> Result<()> {
    let entry = entry(by.as_ref(), now, "plugin.roll-back", id, version);
    let (id, version) = (id.to_owned(), version.to_owned());
    audit::change(db, entry, move |tx| {
        Box::pin(async move {
            Ok(execute!(
                tx,
                "update plugin set sha256 = previous_sha256, previous_sha256 = sha256, version = $2, quarantine = null,
                     changed_at = $3
                 where id = $1 and previous_sha256 <> ''",
                id,
                version,
                now,
            )?)
        })
    })
    .await
}

/// Stops a plugin that failed too often; `reason` is JSON for the administrator's page.
pub async fn quarantine(db: &Db, id: &str, reason: &serde_json::Value, now: DateTime<Utc>) -> Result<()> {
    let (id, reason) = (id.to_owned(), reason.to_string());
    db.write(move |tx| {
        Box::pin(async move {
            execute!(tx, "update plugin set quarantine = $2, changed_at = $3 where id = $1", id, reason, now)?;
            Ok(())
        })
    })
    .await
}

/// Lets a quarantined plugin run again.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when it is not quarantined.
pub async fn retry(db: &Db, by: Option<Actor>, id: &str, now: DateTime<Utc>) -> Result<()> {
    let entry = entry(by.as_ref(), now, "plugin.retry", id, "");
    let id = id.to_owned();
    audit::change(db, entry, move |tx| {
        Box::pin(async move {
            Ok(execute!(
                tx,
                "update plugin set quarantine = null, changed_at = $2 where id = $1 and quarantine is not null",
                id,
                now,
            )?)
        })
    })
    .await
}

/// The password of a plugin's role on PostgreSQL; made up, and kept, when there is none.
pub async fn role_password(db: &Db, id: &str, now: DateTime<Utc>) -> Result<String> {
    let name = format!("plugin.{id}.role");
    let made = crate::secret::new_token();
    let key = name.clone();
    db.write(move |tx| {
        Box::pin(async move {
            execute!(
                tx,
                "insert into setting (name, value, updated_at) values ($1, $2, $3) on conflict (name) do nothing",
                key,
                made,
                now,
            )?;
            Ok(())
        })
    })
    .await?;
    Ok(on!(db, |c| sqlx::query_scalar("select value from setting where name = $1").bind(name).fetch_one(c).await)?)
}
