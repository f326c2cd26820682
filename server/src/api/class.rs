//! Classes for programs.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Refusal;
use crate::app::App;
use crate::auth::Teacher;
use crate::error::Result;
use crate::store::class;
use crate::store::person::Role;

/// Most classes in one reply.
const MOST: i64 = 1_000;

/// The classes a person teaches.
#[derive(Serialize, ToSchema)]
pub struct Classes {
    /// Newest first, without archived ones.
    classes: Vec<ClassReply>,
}

/// A class.
#[derive(Serialize, ToSchema)]
pub struct ClassReply {
    /// Id, for addresses.
    id: Uuid,
    /// Name.
    name: String,
    /// Term.
    term: String,
    /// Course, as in its address.
    course: String,
    /// What students type to join.
    join_code: String,
    /// How many students there are.
    students: i64,
}

/// The classes the person teaches; for an administrator all.
#[utoipa::path(
    get,
    path = "/api/v1/classes",
    tag = "classes",
    responses((status = 200, body = Classes), (status = 401, body = Refusal), (status = 403, body = Refusal))
)]
pub async fn list(Teacher(person): Teacher, State(app): State<App>) -> Result<Json<Classes>> {
    let listed = match person.role {
        Role::Administrator => class::all(&app.db, MOST).await?,
        Role::Teacher | Role::Student => class::of_person(&app.db, person.id).await?,
    };
    let classes = listed
        .into_iter()
        .filter(|listed| listed.role == "teacher" && listed.class.archived_at.is_none())
        .map(|listed| ClassReply {
            id: listed.class.id,
            name: listed.class.name,
            term: listed.class.term,
            course: listed.class.course,
            join_code: listed.class.join_code,
            students: listed.students,
        })
        .collect();
    Ok(Json(Classes { classes }))
}
