//! Assignments for programs: what `grader import` sends.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use grader::Language;
use grader::assignment::Blank;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Refusal;
use crate::address::ClientAddress;
use crate::app::App;
use crate::auth::{ClassTeacher, Visitor};
use crate::difference::{self, Asked, Choice};
use crate::error::Message;
use crate::importing::{self, Importer, Preview, Refused};
use crate::{i18n, points, request};

/// An assignment file to compare with a class.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    /// The file's text.
    source: String,
    /// Answers to what an earlier preview asked.
    #[serde(default)]
    answers: HashMap<String, String>,
}

/// An assignment file to put in place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    /// The file's text.
    source: String,
    /// The fingerprint that the preview named; null for an assignment that is new in the class.
    base: Option<String>,
    /// Answers to what the preview asked; what is not answered is taken by its first option.
    #[serde(default)]
    answers: HashMap<String, String>,
}

/// What an import would change.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewReply {
    /// The class's assignment, if it has one of this course, chapter and title.
    assignment: Option<Uuid>,
    /// Title.
    title: String,
    /// What to send as `base` with the import.
    base: Option<String>,
    /// The differences.
    changes: Vec<ChangeReply>,
    /// What only the teacher can know.
    questions: Vec<AskedReply>,
    /// Students whose mark would rise.
    gains: Vec<ShiftReply>,
    /// Students whose mark would fall.
    losses: Vec<ShiftReply>,
    /// Blanks with a confirmed key.
    confirmed: usize,
    /// Blanks with a key that nobody has confirmed.
    unconfirmed: usize,
    /// Blanks without a key.
    open: usize,
}

/// One difference.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeReply {
    /// What is different: `added`, `removed`, `text`, `kind`, `rubric`, `points`, `key`, `group`, `unit`, `match`, `hint`,
    /// `confirmed`, `blank-added` or `blank-removed`.
    kind: &'static str,
    /// Number of the question.
    question: String,
    /// Which blank of it, from 1.
    blank: Option<usize>,
    /// What the class has.
    before: Option<String>,
    /// What the file has.
    after: Option<String>,
    /// The difference in one sentence.
    summary: String,
}

/// A question to the teacher.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedReply {
    /// Name for the answer.
    id: String,
    /// The question.
    summary: String,
    /// The possible answers; the first is taken where nobody is asked.
    options: Vec<OptionReply>,
}

/// One possible answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptionReply {
    /// What to send.
    value: &'static str,
    /// What it means.
    label: String,
}

/// A student whose mark would change.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftReply {
    /// Name.
    student: String,
    /// Mark now.
    before: String,
    /// Mark after the import.
    after: String,
}

/// What an import did.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportReply {
    /// The assignment.
    assignment: Uuid,
    /// Its page for the teacher.
    url: String,
    /// How many differences were put in place.
    changes: usize,
    /// How many answers got another mark.
    regraded: usize,
}

/// Compares an assignment file with the class; changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/classes/{class}/assignments/preview",
    tag = "assignments",
    params(("class" = Uuid, Path, description = "Class")),
    request_body = PreviewRequest,
    responses(
        (status = 200, body = PreviewReply),
        (status = 400, body = Refusal, description = "The body is not the JSON described; `cause` says where"),
        (status = 422, description = "The file has mistakes; `diagnostics` lists them")
    )
)]
pub async fn preview(
    visitor: Visitor,
    teacher: ClassTeacher,
    State(app): State<App>,
    request::Json(request): request::Json<PreviewRequest>,
) -> Response {
    let language = visitor.language;
    match importing::preview(&app, &teacher.class, &request.source, &request.answers, language).await {
        Ok(preview) => Json(PreviewReply::new(language, &preview)).into_response(),
        Err(refused) => refuse(language, refused),
    }
}

