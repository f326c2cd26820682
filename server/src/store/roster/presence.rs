//! Who is present in a class: leaving it, coming back, and being put on its roster.

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::store::plugin::member;
use crate::{execute, on_tx};

/// People of one statement: far below the limits of both databases.
const BATCH: usize = 4_000;

/// Marks students as left or back. Posts end with leaving, and do not come back by themselves.
pub(super) async fn set_left(
    tx: &mut Tx,
    class_id: Uuid,
    people: &[Uuid],
    left: bool,
    now: DateTime<Utc>,
) -> Result<u64> {
    let mut changed = 0;
    for batch in people.chunks(BATCH) {
        changed += on_tx!(tx, |c| {
            let mut update = QueryBuilder::new("update membership set left_at = ");
            update.push_bind(left.then_some(now)).push(" where role = 'student' and class_id = ").push_bind(class_id);
            update.push(" and person_id in (");
            let mut ids = update.separated(", ");
            for id in batch {
                ids.push_bind(*id);
            }
            update.push(")");
            update.build().execute(c).await.map(|done| done.rows_affected())
        })?;
    }
    member::moved(tx, class_id, people, if left { member::LEFT } else { member::JOINED }, now).await?;
    if left && changed > 0 {
        execute!(
            tx,
            "delete from post where class_id = $1 and person_id in
                 (select person_id from membership where class_id = $1 and left_at is not null)",
            class_id,
        )?;
    }
    Ok(changed)
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
        _ => member::moved(tx, class_id, &[person_id], member::JOINED, now).await,
    }
}
