//! What an attempt carries on from the one before it.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::Result;
use crate::on_tx;

/// Lets a new attempt carry on the files of an earlier one.
pub(super) async fn files(tx: &mut Tx, from: Uuid, to: Uuid) -> Result<()> {
    #[derive(FromRow)]
    struct Row {
        question_id: Uuid,
        class_id: Uuid,
        name: String,
        media_type: String,
        size: i64,
        sha256: String,
        uploaded_by: Uuid,
        uploaded_at: DateTime<Utc>,
    }
    let rows: Vec<Row> = on_tx!(tx, |c| sqlx::query_as(
        "select question_id, class_id, name, media_type, size, sha256, uploaded_by, uploaded_at from attachment
         where attempt_id = $1 and removed_at is null order by uploaded_at, id",
    )
    .bind(from)
    .fetch_all(c)
    .await)?;
    if rows.is_empty() {
        return Ok(());
    }
    on_tx!(tx, |c| {
        let mut query = sqlx::QueryBuilder::new(
            "insert into attachment (id, attempt_id, question_id, class_id, name, media_type, size, sha256, uploaded_by, uploaded_at) ",
        );
        query.push_values(&rows, |mut values, row| {
            values
                .push_bind(Uuid::now_v7())
                .push_bind(to)
                .push_bind(row.question_id)
                .push_bind(row.class_id)
                .push_bind(row.name.clone())
                .push_bind(row.media_type.clone())
                .push_bind(row.size)
                .push_bind(row.sha256.clone())
                .push_bind(row.uploaded_by)
                .push_bind(row.uploaded_at);
        });
        query.build().execute(c).await.map(|_| ())
    })?;
    Ok(())
}
