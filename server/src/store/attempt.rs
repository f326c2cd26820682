//! Attempts: what a student handed in and what it earned. Handing in is in [`mod@hand_in`], the bell in [`bell`], texts and the
//! class's projects in [`essay`].

pub mod bell;
mod carry;
pub mod essay;
pub mod hand_in;
mod place;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::marks::Earned;
use crate::{execute, on, on_tx};

pub use essay::{Essay, ProjectHandIn, essays, operators, projects_of_class};
pub use hand_in::{HandIn, HandedIn, Text, hand_in};
pub use place::Place;
pub(crate) use place::{Found, Row, begin, locked, look_up};

/// One student's try at an assignment.
#[derive(Clone, Debug, FromRow)]
pub struct Attempt {
    /// Id.
    pub id: Uuid,
    /// Class.
    pub class_id: Uuid,
    /// Assignment.
    pub assignment_id: Uuid,
    /// Whose.
    pub person_id: Uuid,
    /// Counts from 1.
    pub number: i64,
    /// When it was begun.
    pub started_at: DateTime<Utc>,
    /// When the hand-in arrived; `None` while open.
    pub handed_in_at: Option<DateTime<Utc>>,
    /// `student` or `bell`.
    pub handed_in_by: Option<String>,
    /// Whether it uses up an attempt.
    pub counts: bool,
    /// Points of the blanks, overrides included, before the late rule.
    pub blanks_points: i64,
    /// Points that people gave for essays (not projects), before the late rule.
    pub essays_points: i64,
    /// Essays that nobody has marked yet.
    pub waiting: i64,
    /// Per cent taken off for lateness.
    pub late_per_cent: i64,
    /// The attempt of another class that its student took along as this one.
    pub carried_from: Option<Uuid>,
}

impl Attempt {
    /// What it earned, once it is handed in.
    pub fn earned(&self) -> Option<Earned> {
        Some(Earned {
            number: self.number,
            handed_in_at: self.handed_in_at?,
            counts: self.counts,
            blanks_points: self.blanks_points,
            essays_points: self.essays_points,
            waiting: self.waiting,
            late_per_cent: self.late_per_cent,
        })
    }

    /// The code on the student's receipt, such as `K7M2-QX4D`: the same for every look at the same hand-in, also after the
    /// student took it along to another class.
    pub fn receipt(&self) -> Option<String> {
        let at = self.handed_in_at?;
        let mut hash = Sha256::new();
        hash.update(self.carried_from.unwrap_or(self.id).as_bytes());
        hash.update(at.timestamp_millis().to_be_bytes());
        let code = data_encoding::BASE32_NOPAD.encode(&hash.finalize()[..5]);
        Some(format!("{}-{}", &code[..4], &code[4..]))
    }
}

/// What was earned by the attempts that were handed in.
pub fn earned(attempts: &[Attempt]) -> Vec<Earned> {
    attempts.iter().filter_map(Attempt::earned).collect()
}

/// The mark in force for the essay `e`: the last one given to the attempt in which it was first handed in.
macro_rules! attempt_sql {
    ($rest:literal) => {
        concat!(
            "select t.id, t.class_id, t.assignment_id, t.person_id, t.number, t.started_at, t.handed_in_at,
                    t.handed_in_by, t.counts, t.blanks_points, t.late_per_cent, t.carried_from,
                    (select cast(coalesce(sum(m.points), 0) as bigint)
                     from essay e join question q on q.id = e.question_id and q.kind = 'essay'
                     join mark m on m.attempt_id = e.origin and m.question_id = e.question_id
                     where e.attempt_id = t.id and not exists (
                         select 1 from mark n where n.attempt_id = m.attempt_id and n.question_id = m.question_id
                         and (n.marked_at > m.marked_at or (n.marked_at = m.marked_at and n.id > m.id)))) as essays_points,
                    (select count(*)
                     from essay e join question q on q.id = e.question_id and q.kind = 'essay'
                     where e.attempt_id = t.id and not exists (
                         select 1 from mark m where m.attempt_id = e.origin and m.question_id = e.question_id)) as waiting
             from attempt t ",
            $rest
        )
    };
}

/// The attempt with this id.
pub async fn find(db: &Db, id: Uuid) -> Result<Option<Attempt>> {
    Ok(on!(db, |c| sqlx::query_as(attempt_sql!("where t.id = $1")).bind(id).fetch_optional(c).await)?)
}

/// The attempt that was handed in with this key.
pub async fn find_by_key(db: &Db, assignment: Uuid, person: Uuid, key: &str) -> Result<Option<Uuid>> {
    Ok(on!(db, |c| sqlx::query_scalar(
        "select id from attempt where assignment_id = $1 and person_id = $2 and hand_in_key = $3",
    )
    .bind(assignment)
    .bind(person)
    .bind(key)
    .fetch_optional(c)
    .await)?)
}

