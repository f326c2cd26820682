//! A student's work in two classes, as it was read.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::store::assignment::Assignment;

/// A student on the way from one class to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// Who.
    pub person_id: Uuid,
    /// The class that is left.
    pub from: Uuid,
    /// The class that is entered.
    pub to: Uuid,
}

/// What students did in the classes of their moves.
#[derive(Debug, Default)]
pub struct Record {
    /// Assignments of all the classes.
    pub assignments: Vec<Assignment>,
    /// The students' attempts in all of them, by number.
    pub attempts: Vec<Attempt>,
    /// What they wrote into blanks.
    pub answers: Vec<Answer>,
    /// Their essays and projects.
    pub essays: Vec<Essay>,
    /// Points that people gave for these, oldest first.
    pub marks: Vec<Mark>,
    /// Points that people gave for answers, oldest first.
    pub overrides: Vec<Override>,
    /// What was typed in open attempts in time.
    pub drafts: Vec<Draft>,
    /// Attached files.
    pub files: Vec<File>,
    /// What they asked about their marks.
    pub inquiries: Vec<Inquiry>,
    /// Later times given to the students.
    pub extensions: Vec<Extension>,
}

/// An attempt.
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
    /// When it was handed in; `None`: open.
    pub handed_in_at: Option<DateTime<Utc>>,
    /// `student` or `bell`.
    pub handed_in_by: Option<String>,
    /// Whether it uses up an attempt.
    pub counts: bool,
    /// Points of the blanks.
    pub blanks_points: i64,
    /// Per cent taken off for lateness.
    pub late_per_cent: i64,
    /// The attempt that it is a copy of.
    pub carried_from: Option<Uuid>,
}

/// What was written into a blank, and what it earned.
#[derive(Clone, Debug, FromRow)]
pub struct Answer {
    /// Attempt.
    pub attempt_id: Uuid,
    /// Blank.
    pub blank_id: Uuid,
    /// As written.
    pub text: String,
    /// Verdict.
    pub verdict: String,
    /// Points.
    pub points: i64,
}

/// A text as handed in.
#[derive(Clone, Debug, FromRow)]
pub struct Essay {
    /// Attempt.
    pub attempt_id: Uuid,
    /// Question.
    pub question_id: Uuid,
    /// As written.
    pub text: String,
    /// The attempt in which it was first handed in.
    pub origin: Uuid,
}

/// Points given for a text.
#[derive(Clone, Debug, FromRow)]
pub struct Mark {
    /// Attempt in which the text was first handed in.
    pub attempt_id: Uuid,
    /// Question.
    pub question_id: Uuid,
    /// Points.
    pub points: i64,
    /// What the student reads beside it.
    pub comment: String,
    /// Who.
    pub marked_by: Uuid,
    /// When.
    pub marked_at: DateTime<Utc>,
}

/// Points given by hand for an answer.
#[derive(Clone, Debug, FromRow)]
pub struct Override {
    /// Attempt.
    pub attempt_id: Uuid,
    /// Blank.
    pub blank_id: Uuid,
    /// Points.
    pub points: i64,
    /// Why.
    pub reason: String,
    /// Who.
    pub given_by: Uuid,
    /// When.
    pub given_at: DateTime<Utc>,
}

/// What was typed in an open attempt.
#[derive(Clone, Debug, FromRow)]
pub struct Draft {
    /// Attempt.
    pub attempt_id: Uuid,
    /// Blank or question.
    pub field: Uuid,
    /// As typed.
    pub text: String,
    /// The device's count of changes.
    pub sequence: i64,
    /// When.
    pub updated_at: DateTime<Utc>,
}

/// An attached file; its bytes stay in the database.
#[derive(Clone, Debug, FromRow)]
pub struct File {
    /// Attempt.
    pub attempt_id: Uuid,
    /// Question.
    pub question_id: Uuid,
    /// Name.
    pub name: String,
    /// What its bytes are.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Digest of its bytes.
    pub sha256: String,
    /// Who.
    pub uploaded_by: Uuid,
    /// When.
    pub uploaded_at: DateTime<Utc>,
}

/// A question about a mark.
#[derive(Clone, Debug, FromRow)]
pub struct Inquiry {
    /// Id.
    pub id: Uuid,
    /// Attempt.
    pub attempt_id: Uuid,
    /// Blank, or question of an essay.
    pub field: Uuid,
    /// Whether it waits for an answer.
    pub open: bool,
}

/// A later time given to a student.
#[derive(Clone, Debug, FromRow)]
pub struct Extension {
    /// Assignment.
    pub assignment_id: Uuid,
    /// Student.
    pub person_id: Uuid,
    /// Due, if moved.
    pub due_at: Option<DateTime<Utc>>,
    /// Closing, if moved.
    pub closes_at: Option<DateTime<Utc>>,
}

