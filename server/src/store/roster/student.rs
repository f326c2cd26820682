//! One student of a roster: added by hand, renamed, left, back, moved to another class.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::apply::{apply_in, set_left};
use super::{entries_in, login_of};
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::roster_file::Row;
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;
use crate::{execute, on_tx};

/// Adds a student by hand.
///
/// # Errors
/// A conflict when the number is in the class already; refused when it belongs to somebody else.
pub async fn add(
    db: &Db,
    actor: Actor,
    class_id: Uuid,
    number: String,
    name: String,
    now: DateTime<Utc>,
) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            tx.lock(&format!("roster:{class_id}")).await?;
            let entries = entries_in(tx, class_id).await?;
            if entries.iter().any(|entry| login_of(&entry.number) == login_of(&number)) {
                return Err(Error::conflict("roster-number-exists"));
            }
            let detail = number.clone();
            apply_in(tx, class_id, &[Row { row: 1, number, name }], &[], "hand", now).await?;
            audit::record(tx, in_class(&actor, now, class_id, "roster.add", detail)).await
        })
    })
    .await
}

/// Changes a student's name.
pub async fn rename(
    db: &Db,
    actor: Actor,
    class_id: Uuid,
    person_id: Uuid,
    name: String,
    now: DateTime<Utc>,
) -> Result<()> {
    let entry = in_class(&actor, now, class_id, "roster.rename", format!("{person_id} {name}"));
    audit::change(db, entry, move |tx| {
        Box::pin(async move {
            Ok(execute!(
                tx,
                "update person set name = $3 where id = $2 and role = 'student' and exists
                     (select 1 from membership m where m.class_id = $1 and m.person_id = $2 and m.role = 'student')",
                class_id,
                person_id,
                &name,
            )?)
        })
    })
    .await
}

/// Marks a student as left, or as back. Leaving ends access at once and keeps every mark.
pub async fn set_present(
    db: &Db,
    actor: Actor,
    class_id: Uuid,
    person_id: Uuid,
    present: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let action = if present { "roster.return" } else { "roster.leave" };
    audit::change(db, in_class(&actor, now, class_id, action, person_id), move |tx| {
        Box::pin(async move {
            tx.lock(&format!("roster:{class_id}")).await?;
            set_left(tx, class_id, &[person_id], (!present).then_some(now)).await
        })
    })
    .await
}

/// Moves a student to another class. What they handed in stays with the old class, whose teachers still see it.
///
/// # Errors
/// [`Error::NotFound`] when the student is not in the old class.
pub async fn transfer(db: &Db, actor: Actor, from: Uuid, to: Uuid, person_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    if from == to {
        return Err(Error::conflict("roster-same-class"));
    }
    db.write(move |tx| {
        Box::pin(async move {
            for class in [from.min(to), from.max(to)] {
                tx.lock(&format!("roster:{class}")).await?;
            }
            let number: Option<Option<String>> = on_tx!(tx, |c| sqlx::query_scalar(
                "select student_number from membership
                 where class_id = $1 and person_id = $2 and role = 'student' and left_at is null",
            )
            .bind(from)
            .bind(person_id)
            .fetch_optional(c)
            .await)?;
            let number = number.ok_or(Error::NotFound)?;
            set_left(tx, from, &[person_id], Some(now)).await?;
            enrol(tx, to, person_id, number, "transfer", now).await?;
            let mut entry = in_class(&actor, now, from, "roster.transfer", format!("{person_id} -> {to}"));
            audit::record(tx, entry.clone()).await?;
            entry.class_id = Some(to);
            entry.detail = format!("{person_id} <- {from}");
            audit::record(tx, entry).await
        })
    })
    .await
}

/// Puts a person on a roster, or back on it.
pub(in crate::store) async fn enrol(
    tx: &mut Tx,
    class_id: Uuid,
    person_id: Uuid,
    number: Option<String>,
    origin: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let done = execute!(
        tx,
        "insert into membership (class_id, person_id, role, student_number, origin, joined_at)
         values ($1, $2, 'student', $3, $4, $5)
         on conflict (class_id, person_id) do update set left_at = null where membership.role = 'student'",
        class_id,
        person_id,
        number,
        origin,
        now,
    )?;
    match done {
        0 => Err(Error::conflict("roster-is-teacher")),
        _ => Ok(()),
    }
}
