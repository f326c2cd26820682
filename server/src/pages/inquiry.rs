//! Asking about a mark, beside it on the marked sheet; answering, on the page of what waits for the teacher. Neither form
//! holds anything of a key that its reader may not see.

pub mod queue;
pub mod sheet;
pub mod typed;

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use grader::assignment::Share;
use uuid::Uuid;

use super::attempt::result;
use super::desk::Desk;
use super::{draft, review};
use crate::app::App;
use crate::auth::{AttemptMember, AttemptStudent};
use crate::error::{Error, Message, Result};
use crate::notice::Notice;
use crate::request::{Form, Path};
use crate::store::inquiry::{self as store, A_DAY, Asked, Change, LONGEST, New, Replied, Reply, Waiting};
use crate::store::person::Actor;
use crate::store::{assignment, attempt};
use crate::view::View;
use crate::{marking, points, regrade};
use typed::{Sent, Typed};

/// `POST /attempts/{attempt}/inquiries`: a student asks about one blank or essay.
pub async fn ask(
    view: View,
    AttemptStudent(member): AttemptStudent,
    actor: Actor,
    State(app): State<App>,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    if member.standing.archived {
        return Err(Error::conflict("class-is-archived"));
    }
    let now = app.clock.now();
    let rules = &member.standing.assignment.rules;
    if member.attempt.handed_in_at.is_none() || !rules.reveals_verdicts(member.standing.phase(now)) {
        return Err(Error::conflict("inquiry-not-yet"));
    }
    let question = question_of(&app, &member, sent.field).await?.ok_or(Error::NotFound)?;
    let text = draft::clean(sent.text.clone()).trim().to_owned();
    let (status, refused) = match check(&text) {
        Some(message) => (StatusCode::UNPROCESSABLE_ENTITY, message),
        None => {
            let new = New { class_id: member.attempt.class_id, attempt_id: member.attempt.id, field: sent.field, text };
            match store::ask(&app.db, actor, new, now).await? {
                Asked::Done => {
                    let to = format!("/attempts/{}#question-{question}", member.attempt.id);
                    return Ok(Notice::success(Message::new("inquiry-asked")).redirect(&to));
                }
                Asked::Already => (StatusCode::CONFLICT, Message::new("inquiry-open-already")),
                Asked::TooMany => (StatusCode::TOO_MANY_REQUESTS, Message::new("inquiry-too-many").with("most", A_DAY)),
            }
        }
    };
    let typed = Typed { about: sent.field, error: view.sentence(&refused), sent };
    let page = result::page(&view, &app, &member, Some(typed)).await?;
    Ok((status, view.page("attempt/show.html", "assignment", page)?).into_response())
}

/// The question that a mark of the attempt stands in, if there is such a mark: not of what waits for the teacher anyway.
async fn question_of(app: &App, member: &AttemptMember, field: Uuid) -> Result<Option<Uuid>> {
    let form = app.forms.find(&app.db, &member.standing.assignment).await?;
    if form.essays().any(|question| question.id == field) {
        let essays = attempt::essays(&app.db, member.attempt.id).await?;
        return Ok(essays.iter().any(|essay| essay.question_id == field && essay.points.is_some()).then_some(field));
    }
    let has = |question: &&assignment::Question| question.blanks.iter().any(|blank| blank.id == field);
    let Some(question) = form.questions.iter().find(has) else { return Ok(None) };
    let answers = attempt::answers(&app.db, member.attempt.id).await?;
    let is_marked = |answer: &attempt::Answer| {
        answer.blank_id == field && (answer.verdict != "review" || answer.override_points.is_some())
    };
    Ok(answers.iter().any(is_marked).then_some(question.id))
}

/// What is wrong with a text.
fn check(text: &str) -> Option<Message> {
    match text.chars().count() {
        0 => Some(Message::new("inquiry-empty")),
        length if length > LONGEST => Some(Message::new("inquiry-long").with("most", LONGEST)),
        _ => None,
    }
}

