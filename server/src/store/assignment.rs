//! Assignments as their students meet them: which there are, what holds for one person, and the questions on the sheet.

pub mod form;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::on;
use crate::rules::{self, Extension, Phase, Rules, Times};

pub use form::{Blank, Form, Forms, Kind, Question};

/// An assignment without its questions.
#[derive(Clone, Debug, FromRow)]
pub struct Assignment {
    /// Id.
    pub id: Uuid,
    /// The class it belongs to.
    pub class_id: Uuid,
    /// Course, as in its address.
    pub course: String,
    /// Chapter, as in its address.
    pub chapter: String,
    /// Title.
    pub title: String,
    /// Changes with every change of the questions, keys, decisions or rules; caches go by it.
    pub updated_at: DateTime<Utc>,
    /// When it was given to the class; `None`: not yet, and no student sees it.
    pub given_at: Option<DateTime<Utc>>,
    /// Its rules.
    #[sqlx(flatten)]
    pub rules: Rules,
}

/// An assignment and what holds for one person in it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The assignment.
    pub assignment: Assignment,
    /// Name of the class.
    pub class_name: String,
    /// The class's time zone.
    pub zone: Tz,
    /// An archived class is read only.
    pub archived: bool,
    /// `teacher` or `student`; `None` where the person is no member (any more).
    pub membership: Option<String>,
    /// The times that hold for this person.
    pub times: Times,
    /// Whether these were moved for this person alone.
    pub extended: bool,
    /// When it is closed for every student, extensions included; `None`: never.
    pub closes_for_all: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    assignment: Assignment,
    class_name: String,
    time_zone: String,
    archived_at: Option<DateTime<Utc>>,
    membership: Option<String>,
    extension_due_at: Option<DateTime<Utc>>,
    extension_closes_at: Option<DateTime<Utc>>,
    last_due_at: Option<DateTime<Utc>>,
    last_closes_at: Option<DateTime<Utc>>,
}

/// Everything a [`Standing`] is made of; `$1` is the person.
macro_rules! standing_sql {
    ($rest:literal) => {
        concat!(
            "select a.id, a.class_id, a.course, a.chapter, a.title, a.updated_at, a.given_at, a.opens_at, a.due_at,
                    a.closes_at, a.attempts_allowed, a.counting, a.bell_rule, a.late_per_day, a.late_floor,
                    a.reveal_keys, a.show_verdicts,
                    c.name as class_name, c.time_zone, c.archived_at, m.role as membership,
                    e.due_at as extension_due_at, e.closes_at as extension_closes_at,
                    (select max(l.due_at) from extension l where l.assignment_id = a.id) as last_due_at,
                    (select max(l.closes_at) from extension l where l.assignment_id = a.id) as last_closes_at
             from assignment a
             join class c on c.id = a.class_id
             left join membership m on m.class_id = a.class_id and m.person_id = $1 and m.left_at is null
             left join extension e on e.assignment_id = a.id and e.person_id = $1 ",
            $rest
        )
    };
}

impl From<Row> for Standing {
    fn from(row: Row) -> Self {
        let rules = &row.assignment.rules;
        let moved = row.extension_due_at.is_some() || row.extension_closes_at.is_some();
        let extension = Extension { due_at: row.extension_due_at, closes_at: row.extension_closes_at };
        let for_all = rules.times(None).closes_at;
        let last = [for_all, row.last_due_at, row.last_closes_at].into_iter().flatten().max();
        Self {
            class_name: row.class_name,
            zone: rules::zone(&row.time_zone),
            archived: row.archived_at.is_some(),
            membership: row.membership,
            times: rules.times(moved.then_some(extension)),
            extended: moved,
            closes_for_all: for_all.and(last),
            assignment: row.assignment,
        }
    }
}

impl Standing {
    /// Where the assignment stands for this person at a moment.
    pub fn phase(&self, at: DateTime<Utc>) -> Phase {
        self.times.phase(at)
    }

    /// Whether it is closed for every student of the class.
    pub fn is_closed_for_all(&self, at: DateTime<Utc>) -> bool {
        self.closes_for_all.is_some_and(|closes| at > closes + rules::GRACE)
    }

    /// Whether the person teaches the class.
    pub fn is_teacher(&self) -> bool {
        self.membership.as_deref() == Some("teacher")
    }

    /// Whether the person learns in the class and the assignment was given to it.
    pub fn is_for_student(&self) -> bool {
        self.membership.as_deref() == Some("student") && self.assignment.given_at.is_some()
    }
}

/// The assignment with this id, whoever asks.
pub async fn find(db: &Db, id: Uuid) -> Result<Option<Assignment>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select id, class_id, course, chapter, title, updated_at, given_at, opens_at, due_at, closes_at,
                attempts_allowed, counting, bell_rule, late_per_day, late_floor, reveal_keys, show_verdicts
         from assignment where id = $1",
    )
    .bind(id)
    .fetch_optional(c)
    .await)?)
}

/// An assignment and what holds for a person in it; whether they may see it is for the caller to say.
pub async fn standing(db: &Db, assignment: Uuid, person: Uuid) -> Result<Option<Standing>> {
    let row: Option<Row> = on!(db, |c| sqlx::query_as(standing_sql!("where a.id = $2"))
        .bind(person)
        .bind(assignment)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(Standing::from))
}

/// The assignments of all classes a person is in: given ones for a student, all for a teacher; those due first come first.
pub async fn list_for_person(db: &Db, person: Uuid) -> Result<Vec<Standing>> {
    let rows: Vec<Row> = on!(db, |c| sqlx::query_as(standing_sql!(
        "where a.class_id in (select p.class_id from membership p where p.person_id = $1 and p.left_at is null)
           and (a.given_at is not null or m.role = 'teacher') and c.archived_at is null
         order by coalesce(a.due_at, a.closes_at) is null, coalesce(a.due_at, a.closes_at), a.created_at, a.id"
    ))
    .bind(person)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(Standing::from).collect())
}

/// Points of an assignment: all its questions, projects included. One row for each assignment of the person's classes.
pub async fn points_for_person(db: &Db, person: Uuid) -> Result<Vec<(Uuid, i64)>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select q.assignment_id, cast(sum(q.points) as bigint) from question q
         where q.removed_at is null
           and q.class_id in (select m.class_id from membership m where m.person_id = $1 and m.left_at is null)
         group by q.assignment_id",
    )
    .bind(person)
    .fetch_all(c)
    .await)?)
}
