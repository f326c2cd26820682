//! The bell: what is due to be rung, what was typed by then, and handing it in. Safe to run on many nodes at once.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::hand_in::{claim_projects, write_answers, write_texts};
use super::{Place, Text};
use crate::db::Db;
use crate::error::Result;
use crate::marking::Marked;
use crate::{execute, on, on_tx};

/// Bells that one look finds at most.
const AT_ONCE: i64 = 50;

/// A closing that has passed and was not rung for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, FromRow)]
pub struct Due {
    /// Assignment.
    pub assignment_id: Uuid,
    /// The student whose extension it is; `None`: the class.
    pub person_id: Option<Uuid>,
}

/// An attempt that is open at the bell.
#[derive(Clone, Debug, FromRow)]
pub struct Open {
    /// Attempt.
    pub id: Uuid,
    /// Class.
    pub class_id: Uuid,
    /// Whose.
    pub person_id: Uuid,
    /// Counts from 1.
    pub number: i64,
    /// When it was begun.
    pub started_at: DateTime<Utc>,
    /// The student's extension, if any.
    pub extension_due_at: Option<DateTime<Utc>>,
    /// The same for closing.
    pub extension_closes_at: Option<DateTime<Utc>>,
}

/// A field typed in an open attempt, or handed in with the attempt before it.
#[derive(Clone, Debug, FromRow)]
pub struct Typed {
    /// The open attempt.
    pub attempt_id: Uuid,
    /// Blank or question.
    pub field: Uuid,
    /// As typed.
    pub text: String,
    /// Whether it was typed in this attempt; otherwise it comes from the one before.
    pub own: bool,
}

/// An attempt for the bell to hand in.
#[derive(Clone, Debug)]
pub struct Collected {
    /// The open attempt.
    pub open: Open,
    /// Its closing: the time of the hand-in.
    pub closes_at: DateTime<Utc>,
    /// Per cent taken off for lateness.
    pub late_per_cent: i64,
    /// The marked answers.
    pub marked: Marked,
    /// Texts.
    pub texts: Vec<Text>,
}

/// Closings before `cutoff` at which what was typed is handed in, and which nobody has rung for.
pub async fn due(db: &Db, cutoff: DateTime<Utc>) -> Result<Vec<Due>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select a.id as assignment_id, null as person_id from assignment a
         where a.bell_rung_at is null and a.given_at is not null and a.bell_rule = 'hand-in'
           and (a.closes_at < $1 or (a.late_per_day is null and a.due_at < $1))
         union all
         select e.assignment_id, e.person_id from extension e join assignment a on a.id = e.assignment_id
         where e.bell_rung_at is null and a.given_at is not null and a.bell_rule = 'hand-in'
           and (e.closes_at < $1 or e.due_at < $1)
         limit $2",
    )
    .bind(cutoff)
    .bind(AT_ONCE)
    .fetch_all(c)
    .await)?)
}

/// The open attempts of an assignment; of everybody, or of one student.
pub async fn open(db: &Db, due: Due) -> Result<Vec<Open>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select t.id, t.class_id, t.person_id, t.number, t.started_at,
                e.due_at as extension_due_at, e.closes_at as extension_closes_at
         from attempt t left join extension e on e.assignment_id = t.assignment_id and e.person_id = t.person_id
         where t.assignment_id = $1 and t.handed_in_at is null and ($3 or t.person_id = $2)
         order by t.id",
    )
    .bind(due.assignment_id)
    .bind(due.person_id)
    .bind(due.person_id.is_none())
    .fetch_all(c)
    .await)?)
}

/// What was typed in time in the open attempts of an assignment, and what they started from.
pub async fn typed(db: &Db, assignment: Uuid) -> Result<Vec<Typed>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select t.id as attempt_id, d.field, d.text, true as own
         from attempt t join draft d on d.attempt_id = t.id and not d.late
         where t.assignment_id = $1 and t.handed_in_at is null
         union all
         select t.id, w.blank_id, w.text, false
         from attempt t
         join attempt b on b.assignment_id = t.assignment_id and b.person_id = t.person_id and b.number = t.number - 1
         join answer w on w.attempt_id = b.id
         where t.assignment_id = $1 and t.handed_in_at is null
         union all
         select t.id, s.question_id, s.text, false
         from attempt t
         join attempt b on b.assignment_id = t.assignment_id and b.person_id = t.person_id and b.number = t.number - 1
         join essay s on s.attempt_id = b.id
         where t.assignment_id = $1 and t.handed_in_at is null",
    )
    .bind(assignment)
    .fetch_all(c)
    .await)?)
}

