//! Giving an assignment to a class: its rules, a later time for one student, and the keys that are to be confirmed.

pub mod extension;
pub mod keys;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::rules::{self, Extension, Rules};
use crate::store::assignment::Assignment;
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;
use crate::{execute, on, on_tx};

/// Attempts of one statement: far below the limits of both databases.
const AT_ONCE: usize = 2000;

/// An assignment of the class with what a teacher looks for.
#[derive(Clone, Debug, FromRow)]
pub struct Listed {
    /// The assignment.
    #[sqlx(flatten)]
    pub assignment: Assignment,
    /// Points of all its questions.
    pub points: i64,
    /// How many blanks it has.
    pub blanks: i64,
    /// How many of their keys no teacher has confirmed.
    pub unconfirmed: i64,
    /// How many blanks have no key.
    pub open: i64,
    /// Students who handed in.
    pub handed_in: i64,
    /// Attempts, open ones included.
    pub attempts: i64,
}

/// A key that is not known is stored as an empty list in the first place of its JSON.
macro_rules! listed_sql {
    ($rest:literal) => {
        concat!(
            "select a.id, a.class_id, a.course, a.chapter, a.title, a.updated_at, a.given_at, a.opens_at, a.due_at,
                    a.closes_at, a.attempts_allowed, a.counting, a.bell_rule, a.late_per_day, a.late_floor,
                    a.reveal_keys, a.show_verdicts,
                    (select cast(coalesce(sum(q.points), 0) as bigint) from question q
                     where q.assignment_id = a.id and q.removed_at is null) as points,
                    (select count(*) from question q join blank b on b.question_id = q.id
                     where q.assignment_id = a.id and q.removed_at is null and b.removed_at is null) as blanks,
                    (select count(*) from question q join blank b on b.question_id = q.id
                     join blank_key k on k.blank_id = b.id and k.version = b.key_version
                     where q.assignment_id = a.id and q.removed_at is null and b.removed_at is null
                       and not k.confirmed) as unconfirmed,
                    (select count(*) from question q join blank b on b.question_id = q.id
                     join blank_key k on k.blank_id = b.id and k.version = b.key_version
                     where q.assignment_id = a.id and q.removed_at is null and b.removed_at is null
                       and k.spec like '{\"key\":[],%') as open,
                    (select count(distinct t.person_id) from attempt t
                     where t.assignment_id = a.id and t.handed_in_at is not null) as handed_in,
                    (select count(*) from attempt t where t.assignment_id = a.id) as attempts
             from assignment a ",
            $rest
        )
    };
}

/// The assignments of a class, the newest first.
pub async fn list(db: &Db, class_id: Uuid) -> Result<Vec<Listed>> {
    Ok(on!(db, |c| sqlx::query_as(listed_sql!("where a.class_id = $1 order by a.created_at desc, a.id desc"))
        .bind(class_id)
        .fetch_all(c)
        .await)?)
}

/// An assignment of the class.
pub async fn find(db: &Db, class_id: Uuid, assignment: Uuid) -> Result<Option<Listed>> {
    Ok(on!(db, |c| sqlx::query_as(listed_sql!("where a.class_id = $1 and a.id = $2"))
        .bind(class_id)
        .bind(assignment)
        .fetch_optional(c)
        .await)?)
}

/// Gives an assignment under these rules, or changes the rules of a given one. What lateness takes off is worked out anew
/// for everything that was handed in.
///
/// # Errors
/// [`Error::NotFound`] when the class has no such assignment; [`Error::Conflict`] when its rules or questions changed since
/// `seen`.
pub async fn give(
    db: &Db,
    actor: Actor,
    class_id: Uuid,
    assignment: Uuid,
    rules: Rules,
    seen: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let held = lock(tx, class_id, assignment).await?;
            if held.updated_at != seen {
                return Err(Error::conflict("give-changed-meanwhile"));
            }
            execute!(
                tx,
                "update assignment set given_at = coalesce(given_at, $2), opens_at = $3, due_at = $4, closes_at = $5,
                        attempts_allowed = $6, counting = $7, bell_rule = $8, late_per_day = $9, late_floor = $10,
                        reveal_keys = $11, show_verdicts = $12, updated_at = $13, bell_rung_at = null
                 where id = $1",
                assignment,
                now,
                rules.opens_at,
                rules.due_at,
                rules.closes_at,
                rules.attempts_allowed,
                rules.counting,
                rules.bell_rule,
                rules.late_per_day,
                rules.late_floor,
                rules.reveal_keys,
                rules.show_verdicts,
                later(held.updated_at, now),
            )?;
            relate(tx, assignment, &rules, rules::zone(&held.time_zone)).await?;
            let action = if held.given { "assignment.rules" } else { "assignment.give" };
            let detail = format!("{assignment}: due {:?}, closes {:?}", rules.due_at, rules.closes_at);
            audit::record(tx, in_class(&actor, now, class_id, action, detail)).await
        })
    })
    .await
}

