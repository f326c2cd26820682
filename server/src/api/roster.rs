//! Rosters for programs: what `grader roster import` sends.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Refusal;
use crate::app::App;
use crate::auth::{ClassTeacher, Visitor};
use crate::error::{Error, Message, Result};
use crate::i18n;
use crate::request::{Bytes, Query};
use crate::roster_file::{self, Problem, RosterFile};
use crate::store::person::Actor;
use crate::store::roster::{self, Named, Renamed};

/// Which file, and what it was compared with.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Asked {
    /// Name of the file. It is not needed: the content tells the format.
    #[serde(rename = "file_name")]
    _file_name: String,
    /// What the preview named as `base`; needed to apply.
    base: String,
    /// Missing students who have left: their numbers, separated by commas, or `all`. By default nobody leaves.
    left: String,
}

/// What a file would change.
#[derive(Serialize, ToSchema)]
pub struct RosterPreview {
    /// `UTF-8`, `GB18030`, `UTF-16LE`, `UTF-16BE` or `xlsx`.
    encoding: String,
    /// The two columns that were read: their headings, or their places from 1.
    columns: Columns,
    /// What to send as `base` to apply the file.
    base: String,
    /// New in the class.
    added: Vec<Named>,
    /// With another name.
    renamed: Vec<Renamed>,
    /// In the class but not in the file; they stay unless `left` names them.
    left: Vec<Named>,
    /// Had left and are back.
    returned: Vec<Named>,
    /// Equal.
    unchanged: usize,
    /// What is wrong in single rows; an error stands in the way of applying.
    problems: Vec<Finding>,
}

/// The columns that were read.
#[derive(Serialize, ToSchema)]
pub struct Columns {
    /// With student numbers.
    number: String,
    /// With names.
    name: String,
}

/// Something wrong in one row.
#[derive(Serialize, ToSchema)]
pub struct Finding {
    /// `error` or `warning`.
    severity: &'static str,
    /// A stable name.
    code: String,
    /// What is wrong.
    message: String,
    /// Row of the table, from 1.
    line: u32,
    /// Always 1.
    column: u32,
}

/// How many students a file changed.
#[derive(Serialize, ToSchema)]
pub struct RosterOutcome {
    added: usize,
    renamed: usize,
    left: usize,
    returned: usize,
    unchanged: usize,
}

/// Compares a roster file with the class; changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/classes/{class}/roster/preview",
    tag = "classes",
    params(("class" = Uuid, Path, description = "Class"), Asked),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "CSV or xlsx"),
    responses(
        (status = 200, body = RosterPreview),
        (status = 404, body = Refusal),
        (status = 413, body = Refusal),
        (status = 422, body = Refusal, description = "The file cannot be read; the message says where and why")
    )
)]
pub async fn preview(
    visitor: Visitor,
    ClassTeacher { class, .. }: ClassTeacher,
    State(app): State<App>,
    Bytes(body): Bytes,
) -> Result<Json<RosterPreview>> {
    let file = read(body).await?;
    let (base, difference) = roster::preview(&app.db, class.id, &file.rows).await?;
    let taken = difference.taken.iter().map(|(row, number)| Problem::taken(*row, number));
    let mut problems: Vec<Problem> = file.problems.into_iter().chain(taken).collect();
    problems.sort_by_key(|problem| problem.row);
    Ok(Json(RosterPreview {
        encoding: file.encoding,
        columns: Columns { number: file.number_column, name: file.name_column },
        base,
        added: difference.added,
        renamed: difference.renamed,
        left: difference.missing.into_iter().map(|(_, named)| named).collect(),
        returned: difference.returned,
        unchanged: difference.unchanged,
        problems: problems
            .into_iter()
            .map(|problem| Finding {
                severity: if problem.harmless { "warning" } else { "error" },
                message: i18n::sentence(visitor.language, &problem.message()),
                line: problem.row,
                column: 1,
                code: problem.code,
            })
            .collect(),
    }))
}

/// Applies a roster file, all or nothing. Sent again it changes nothing.
#[utoipa::path(
    put,
    path = "/api/v1/classes/{class}/roster",
    tag = "classes",
    params(("class" = Uuid, Path, description = "Class"), Asked),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "CSV or xlsx"),
    responses(
        (status = 200, body = RosterOutcome),
        (status = 404, body = Refusal),
        (status = 409, body = Refusal, description = "The roster changed since the preview"),
        (status = 422, body = Refusal, description = "The file has errors")
    )
)]
pub async fn apply(
    ClassTeacher { class, .. }: ClassTeacher,
    actor: Actor,
    State(app): State<App>,
    Query(asked): Query<Asked>,
    Bytes(body): Bytes,
) -> Result<Json<RosterOutcome>> {
    class.require_open()?;
    let file = read(body).await?;
    if let Some(problem) = file.problems.iter().find(|problem| !problem.harmless) {
        return Err(Error::Invalid(problem.message()));
    }
    let leaving = leaving(&app, class.id, &file, &asked.left).await?;
    let agreed = roster::Agreed { leaving, transfers: Vec::new(), base: asked.base };
    let done = roster::apply(&app.db, actor, class.id, file.rows, agreed, app.clock.now()).await?;
    Ok(Json(RosterOutcome {
        added: done.added,
        renamed: done.renamed,
        left: done.left,
        returned: done.returned,
        unchanged: done.unchanged,
    }))
}

async fn read(body: bytes::Bytes) -> Result<RosterFile> {
    tokio::task::spawn_blocking(move || roster_file::read(&body))
        .await
        .map_err(Error::internal)?
        .map_err(Error::Invalid)
}

/// The ids of the missing students who are said to have left.
async fn leaving(app: &App, class_id: Uuid, file: &RosterFile, left: &str) -> Result<Vec<Uuid>> {
    if left.trim().is_empty() {
        return Ok(Vec::new());
    }
    let (_, difference) = roster::preview(&app.db, class_id, &file.rows).await?;
    if left.trim() == "all" {
        return Ok(difference.missing.into_iter().map(|(id, _)| id).collect());
    }
    left.split(',')
        .map(|number| {
            let login = roster::login_of(number.trim());
            let found = difference.missing.iter().find(|(_, named)| roster::login_of(&named.number) == login);
            found
                .map(|(id, _)| *id)
                .ok_or_else(|| Error::Invalid(Message::new("roster-not-missing").with("number", number.trim())))
        })
        .collect()
}