/// Open attempts of an assignment to which a file was attached in that attempt (files carried along are older).
pub async fn with_new_files(db: &Db, assignment: Uuid) -> Result<Vec<Uuid>> {
    Ok(on!(db, |c| sqlx::query_scalar(
        "select distinct t.id from attempt t
         join attachment f on f.attempt_id = t.id and f.removed_at is null and f.uploaded_at >= t.started_at
         where t.assignment_id = $1 and t.handed_in_at is null",
    )
    .bind(assignment)
    .fetch_all(c)
    .await)?)
}

/// Hands attempts in, those that are still open.
pub async fn collect(db: &Db, assignment: Uuid, collected: Vec<Collected>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let rows: Vec<&Collected> = collected.iter().collect();
            let Some(class) = rows.first().map(|row| row.open.class_id) else { return Ok(()) };
            on_tx!(tx, |c| {
                // An insert of rows that are all there: one statement updates each with its own values.
                let mut query = sqlx::QueryBuilder::new(
                    "insert into attempt (id, class_id, assignment_id, person_id, number, started_at, handed_in_at,
                                          handed_in_by, counts, blanks_points, late_per_cent, grader_version) ",
                );
                query.push_values(&rows, |mut values, row| {
                    values
                        .push_bind(row.open.id)
                        .push_bind(row.open.class_id)
                        .push_bind(assignment)
                        .push_bind(row.open.person_id)
                        .push_bind(row.open.number)
                        .push_bind(row.open.started_at)
                        .push_bind(row.closes_at)
                        .push_bind("bell")
                        .push_bind(row.marked.counts)
                        .push_bind(row.marked.points)
                        .push_bind(row.late_per_cent)
                        .push_bind(i64::from(grader::mark::VERSION));
                });
                query.push(
                    " on conflict (id) do update set handed_in_at = excluded.handed_in_at,
                         handed_in_by = excluded.handed_in_by, counts = excluded.counts,
                         blanks_points = excluded.blanks_points, late_per_cent = excluded.late_per_cent,
                         grader_version = excluded.grader_version
                      where attempt.handed_in_at is null",
                );
                query.build().execute(c).await.map(|_| ())
            })?;
            // A student may have been quicker, here or on another node: their hand-in stays untouched.
            let ours: Vec<Uuid> = on_tx!(tx, |c| {
                let mut query = sqlx::QueryBuilder::new(
                    "select t.id from attempt t where t.handed_in_by = 'bell'
                       and not exists (select 1 from answer a where a.attempt_id = t.id) and t.id in (",
                );
                let mut list = query.separated(", ");
                rows.iter().for_each(|row| {
                    list.push_bind(row.open.id);
                });
                query.push(")");
                query.build_query_scalar().fetch_all(c).await
            })?;
            let rows: Vec<&&Collected> = rows.iter().filter(|row| ours.contains(&row.open.id)).collect();
            let answers: Vec<_> =
                rows.iter().flat_map(|row| row.marked.answers.iter().map(|answer| (row.open.id, answer))).collect();
            write_answers(tx, class, &answers).await?;
            let before: Vec<(Uuid, Uuid)> = on_tx!(tx, |c| sqlx::query_as(
                "select t.id, b.id from attempt t
                 join attempt b on b.assignment_id = t.assignment_id and b.person_id = t.person_id and b.number = t.number - 1
                 where t.assignment_id = $1 and t.handed_in_by = 'bell'",
            )
            .bind(assignment)
            .fetch_all(c)
            .await)?;
            let earlier = |id: Uuid| before.iter().find(|(after, _)| *after == id).map(|(_, before)| *before);
            let texts: Vec<_> = rows
                .iter()
                .flat_map(|row| row.texts.iter().map(|text| (row.open.id, earlier(row.open.id), text)))
                .collect();
            write_texts(tx, class, &texts).await?;
            for row in rows.iter().filter(|row| row.texts.iter().any(|text| text.project)) {
                let place = Place {
                    class_id: class,
                    assignment_id: assignment,
                    person_id: row.open.person_id,
                    number: row.open.number,
                    attempts_allowed: None,
                };
                claim_projects(tx, &place, row.open.id, &row.texts, row.closes_at).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Notes that a bell was rung.
pub async fn rung(db: &Db, due: Due, now: DateTime<Utc>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            match due.person_id {
                None => execute!(
                    tx,
                    "update assignment set bell_rung_at = $2 where id = $1 and bell_rung_at is null",
                    due.assignment_id,
                    now,
                )?,
                Some(person) => execute!(
                    tx,
                    "update extension set bell_rung_at = $3
                     where assignment_id = $1 and person_id = $2 and bell_rung_at is null",
                    due.assignment_id,
                    person,
                    now,
                )?,
            };
            Ok(())
        })
    })
    .await
}
