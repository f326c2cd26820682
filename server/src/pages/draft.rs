//! Saving what is being typed: JSON from the page's script, several fields at once.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::app::App;
use crate::arrival::Arrived;
use crate::auth::AssignmentStudent;
use crate::error::{Error, Message, Result};
use crate::request;
use crate::rules::Phase;
use crate::store::assignment::{Form, Standing};
use crate::store::attempt::Place;
use crate::store::draft::{self, Field, Saved};

/// The most fields of one saving.
const MOST_FIELDS: usize = 2_000;

/// Fields to save.
#[derive(Deserialize)]
pub struct Body {
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
    student: AssignmentStudent,
    State(app): State<App>,
    request::Json(body): request::Json<Body>,
) -> Result<Response> {
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
