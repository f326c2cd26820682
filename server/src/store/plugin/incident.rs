//! What went wrong with plugins, for administrators.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::{execute, on};

/// How many are kept of a plugin.
const MOST: i64 = 100;

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Incident {
    /// Plugin.
    pub plugin_id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// `death`, `hang`, `panic`, `refused`, `quarantine`, `memory`, `job`, `event`.
    pub kind: String,
    /// The operation in progress; empty: none.
    pub operation: String,
    /// Signal, exit status or message.
    pub detail: String,
    /// Version of the plugin.
    pub version: String,
    /// The last lines of its log.
    pub log: String,
}

/// Notes one, and forgets the oldest of a plugin that has many.
pub async fn record(db: &Db, incident: Incident) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            execute!(
                tx,
                "insert into plugin_incident (id, plugin_id, at, kind, operation, detail, version, log)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)",
                Uuid::now_v7(),
                &incident.plugin_id,
                incident.at,
                incident.kind,
                incident.operation,
                incident.detail,
                incident.version,
                incident.log,
            )?;
            execute!(
                tx,
                "delete from plugin_incident where plugin_id = $1 and id not in
                 (select id from plugin_incident where plugin_id = $1 order by at desc, id desc limit $2)",
                incident.plugin_id,
                MOST,
            )?;
            Ok(())
        })
    })
    .await
}

/// The latest of a plugin.
pub async fn list(db: &Db, plugin: &str, take: i64) -> Result<Vec<Incident>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select plugin_id, at, kind, operation, detail, version, log from plugin_incident
         where plugin_id = $1 order by at desc, id desc limit $2",
    )
    .bind(plugin)
    .bind(take)
    .fetch_all(c)
    .await)?)
}