/// Whom and which classes a query is about.
pub(super) struct Scope {
    people: Vec<Uuid>,
    classes: Vec<Uuid>,
}

impl Scope {
    pub(super) fn of(moves: &[Move]) -> Self {
        let people: BTreeSet<Uuid> = moves.iter().map(|moved| moved.person_id).collect();
        let classes: BTreeSet<Uuid> = moves.iter().flat_map(|moved| [moved.from, moved.to]).collect();
        Self { people: people.into_iter().collect(), classes: classes.into_iter().collect() }
    }

    /// Writes `{people} in (…)` and `{classes} in (…)` where the text names them in braces.
    pub(super) fn query<DB>(&self, text: &'static str) -> QueryBuilder<DB>
    where
        DB: sqlx::Database,
        DB::Arguments: Default,
        Uuid: sqlx::Type<DB> + for<'q> sqlx::Encode<'q, DB>,
    {
        let mut query = QueryBuilder::new("");
        for part in text.split_inclusive('}') {
            let (before, ids) = match part.strip_suffix("{people}") {
                Some(before) => (before, &self.people),
                None => match part.strip_suffix("{classes}") {
                    Some(before) => (before, &self.classes),
                    None => {
                        query.push(part);
                        continue;
                    }
                },
            };
            query.push(before).push("(");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(*id);
            }
            query.push(")");
        }
        query
    }
}

/// The rows of a query about a [`Scope`].
macro_rules! scoped {
    ($db:expr, $scope:expr, $text:expr) => {
        crate::on!($db, |c| $scope.query($text).build_query_as().fetch_all(c).await)?
    };
}

/// Reads everything that the moves may take along. The number of queries does not depend on the number of students.
pub async fn read(db: &Db, moves: &[Move]) -> Result<Record> {
    if moves.is_empty() {
        return Ok(Record::default());
    }
    let scope = Scope::of(moves);
    Ok(Record {
        assignments: scoped!(
            db,
            scope,
            "select id, class_id, course, chapter, title, updated_at, given_at, opens_at, due_at, closes_at,
                    attempts_allowed, counting, bell_rule, late_per_day, late_floor, reveal_keys, show_verdicts
             from assignment where class_id in {classes} order by created_at, id"
        ),
        attempts: scoped!(
            db,
            scope,
            "select id, class_id, assignment_id, person_id, number, started_at, handed_in_at, handed_in_by, counts,
                    blanks_points, late_per_cent, carried_from
             from attempt where person_id in {people} and class_id in {classes} order by number, id"
        ),
        answers: scoped!(
            db,
            scope,
            "select n.attempt_id, n.blank_id, n.text, n.verdict, n.points
             from attempt t join answer n on n.attempt_id = t.id
             where t.person_id in {people} and t.class_id in {classes}"
        ),
        essays: scoped!(
            db,
            scope,
            "select e.attempt_id, e.question_id, e.text, e.origin
             from attempt t join essay e on e.attempt_id = t.id
             where t.person_id in {people} and t.class_id in {classes}"
        ),
        marks: scoped!(
            db,
            scope,
            "select m.attempt_id, m.question_id, m.points, m.comment, m.marked_by, m.marked_at
             from attempt t join mark m on m.attempt_id = t.id
             where t.person_id in {people} and t.class_id in {classes} order by m.marked_at, m.id"
        ),
        overrides: scoped!(
            db,
            scope,
            "select o.attempt_id, o.blank_id, o.points, o.reason, o.given_by, o.given_at
             from attempt t join override o on o.attempt_id = t.id
             where t.person_id in {people} and t.class_id in {classes} order by o.given_at, o.id"
        ),
        drafts: scoped!(
            db,
            scope,
            "select d.attempt_id, d.field, d.text, d.sequence, d.updated_at
             from attempt t join draft d on d.attempt_id = t.id and not d.late
             where t.handed_in_at is null and t.person_id in {people} and t.class_id in {classes}"
        ),
        files: scoped!(
            db,
            scope,
            "select f.attempt_id, f.question_id, f.name, f.media_type, f.size, f.sha256, f.uploaded_by, f.uploaded_at
             from attempt t join attachment f on f.attempt_id = t.id and f.removed_at is null
             where t.person_id in {people} and t.class_id in {classes} order by f.uploaded_at, f.id"
        ),
        inquiries: scoped!(
            db,
            scope,
            "select i.id, i.attempt_id, i.field, i.reply is null as open
             from attempt t join inquiry i on i.attempt_id = t.id
             where t.person_id in {people} and t.class_id in {classes} order by i.asked_at, i.id"
        ),
        extensions: scoped!(
            db,
            scope,
            "select assignment_id, person_id, due_at, closes_at from extension
             where person_id in {people} and class_id in {classes}"
        ),
    })
}

pub(super) use scoped;
