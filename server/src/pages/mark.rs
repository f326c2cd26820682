//! Marking essays and projects by hand, question by question, in an order that favours nobody.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use grader::assignment::with_placeholders;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::assignment::questions::FileView;
use super::desk::{Desk, Head, Place};
use crate::app::App;
use crate::error::{Error, Message, Result};
use crate::markdown::{self, References};
use crate::moment::Moment;
use crate::notice::Notice;
use crate::points;
use crate::request::{Form, Path, Query};
use crate::store::assignment::Kind;
use crate::store::attachment;
use crate::store::mark::{self as store, HandIn, Marked, NewMark, Pile};
use crate::view::View;

/// The longest comment, in characters.
const LONGEST_COMMENT: usize = 4_000;

/// How to show a text.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    /// `1`: with the student's name.
    #[serde(default)]
    names: String,
}

/// A mark as typed.
#[derive(Clone, Debug, Deserialize)]
pub struct Sent {
    /// Points as typed.
    points: String,
    /// What the student reads beside it.
    #[serde(default)]
    comment: String,
    /// The last mark seen; empty: none.
    #[serde(default)]
    seen: String,
    /// `1`: names are shown.
    #[serde(default)]
    names: String,
}

#[derive(Serialize)]
struct ListPage {
    head: Head,
    piles: Vec<PileView>,
    waiting: usize,
}

#[derive(Serialize)]
struct PileView {
    title: String,
    question: String,
    is_project: bool,
    handed_in: usize,
    waiting: usize,
    href: Option<String>,
}

#[derive(Serialize)]
struct Page {
    head: Head,
    title: String,
    question: String,
    question_html: String,
    is_project: bool,
    rubric: Option<String>,
    text: String,
    files: Vec<FileView>,
    name: Option<String>,
    number: Option<String>,
    attempt: i64,
    handed_in: Moment,
    late_per_cent: i64,
    place: usize,
    of: usize,
    waiting: usize,
    points: String,
    typed_points: String,
    typed_comment: String,
    points_error: Option<String>,
    comment_error: Option<String>,
    error: Option<String>,
    seen: Option<Uuid>,
    history: Vec<GivenView>,
    action: String,
    names: bool,
    names_href: String,
    previous: Option<String>,
    next: Option<String>,
}

#[derive(Serialize)]
struct GivenView {
    points: String,
    comment: String,
    name: String,
    at: Moment,
}

/// What was refused, with what was typed.
struct Refused {
    sent: Sent,
    points: Option<Message>,
    comment: Option<Message>,
    whole: Option<Message>,
}

/// `GET /classes/{class}/mark`
pub async fn list(view: View, desk: Desk, State(app): State<App>) -> Result<Html<String>> {
    let piles = store::piles(&app.db, desk.class.id, None).await?;
    let waiting = piles.iter().map(Pile::waiting).sum();
    let piles = piles.iter().map(|pile| PileView {
        title: pile.question.title.clone(),
        question: view.sentence(&Message::new("gradebook-question").with("number", &pile.question.number)),
        is_project: pile.question.kind == Kind::Project,
        handed_in: pile.hand_ins.len(),
        waiting: pile.waiting(),
        href: first(&pile.hand_ins).map(|hand_in| address(&desk, pile.question.id, hand_in.attempt_id, false)),
    });
    let page = ListPage { piles: piles.collect(), waiting, head: desk.head(&view, Place::Mark, Vec::new()) };
    view.page("mark/list.html", "class", page)
}

/// `GET /classes/{class}/mark/{question}/{attempt}`
pub async fn show(
    view: View,
    desk: Desk,
    State(app): State<App>,
    Path((_, question, attempt)): Path<(Uuid, Uuid, Uuid)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let page = page(&view, &desk, &app, question, attempt, wanted.names == "1", None).await?;
    Ok(view.page("mark/show.html", "class", page)?.into_response())
}

