//! A roster file between preview and confirmation.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::Db;
use crate::error::{Error, Result};
use crate::roster_file::RosterFile;
use crate::{execute, on};

/// Keeps a file that was read; returns the id under which its preview is shown.
pub async fn keep(
    db: &Db,
    class_id: Uuid,
    person_id: Uuid,
    file_name: String,
    file: &RosterFile,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let content = serde_json::to_string(file).map_err(Error::internal)?;
    db.write(move |tx| {
        Box::pin(async move {
            let id = Uuid::now_v7();
            execute!(
                tx,
                "insert into roster_upload (id, class_id, created_by, created_at, file_name, content)
                 values ($1, $2, $3, $4, $5, $6)",
                id,
                class_id,
                person_id,
                now,
                file_name.chars().take(200).collect::<String>(),
                content,
            )?;
            Ok(id)
        })
    })
    .await
}

/// A kept file of this class and its name.
pub async fn find(db: &Db, class_id: Uuid, id: Uuid) -> Result<Option<(String, RosterFile)>> {
    let row: Option<(String, String)> =
        on!(db, |c| sqlx::query_as("select file_name, content from roster_upload where id = $1 and class_id = $2")
            .bind(id)
            .bind(class_id)
            .fetch_optional(c)
            .await)?;
    match row {
        Some((name, content)) => Ok(Some((name, serde_json::from_str(&content).map_err(Error::internal)?))),
        None => Ok(None),
    }
}

/// Forgets a kept file.
pub async fn forget(db: &Db, class_id: Uuid, id: Uuid) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            execute!(tx, "delete from roster_upload where id = $1 and class_id = $2", id, class_id)?;
            Ok(())
        })
    })
    .await
}