/// A student's attempts at an assignment, by number.
pub async fn list(db: &Db, assignment: Uuid, person: Uuid) -> Result<Vec<Attempt>> {
    Ok(on!(db, |c| sqlx::query_as(attempt_sql!("where t.assignment_id = $1 and t.person_id = $2 order by t.number"))
        .bind(assignment)
        .bind(person)
        .fetch_all(c)
        .await)?)
}

/// All attempts of a student, in all classes, by assignment and number.
pub async fn list_of_person(db: &Db, person: Uuid) -> Result<Vec<Attempt>> {
    Ok(on!(db, |c| sqlx::query_as(attempt_sql!("where t.person_id = $1 order by t.assignment_id, t.number"))
        .bind(person)
        .fetch_all(c)
        .await)?)
}

/// All attempts at an assignment, by student and number.
pub async fn list_of_assignment(db: &Db, assignment: Uuid) -> Result<Vec<Attempt>> {
    Ok(on!(db, |c| sqlx::query_as(attempt_sql!("where t.assignment_id = $1 order by t.person_id, t.number"))
        .bind(assignment)
        .fetch_all(c)
        .await)?)
}

/// One entry in one blank, as handed in and marked.
#[derive(Clone, Debug, FromRow)]
pub struct Answer {
    /// Blank.
    pub blank_id: Uuid,
    /// As written.
    pub text: String,
    /// `correct`, `partial`, `incorrect`, `review` or `unanswered`.
    pub verdict: String,
    /// Points before overrides and the late rule.
    pub points: i64,
    /// The grader's reason as JSON.
    pub reason: String,
    /// Points a teacher gave by hand instead.
    pub override_points: Option<i64>,
    /// Why, in the teacher's words.
    pub override_reason: Option<String>,
}

/// The answers of an attempt.
pub async fn answers(db: &Db, attempt: Uuid) -> Result<Vec<Answer>> {
    Ok(on!(db, |c| {
        sqlx::query_as(
        "select a.blank_id, a.text, a.verdict, a.points, a.reason, o.points as override_points, o.reason as override_reason
         from answer a
         left join override o on o.id = (
             select x.id from override x where x.attempt_id = a.attempt_id and x.blank_id = a.blank_id
             order by x.given_at desc, x.id desc limit 1)
         where a.attempt_id = $1",
    )
    .bind(attempt)
    .fetch_all(c)
    .await
    })?)
}

/// What a further attempt starts from: the fields of an earlier one as handed in.
pub async fn fields(db: &Db, attempt: Uuid) -> Result<Vec<(Uuid, String)>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select blank_id, text from answer where attempt_id = $1
         union all select question_id, text from essay where attempt_id = $1",
    )
    .bind(attempt)
    .fetch_all(c)
    .await)?)
}

/// Points of the blanks that are still asked, changes by hand included.
macro_rules! recount_sql {
    ($rest:literal) => {
        concat!(
            "update attempt set blanks_points = (
                 select cast(coalesce(sum(coalesce((
                     select o.points from override o where o.attempt_id = a.attempt_id and o.blank_id = a.blank_id
                     order by o.given_at desc, o.id desc limit 1), a.points)), 0) as bigint)
                 from answer a
                 join blank b on b.id = a.blank_id and b.removed_at is null
                 join question q on q.id = b.question_id and q.removed_at is null
                 where a.attempt_id = attempt.id)
             where handed_in_at is not null and ",
            $rest
        )
    };
}

/// Adds up an assignment's attempts again after answers or overrides changed. Part of the transaction of the change.
pub async fn recount(tx: &mut Tx, assignment: Uuid) -> Result<u64> {
    Ok(execute!(tx, recount_sql!("assignment_id = $1"), assignment)?)
}

/// Adds up these attempts again, in one statement.
pub(crate) async fn recount_these(tx: &mut Tx, attempts: &[Uuid]) -> Result<u64> {
    if attempts.is_empty() {
        return Ok(0);
    }
    Ok(on_tx!(tx, |c| {
        let mut query = sqlx::QueryBuilder::new(recount_sql!("id in ("));
        let mut list = query.separated(", ");
        attempts.iter().for_each(|id| {
            list.push_bind(*id);
        });
        query.push(")");
        query.build().execute(c).await.map(|done| done.rows_affected())
    })?)
}

/// Adds up one attempt again.
pub async fn recount_one(tx: &mut Tx, attempt: Uuid) -> Result<u64> {
    Ok(execute!(tx, recount_sql!("id = $1"), attempt)?)
}