/// Puts an assignment file in place and marks anew what that touches.
#[utoipa::path(
    put,
    path = "/api/v1/classes/{class}/assignments",
    tag = "assignments",
    params(("class" = Uuid, Path, description = "Class")),
    request_body = ImportRequest,
    responses(
        (status = 200, body = ImportReply, description = "Changed"),
        (status = 201, body = ImportReply, description = "New in the class"),
        (status = 400, body = Refusal, description = "The body is not the JSON described; `cause` says where"),
        (status = 409, description = "The class's assignment changed since the preview"),
        (status = 422, description = "The file has mistakes; `diagnostics` lists them")
    )
)]
pub async fn import(
    visitor: Visitor,
    teacher: ClassTeacher,
    address: ClientAddress,
    State(app): State<App>,
    request::Json(request): request::Json<ImportRequest>,
) -> Response {
    let language = visitor.language;
    let importer = Importer { person_id: teacher.person.id, address: address.to_string() };
    let ImportRequest { source, base, answers } = request;
    match importing::apply(&app, &teacher.class, source, base, &answers, importer, language).await {
        Ok(imported) => {
            let status = if imported.is_new { StatusCode::CREATED } else { StatusCode::OK };
            let reply = ImportReply {
                assignment: imported.assignment_id,
                url: format!("/classes/{}/assign/{}", teacher.class.id, imported.assignment_id),
                changes: imported.changes,
                regraded: imported.regraded.changed,
            };
            (status, Json(reply)).into_response()
        }
        Err(refused) => refuse(language, refused),
    }
}

fn refuse(language: Language, refused: Refused) -> Response {
    let diagnostics = match refused {
        Refused::Other(error) => return error.into_response(),
        Refused::File(diagnostics) => diagnostics,
    };
    let message = Message::new("import-source-refused").with("errors", diagnostics.len());
    let body = json!({"error": {
        "code": "invalid",
        "message": i18n::sentence(language, &message),
        "help": i18n::plain(language, "error-invalid-help"),
        "diagnostics": diagnostics,
    }});
    (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
}

impl PreviewReply {
    fn new(language: Language, preview: &Preview) -> Self {
        let blanks: Vec<&Blank> = preview.assignment.questions.iter().flat_map(|question| &question.blanks).collect();
        let count = |wanted: fn(&Blank) -> bool| blanks.iter().filter(|blank| wanted(blank)).count();
        let shifts = |rise: bool| {
            preview
                .shifts
                .iter()
                .filter(|shift| (shift.after > shift.before) == rise)
                .map(|shift| ShiftReply {
                    student: shift.student.clone(),
                    before: points::shown(shift.before),
                    after: points::shown(shift.after),
                })
                .collect()
        };
        Self {
            assignment: preview.current.as_ref().map(|current| current.id),
            title: preview.assignment.title.clone(),
            base: preview.current.as_ref().map(|current| current.fingerprint.clone()),
            changes: preview.plan.changes.iter().map(|change| ChangeReply::new(language, change)).collect(),
            questions: preview.plan.asked.iter().map(|asked| AskedReply::new(language, asked)).collect(),
            gains: shifts(true),
            losses: shifts(false),
            confirmed: count(|blank| !blank.key.is_empty() && blank.confirmed),
            unconfirmed: count(|blank| !blank.key.is_empty() && !blank.confirmed),
            open: count(|blank| blank.key.is_empty()),
        }
    }
}

impl ChangeReply {
    fn new(language: Language, change: &difference::Change) -> Self {
        let value = |text: &String| (!text.is_empty()).then(|| text.clone());
        Self {
            kind: change.kind.name(),
            question: change.question.clone(),
            blank: change.blank,
            before: value(&change.before),
            after: value(&change.after),
            summary: difference::describe(language, change),
        }
    }
}

impl AskedReply {
    fn new(language: Language, asked: &Asked) -> Self {
        let summary = Message::new("import-asked-rearranged").with("question", &asked.question);
        let option = |choice: &Choice| match choice {
            Choice::Gap => OptionReply { value: "gap", label: i18n::plain(language, "import-option-gap") },
            Choice::Key => OptionReply { value: "key", label: i18n::plain(language, "import-option-key") },
        };
        Self {
            id: asked.id.clone(),
            summary: i18n::sentence(language, &summary),
            options: asked.options.iter().map(option).collect(),
        }
    }
}
