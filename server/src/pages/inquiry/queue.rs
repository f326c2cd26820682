//! The questions about marks that wait for the teacher.

use grader::assignment::Blank;
use serde::Serialize;
use uuid::Uuid;

use super::typed::Typed;
use crate::app::App;
use crate::error::{Error, Message, Result};
use crate::moment::Moment;
use crate::pages::desk::Desk;
use crate::pages::review::answer;
use crate::points;
use crate::store::give;
use crate::store::inquiry::{self as store, LONGEST, Waiting};
use crate::view::View;

/// Questions on a page; behind them the rest comes as the first are answered.
const ON_PAGE: usize = 30;

/// A question that waits, for the teacher.
#[derive(Debug, Serialize)]
pub struct WaitingView {
    id: Uuid,
    student: String,
    work: String,
    place: String,
    at: Moment,
    text: String,
    /// The question with the answer in its blank, as HTML.
    html: Option<String>,
    essay: Option<String>,
    key: Option<String>,
    reason: String,
    points: String,
    of: String,
    equal: i64,
    by_hand: bool,
    seen: String,
    typed: TypedView,
    most: usize,
}

#[derive(Debug, Default, Serialize)]
struct TypedView {
    text: String,
    decision: String,
    share: String,
    points: String,
    error: Option<String>,
}

/// The questions that wait for the teacher, and how many more there are.
pub async fn waiting(view: &View, desk: &Desk, app: &App, typed: Option<Typed>) -> Result<(Vec<WaitingView>, usize)> {
    let waiting = store::waiting(&app.db, desk.class.id, ON_PAGE as i64).await?;
    let more = match waiting.len() {
        ON_PAGE => usize::try_from(store::count(&app.db, desk.class.id).await?).unwrap_or(0).saturating_sub(ON_PAGE),
        _ => 0,
    };
    let typed = |id: Uuid| typed.as_ref().filter(|typed| typed.about == id);
    let views = waiting.iter().map(|inquiry| waiting_view(inquiry, typed(inquiry.id), view, desk));
    Ok((views.collect::<Result<_>>()?, more))
}

fn waiting_view(inquiry: &Waiting, typed: Option<&Typed>, view: &View, desk: &Desk) -> Result<WaitingView> {
    let spec: Option<Blank> = inquiry.spec.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?;
    let answer = inquiry.answer.clone().unwrap_or_default();
    let place = match inquiry.position {
        Some(position) => Message::new("review-place").with("question", &inquiry.number).with("blank", position),
        None => Message::new("gradebook-question").with("number", &inquiry.number),
    };
    let attempt = view.sentence(&Message::new("gradebook-attempt").with("number", inquiry.attempt));
    let now = inquiry.by_hand.or(inquiry.answer_points).or(inquiry.mark_points).unwrap_or(0);
    Ok(WaitingView {
        id: inquiry.id,
        student: inquiry.name.clone(),
        work: format!(
            "/classes/{}/gradebook/{}/{}?attempt={}",
            desk.class.id, inquiry.assignment_id, inquiry.person_id, inquiry.attempt
        ),
        place: format!("{} · {} · {attempt}", inquiry.title, view.sentence(&place)),
        at: desk.moment(inquiry.asked_at, view),
        text: inquiry.text.clone(),
        html: inquiry.position.map(|position| answer::in_place(&inquiry.question_text, position, &answer)),
        essay: inquiry.essay.clone(),
        key: spec.as_ref().map(give::key_text),
        reason: inquiry.reason.as_deref().map(|reason| answer::reason(reason, view.language())).unwrap_or_default(),
        points: points::shown(now),
        of: points::shown(inquiry.blank_points.unwrap_or(inquiry.question_points)),
        equal: inquiry.equal,
        by_hand: inquiry.by_hand.is_some(),
        seen: match inquiry.key_version {
            Some(version) => version.to_string(),
            None => inquiry.mark_id.map(|id| id.to_string()).unwrap_or_default(),
        },
        typed: TypedView {
            text: typed.map(|typed| typed.sent.text.clone()).unwrap_or_default(),
            decision: typed.map_or_else(|| "keep".to_owned(), |typed| typed.sent.decision.clone()),
            share: typed.map_or_else(|| "50".to_owned(), |typed| typed.sent.share.clone()),
            points: typed.map_or_else(|| points::exact(now), |typed| typed.sent.points.clone()),
            error: typed.map(|typed| typed.error.clone()),
        },
        most: LONGEST,
    })
}
