//! Files attached to essays and projects: taken, given back as downloads, removed.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::assignment::sheet::Projects;
use super::draft;
use crate::app::App;
use crate::arrival::Arrived;
use crate::auth::{AssignmentStudent, SignedIn};
use crate::error::{Error, Message, Result};
use crate::media;
use crate::notice::Notice;
use crate::request::{Multipart, Path};
use crate::store::assignment::Kind;
use crate::store::attachment::{self, LARGEST, Upload};
use crate::store::attempt;
use crate::store::person::Role;

/// The most bytes of a request: the file and what surrounds it.
pub const BODY_LIMIT: usize = LARGEST + 64 * 1024;

/// `POST /assignments/{assignment}/attachments/{question}`
pub async fn add(
    Arrived(arrived): Arrived,
    student: AssignmentStudent,
    Path((_, question)): Path<(String, Uuid)>,
    State(app): State<App>,
    Multipart(multipart): Multipart,
) -> Result<Response> {
    let back = format!("/assignments/{}#question-{question}", student.standing.assignment.id);
    match take(&app, &student, question, arrived, multipart).await {
        Ok(name) => Ok(Notice::success(Message::new("attempt-attachment-added").with("name", name)).redirect(&back)),
        // The sheet with the reason is of more use than an error page.
        Err(Error::Invalid(message) | Error::TooLarge(message) | Error::Conflict(message)) => {
            Ok(Notice::error(message).redirect(&back))
        }
        Err(error) => Err(error),
    }
}

async fn take(
    app: &App,
    student: &AssignmentStudent,
    question: Uuid,
    arrived: DateTime<Utc>,
    multipart: axum::extract::Multipart,
) -> Result<String> {
    let standing = &student.standing;
    if !standing.phase(arrived).takes_work() || standing.archived {
        return Err(Error::invalid("attempt-attachment-closed"));
    }
    let form = app.forms.find(&app.db, &standing.assignment).await?;
    let kind = form.question(question).map(|question| question.kind);
    match kind {
        Some(Kind::Essay) => {}
        Some(Kind::Project) if Projects::find(app, standing).await?.writable(question, student.person.id) => {}
        Some(Kind::Project) => return Err(Error::Forbidden),
        Some(Kind::Blanks) | None => return Err(Error::NotFound),
    }
    let (number, name, content) = read(multipart).await?;
    let media_type = media::sniff(&content, &name).ok_or_else(|| Error::invalid("attempt-attachment-kind"))?;
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(&content));
    let number = match number {
        Some(number) => number,
        None => {
            let attempts = attempt::list(&app.db, standing.assignment.id, student.person.id).await?;
            attempts.last().map_or(1, |last| if last.handed_in_at.is_none() { last.number } else { last.number + 1 })
        }
    };
    let upload = Upload { question_id: question, name: name.clone(), media_type, content, sha256 };
    attachment::add(&app.db, draft::place(standing, student.person.id, number), upload, arrived).await?;
    Ok(name)
}

/// The attempt's number, the file's cleaned name and its bytes.
async fn read(mut multipart: axum::extract::Multipart) -> Result<(Option<i64>, String, Vec<u8>)> {
    let malformed = |error: axum::extract::multipart::MultipartError| match error.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Error::invalid("attempt-attachment-malformed"),
    };
    let (mut number, mut file) = (None, None);
    while let Some(mut field) = multipart.next_field().await.map_err(malformed)? {
        if field.name() == Some("attempt") {
            number = field.text().await.map_err(malformed)?.parse().ok();
            continue;
        }
        let Some(name) = field.file_name().map(media::clean_name) else { continue };
        let mut content = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(malformed)? {
            if content.len() + chunk.len() > LARGEST {
                return Err(too_large());
            }
            content.extend_from_slice(&chunk);
        }
        if !content.is_empty() && file.is_none() {
            file = Some((name, content));
        }
    }
    let (name, content) = file.ok_or_else(|| Error::invalid("attempt-attachment-none"))?;
    Ok((number, name, content))
}

fn too_large() -> Error {
    Error::TooLarge(Message::new("attempt-attachment-too-large").with("most", LARGEST / 1_048_576))
}

/// `GET /attachments/{attachment}`: always a download, never a page.
pub async fn show(SignedIn(person): SignedIn, Path(id): Path<String>, State(app): State<App>) -> Result<Response> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let is_administrator = person.role == Role::Administrator;
    let (file, content) =
        attachment::content(&app.db, id, person.id, is_administrator).await?.ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, file.media_type),
        (header::CONTENT_DISPOSITION, media::disposition(&file.name)),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, content).into_response())
}

/// `POST /attachments/{attachment}/remove`
pub async fn remove(SignedIn(person): SignedIn, Path(id): Path<String>, State(app): State<App>) -> Result<Response> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let assignment = attachment::remove(&app.db, id, person.id, app.clock.now()).await?;
    let back = format!("/assignments/{assignment}");
    Ok(Notice::success(Message::new("attempt-attachment-removed")).redirect(&back))
}
