//! Later times for single students: who has one, giving one with its reason, taking it away.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{form_time, local_time};
use crate::app::App;
use crate::error::{Error, Message, Result};
use crate::moment::Moment;
use crate::notice::Notice;
use crate::pages::desk::{Desk, Head, Place};
use crate::request::{Form, Path, Query};
use crate::store::give::extension::{self as store, New};
use crate::store::{give, gradebook};
use crate::view::View;

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// Whom it is about.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    /// A student to choose in the form.
    student: Option<Uuid>,
}

/// A later time as typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sent {
    #[serde(default)]
    student: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    closes: String,
    #[serde(default)]
    reason: String,
}

/// Whose later time to take away.
#[derive(Debug, Deserialize)]
pub struct Take {
    /// Student.
    student: Uuid,
}

#[derive(Serialize)]
struct Page {
    head: Head,
    id: Uuid,
    title: String,
    zone: String,
    due: Option<Moment>,
    closes: Option<Moment>,
    given: Vec<Row>,
    students: Vec<Choice>,
    form: Sent,
    errors: Errors,
}

#[derive(Serialize)]
struct Row {
    student: Uuid,
    name: String,
    number: Option<String>,
    due: Option<Moment>,
    closes: Option<Moment>,
    reason: String,
    giver: String,
    at: Moment,
}

/// An entry of the list of students.
#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

#[derive(Default, Serialize)]
struct Errors {
    student: Option<String>,
    due: Option<String>,
    closes: Option<String>,
    reason: Option<String>,
}

/// `GET /classes/{class}/assign/{assignment}/extensions`
pub async fn show(
    view: View,
    desk: Desk,
    State(app): State<App>,
    Path((_, assignment)): Path<(Uuid, Uuid)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let given = store::list(&app.db, assignment).await?;
    let known = given.iter().find(|given| Some(given.person_id) == wanted.student);
    let form = Sent {
        student: wanted.student.map(|student| student.to_string()).unwrap_or_default(),
        due: form_time(known.and_then(|known| known.due_at), desk.zone),
        closes: form_time(known.and_then(|known| known.closes_at), desk.zone),
        reason: known.map(|known| known.reason.clone()).unwrap_or_default(),
    };
    let page = page(&view, &desk, &app, assignment, form, Errors::default()).await?;
    Ok(view.page("give/extensions.html", "class", page)?.into_response())
}

/// `POST /classes/{class}/assign/{assignment}/extensions`
pub async fn give(
    view: View,
    desk: Desk,
    State(app): State<App>,
    Path((_, assignment)): Path<(Uuid, Uuid)>,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    desk.writable()?;
    let listed = give::find(&app.db, desk.class.id, assignment).await?.ok_or(Error::NotFound)?;
    let rules = &listed.assignment.rules;
    let mut errors = Errors::default();
    let word = |message: &Message| Some(view.sentence(message));
    let due_at = local_time(&sent.due, desk.zone).unwrap_or_else(|message| {
        errors.due = word(&message);
        None
    });
    let closes_at = local_time(&sent.closes, desk.zone).unwrap_or_else(|message| {
        errors.closes = word(&message);
        None
    });
    let reason = sent.reason.trim().to_owned();
    let student: Option<Uuid> = sent.student.parse().ok();
    if student.is_none() {
        errors.student = word(&Message::new("give-extension-student-missing"));
    }
    if due_at.is_none() && closes_at.is_none() && errors.due.is_none() && errors.closes.is_none() {
        errors.due = word(&Message::new("give-extension-time-missing"));
    }
    if due_at.is_some_and(|at| rules.due_at.is_none_or(|due| at <= due)) {
        errors.due = word(&Message::new("give-extension-not-later"));
    }
    if closes_at.is_some_and(|at| rules.times(None).closes_at.is_none_or(|closes| at <= closes)) {
        errors.closes = word(&Message::new("give-extension-not-later"));
    }
    if due_at.or(rules.due_at).zip(closes_at).is_some_and(|(due, closes)| closes < due) {
        errors.closes = word(&Message::new("give-closes-before-due"));
    }
    if reason.is_empty() {
        errors.reason = word(&Message::new("give-extension-reason-missing"));
    } else if reason.chars().count() > LONGEST_REASON {
        errors.reason = word(&Message::new("gradebook-reason-long").with("most", LONGEST_REASON));
    }
    let fine = [&errors.student, &errors.due, &errors.closes, &errors.reason].iter().all(|error| error.is_none());
    if let (true, Some(person_id)) = (fine, student) {
        let new = New { class_id: desk.class.id, assignment_id: assignment, person_id, due_at, closes_at, reason };
        store::give(&app.db, desk.actor.clone(), new, desk.now).await?;
        let to = format!("/classes/{}/assign/{assignment}/extensions", desk.class.id);
        return Ok(Notice::success(Message::new("give-extension-given")).redirect(&to));
    }
    let page = page(&view, &desk, &app, assignment, sent, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, view.page("give/extensions.html", "class", page)?).into_response())
}

/// `POST /classes/{class}/assign/{assignment}/extensions/take`
pub async fn take(
    desk: Desk,
    State(app): State<App>,
    Path((_, assignment)): Path<(Uuid, Uuid)>,
    Form(sent): Form<Take>,
) -> Result<Response> {
    desk.writable()?;
    store::take(&app.db, desk.actor.clone(), desk.class.id, assignment, sent.student, desk.now).await?;
    let to = format!("/classes/{}/assign/{assignment}/extensions", desk.class.id);
    Ok(Notice::success(Message::new("give-extension-taken")).redirect(&to))
}

async fn page(view: &View, desk: &Desk, app: &App, assignment: Uuid, form: Sent, errors: Errors) -> Result<Page> {
    let listed = give::find(&app.db, desk.class.id, assignment).await?.ok_or(Error::NotFound)?;
    let times = listed.assignment.rules.times(None);
    let moment = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| desk.moment(at, view));
    let given = store::list(&app.db, assignment).await?;
    let mut students =
        vec![Choice { value: String::new(), label: view.sentence(&Message::new("give-extension-choose")) }];
    students.extend(
        gradebook::students(&app.db, desk.class.id).await?.into_iter().filter(|student| student.left_at.is_none()).map(
            |student| Choice {
                value: student.id.to_string(),
                label: [student.number.unwrap_or_default(), student.name].join(" ").trim().to_owned(),
            },
        ),
    );
    let base = format!("/classes/{}/assign/{assignment}", desk.class.id);
    let own = view.sentence(&Message::new("give-extensions-title"));
    Ok(Page {
        head: desk.head(view, Place::Give, vec![(listed.assignment.title.clone(), Some(base)), (own, None)]),
        id: assignment,
        title: listed.assignment.title,
        zone: desk.zone.name().to_owned(),
        due: moment(times.due_at),
        closes: moment(times.closes_at),
        given: given
            .into_iter()
            .map(|given| Row {
                student: given.person_id,
                name: given.name,
                number: given.number,
                due: moment(given.due_at),
                closes: moment(given.closes_at),
                reason: given.reason,
                giver: given.giver,
                at: desk.moment(given.given_at, view),
            })
            .collect(),
        students,
        form,
        errors,
    })
}
