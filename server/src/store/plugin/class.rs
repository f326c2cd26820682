//! The classes that use a plugin. Adding and taking away is their teachers'.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::store::audit;
use crate::store::class::{Class, in_class};
use crate::store::person::Actor;
use crate::{execute, on};

/// A plugin that a class uses.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Used {
    /// Id of the plugin.
    pub plugin_id: String,
    /// Since when.
    pub added_at: DateTime<Utc>,
}

/// The plugins of a class, enabled or not, by id.
pub async fn of_class(db: &Db, class_id: Uuid) -> Result<Vec<Used>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select plugin_id, added_at from plugin_class where class_id = $1 order by plugin_id"
    )
    .bind(class_id)
    .fetch_all(c)
    .await)?)
}

/// Whether a class uses a plugin.
pub async fn uses(db: &Db, class_id: Uuid, plugin: &str) -> Result<bool> {
    let found: i64 =
        on!(db, |c| sqlx::query_scalar("select count(*) from plugin_class where class_id = $1 and plugin_id = $2")
            .bind(class_id)
            .bind(plugin)
            .fetch_one(c)
            .await)?;
    Ok(found > 0)
}

/// A class, if it uses a plugin.
pub async fn used(db: &Db, class_id: Uuid, plugin: &str) -> Result<Option<Class>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select c.* from class c join plugin_class u on u.class_id = c.id where c.id = $1 and u.plugin_id = $2"
    )
    .bind(class_id)
    .bind(plugin)
    .fetch_optional(c)
    .await)?)
}

/// The classes that use a plugin and are not archived, the newest first.
pub async fn using(db: &Db, plugin: &str) -> Result<Vec<Class>> {
    let mut classes = ever_using(db, plugin).await?;
    classes.retain(|class| class.archived_at.is_none());
    Ok(classes)
}

/// The same with those that are archived.
pub async fn ever_using(db: &Db, plugin: &str) -> Result<Vec<Class>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select c.id, c.course, c.name, c.term, c.join_code, c.join_rule, c.time_zone, c.created_at, c.archived_at
         from plugin_class u join class c on c.id = u.class_id
         where u.plugin_id = $1 order by c.created_at desc, c.id",
    )
    .bind(plugin)
    .fetch_all(c)
    .await)?)
}

/// Gives a class an enabled plugin; one it has already stays as it is.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when no such plugin is enabled.
pub async fn add(db: &Db, actor: Actor, class_id: Uuid, plugin: &str, now: DateTime<Utc>) -> Result<()> {
    if uses(db, class_id, plugin).await? {
        return Ok(());
    }
    let entry = in_class(&actor, now, class_id, "plugin.add", plugin);
    let plugin = plugin.to_owned();
    audit::change(db, entry, move |tx| {
        Box::pin(async move {
            Ok(execute!(
                tx,
                "insert into plugin_class (plugin_id, class_id, added_at)
                 select id, $2, $3 from plugin where id = $1 and enabled
                 on conflict (class_id, plugin_id) do update set added_at = plugin_class.added_at",
                plugin,
                class_id,
                now,
            )?)
        })
    })
    .await
}

/// Takes a plugin from a class. What it has stored stays; its jobs for the class end.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when the class does not use it.
pub async fn remove(db: &Db, actor: Actor, class_id: Uuid, plugin: &str, now: DateTime<Utc>) -> Result<()> {
    let entry = in_class(&actor, now, class_id, "plugin.remove", plugin);
    let plugin = plugin.to_owned();
    audit::change(db, entry, move |tx| {
        Box::pin(async move {
            execute!(tx, "delete from plugin_job where plugin_id = $1 and class_id = $2", &plugin, class_id)?;
            Ok(execute!(tx, "delete from plugin_class where plugin_id = $1 and class_id = $2", &plugin, class_id)?)
        })
    })
    .await
}