/// Takes a given assignment back, as long as nobody has begun it.
///
/// # Errors
/// [`Error::NotFound`] when the class has no such assignment; [`Error::Conflict`] when somebody has begun it.
pub async fn take_back(db: &Db, actor: Actor, class_id: Uuid, assignment: Uuid, now: DateTime<Utc>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let held = lock(tx, class_id, assignment).await?;
            let attempts: i64 =
                on_tx!(tx, |c| sqlx::query_scalar("select count(*) from attempt where assignment_id = $1")
                    .bind(assignment)
                    .fetch_one(c)
                    .await)?;
            if attempts > 0 {
                return Err(Error::conflict("give-taken-up-already"));
            }
            let updated_at = later(held.updated_at, now);
            execute!(
                tx,
                "update assignment set given_at = null, updated_at = $2 where id = $1",
                assignment,
                updated_at
            )?;
            audit::record(tx, in_class(&actor, now, class_id, "assignment.take-back", assignment)).await
        })
    })
    .await
}

/// A time of change that is later than the one before, also where two changes fall into one moment: caches go by it.
pub fn later(before: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    now.max(before + TimeDelta::milliseconds(1))
}

/// An assignment as a transaction holds it.
#[derive(FromRow)]
struct Held {
    updated_at: DateTime<Utc>,
    given: bool,
    time_zone: String,
    #[sqlx(flatten)]
    rules: Rules,
}

async fn lock(tx: &mut Tx, class_id: Uuid, assignment: Uuid) -> Result<Held> {
    tx.lock(&format!("assignments of {class_id}")).await?;
    let held: Option<Held> = on_tx!(tx, |c| {
        sqlx::query_as(
        "select a.updated_at, a.given_at is not null as given, c.time_zone, a.opens_at, a.due_at, a.closes_at,
                a.attempts_allowed, a.counting, a.bell_rule, a.late_per_day, a.late_floor, a.reveal_keys, a.show_verdicts
         from assignment a join class c on c.id = a.class_id where a.id = $1 and a.class_id = $2",
    )
    .bind(assignment)
    .bind(class_id)
    .fetch_optional(c)
    .await
    })?;
    held.ok_or(Error::NotFound)
}

/// An attempt whose lateness may be another now.
#[derive(FromRow)]
struct HandedIn {
    id: Uuid,
    handed_in_at: DateTime<Utc>,
    late_per_cent: i64,
    due_at: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
}

/// Works out anew what lateness takes off everything handed in to this class; what a student took along was late or in time
/// by the rules it was handed in under.
async fn relate(tx: &mut Tx, assignment: Uuid, rules: &Rules, zone: chrono_tz::Tz) -> Result<()> {
    let attempts: Vec<HandedIn> = on_tx!(tx, |c| sqlx::query_as(
        "select t.id, t.handed_in_at, t.late_per_cent, e.due_at, e.closes_at
         from attempt t left join extension e on e.assignment_id = t.assignment_id and e.person_id = t.person_id
         where t.assignment_id = $1 and t.handed_in_at is not null and t.carried_from is null",
    )
    .bind(assignment)
    .fetch_all(c)
    .await)?;
    let changed: Vec<(Uuid, i64)> = attempts
        .into_iter()
        .filter_map(|attempt| {
            let moved = attempt.due_at.is_some() || attempt.closes_at.is_some();
            let extension = Extension { due_at: attempt.due_at, closes_at: attempt.closes_at };
            let times = rules.times(moved.then_some(extension));
            let late = rules.late_per_cent(&times, attempt.handed_in_at, zone);
            (late != attempt.late_per_cent).then_some((attempt.id, late))
        })
        .collect();
    for rows in changed.chunks(AT_ONCE) {
        on_tx!(tx, |c| {
            let mut query = sqlx::QueryBuilder::new("update attempt set late_per_cent = v.column2 from (");
            query.push_values(rows, |mut row, (id, late)| {
                row.push_bind(*id).push_bind(*late);
            });
            query.push(") as v where attempt.id = v.column1");
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// A key as a teacher reads it: its alternatives, with their worth where it is not the whole. Empty: not known.
pub fn key_text(spec: &grader::assignment::Blank) -> String {
    let alternatives = spec.key.iter().map(|alternative| match alternative.share {
        grader::assignment::Share::WHOLE => alternative.text.clone(),
        share => format!("{} ({} %)", alternative.text, f64::from(share.0) / 10_000.0),
    });
    alternatives.collect::<Vec<_>>().join(" | ")
}
