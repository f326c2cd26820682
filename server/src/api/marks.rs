//! Marks for programs: `grader export`, and the school's own.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::Refusal;
use crate::app::App;
use crate::auth::{ClassTeacher, Visitor};
use crate::error::{Error, Result};
use crate::export::marks::Marks;
use crate::export::{self, FileKind};
use crate::moment;
use crate::request::Query;
use crate::rules;
use crate::store::gradebook;

/// What to export.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// `json` (default), `csv` or `xlsx`.
    format: Option<String>,
    /// Only this assignment.
    assignment: Option<Uuid>,
}

/// The marks of a class: `json` as described, or a file for a spreadsheet.
#[utoipa::path(
    get,
    path = "/api/v1/classes/{class}/marks",
    tag = "marks",
    params(("class" = Uuid, Path, description = "Id of the class"), Wanted),
    responses(
        (status = 200, body = Marks, description = "With format=csv or xlsx a file instead"),
        (status = 400, body = Refusal, description = "The query cannot be read"),
        (status = 401, body = Refusal), (status = 403, body = Refusal), (status = 404, body = Refusal),
        (status = 422, body = Refusal)
    )
)]
pub async fn show(
    visitor: Visitor,
    teacher: ClassTeacher,
    Query(wanted): Query<Wanted>,
    State(app): State<App>,
) -> Result<Response> {
    let mut book = gradebook::load(&app.db, teacher.class.id, wanted.assignment).await?;
    if let Some(assignment) = wanted.assignment
        && !book.narrow(assignment)
    {
        return Err(Error::NotFound);
    }
    book.present();
    let kind = match wanted.format.as_deref() {
        None | Some("json") => return Ok(Json(export::marks::data(&book)).into_response()),
        Some(name) => FileKind::from_name(name).ok_or(Error::invalid("gradebook-export-format"))?,
    };
    let day = moment::local(app.clock.now(), rules::zone(&teacher.class.time_zone));
    let name = format!("{}-{}", teacher.class.name, &day[..10]);
    export::download(export::marks::table(&book, visitor.language), kind, &name).await
}
