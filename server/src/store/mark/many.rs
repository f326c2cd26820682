//! Marks for many texts of one question at once: all of them hold, or none.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Given, Marked, NewMark, give_in};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::on;
use crate::store::person::Actor;

/// The marks in force of a question, by the attempt in which the text was first handed in.
pub async fn in_force(db: &Db, class_id: Uuid, question: Uuid) -> Result<HashMap<Uuid, Given>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        attempt_id: Uuid,
        #[sqlx(flatten)]
        given: Given,
    }
    let rows: Vec<Row> = on!(db, |c| sqlx::query_as(
        "select m.attempt_id, m.id, m.points, m.comment, p.name, m.marked_at
         from mark m join person p on p.id = m.marked_by
         where m.class_id = $1 and m.question_id = $2 order by m.marked_at, m.id",
    )
    .bind(class_id)
    .bind(question)
    .fetch_all(c)
    .await)?;
    // The last one of an attempt stays.
    Ok(rows.into_iter().map(|row| (row.attempt_id, row.given)).collect())
}

/// Gives marks; earlier ones stay as history.
///
/// # Errors
/// A conflict when one of the texts was marked meanwhile, or a mark is more than the question is worth now;
/// [`Error::NotFound`] when the class has no such text. Then none of the marks was given.
pub async fn give(db: &Db, actor: Actor, marks: Vec<NewMark>, now: DateTime<Utc>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            for mark in &marks {
                match give_in(tx, &actor, mark, now).await? {
                    Marked::Done => {}
                    Marked::Meanwhile | Marked::TooMany(_) => return Err(Error::conflict("mark-many-meanwhile")),
                }
            }
            Ok(())
        })
    })
    .await
}
