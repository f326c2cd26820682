//! Handing in, and the marked sheet.

pub mod result;

use std::collections::HashMap;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Json, http};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::assignment::sheet::{self, Projects};
use super::draft;
use crate::app::App;
use crate::arrival::Arrived;
use crate::auth::{AssignmentStudent, AttemptMember};
use crate::error::{Error, Message, Result};
use crate::marking;
use crate::moment::local;
use crate::request;
use crate::rules::Phase;
use crate::store::assignment::{self, Form, Kind};
use crate::store::attempt::{self, HandIn, HandedIn, Text};
use crate::store::draft::Field;
use crate::view::View;

/// What a hand-in form holds.
struct Sent {
    number: i64,
    key: String,
    texts: HashMap<Uuid, String>,
}

/// `POST /assignments/{assignment}/hand-in`
pub async fn hand_in(
    Arrived(arrived): Arrived,
    view: View,
    student: AssignmentStudent,
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<request::Form<Vec<(String, String)>>>,
) -> Result<Response> {
    let by_script = wants_fragment(&headers);
    let request::Form(pairs) = body.map_err(|error| match error {
        Error::TooLarge(_) => Error::TooLarge(Message::new("assignment-sheet-too-large")),
        error => error,
    })?;
    let sent = read(pairs)?;
    let form = app.forms.find(&app.db, &student.standing.assignment).await?;
    let outcome = take(&app, &student, &form, &sent, arrived).await;
    match outcome {
        Ok(HandedIn::Done(id) | HandedIn::Again(id)) => handed_in(&view, &app, &student, id, by_script).await,
        Ok(HandedIn::Taken(number)) if by_script => {
            Ok((StatusCode::CONFLICT, Json(json!({"handed_in": true, "attempt": number}))).into_response())
        }
        Ok(HandedIn::Taken(number)) => {
            let error = view.sentence(&Message::new("assignment-taken").with("number", number));
            refused(&view, &app, &student, sent, error, StatusCode::CONFLICT).await
        }
        Err(Error::Invalid(message) | Error::TooLarge(message)) if !by_script => {
            let error = view.sentence(&message);
            refused(&view, &app, &student, sent, error, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error),
    }
}

fn wants_fragment(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html-fragment"))
}

fn read(pairs: Vec<(String, String)>) -> Result<Sent> {
    let malformed = || Error::invalid("assignment-hand-in-malformed");
    let mut sent = Sent { number: 0, key: String::new(), texts: HashMap::with_capacity(pairs.len()) };
    for (name, value) in pairs {
        if let Some(field) = name.strip_prefix("answer.").or_else(|| name.strip_prefix("text.")) {
            let field = field.parse().map_err(|_| malformed())?;
            sent.texts.insert(field, draft::clean(value));
        } else if name == "attempt" {
            sent.number = value.parse().map_err(|_| malformed())?;
        } else if name == "key" {
            sent.key = value;
        }
    }
    let is_key =
        (8..=64).contains(&sent.key.len()) && sent.key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if sent.number < 1 || !is_key {
        return Err(malformed());
    }
    Ok(sent)
}

/// Checks, marks and stores a hand-in.
async fn take(
    app: &App,
    student: &AssignmentStudent,
    form: &Form,
    sent: &Sent,
    arrived: DateTime<Utc>,
) -> Result<HandedIn> {
    let standing = &student.standing;
    let (id, person) = (standing.assignment.id, student.person.id);
    let phase = standing.phase(arrived);
    if phase == Phase::NotOpen {
        return Err(Error::invalid("assignment-not-open-yet"));
    }
    if standing.archived {
        return Err(Error::invalid("assignment-class-archived"));
    }
    for (field, text) in &sent.texts {
        draft::check_length(form, *field, text)?;
    }
    let place = draft::place(standing, person, sent.number);
    if phase == Phase::Closed {
        // A repeated sending of what was taken in time is still the same hand-in.
        if let Some(known) = attempt::find_by_key(&app.db, id, person, &sent.key).await? {
            return Ok(HandedIn::Again(known));
        }
        return Err(too_late(app, student, place, sent, arrived).await?);
    }
    let texts = complete(app, form, id, person, sent).await?;
    let text = |field: Uuid| texts.get(&field).cloned().unwrap_or_default();
    let marked = marking::mark(form, text);
    let has_project = form.questions.iter().any(|question| question.kind == Kind::Project);
    let projects = match has_project {
        true => Projects::find(app, standing).await?,
        false => Projects::default(),
    };
    let written =
        form.texts().filter(|question| question.kind == Kind::Essay || projects.writable(question.id, person));
    let hand_in = HandIn {
        place,
        key: sent.key.clone(),
        arrived,
        late_per_cent: standing.assignment.rules.late_per_cent(&standing.times, arrived, standing.zone),
        marked,
        texts: written
            .map(|question| Text {
                question_id: question.id,
                text: text(question.id),
                project: question.kind == Kind::Project,
            })
            .collect(),
    };
    let outcome = attempt::hand_in(&app.db, hand_in).await?;
    match outcome {
        HandedIn::Again(known) if differs(app, known, sent).await? => Ok(HandedIn::Taken(sent.number)),
        outcome => Ok(outcome),
    }
}

/// The sent fields; one that the form left out is as it was saved last, or as the attempt before handed it in.
async fn complete(
    app: &App,
    form: &Form,
    assignment: Uuid,
    person: Uuid,
    sent: &Sent,
) -> Result<HashMap<Uuid, String>> {
    let mut fields = form.blanks().map(|blank| blank.id).chain(form.texts().map(|question| question.id));
    if fields.all(|field| sent.texts.contains_key(&field)) {
        return Ok(sent.texts.clone());
    }
    let mut texts: HashMap<Uuid, String> = HashMap::new();
    let attempts = attempt::list(&app.db, assignment, person).await?;
    if let Some(before) =
        attempts.iter().rfind(|attempt| attempt.number < sent.number && attempt.handed_in_at.is_some())
    {
        texts.extend(attempt::fields(&app.db, before.id).await?);
    }
    if let Some(open) = attempts.iter().find(|attempt| attempt.number == sent.number) {
        let drafts = crate::store::draft::of_attempt(&app.db, open.id).await?;
        texts.extend(drafts.into_iter().map(|stored| (stored.field.field, stored.field.text)));
    }
    texts.extend(sent.texts.iter().map(|(field, text)| (*field, text.clone())));
    Ok(texts)
}

/// Whether something else was sent under a key that was used: a page that was gone back to and changed.
async fn differs(app: &App, known: Uuid, sent: &Sent) -> Result<bool> {
    let stored: HashMap<Uuid, String> = attempt::fields(&app.db, known).await?.into_iter().collect();
    Ok(sent.texts.iter().any(|(field, text)| match stored.get(field) {
        Some(known) => known != text,
        // Texts without a word are not stored, nor what a student writes for a project of others.
        None => false,
    }))
}

/// Keeps what arrived after closing, beside what was there in time, and says so.
async fn too_late(
    app: &App,
    student: &AssignmentStudent,
    place: attempt::Place,
    sent: &Sent,
    arrived: DateTime<Utc>,
) -> Result<Error> {
    let sequence = arrived.timestamp_millis();
    let fields: Vec<Field> = sent
        .texts
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(field, text)| Field { field: *field, text: text.clone(), sequence })
        .collect();
    let message = Message::new(if fields.is_empty() { "assignment-closed-empty" } else { "assignment-closed-kept" })
        .with("closed", student.standing.times.closes_at.map(|at| local(at, student.standing.zone)).unwrap_or_default())
        .with("arrived", local(arrived, student.standing.zone));
    if !fields.is_empty() {
        match crate::store::draft::save(&app.db, place, fields, true, arrived).await {
            // No attempt is left, or another number stands there: nothing to keep it with.
            Err(Error::Conflict(_)) | Ok(_) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Error::Invalid(message))
}

async fn refused(
    view: &View,
    app: &App,
    student: &AssignmentStudent,
    sent: Sent,
    error: String,
    status: StatusCode,
) -> Result<Response> {
    super::assignment::again(view, app, &student.person, &student.standing, sent.texts, error, status).await
}

/// The reply to a hand-in that is stored: to a script the marked sheet, else a redirect to it.
async fn handed_in(view: &View, app: &App, student: &AssignmentStudent, id: Uuid, by_script: bool) -> Result<Response> {
    let address = format!("/attempts/{id}");
    if !by_script {
        return Ok(Redirect::to(&address).into_response());
    }
    let attempt = attempt::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    let member =
        AttemptMember { person: student.person.clone(), standing: student.standing.clone(), attempt, teaches: false };
    let page = result::page(view, app, &member, None).await?;
    let Html(html) = view.page("attempt/result.html", "assignment", page)?;
    let mut response = Html(html).into_response();
    let location = HeaderValue::from_str(&address).expect("an id fits a header");
    response.headers_mut().insert(http::HeaderName::from_static("x-location"), location);
    Ok(response)
}

/// `GET /attempts/{attempt}`: the marked sheet; an attempt that is still open is on the sheet itself.
pub async fn show(view: View, member: AttemptMember, State(app): State<App>) -> Result<Response> {
    if member.attempt.handed_in_at.is_none() && !member.teaches {
        return Ok(Redirect::to(&format!("/assignments/{}", member.attempt.assignment_id)).into_response());
    }
    let page = result::page(&view, &app, &member, None).await?;
    Ok(view.page("attempt/show.html", "assignment", page)?.into_response())
}

/// Where the device keeps the draft of an attempt.
pub(crate) fn draft_key(attempt: &attempt::Attempt) -> String {
    format!("{}:{}:{}", sheet::owner(attempt.person_id), attempt.assignment_id, attempt.number)
}

/// What a page says of an assignment's standing is the student's, whoever looks.
pub(crate) fn may_try_again(
    standing: &assignment::Standing,
    attempts: &[attempt::Attempt],
    now: DateTime<Utc>,
) -> bool {
    let used = crate::marks::used(&attempt::earned(attempts));
    standing.phase(now).takes_work() && !standing.archived && standing.assignment.rules.attempts_left(used) != Some(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A field's name and value: as a page sends them, and anything.
    fn pair() -> impl Strategy<Value = (String, String)> {
        let name = prop_oneof![
            3 => proptest::sample::select(vec!["attempt", "key", "answer.", "text."]).prop_map(str::to_owned),
            3 => (proptest::sample::select(vec!["answer.", "text."]), any::<u128>())
                .prop_map(|(kind, id)| format!("{kind}{}", Uuid::from_u128(id))),
            1 => ".{0,20}",
        ];
        (name, prop_oneof!["[0-9]{1,3}", "[0-9a-zA-Z-]{8,64}", "[\\x00-\\x{10ffff}]{0,40}"])
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_posted_is_refused_or_is_a_hand_in(pairs in proptest::collection::vec(pair(), 0..12)) {
            let whole = [("attempt".to_owned(), "1".to_owned()), ("key".to_owned(), "0123456789abcdef".to_owned())];
            for pairs in [pairs.clone(), pairs.into_iter().chain(whole).collect()] {
                if let Ok(sent) = read(pairs) {
                    prop_assert!(sent.number >= 1 && (8..=64).contains(&sent.key.len()));
                    prop_assert!(sent.texts.values().all(|text| !text.contains('\0')), "PostgreSQL stores no NUL");
                }
            }
        }
    }
}
