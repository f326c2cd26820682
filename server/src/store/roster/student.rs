//! One student of a roster: added by hand, renamed, left, back. Moving to another class is in
//! [`transfer`](super::transfer).

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::apply::apply_in;
use super::presence::set_left;
use super::{entries_in, login_of};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::execute;
use crate::roster_file::Row;
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;

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
            set_left(tx, class_id, &[person_id], !present, now).await
        })
    })
    .await
}
