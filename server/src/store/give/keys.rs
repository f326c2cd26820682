//! Confirming keys that an import proposed.

use chrono::{DateTime, Utc};
use grader::assignment::Blank;
use sqlx::FromRow;
use uuid::Uuid;

use super::{later, lock};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;
use crate::{execute, on, on_tx};

/// A version of a blank's key.
#[derive(Clone, Debug, FromRow)]
pub struct Version {
    /// Counts from 1.
    pub version: i64,
    /// The blank with the key, as JSON.
    pub spec: String,
    /// Name of whoever made it.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// The versions of a blank's key, the newest first.
pub async fn versions(db: &Db, class_id: Uuid, blank: Uuid) -> Result<Vec<Version>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select k.version, k.spec, p.name as by, k.created_at as at
         from blank_key k join blank b on b.id = k.blank_id left join person p on p.id = k.created_by
         where b.class_id = $1 and b.id = $2 order by k.version desc",
    )
    .bind(class_id)
    .bind(blank)
    .fetch_all(c)
    .await)?)
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    key_version: i64,
    spec: String,
}

/// Confirms the key of one blank, or all of them, as a new key version, and says how many. A blank without a key cannot be
/// confirmed.
///
/// # Errors
/// [`Error::NotFound`] when the class has no such assignment.
pub async fn confirm(
    db: &Db,
    actor: Actor,
    class_id: Uuid,
    assignment: Uuid,
    blank: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<usize> {
    db.write(move |tx| {
        Box::pin(async move {
            let held = lock(tx, class_id, assignment).await?;
            let rows: Vec<Row> = on_tx!(tx, |c| sqlx::query_as(
                "select b.id, b.key_version, k.spec
                 from question q
                 join blank b on b.question_id = q.id and b.removed_at is null
                 join blank_key k on k.blank_id = b.id and k.version = b.key_version
                 where q.assignment_id = $1 and q.removed_at is null and not k.confirmed and ($2 or b.id = $3)",
            )
            .bind(assignment)
            .bind(blank.is_none())
            .bind(blank.unwrap_or_default())
            .fetch_all(c)
            .await)?;
            let mut confirmed: Vec<(Uuid, i64, String)> = Vec::with_capacity(rows.len());
            for row in rows {
                let mut spec: Blank = serde_json::from_str(&row.spec).map_err(Error::internal)?;
                if !spec.key.is_empty() {
                    spec.confirmed = true;
                    let text = serde_json::to_string(&spec).map_err(Error::internal)?;
                    confirmed.push((row.id, row.key_version + 1, text));
                }
            }
            if confirmed.is_empty() {
                return Ok(0);
            }
            on_tx!(tx, |c| {
                let mut query = sqlx::QueryBuilder::new(
                    "insert into blank_key (blank_id, version, spec, confirmed, created_by, created_at) ",
                );
                query.push_values(&confirmed, |mut row, (id, version, spec)| {
                    row.push_bind(*id)
                        .push_bind(*version)
                        .push_bind(spec.clone())
                        .push_bind(true)
                        .push_bind(actor.id)
                        .push_bind(now);
                });
                query.build().execute(c).await.map(|_| ())
            })?;
            on_tx!(tx, |c| {
                let mut query = sqlx::QueryBuilder::new("update blank set key_version = key_version + 1 where id in (");
                let mut list = query.separated(", ");
                confirmed.iter().for_each(|(id, _, _)| {
                    list.push_bind(*id);
                });
                query.push(")");
                query.build().execute(c).await.map(|_| ())
            })?;
            let updated_at = later(held.updated_at, now);
            execute!(tx, "update assignment set updated_at = $2 where id = $1", assignment, updated_at)?;
            let detail = format!("{assignment}: {} keys", confirmed.len());
            audit::record(tx, in_class(&actor, now, class_id, "key.confirm", detail)).await?;
            Ok(confirmed.len())
        })
    })
    .await
}
