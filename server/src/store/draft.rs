//! What is being typed. For each field the text with the highest sequence wins, whatever order the savings arrive in; what
//! arrives after closing is kept beside it and marked as late.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::attempt::{self, Found, Place};
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::{on, on_tx};

/// Fields of one statement: seven values each stay below the limits of both databases.
const ROWS: usize = 4000;

/// One field as typed.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Field {
    /// A blank or a question.
    pub field: Uuid,
    /// As typed.
    pub text: String,
    /// Grows with every change.
    pub sequence: i64,
}

/// A field as stored.
#[derive(Clone, Debug, FromRow)]
pub struct Stored {
    /// As typed.
    #[sqlx(flatten)]
    pub field: Field,
    /// Arrived after closing.
    pub late: bool,
    /// When it arrived.
    pub updated_at: DateTime<Utc>,
}

/// What became of a saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is stored; `late`: it arrived after closing.
    Stored {
        /// After closing.
        late: bool,
    },
    /// This attempt (the last one) is handed in already.
    HandedIn(i64),
}

/// Saves fields, and begins the attempt with the first of them.
pub async fn save(db: &Db, place: Place, fields: Vec<Field>, late: bool, arrived: DateTime<Utc>) -> Result<Saved> {
    let fields = newest(fields);
    db.write(move |tx| {
        Box::pin(async move {
            let rows = attempt::locked(tx, place.assignment_id, place.person_id).await?;
            let (id, late) = match attempt::look_up(&rows, &place)? {
                Found::Open(id) => (id, late),
                Found::Bell(id) => (id, true),
                Found::HandedIn(number) => return Ok(Saved::HandedIn(number)),
                Found::Next => (attempt::begin(tx, &place, &rows, arrived).await?, late),
            };
            write(tx, place.class_id, id, &fields, late, arrived).await?;
            Ok(Saved::Stored { late })
        })
    })
    .await
}

/// One entry a field: a statement may not touch a row twice.
fn newest(fields: Vec<Field>) -> Vec<Field> {
    let mut by_field: HashMap<Uuid, Field> = HashMap::with_capacity(fields.len());
    for field in fields {
        match by_field.get(&field.field) {
            Some(known) if known.sequence >= field.sequence => {}
            _ => {
                by_field.insert(field.field, field);
            }
        }
    }
    by_field.into_values().collect()
}

async fn write(
    tx: &mut Tx,
    class: Uuid,
    attempt: Uuid,
    fields: &[Field],
    late: bool,
    arrived: DateTime<Utc>,
) -> Result<()> {
    for rows in fields.chunks(ROWS) {
        on_tx!(tx, |c| {
            let mut query = sqlx::QueryBuilder::new(
                "insert into draft (attempt_id, field, class_id, text, sequence, updated_at, late) ",
            );
            query.push_values(rows, |mut row, field| {
                row.push_bind(attempt)
                    .push_bind(field.field)
                    .push_bind(class)
                    .push_bind(field.text.clone())
                    .push_bind(field.sequence)
                    .push_bind(arrived)
                    .push_bind(late);
            });
            query.push(
                " on conflict (attempt_id, field, late) do update set text = excluded.text,
                     sequence = excluded.sequence, updated_at = excluded.updated_at
                  where excluded.sequence > draft.sequence",
            );
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// What was typed in an attempt.
pub async fn of_attempt(db: &Db, attempt: Uuid) -> Result<Vec<Stored>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select field, text, sequence, late, updated_at from draft where attempt_id = $1 order by sequence, late",
    )
    .bind(attempt)
    .fetch_all(c)
    .await)?)
}
