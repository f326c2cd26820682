//! One student's answers to one assignment, as the teacher sees them: verdicts with full reasons, keys, and points that can
//! be changed by hand.

mod answers;

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Message, Result};
use crate::marks;
use crate::moment::Moment;
use crate::notice::Notice;
use crate::pages::assignment::questions::{self, FileView, QuestionView};
use crate::pages::desk::{Desk, Head, Place};
use crate::points;
use crate::request::{Form, Path, Query};
use crate::store::assignment;
use crate::store::attempt::{self, Attempt};
use crate::store::draft;
use crate::store::gradebook::work::{self as store, NewOverride, Overridden};
use crate::view::View;
use answers::Work;

/// The longest reason for a change, in characters.
const LONGEST_REASON: usize = 500;

/// Which attempt to look at.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    /// Its number; the one that counts where none is named.
    attempt: Option<i64>,
}

/// A change by hand, as typed.
#[derive(Clone, Debug, Deserialize)]
pub struct Sent {
    /// Attempt.
    attempt: Uuid,
    /// Blank.
    blank: Uuid,
    /// Points as typed.
    points: String,
    /// Why.
    reason: String,
    /// The last change seen; empty: none.
    #[serde(default)]
    seen: String,
}

#[derive(Serialize)]
struct Page {
    head: Head,
    assignment: Uuid,
    title: String,
    student: StudentView,
    attempts: Vec<AttemptTab>,
    state: &'static str,
    attempt: Option<AttemptView>,
    questions: Vec<QuestionWork>,
    late_texts: Vec<LateText>,
    extension: String,
    error: Option<String>,
}

#[derive(Serialize)]
struct StudentView {
    id: Uuid,
    name: String,
    number: Option<String>,
    left: bool,
}

#[derive(Serialize)]
struct AttemptTab {
    label: String,
    href: String,
    current: bool,
    count: Option<String>,
}

#[derive(Serialize)]
struct AttemptView {
    id: Uuid,
    counts: bool,
    handed_in: Moment,
    by_bell: bool,
    uses_up: bool,
    before_late: String,
    late_per_cent: i64,
    total: String,
    receipt: Option<String>,
}

#[derive(Serialize)]
struct QuestionWork {
    view: QuestionView,
    blanks: Vec<BlankWork>,
    essay: Option<EssayWork>,
}

#[derive(Serialize)]
struct BlankWork {
    id: Uuid,
    position: i64,
    answer: String,
    points: String,
    of: String,
    seen: Option<Uuid>,
    typed_points: String,
    typed_reason: String,
    error: Option<String>,
    open: bool,
    history: Vec<Change>,
}

#[derive(Serialize)]
struct Change {
    points: String,
    reason: String,
    name: String,
    at: Moment,
}

#[derive(Serialize)]
struct EssayWork {
    text: String,
    files: Vec<FileView>,
    points: Option<String>,
    comment: Option<String>,
    href: String,
}

#[derive(Serialize)]
struct LateText {
    field: String,
    text: String,
    at: Moment,
}

/// A change that was refused: shown beside its field with what was typed.
struct Refused {
    sent: Sent,
    error: String,
}

/// `GET /classes/{class}/gradebook/{assignment}/{person}`
pub async fn show(
    view: View,
    desk: Desk,
    State(app): State<App>,
    Path((_, assignment, person)): Path<(Uuid, Uuid, Uuid)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let page = page(&view, &desk, &app, assignment, person, wanted.attempt, None).await?;
    Ok(view.page("gradebook/work.html", "class", page)?.into_response())
}

/// `POST /classes/{class}/gradebook/{assignment}/{person}`: changes the points of one answer.
pub async fn change(
    view: View,
    desk: Desk,
    State(app): State<App>,
    Path((_, assignment, person)): Path<(Uuid, Uuid, Uuid)>,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    desk.writable()?;
    let attempt = attempt::find(&app.db, sent.attempt).await?.filter(|found| found.class_id == desk.class.id);
    let attempt = attempt.filter(|found| found.assignment_id == assignment && found.person_id == person);
    let number = attempt.ok_or(Error::NotFound)?.number;
    let reason = sent.reason.trim().to_owned();
    let parsed = points::parse(&sent.points);
    let refused = match (parsed, reason.chars().count()) {
        (None, _) => Some(Message::new("gradebook-points-malformed")),
        (_, 0) => Some(Message::new("gradebook-reason-missing")),
        (_, length) if length > LONGEST_REASON => {
            Some(Message::new("gradebook-reason-long").with("most", LONGEST_REASON))
        }
        _ => None,
    };
    let outcome = match (refused, parsed) {
        (None, Some(points)) => {
            let new = NewOverride {
                class_id: desk.class.id,
                assignment_id: assignment,
                person_id: person,
                attempt_id: sent.attempt,
                blank_id: sent.blank,
                points,
                reason,
                seen: sent.seen.parse().ok(),
            };
            match store::change(&app.db, desk.actor.clone(), new, desk.now).await? {
                Overridden::Done => {
                    let to = format!(
                        "/classes/{}/gradebook/{assignment}/{person}?attempt={number}#blank-{}",
                        desk.class.id, sent.blank
                    );
                    let message = Message::new("gradebook-changed").with("points", points::shown(points));
                    return Ok(Notice::success(message).redirect(&to));
                }
                Overridden::Meanwhile => (StatusCode::CONFLICT, Message::new("gradebook-changed-meanwhile")),
                Overridden::TooMany(worth) => (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    Message::new("gradebook-points-too-many").with("most", points::exact(worth)),
                ),
            }
        }
        (refused, _) => (StatusCode::UNPROCESSABLE_ENTITY, refused.unwrap_or_default()),
    };
    let refused = Refused { sent, error: view.sentence(&outcome.1) };
    let page = page(&view, &desk, &app, assignment, person, Some(number), Some(refused)).await?;
    Ok((outcome.0, view.page("gradebook/work.html", "class", page)?).into_response())
}