/// `POST /classes/{class}/mark/{question}/{attempt}`: gives a mark and goes on to the next text that waits.
pub async fn give(
    view: View,
    desk: Desk,
    State(app): State<App>,
    Path((_, question, attempt)): Path<(Uuid, Uuid, Uuid)>,
    Form(sent): Form<Sent>,
) -> Result<Response> {
    desk.writable()?;
    let names = sent.names == "1";
    let comment = sent.comment.trim().to_owned();
    let parsed = points::parse(&sent.points);
    let mut refused = Refused { sent, points: None, comment: None, whole: None };
    if comment.chars().count() > LONGEST_COMMENT {
        refused.comment = Some(Message::new("mark-comment-long").with("most", LONGEST_COMMENT));
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    match parsed {
        None => refused.points = Some(Message::new("gradebook-points-malformed")),
        Some(points) if refused.comment.is_none() => {
            let new = NewMark {
                class_id: desk.class.id,
                question_id: question,
                attempt_id: attempt,
                points,
                comment,
                seen: refused.sent.seen.parse().ok(),
            };
            match store::give(&app.db, desk.actor.clone(), new, desk.now).await? {
                Marked::Done => return go_on(&app, &desk, question, attempt, names, points).await,
                Marked::Meanwhile => {
                    status = StatusCode::CONFLICT;
                    refused.whole = Some(Message::new("mark-marked-meanwhile"));
                }
                Marked::TooMany(worth) => {
                    refused.points = Some(Message::new("mark-points-too-many").with("most", points::exact(worth)));
                }
            }
        }
        Some(_) => {}
    }
    let page = page(&view, &desk, &app, question, attempt, names, Some(refused)).await?;
    Ok((status, view.page("mark/show.html", "class", page)?).into_response())
}

/// Leads to the next text of the question that waits, or to the list when none does.
async fn go_on(app: &App, desk: &Desk, question: Uuid, attempt: Uuid, names: bool, points: i64) -> Result<Response> {
    let piles = store::piles(&app.db, desk.class.id, Some(question)).await?;
    let hand_ins = piles.first().map(|pile| pile.hand_ins.as_slice()).unwrap_or_default();
    let place = hand_ins.iter().position(|hand_in| hand_in.attempt_id == attempt).unwrap_or(0);
    let next = hand_ins[place..].iter().chain(&hand_ins[..place]).find(|hand_in| hand_in.points.is_none());
    Ok(match next {
        Some(next) => Notice::success(Message::new("mark-given-next").with("points", points::shown(points)))
            .redirect(&address(desk, question, next.attempt_id, names)),
        None => Notice::success(Message::new("mark-given-last").with("points", points::shown(points)))
            .redirect(&format!("/classes/{}/mark", desk.class.id)),
    })
}

async fn page(
    view: &View,
    desk: &Desk,
    app: &App,
    question: Uuid,
    attempt: Uuid,
    names: bool,
    refused: Option<Refused>,
) -> Result<Page> {
    let sheet = store::sheet(&app.db, desk.class.id, question, attempt).await?.ok_or(Error::NotFound)?;
    let piles = store::piles(&app.db, desk.class.id, Some(question)).await?;
    let pile = piles.first().ok_or(Error::NotFound)?;
    let asked = &pile.question;
    let is_project = asked.kind == Kind::Project;
    let given = store::given(&app.db, question, attempt).await?;
    let files = attachment::of_attempt(&app.db, attempt).await?;
    let place = pile.hand_ins.iter().position(|hand_in| hand_in.attempt_id == attempt);
    let at = |place: Option<usize>| {
        place
            .and_then(|place| pile.hand_ins.get(place))
            .map(|hand_in| address(desk, question, hand_in.attempt_id, names))
    };
    let number = view.sentence(&Message::new("gradebook-question").with("number", &asked.number));
    let action = format!("/classes/{}/mark/{question}/{attempt}", desk.class.id);
    let sentence = |message: &Option<Message>| message.as_ref().map(|message| view.sentence(message));
    let last = given.first();
    Ok(Page {
        head: desk.head(view, Place::Mark, vec![(format!("{} · {number}", asked.title), None)]),
        title: asked.title.clone(),
        question: number,
        question_html: markdown::to_html(&with_placeholders(&asked.text), &References::none()),
        is_project,
        rubric: asked.rubric.as_deref().map(|rubric| markdown::to_html(rubric, &References::none())),
        text: sheet.text,
        files: FileView::of_question(&files, question),
        // A project is the class's; who sent it is no secret.
        name: (names || is_project).then_some(sheet.name),
        number: sheet.number.filter(|_| names || is_project),
        attempt: sheet.attempt,
        handed_in: desk.moment(sheet.handed_in_at, view),
        late_per_cent: if is_project { 0 } else { sheet.late_per_cent },
        place: place.map_or(0, |place| place + 1),
        of: pile.hand_ins.len(),
        waiting: pile.waiting(),
        points: points::exact(asked.points),
        typed_points: match &refused {
            Some(refused) => refused.sent.points.clone(),
            None => last.map(|mark| points::exact(mark.points)).unwrap_or_default(),
        },
        typed_comment: match &refused {
            Some(refused) => refused.sent.comment.clone(),
            None => last.map(|mark| mark.comment.clone()).unwrap_or_default(),
        },
        points_error: refused.as_ref().and_then(|refused| sentence(&refused.points)),
        comment_error: refused.as_ref().and_then(|refused| sentence(&refused.comment)),
        error: refused.as_ref().and_then(|refused| sentence(&refused.whole)),
        seen: last.map(|mark| mark.id),
        history: given
            .iter()
            .map(|mark| GivenView {
                points: points::exact(mark.points),
                comment: mark.comment.clone(),
                name: mark.name.clone(),
                at: desk.moment(mark.marked_at, view),
            })
            .collect(),
        names_href: format!("{action}{}", if names { "" } else { "?names=1" }),
        action,
        names,
        previous: at(place.and_then(|place| place.checked_sub(1))),
        next: at(place.map(|place| place + 1)),
    })
}

/// Where to begin: the first that waits, else the first.
fn first(hand_ins: &[HandIn]) -> Option<&HandIn> {
    hand_ins.iter().find(|hand_in| hand_in.points.is_none()).or(hand_ins.first())
}

fn address(desk: &Desk, question: Uuid, attempt: Uuid, names: bool) -> String {
    format!("/classes/{}/mark/{question}/{attempt}{}", desk.class.id, if names { "?names=1" } else { "" })
}
