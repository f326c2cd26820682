//! Saving what is being typed: JSON from the page's script, several fields at once.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::arrival::Arrived;
use crate::auth::AssignmentStudent;
use crate::error::{Error, Message, Result};
use crate::rules::Phase;
use crate::store::assignment::{Form, Standing};
use crate::store::attempt::Place;
use crate::store::draft::{self, Field, Saved};
use crate::view::View;

/// The most fields of one saving.
const MOST_FIELDS: usize = 2_000;

#[derive(Deserialize)]
struct Body {
    attempt: i64,
    fields: Vec<FieldBody>,
}

#[derive(Deserialize)]
struct FieldBody {
    field: Uuid,
    text: String,
    sequence: i64,
}

#[derive(Serialize)]
struct SavedField {
    field: Uuid,
    sequence: i64,
}

/// `POST /assignments/{assignment}/draft`
pub async fn save(
    Arrived(arrived): Arrived,
    view: View,
    student: AssignmentStudent,
    State(app): State<App>,
    body: Bytes,
) -> Result<Response> {
    match save_fields(&app, &student, arrived, &body).await {
        // A script that leaves the page cannot say what it accepts: refusals are JSON whatever the request says.
        Err(Error::Invalid(message)) => Ok(refusal(StatusCode::UNPROCESSABLE_ENTITY, &view, &message)),
        Err(Error::TooLarge(message)) => Ok(refusal(StatusCode::PAYLOAD_TOO_LARGE, &view, &message)),
        other => other,
    }
}

fn refusal(status: StatusCode, view: &View, message: &Message) -> Response {
    (status, Json(json!({"error": {"message": view.sentence(message)}}))).into_response()
}

async fn save_fields(app: &App, student: &AssignmentStudent, arrived: DateTime<Utc>, body: &Bytes) -> Result<Response> {
    let body: Body = serde_json::from_slice(body).map_err(|_| Error::invalid("assignment-draft-malformed"))?;
    let standing = &student.standing;
    let phase = standing.phase(arrived);
    if phase == Phase::NotOpen {
        return Err(Error::invalid("assignment-not-open-yet"));
    }
    if standing.archived {
        return Err(Error::invalid("assignment-class-archived"));
    }
    let form = app.forms.find(&app.db, &standing.assignment).await?;
    let fields = check(&form, body.fields)?;
    let saved: Vec<SavedField> =
        fields.iter().map(|field| SavedField { field: field.field, sequence: field.sequence }).collect();
    let place = place(standing, student.person.id, body.attempt);
    match draft::save(&app.db, place, fields, phase == Phase::Closed, arrived).await? {
        Saved::Stored { late } => {
            let at = arrived.to_rfc3339_opts(SecondsFormat::Millis, true);
            Ok(Json(json!({"saved": saved, "at": at, "late": late})).into_response())
        }
        Saved::HandedIn(number) => {
            Ok((StatusCode::CONFLICT, Json(json!({"handed_in": true, "attempt": number}))).into_response())
        }
    }
}

/// Where a student works.
pub(super) fn place(standing: &Standing, person: Uuid, number: i64) -> Place {
    Place {
        class_id: standing.assignment.class_id,
        assignment_id: standing.assignment.id,
        person_id: person,
        number,
        attempts_allowed: standing.assignment.rules.attempts_allowed,
    }
}

fn check(form: &Form, fields: Vec<FieldBody>) -> Result<Vec<Field>> {
    if fields.is_empty() || fields.len() > MOST_FIELDS {
        return Err(Error::invalid("assignment-draft-malformed"));
    }
    fields
        .into_iter()
        .map(|body| {
            // A sequence is a time in milliseconds: what no double holds exactly is none.
            if !(1..1 << 53).contains(&body.sequence) {
                return Err(Error::invalid("assignment-draft-malformed"));
            }
            let text = clean(body.text);
            check_length(form, body.field, &text)?;
            Ok(Field { field: body.field, text, sequence: body.sequence })
        })
        .collect()
}

/// Refuses a text that its field does not take.
pub(super) fn check_length(form: &Form, field: Uuid, text: &str) -> Result<()> {
    let limit = form.limit(field).ok_or_else(|| Error::invalid("assignment-field-unknown"))?;
    match text.len() > limit && text.chars().nth(limit).is_some() {
        true => Err(Error::TooLarge(Message::new("assignment-text-too-long").with("most", limit))),
        false => Ok(()),
    }
}

/// PostgreSQL stores no NUL.
pub(super) fn clean(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}
