//! A later time for one student, with the reason on record.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{lock, relate};
use crate::db::Db;
use crate::error::{Error, Result};
use crate::rules;
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;
use crate::{execute, on, on_tx};

/// A later time that was given.
#[derive(Clone, Debug, FromRow)]
pub struct Given {
    /// Student.
    pub person_id: Uuid,
    /// Name.
    pub name: String,
    /// Number on the roster.
    pub number: Option<String>,
    /// Due for this student, if moved.
    pub due_at: Option<DateTime<Utc>>,
    /// Closing for this student, if moved.
    pub closes_at: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
    /// Who gave it.
    pub giver: String,
    /// When.
    pub given_at: DateTime<Utc>,
}

/// A later time to give.
#[derive(Clone, Debug)]
pub struct New {
    /// Class.
    pub class_id: Uuid,
    /// Assignment.
    pub assignment_id: Uuid,
    /// Student.
    pub person_id: Uuid,
    /// Due for this student; `None`: as for all.
    pub due_at: Option<DateTime<Utc>>,
    /// Closing for this student; `None`: as for all.
    pub closes_at: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
}

/// Later times in an assignment, by student number.
pub async fn list(db: &Db, assignment: Uuid) -> Result<Vec<Given>> {
    Ok(on!(db, |c| {
        sqlx::query_as(
        "select e.person_id, p.name, m.student_number as number, e.due_at, e.closes_at, e.reason, g.name as giver, e.given_at
         from extension e
         join person p on p.id = e.person_id
         join person g on g.id = e.given_by
         left join membership m on m.class_id = e.class_id and m.person_id = e.person_id
         where e.assignment_id = $1 order by m.student_number, p.name",
    )
    .bind(assignment)
    .fetch_all(c)
    .await
    })?)
}

/// Gives one student a later time; an earlier one is replaced. What lateness took off is worked out anew.
///
/// # Errors
/// [`Error::NotFound`] when the class has no such assignment or student.
pub async fn give(db: &Db, actor: Actor, new: New, now: DateTime<Utc>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let held = lock(tx, new.class_id, new.assignment_id).await?;
            let students: i64 = on_tx!(tx, |c| sqlx::query_scalar(
                "select count(*) from membership
                 where class_id = $1 and person_id = $2 and role = 'student' and left_at is null",
            )
            .bind(new.class_id)
            .bind(new.person_id)
            .fetch_one(c)
            .await)?;
            if students == 0 {
                return Err(Error::NotFound);
            }
            execute!(
                tx,
                "insert into extension (assignment_id, person_id, class_id, due_at, closes_at, reason, given_by, given_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)
                 on conflict (assignment_id, person_id) do update set due_at = excluded.due_at,
                     closes_at = excluded.closes_at, reason = excluded.reason, given_by = excluded.given_by,
                     given_at = excluded.given_at, bell_rung_at = null",
                new.assignment_id,
                new.person_id,
                new.class_id,
                new.due_at,
                new.closes_at,
                &new.reason,
                actor.id,
                now,
            )?;
            relate(tx, new.assignment_id, &held.rules, rules::zone(&held.time_zone)).await?;
            let detail = format!("{} {}: due {:?}, closes {:?}", new.assignment_id, new.person_id, new.due_at, new.closes_at);
            audit::record(tx, in_class(&actor, now, new.class_id, "extension.give", detail)).await
        })
    })
    .await
}

/// Takes a later time away again.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn take(
    db: &Db,
    actor: Actor,
    class_id: Uuid,
    assignment: Uuid,
    person: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let held = lock(tx, class_id, assignment).await?;
            let taken =
                execute!(tx, "delete from extension where assignment_id = $1 and person_id = $2", assignment, person)?;
            if taken == 0 {
                return Err(Error::NotFound);
            }
            relate(tx, assignment, &held.rules, rules::zone(&held.time_zone)).await?;
            let detail = format!("{assignment} {person}");
            audit::record(tx, in_class(&actor, now, class_id, "extension.take", detail)).await
        })
    })
    .await
}
