//! A student's work in two classes, read for a move from one to the other. Writing it is in [`carry`].

pub mod carry;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::store::assignment::Assignment;
use crate::store::class::Class;
use crate::{on, on_tx};

pub use carry::{Carry, transfer};

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
struct Scope {
    people: Vec<Uuid>,
    classes: Vec<Uuid>,
}

impl Scope {
    fn of(moves: &[Move]) -> Self {
        let people: BTreeSet<Uuid> = moves.iter().map(|moved| moved.person_id).collect();
        let classes: BTreeSet<Uuid> = moves.iter().flat_map(|moved| [moved.from, moved.to]).collect();
        Self { people: people.into_iter().collect(), classes: classes.into_iter().collect() }
    }

    /// Writes `{people} in (…)` and `{classes} in (…)` where the text names them in braces.
    fn query<DB>(&self, text: &'static str) -> QueryBuilder<DB>
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

macro_rules! scoped {
    ($db:expr, $scope:expr, $text:expr) => {
        on!($db, |c| $scope.query($text).build_query_as().fetch_all(c).await)?
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

/// One thing that a plan depends on, as it was when the plan was made.
#[derive(FromRow)]
struct Trace {
    kind: String,
    class_id: Uuid,
    person_id: Option<Uuid>,
    id: Uuid,
    at: DateTime<Utc>,
    amount: i64,
}

const STATE: &str = "select 'assignment' as kind, class_id, null as person_id, id, updated_at as at, cast(0 as bigint) as amount
     from assignment where class_id in {classes}
     union all
     select 'member', class_id, person_id, person_id, coalesce(left_at, joined_at),
            cast(case when left_at is null then 1 else 0 end as bigint)
     from membership where person_id in {people} and class_id in {classes}
     union all
     select 'attempt', class_id, person_id, id, coalesce(handed_in_at, started_at), blanks_points
     from attempt where person_id in {people} and class_id in {classes}
     union all
     select 'draft', t.class_id, t.person_id, d.field, d.updated_at, d.sequence
     from attempt t join draft d on d.attempt_id = t.id and not d.late
     where t.handed_in_at is null and t.person_id in {people} and t.class_id in {classes}
     union all
     select 'file', t.class_id, t.person_id, f.id, f.uploaded_at, cast(case when f.removed_at is null then 1 else 0 end as bigint)
     from attempt t join attachment f on f.attempt_id = t.id where t.person_id in {people} and t.class_id in {classes}
     union all
     select 'mark', t.class_id, t.person_id, m.id, m.marked_at, m.points
     from attempt t join mark m on m.attempt_id = t.id where t.person_id in {people} and t.class_id in {classes}
     union all
     select 'inquiry', t.class_id, t.person_id, i.id, coalesce(i.replied_at, i.asked_at), cast(0 as bigint)
     from attempt t join inquiry i on i.attempt_id = t.id where t.person_id in {people} and t.class_id in {classes}
     union all
     select 'override', t.class_id, t.person_id, o.id, o.given_at, o.points
     from attempt t join override o on o.attempt_id = t.id where t.person_id in {people} and t.class_id in {classes}";

/// What each move's plan depends on, as a short text that changes with it.
pub async fn versions(db: &Db, moves: &[Move]) -> Result<Vec<String>> {
    if moves.is_empty() {
        return Ok(Vec::new());
    }
    let scope = Scope::of(moves);
    Ok(digests(moves, scoped!(db, scope, STATE)))
}

/// The same inside the transaction of the moves.
async fn versions_in(tx: &mut Tx, moves: &[Move]) -> Result<Vec<String>> {
    let scope = Scope::of(moves);
    let state = on_tx!(tx, |c| scope.query(STATE).build_query_as().fetch_all(c).await)?;
    Ok(digests(moves, state))
}

fn digests(moves: &[Move], mut state: Vec<Trace>) -> Vec<String> {
    state.sort_by(|a, b| (&a.kind, a.class_id, a.id).cmp(&(&b.kind, b.class_id, b.id)));
    let digest = |moved: &Move| {
        let mut hash = Sha256::new();
        let concerns = |one: &&Trace| {
            (one.class_id == moved.from || one.class_id == moved.to)
                && one.person_id.is_none_or(|person| person == moved.person_id)
        };
        for one in state.iter().filter(concerns) {
            hash.update(one.kind.as_bytes());
            hash.update(one.id.as_bytes());
            hash.update(one.at.timestamp_micros().to_be_bytes());
            hash.update(one.amount.to_be_bytes());
        }
        data_encoding::HEXLOWER.encode(&hash.finalize()[..16])
    };
    moves.iter().map(digest).collect()
}

/// Who among these is present in another class of the same course that the teacher teaches, too: where they may come from.
pub async fn sources(db: &Db, teacher: Uuid, to: &Class, logins: &[String]) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for logins in logins.chunks(5_000) {
        sources.extend::<Vec<Source>>(on!(db, |c| {
            let mut query = QueryBuilder::new(
                "select p.id as person_id, p.name, m.student_number as number, c.id as class_id, c.name as class_name, c.term
                 from person p
                 join membership m on m.person_id = p.id and m.role = 'student' and m.left_at is null
                 join class c on c.id = m.class_id and c.archived_at is null
                 join membership o on o.class_id = c.id and o.role = 'teacher' and o.left_at is null
                 where o.person_id = ",
            );
            query.push_bind(teacher).push(" and c.id <> ").push_bind(to.id);
            query.push(" and c.course = ").push_bind(to.course.clone()).push(" and p.login in (");
            let mut list = query.separated(", ");
            for login in logins {
                list.push_bind(login.clone());
            }
            query.push(") order by m.student_number, c.created_at, c.id");
            query.build_query_as().fetch_all(c).await
        })?);
    }
    Ok(sources)
}

/// A student of another class who is in the file.
#[derive(Clone, Debug, FromRow)]
pub struct Source {
    /// Student.
    pub person_id: Uuid,
    /// Name.
    pub name: String,
    /// Number on the roster of that class.
    pub number: Option<String>,
    /// The class.
    pub class_id: Uuid,
    /// Its name.
    pub class_name: String,
    /// Its term.
    pub term: String,
}
