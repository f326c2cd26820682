//! A roster file: uploaded, shown as a difference, applied when the teacher agrees.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Serialize;
use uuid::Uuid;

use super::transfer::FateView;
use super::{Mistake, address, id, page};
use crate::app::App;
use crate::auth::{ClassTeacher, OpenClass};
use crate::error::{Error, Message, Result};
use crate::notice::Notice;
use crate::pages::class::ClassHead;
use crate::request::{Fields, Multipart, Path};
use crate::roster_file::{self, LARGEST, Problem, RosterFile};
use crate::store::class::Class;
use crate::store::roster::transfer::{Move, Source};
use crate::store::roster::{self, Agreed, Named, Renamed, transfer, upload};
use crate::transfer::{Plan, plans};
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
    transfers: Part<TransferLine>,
    problems: Part<ProblemLine>,
}

/// A student of the file who is in another class of the teacher's.
#[derive(Serialize)]
struct TransferLine {
    value: String,
    number: String,
    name: String,
    class: String,
    goes: usize,
    stays: usize,
    fates: Vec<FateView>,
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
    ClassTeacher { class, person }: ClassTeacher,
    State(app): State<App>,
    Path((_, kept_id)): Path<(String, String)>,
) -> Result<Html<String>> {
    let (id, file_name, file) = kept(&app, &class, &kept_id).await?;
    let (base, difference) = roster::preview(&app.db, class.id, &file.rows).await?;
    let mut problems = file.problems.clone();
    problems.extend(difference.taken.iter().map(|(row, number)| Problem::taken(*row, number)));
    problems.sort_by_key(|problem| problem.row);
    let transfers = transfers(&app, person.id, &class, &difference).await?;
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
        transfers: Part::new(transfers.iter().map(|(source, plan)| TransferLine::new(source, plan, &view)).collect()),
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

/// The students of the file who would come from another class of this teacher's and course, with what they would take along.
async fn transfers(
    app: &App,
    teacher: Uuid,
    class: &Class,
    difference: &roster::Difference,
) -> Result<Vec<(Source, Plan)>> {
    let coming = difference.added.iter().chain(&difference.returned);
    let logins: Vec<String> = coming.map(|named| roster::login_of(&named.number)).collect();
    let sources = transfer::sources(&app.db, teacher, class, &logins).await?;
    let moves: Vec<Move> = sources
        .iter()
        .map(|source| Move { person_id: source.person_id, from: source.class_id, to: class.id })
        .collect();
    Ok(sources.into_iter().zip(plans(app, &moves).await?).collect())
}

/// How a form names a transfer: the student, the class left, and what the plan was made from.
fn transfer_value(source: &Source, plan: &Plan) -> String {
    format!("{}:{}:{}", source.person_id, source.class_id, plan.carry.version)
}

impl TransferLine {
    fn new(source: &Source, plan: &Plan, view: &View) -> Self {
        Self {
            value: transfer_value(source, plan),
            number: source.number.clone().unwrap_or_default(),
            name: source.name.clone(),
            class: format!("{} {}", source.class_name, source.term),
            goes: plan.goes(),
            stays: plan.stays(),
            fates: FateView::of(plan, view),
        }
    }
}

/// `POST /classes/{class}/roster/uploads/{upload}`: applies the file if the roster is still what the preview showed.
pub async fn apply(
    OpenClass { class, teacher, actor }: OpenClass,
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
    let ticked: Vec<&str> = fields.all("transfer").collect();
    let mut carries = Vec::new();
    if !ticked.is_empty() {
        let (_, difference) = roster::preview(&app.db, class.id, &file.rows).await?;
        let found = transfers(&app, teacher.id, &class, &difference).await?;
        let agreed = found.into_iter().filter(|(source, plan)| ticked.contains(&transfer_value(source, plan).as_str()));
        carries = agreed.map(|(_, plan)| plan.carry).collect();
        // Something that was ticked is not as it was shown.
        if carries.len() != ticked.len() {
            return Ok(Notice::info(Message::new("roster-transfer-changed")).redirect(&back));
        }
    }
    let moved = carries.len();
    let agreed = Agreed { leaving, transfers: carries, base: fields.one("base").to_owned() };
    match roster::apply(&app.db, actor, class.id, file.rows, agreed, app.clock.now()).await {
        Ok(done) => {
            upload::forget(&app.db, class.id, id).await?;
            let message = Message::new("roster-imported")
                .with("transferred", moved)
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
