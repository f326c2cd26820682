//! Settings of plugins, of the site and of classes. Secrets are read one by one, by the plugin alone.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::store::audit;
use crate::store::person::Actor;
use crate::{execute, on};

/// A setting that somebody has set.
#[derive(Clone, PartialEq)]
pub struct Stored {
    /// Class; none: of the site.
    pub class_id: Option<Uuid>,
    /// Name.
    pub name: String,
    /// Value; null for a secret, which is only known to be set.
    pub value: Value,
    /// Whether it is a secret.
    pub is_secret: bool,
}

/// A setting as somebody sets it.
#[derive(Clone)]
pub struct Change {
    /// Name.
    pub name: String,
    /// Value; none: what the plugin says holds again.
    pub value: Option<Value>,
    /// Whether no page may show it again.
    pub is_secret: bool,
}

/// The settings of the site and, with a class, of the class.
pub async fn list(db: &Db, plugin: &str, class_id: Option<Uuid>) -> Result<Vec<Stored>> {
    let rows: Vec<(Option<Uuid>, String, String, bool)> = on!(db, |c| sqlx::query_as(
        "select class_id, name, case when is_secret then 'null' else value end, is_secret from plugin_setting
         where plugin_id = $1 and (class_id is null or class_id = $2) order by name",
    )
    .bind(plugin)
    .bind(class_id)
    .fetch_all(c)
    .await)?;
    let stored = rows.into_iter().map(|(class_id, name, value, is_secret)| {
        let value = serde_json::from_str(&value).unwrap_or_default();
        Stored { class_id, name, value, is_secret }
    });
    Ok(stored.collect())
}

/// A secret: the class's own, else the site's.
pub async fn secret(db: &Db, plugin: &str, class_id: Option<Uuid>, name: &str) -> Result<Option<String>> {
    let value: Option<String> = on!(db, |c| sqlx::query_scalar(
        "select value from plugin_setting
         where plugin_id = $1 and name = $3 and is_secret and (class_id is null or class_id = $2)
         order by case when class_id is null then 1 else 0 end limit 1",
    )
    .bind(plugin)
    .bind(class_id)
    .bind(name)
    .fetch_optional(c)
    .await)?;
    Ok(value.and_then(|value| serde_json::from_str(&value).ok()))
}

/// Sets settings of the site (`class_id` none) or of a class, all of them or none.
pub async fn set(
    db: &Db,
    actor: Actor,
    plugin: &str,
    class_id: Option<Uuid>,
    changes: Vec<Change>,
    now: DateTime<Utc>,
) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    // Names alone: a value may be a secret, or become one.
    let names: Vec<&str> = changes.iter().map(|change| change.name.as_str()).collect();
    let mut entry = super::entry(Some(&actor), now, "plugin.settings", plugin, names.join(", "));
    entry.class_id = class_id;
    let plugin = plugin.to_owned();
    db.write(move |tx| {
        Box::pin(async move {
            tx.lock(&format!("plugin-setting {plugin}")).await?;
            for change in changes {
                execute!(
                    tx,
                    "delete from plugin_setting where plugin_id = $1 and name = $2
                     and (class_id = $3 or (class_id is null and $4))",
                    &plugin,
                    &change.name,
                    class_id,
                    class_id.is_none(),
                )?;
                let Some(value) = change.value else { continue };
                execute!(
                    tx,
                    "insert into plugin_setting (id, plugin_id, class_id, name, value, is_secret, changed_at)
                     values ($1, $2, $3, $4, $5, $6, $7)",
                    Uuid::now_v7(),
                    &plugin,
                    class_id,
                    &change.name,
                    value.to_string(),
                    change.is_secret,
                    now,
                )?;
            }
            audit::record(tx, entry).await
        })
    })
    .await
}