async fn page(
    view: &View,
    desk: &Desk,
    app: &App,
    assignment_id: Uuid,
    person: Uuid,
    wanted: Option<i64>,
    refused: Option<Refused>,
) -> Result<Page> {
    let student = store::student(&app.db, desk.class.id, person).await?.ok_or(Error::NotFound)?;
    let standing = assignment::standing(&app.db, assignment_id, person).await?.ok_or(Error::NotFound)?;
    let assignment = &standing.assignment;
    if assignment.class_id != desk.class.id {
        return Err(Error::NotFound);
    }
    let attempts = attempt::list(&app.db, assignment_id, person).await?;
    let counting = marks::counting(assignment.rules.counting, &attempt::earned(&attempts)).map(|earned| earned.number);
    let shown = wanted
        .and_then(|number| attempts.iter().find(|attempt| attempt.number == number))
        .or_else(|| attempts.iter().find(|attempt| Some(attempt.number) == counting))
        .or(attempts.last());
    let base = format!("/classes/{}/gradebook/{assignment_id}", desk.class.id);
    let mut page = Page {
        head: desk.head(
            view,
            Place::Gradebook,
            vec![(assignment.title.clone(), Some(base.clone())), (student.name.clone(), None)],
        ),
        assignment: assignment_id,
        title: assignment.title.clone(),
        attempts: attempts
            .iter()
            .map(|attempt| tab(attempt, shown, counting, &format!("{base}/{person}"), view))
            .collect(),
        state: if attempts.is_empty() { "not-started" } else { "writing" },
        attempt: None,
        questions: Vec::new(),
        late_texts: Vec::new(),
        extension: format!("/classes/{}/assign/{assignment_id}/extensions?student={person}", desk.class.id),
        error: refused.as_ref().map(|refused| refused.error.clone()),
        student: StudentView {
            id: person,
            name: student.name,
            number: student.number,
            left: student.left_at.is_some(),
        },
    };
    let Some(attempt) = shown else { return Ok(page) };
    let form = app.forms.find(&app.db, assignment).await?;
    if let Some((earned, at)) = attempt.earned().zip(attempt.handed_in_at) {
        page.state = "handed-in";
        page.attempt = Some(AttemptView {
            id: attempt.id,
            counts: Some(attempt.number) == counting,
            handed_in: desk.moment(at, view),
            by_bell: attempt.handed_in_by.as_deref() == Some("bell"),
            uses_up: attempt.counts,
            before_late: points::shown(earned.before_late()),
            late_per_cent: earned.late_per_cent,
            total: points::shown(earned.total()),
            receipt: attempt.receipt(),
        });
        let work = Work::load(app, attempt).await?;
        let views = questions::questions(app, assignment, &form, view.language());
        page.questions = form
            .questions
            .iter()
            .zip(views)
            .map(|(question, shown)| work.question(question, shown, desk, view, refused.as_ref()))
            .collect();
    }
    let numbers: HashMap<Uuid, String> = form
        .questions
        .iter()
        .flat_map(|question| {
            let blanks =
                question.blanks.iter().map(|blank| (blank.id, format!("{}.{}", question.number, blank.position)));
            blanks.chain([(question.id, question.number.clone())])
        })
        .collect();
    page.late_texts = draft::of_attempt(&app.db, attempt.id)
        .await?
        .into_iter()
        .filter(|stored| stored.late && !stored.field.text.is_empty())
        .filter_map(|stored| {
            let field = numbers.get(&stored.field.field)?.clone();
            Some(LateText { field, text: stored.field.text, at: desk.moment(stored.updated_at, view) })
        })
        .collect();
    Ok(page)
}

fn tab(attempt: &Attempt, shown: Option<&Attempt>, counting: Option<i64>, base: &str, view: &View) -> AttemptTab {
    let key = if Some(attempt.number) == counting { "gradebook-attempt-counting" } else { "gradebook-attempt" };
    AttemptTab {
        label: view.sentence(&Message::new(key).with("number", attempt.number)),
        href: format!("{base}?attempt={}", attempt.number),
        current: shown.is_some_and(|shown| shown.id == attempt.id),
        count: attempt.earned().map(|earned| points::shown(earned.total())),
    }
}
