//! Which attempt somebody works on: everything that one student does to an assignment follows one another.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::{execute, on_tx};

/// An attempt as a transaction needs it.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Row {
    pub id: Uuid,
    pub number: i64,
    pub handed_in_at: Option<DateTime<Utc>>,
    pub handed_in_by: Option<String>,
    pub hand_in_key: Option<String>,
    pub counts: bool,
    pub carried_from: Option<Uuid>,
}

/// Makes everything that one student does to an assignment follow one another, and reads the attempts.
pub(crate) async fn locked(tx: &mut Tx, assignment: Uuid, person: Uuid) -> Result<Vec<Row>> {
    tx.lock(&format!("attempt:{assignment}:{person}")).await?;
    Ok(on_tx!(tx, |c| sqlx::query_as(
        "select id, number, handed_in_at, handed_in_by, hand_in_key, counts, carried_from from attempt
         where assignment_id = $1 and person_id = $2 order by number",
    )
    .bind(assignment)
    .bind(person)
    .fetch_all(c)
    .await)?)
}

/// Who asks to work on which attempt.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Class.
    pub class_id: Uuid,
    /// Assignment.
    pub assignment_id: Uuid,
    /// Student.
    pub person_id: Uuid,
    /// Number of the attempt.
    pub number: i64,
    /// How many may be used up.
    pub attempts_allowed: Option<i64>,
}

/// What stands at a place.
pub(crate) enum Found {
    /// This attempt is open.
    Open(Uuid),
    /// The bell handed it in.
    Bell(Uuid),
    /// The student handed it in already, or has no attempt left; the number is the last one handed in.
    HandedIn(i64),
    /// It may be begun.
    Next,
}

/// Looks a place up among the student's attempts. A number that is neither there nor next is a conflict.
pub(crate) fn look_up(rows: &[Row], place: &Place) -> Result<Found> {
    if let Some(row) = rows.iter().find(|row| row.number == place.number) {
        return Ok(match (row.handed_in_at, row.handed_in_by.as_deref()) {
            (None, _) => Found::Open(row.id),
            // Another class's bell is over.
            (Some(_), Some("bell")) if row.carried_from.is_none() => Found::Bell(row.id),
            (Some(_), _) => Found::HandedIn(row.number),
        });
    }
    let last = rows.last();
    let open = last.is_some_and(|row| row.handed_in_at.is_none());
    let next = last.map_or(1, |row| row.number + 1);
    if open || place.number != next {
        return Err(Error::conflict("assignment-attempt-unknown"));
    }
    let used = rows.iter().filter(|row| row.handed_in_at.is_some() && row.counts).count() as i64;
    match place.attempts_allowed {
        Some(allowed) if used >= allowed => Ok(Found::HandedIn(next - 1)),
        _ => Ok(Found::Next),
    }
}

/// Begins an attempt and lets it carry on the files of the one before.
pub(crate) async fn begin(tx: &mut Tx, place: &Place, rows: &[Row], now: DateTime<Utc>) -> Result<Uuid> {
    let id = Uuid::now_v7();
    execute!(
        tx,
        "insert into attempt (id, class_id, assignment_id, person_id, number, started_at) values ($1, $2, $3, $4, $5, $6)",
        id,
        place.class_id,
        place.assignment_id,
        place.person_id,
        place.number,
        now,
    )?;
    if let Some(before) = rows.last() {
        super::carry::files(tx, before.id, id).await?;
    }
    Ok(id)
}