/// `POST /classes/{class}/review/inquiries/{inquiry}`: answers a question, and changes the mark if the teacher wants.
pub async fn reply(
    view: View,
    desk: Desk,
    State(app): State<App>,
    Path((_, inquiry)): Path<(Uuid, Uuid)>,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    desk.writable()?;
    let to = format!("/classes/{}/review#inquiries", desk.class.id);
    let already = || Notice::info(Message::new("inquiry-answered-already")).redirect(&to);
    let Some(found) = store::find(&app.db, desk.class.id, inquiry).await? else { return Ok(already()) };
    let (assignment, blanks) = (found.assignment_id, found.blank_id.is_some());
    let text = draft::clean(sent.text.clone()).trim().to_owned();
    let refused = match (check(&text), change(&app, &found, &sent).await?) {
        (Some(message), _) | (None, Err(message)) => (StatusCode::UNPROCESSABLE_ENTITY, message),
        (None, Ok(change)) => {
            let changes = !matches!(change, Change::Nothing);
            let reply = Reply { inquiry: found, class_id: desk.class.id, text, change };
            match store::reply(&app.db, desk.actor.clone(), reply, desk.now).await? {
                Replied::Done if changes && blanks => {
                    let regraded = regrade::assignment(&app, assignment).await?;
                    let message = Message::new("inquiry-replied-decided").with("changed", regraded.changed);
                    return Ok(Notice::success(message).redirect(&to));
                }
                Replied::Done => {
                    let key = if changes { "inquiry-replied-marked" } else { "inquiry-replied" };
                    return Ok(Notice::success(Message::new(key)).redirect(&to));
                }
                Replied::Already => return Ok(already()),
                Replied::Meanwhile => (StatusCode::CONFLICT, Message::new("inquiry-changed-meanwhile")),
                Replied::TooMany(most) => (
                    StatusCode::UNPROCESSABLE_ENTITY,
                    Message::new("mark-points-too-many").with("most", points::exact(most)),
                ),
            }
        }
    };
    let (status, message) = refused;
    let typed = Typed { about: inquiry, error: view.sentence(&message), sent };
    review::with_typed(&view, &desk, &app, typed, status).await
}

/// What the form wants to happen to the mark, or what is wrong with it.
async fn change(app: &App, inquiry: &Waiting, sent: &Sent) -> Result<Result<Change, Message>> {
    let Some(blank) = inquiry.blank_id else {
        return Ok(match points::parse(&sent.points) {
            _ if sent.points.trim().is_empty() => Ok(Change::Nothing),
            Some(points) if Some(points) == inquiry.mark_points => Ok(Change::Nothing),
            Some(points) => Ok(Change::Mark { points, seen: sent.seen.parse().ok() }),
            None => Err(Message::new("gradebook-points-malformed")),
        });
    };
    let share = match sent.decision.as_str() {
        "keep" | "" => return Ok(Ok(Change::Nothing)),
        "accept" => Share::WHOLE,
        "reject" => Share::NONE,
        "part" => match review::answer::per_cent(&sent.share) {
            Some(share) => share,
            None => return Ok(Err(Message::new("review-share-malformed"))),
        },
        _ => return Ok(Err(Message::new("review-decision-malformed"))),
    };
    // Points given by hand hold whatever is decided about equal answers.
    if inquiry.by_hand.is_some() {
        return Ok(Err(Message::new("inquiry-by-hand")));
    }
    let assignment = assignment::find(&app.db, inquiry.assignment_id).await?.ok_or(Error::NotFound)?;
    let form = app.forms.find(&app.db, &assignment).await?;
    let answers = attempt::answers(&app.db, inquiry.attempt_id).await?;
    let texts: HashMap<Uuid, String> = answers.into_iter().map(|answer| (answer.blank_id, answer.text)).collect();
    let target = marking::decided_at(&form, blank, |id| texts.get(&id).cloned().unwrap_or_default());
    let target = target.ok_or(Error::NotFound)?;
    let now = form.blanks().find(|known| known.id == target).map_or(0, |known| known.key_version);
    let seen = if target == blank { sent.seen.parse().unwrap_or(now) } else { now };
    Ok(Ok(Change::Decide { blank_id: target, share, seen }))
}
