//! Essays and projects as handed in, with the marks in force, and who hands a project in for the class.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::on;

/// A text as handed in, with the mark in force.
#[derive(Clone, Debug, FromRow)]
pub struct Essay {
    /// Question.
    pub question_id: Uuid,
    /// As written.
    pub text: String,
    /// The attempt in which exactly this was first handed in; marks belong to that one.
    pub origin: Uuid,
    /// Points given, before the late rule; `None`: waiting for the teacher.
    pub points: Option<i64>,
    /// What the teacher wrote beside it.
    pub comment: Option<String>,
}

/// The texts of an attempt.
pub async fn essays(db: &Db, attempt: Uuid) -> Result<Vec<Essay>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select e.question_id, e.text, e.origin, m.points, m.comment
         from essay e
         left join mark m on m.id = (
             select x.id from mark x where x.attempt_id = e.origin and x.question_id = e.question_id
             order by x.marked_at desc, x.id desc limit 1)
         where e.attempt_id = $1",
    )
    .bind(attempt)
    .fetch_all(c)
    .await)?)
}

/// The one hand-in of a project for the class.
#[derive(Clone, Debug, FromRow)]
pub struct ProjectHandIn {
    /// Question.
    pub question_id: Uuid,
    /// Its assignment.
    pub assignment_id: Uuid,
    /// The attempt that holds text and attachments.
    pub attempt_id: Uuid,
    /// Who handed it in for the class.
    pub handed_in_by: Uuid,
    /// Their name.
    pub name: String,
    /// When.
    pub handed_in_at: DateTime<Utc>,
    /// Points given; `None`: waiting for the teacher.
    pub points: Option<i64>,
    /// What the teacher wrote beside it.
    pub comment: Option<String>,
}

/// The projects that a class handed in.
pub async fn projects_of_class(db: &Db, class: Uuid) -> Result<Vec<ProjectHandIn>> {
    Ok(on!(db, |c| {
        sqlx::query_as(
        "select h.question_id, q.assignment_id, h.attempt_id, h.handed_in_by, p.name, h.handed_in_at, m.points, m.comment
         from project_hand_in h
         join question q on q.id = h.question_id
         join person p on p.id = h.handed_in_by
         left join essay e on e.attempt_id = h.attempt_id and e.question_id = h.question_id
         left join mark m on m.id = (
             select x.id from mark x where x.attempt_id = e.origin and x.question_id = h.question_id
             order by x.marked_at desc, x.id desc limit 1)
         where h.class_id = $1",
    )
    .bind(class)
    .fetch_all(c)
    .await
    })?)
}

/// Who holds the post of operator in a class, by name.
pub async fn operators(db: &Db, class: Uuid) -> Result<Vec<(Uuid, String)>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select p.id, p.name from post o
         join membership m on m.class_id = o.class_id and m.person_id = o.person_id and m.left_at is null
         join person p on p.id = o.person_id
         where o.class_id = $1 and o.post = 'operator' order by p.name, p.id",
    )
    .bind(class)
    .fetch_all(c)
    .await)?)
}
