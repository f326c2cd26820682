//! One student's work as the teacher sees it, and changing one answer's points by hand.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::Student;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;
use crate::{execute, on, on_tx};

/// A change by hand of one answer's points.
#[derive(Clone, Debug, FromRow)]
pub struct Override {
    /// Id.
    pub id: Uuid,
    /// Blank.
    pub blank_id: Uuid,
    /// Points given, in millionths.
    pub points: i64,
    /// Why.
    pub reason: String,
    /// Who.
    pub name: String,
    /// When.
    pub given_at: DateTime<Utc>,
}

/// A change to make.
#[derive(Clone, Debug)]
pub struct NewOverride {
    /// Class.
    pub class_id: Uuid,
    /// Assignment.
    pub assignment_id: Uuid,
    /// Whose answer.
    pub person_id: Uuid,
    /// Attempt that holds the answer.
    pub attempt_id: Uuid,
    /// Blank.
    pub blank_id: Uuid,
    /// Points in millionths.
    pub points: i64,
    /// Why.
    pub reason: String,
    /// The last change that the teacher saw; `None`: there was none.
    pub seen: Option<Uuid>,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overridden {
    /// It holds.
    Done,
    /// Somebody changed the same answer meanwhile; nothing was done.
    Meanwhile,
    /// More than the blank is worth, in millionths.
    TooMany(i64),
}

/// A student of the class, also one who left.
pub async fn student(db: &Db, class_id: Uuid, person_id: Uuid) -> Result<Option<Student>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select p.id, p.name, m.student_number as number, m.left_at
         from membership m join person p on p.id = m.person_id
         where m.class_id = $1 and m.person_id = $2 and m.role = 'student'",
    )
    .bind(class_id)
    .bind(person_id)
    .fetch_optional(c)
    .await)?)
}

/// All changes by hand in an attempt, the last one first.
pub async fn overrides(db: &Db, attempt: Uuid) -> Result<Vec<Override>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select o.id, o.blank_id, o.points, o.reason, p.name, o.given_at
         from override o join person p on p.id = o.given_by
         where o.attempt_id = $1 order by o.given_at desc, o.id desc",
    )
    .bind(attempt)
    .fetch_all(c)
    .await)?)
}

/// Changes one answer's points, unless somebody else did meanwhile.
///
/// # Errors
/// [`Error::NotFound`] when the answer is not this student's in this assignment and class, or not handed in.
pub async fn change(db: &Db, actor: Actor, new: NewOverride, now: DateTime<Utc>) -> Result<Overridden> {
    db.write(move |tx| Box::pin(async move { change_in(tx, &actor, &new, now).await })).await
}

async fn change_in(tx: &mut Tx, actor: &Actor, new: &NewOverride, now: DateTime<Utc>) -> Result<Overridden> {
    tx.lock(&format!("override:{}:{}", new.attempt_id, new.blank_id)).await?;
    let worth: Option<i64> = on_tx!(tx, |c| sqlx::query_scalar(
        "select b.points from answer n
         join attempt t on t.id = n.attempt_id
         join blank b on b.id = n.blank_id
         where n.attempt_id = $1 and n.blank_id = $2 and t.class_id = $3 and t.assignment_id = $4 and t.person_id = $5
           and t.handed_in_at is not null",
    )
    .bind(new.attempt_id)
    .bind(new.blank_id)
    .bind(new.class_id)
    .bind(new.assignment_id)
    .bind(new.person_id)
    .fetch_optional(c)
    .await)?;
    let worth = worth.ok_or(Error::NotFound)?;
    if new.points > worth {
        return Ok(Overridden::TooMany(worth));
    }
    let last: Option<Uuid> = on_tx!(tx, |c| sqlx::query_scalar(
        "select id from override where attempt_id = $1 and blank_id = $2 order by given_at desc, id desc limit 1",
    )
    .bind(new.attempt_id)
    .bind(new.blank_id)
    .fetch_optional(c)
    .await)?;
    if last != new.seen {
        return Ok(Overridden::Meanwhile);
    }
    execute!(
        tx,
        "insert into override (id, class_id, attempt_id, blank_id, points, reason, given_by, given_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        Uuid::now_v7(),
        new.class_id,
        new.attempt_id,
        new.blank_id,
        new.points,
        &new.reason,
        actor.id,
        now,
    )?;
    crate::store::attempt::recount_one(tx, new.attempt_id).await?;
    let detail = format!("answer {} {}: {} points", new.attempt_id, new.blank_id, crate::points::exact(new.points));
    audit::record(tx, in_class(actor, now, new.class_id, "mark.override", detail)).await?;
    Ok(Overridden::Done)
}
