//! Classes and who belongs to them.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::on;

/// A group of students taking a course in a term.
#[derive(Clone, Debug, FromRow)]
pub struct Class {
    /// Id.
    pub id: Uuid,
    /// Course, as in its address.
    pub course: String,
    /// Name, such as 营销 2401 班.
    pub name: String,
    /// Term, such as 2026 秋.
    pub term: String,
    /// What a student types to join.
    pub join_code: String,
    /// `roster`, `open` or `closed`.
    pub join_rule: String,
    /// IANA name; decides what a day is.
    pub time_zone: String,
    /// When it was founded.
    pub created_at: DateTime<Utc>,
    /// When it was archived; an archived class is read only.
    pub archived_at: Option<DateTime<Utc>>,
}

/// One person's place in a class.
#[derive(Clone, Debug, FromRow)]
pub struct Membership {
    /// Class.
    pub class_id: Uuid,
    /// Person.
    pub person_id: Uuid,
    /// `teacher` or `student`.
    pub role: String,
    /// Number on the roster, for students.
    pub student_number: Option<String>,
}

impl Membership {
    /// An administrator sees every class as its teacher does.
    pub fn of_administrator(class_id: Uuid, person_id: Uuid) -> Self {
        Self { class_id, person_id, role: "teacher".into(), student_number: None }
    }

    /// Whether the person teaches the class.
    pub fn is_teacher(&self) -> bool {
        self.role == "teacher"
    }
}

/// The class with this id.
pub async fn find(db: &Db, id: Uuid) -> Result<Option<Class>> {
    Ok(on!(db, |c| sqlx::query_as("select * from class where id = $1").bind(id).fetch_optional(c).await)?)
}

/// A person's place in a class they have not left.
pub async fn membership(db: &Db, class_id: Uuid, person_id: Uuid) -> Result<Option<Membership>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select class_id, person_id, role, student_number from membership
         where class_id = $1 and person_id = $2 and left_at is null",
    )
    .bind(class_id)
    .bind(person_id)
    .fetch_optional(c)
    .await)?)
}
