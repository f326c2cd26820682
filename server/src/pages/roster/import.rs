//! A roster file: uploaded, shown as a difference, applied when the teacher agrees.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Serialize;
use uuid::Uuid;

use super::{Mistake, address, id, page};
use crate::app::App;
use crate::auth::{ClassTeacher, OpenClass};
use crate::error::{Error, Message, Result};
use crate::notice::Notice;
use crate::pages::class::ClassHead;
use crate::request::{Fields, Multipart, Path};
use crate::roster_file::{self, LARGEST, Problem, RosterFile};
use crate::store::class::Class;
use crate::store::roster::{self, Named, Renamed, upload};
use crate::view::View;

/// Lines of one kind that a preview shows; the rest is counted.
const SHOWN: usize = 300;

#[derive(Serialize)]
struct PreviewPage {
    class: ClassHead,
    apply: String,
    file_name: String,
    encoding: String,
    number_column: String,
    name_column: String,
    base: String,
    blocked: bool,
    /// Changes that applying makes at least, nobody leaving.
    changes: usize,
    unchanged: usize,
    added: Part<Named>,
    renamed: Part<Renamed>,
    returned: Part<Named>,
    missing: Part<MissingLine>,
    problems: Part<ProblemLine>,
}

/// The lines of one kind: the first of them and how many more there are.
#[derive(Serialize)]
struct Part<T> {
    count: usize,
    lines: Vec<T>,
    more: usize,
}

impl<T> Part<T> {
    fn new(mut lines: Vec<T>) -> Self {
        let count = lines.len();
        lines.truncate(SHOWN);
        Self { count, more: count - lines.len(), lines }
    }
}

#[derive(Serialize)]
struct MissingLine {
    id: Uuid,
    number: String,
    name: String,
}

#[derive(Serialize)]
struct ProblemLine {
    row: u32,
    text: String,
    harmless: bool,
}

/// `POST /classes/{class}/roster/uploads`: reads the file and leads to its preview.
pub async fn upload(
    view: View,
    OpenClass { class, teacher, .. }: OpenClass,
    headers: HeaderMap,
    State(app): State<App>,
    Multipart(body): Multipart,
) -> Result<Response> {
    let read = match receive(body).await {
        Ok((_, bytes)) if bytes.is_empty() => Err(Message::new("roster-file-none")),
        Ok((name, bytes)) => read(bytes).await?.map(|file| (name, file)),
        Err(message) => Err(message),
    };
    match read {
        Ok((name, file)) => {
            let kept = upload::keep(&app.db, class.id, teacher.id, name, &file, app.clock.now()).await?;
            Ok(Redirect::to(&format!("{}/uploads/{kept}", address(&class))).into_response())
        }
        Err(message) => {
            let mistake = Mistake { file: Some(message), ..Mistake::default() };
            page(&view, &app, &headers, &class, teacher.id, StatusCode::UNPROCESSABLE_ENTITY, mistake).await
        }
    }
}

/// Reads a file away from the threads that answer requests.
pub(crate) async fn read(bytes: Vec<u8>) -> Result<Result<RosterFile, Message>> {
    tokio::task::spawn_blocking(move || roster_file::read(&bytes)).await.map_err(Error::internal)
}

/// The name and the bytes of the field `file`.
async fn receive(mut body: axum::extract::Multipart) -> Result<(String, Vec<u8>), Message> {
    let too_large = || Message::new("roster-file-too-large").with("most", LARGEST / 1024 / 1024);
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Message::new("error-unfinished"),
    };
    while let Some(mut field) = body.next_field().await.map_err(broken)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            if bytes.len() + chunk.len() > LARGEST {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        return Ok((name, bytes));
    }
    Err(Message::new("roster-file-none"))
}

async fn kept(app: &App, class: &Class, text: &str) -> Result<(Uuid, String, RosterFile)> {
    let id = id(text)?;
    let (name, file) = upload::find(&app.db, class.id, id).await?.ok_or(Error::NotFound)?;
    Ok((id, name, file))
}

/// `GET /classes/{class}/roster/uploads/{upload}`: what the file would change now.
pub async fn preview(
    view: View,
    ClassTeacher { class, .. }: ClassTeacher,
    State(app): State<App>,
    Path((_, kept_id)): Path<(String, String)>,
) -> Result<Html<String>> {
    let (id, file_name, file) = kept(&app, &class, &kept_id).await?;
    let (base, difference) = roster::preview(&app.db, class.id, &file.rows).await?;
    let mut problems = file.problems.clone();
    problems.extend(difference.taken.iter().map(|(row, number)| Problem::taken(*row, number)));
    problems.sort_by_key(|problem| problem.row);
    let page = PreviewPage {
        class: ClassHead::new(&app, &class, view.language()),
        apply: format!("{}/uploads/{id}", address(&class)),
        file_name,
        encoding: file.encoding,
        number_column: file.number_column,
        name_column: file.name_column,
        base,
        blocked: problems.iter().any(|problem| !problem.harmless),
        changes: difference.changes(),
        unchanged: difference.unchanged,
        added: Part::new(difference.added),
        renamed: Part::new(difference.renamed),
        returned: Part::new(difference.returned),
        missing: Part::new(
            difference
                .missing
                .into_iter()
                .map(|(id, named)| MissingLine { id, number: named.number, name: named.name })
                .collect(),
        ),
        problems: Part::new(
            problems
                .iter()
                .map(|problem| ProblemLine {
                    row: problem.row,
                    text: view.sentence(&problem.message()),
                    harmless: problem.harmless,
                })
                .collect(),
        ),
    };
    view.page("roster/preview.html", "class", page)
}

/// `POST /classes/{class}/roster/uploads/{upload}`: applies the file if the roster is still what the preview showed.
pub async fn apply(
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    Path((_, kept_id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response> {
    let (id, _, file) = kept(&app, &class, &kept_id).await?;
    let back = format!("{}/uploads/{id}", address(&class));
    if file.is_blocked() {
        return Ok(Notice::error(Message::new("roster-blocked")).redirect(&back));
    }
    let leaving: Vec<Uuid> = fields.all("left").filter_map(|value| value.parse().ok()).collect();
    let base = fields.one("base").to_owned();
    match roster::apply(&app.db, actor, class.id, file.rows, leaving, base, app.clock.now()).await {
        Ok(done) => {
            upload::forget(&app.db, class.id, id).await?;
            let message = Message::new("roster-imported")
                .with("added", done.added)
                .with("renamed", done.renamed)
                .with("left", done.left)
                .with("returned", done.returned)
                .with("changes", done.added + done.renamed + done.left + done.returned);
            Ok(Notice::success(message).redirect(&address(&class)))
        }
        // The preview is made anew from the roster as it is now.
        Err(Error::Conflict(message)) => Ok(Notice::info(message).redirect(&back)),
        Err(Error::Invalid(message)) => Ok(Notice::error(message).redirect(&back)),
        Err(error) => Err(error),
    }
}
