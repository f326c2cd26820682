//! The queue of answers that wait for a teacher: equal ones together, decided once, and undone again.

pub(super) mod answer;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use grader::assignment::{Points, Share};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::desk::{Desk, Head, Place};
use super::inquiry::queue::{self, WaitingView};
use super::inquiry::typed::Typed;
use crate::app::App;
use crate::error::{Error, Message, Result};
use crate::moment::Moment;
use crate::notice::Notice;
use crate::request::{Form, Path, Query};
use crate::store::give;
use crate::store::review::{self as store, Cluster, Decide, Decided};
use crate::view::View;
use crate::{points, regrade};
use answer::{in_place, per_cent, reason};

/// Past decisions on a page.
const PAST: i64 = 20;
/// Clusters on a page; behind them the rest comes as the first are decided.
const ON_PAGE: usize = 50;

/// What to show beside the queue.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    /// The decision just made.
    done: Option<Uuid>,
}

/// A decision as sent.
#[derive(Clone, Debug, Deserialize)]
pub struct Sent {
    /// The blank whose key takes it.
    blank: Uuid,
    /// Which answers: the digest of what they have in common.
    answers: String,
    /// `accept`, `part` or `reject`.
    decision: String,
    /// Per cent, for a part.
    #[serde(default)]
    share: String,
}

#[derive(Serialize)]
struct Page {
    head: Head,
    inquiries: Vec<WaitingView>,
    more_inquiries: usize,
    groups: Vec<Group>,
    waiting: usize,
    more: usize,
    done: Option<DoneView>,
    past: Vec<PastView>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Group {
    title: String,
    clusters: Vec<ClusterView>,
}

#[derive(Serialize)]
struct ClusterView {
    blank: Uuid,
    answers: String,
    place: String,
    html: String,
    sample: String,
    key: String,
    reason: String,
    count: i64,
    points: String,
    label: String,
}

#[derive(Serialize)]
struct DoneView {
    id: Uuid,
    text: String,
    students: Vec<StudentView>,
}

#[derive(Serialize)]
struct StudentView {
    name: String,
    href: String,
    points: String,
}

#[derive(Serialize)]
struct PastView {
    id: Uuid,
    place: String,
    text: String,
    name: String,
    at: Moment,
    undone: bool,
}

/// `GET /classes/{class}/review`
pub async fn show(view: View, desk: Desk, State(app): State<App>, Query(wanted): Query<Wanted>) -> Result<Response> {
    Ok(view
        .page("review/show.html", "class", page(&view, &desk, &app, wanted.done, None, None).await?)?
        .into_response())
}

/// `POST /classes/{class}/review`: decides a cluster and marks the class's answers anew.
pub async fn decide(view: View, desk: Desk, State(app): State<App>, Form(sent): Form<Sent>) -> Result<Response> {
    desk.writable()?;
    let refused = async |status: StatusCode, message: Message| {
        let page = page(&view, &desk, &app, None, None, Some(view.sentence(&message))).await?;
        Ok((status, view.page("review/show.html", "class", page)?).into_response())
    };
    let share = match sent.decision.as_str() {
        "accept" => Share::WHOLE,
        "reject" => Share::NONE,
        "part" => match per_cent(&sent.share) {
            Some(share) => share,
            None => return refused(StatusCode::UNPROCESSABLE_ENTITY, Message::new("review-share-malformed")).await,
        },
        _ => return Err(Error::invalid("review-decision-malformed")),
    };
    let waiting = store::waiting(&app.db, desk.class.id).await?;
    let of_blank = |cluster: &&Cluster| cluster.blank_id == sent.blank && digest(&cluster.normal_form) == sent.answers;
    let Some(cluster) = waiting.iter().find(of_blank) else {
        return refused(StatusCode::CONFLICT, Message::new("review-decided-meanwhile")).await;
    };
    let decide = Decide {
        class_id: desk.class.id,
        blank_id: cluster.blank_id,
        normal_form: cluster.normal_form.clone(),
        sample: cluster.sample.clone(),
        share,
        seen: cluster.key_version,
    };
    match store::decide(&app.db, desk.actor.clone(), decide, desk.now).await? {
        Decided::Done { decision, assignment } => {
            let regraded = regrade::assignment(&app, assignment).await?;
            let message = Message::new("review-decided").with("changed", regraded.changed);
            let to = format!("/classes/{}/review?done={decision}", desk.class.id);
            Ok(Notice::success(message).redirect(&to))
        }
        Decided::Meanwhile(_) => refused(StatusCode::CONFLICT, Message::new("review-decided-meanwhile")).await,
    }
}

/// `POST /classes/{class}/review/{decision}/undo`
pub async fn undo(desk: Desk, State(app): State<App>, Path((_, decision)): Path<(Uuid, Uuid)>) -> Result<Response> {
    desk.writable()?;
    let to = format!("/classes/{}/review", desk.class.id);
    Ok(match store::undo(&app.db, desk.actor.clone(), desk.class.id, decision, desk.now).await? {
        Some(assignment) => {
            let regraded = regrade::assignment(&app, assignment).await?;
            Notice::success(Message::new("review-undone").with("changed", regraded.changed)).redirect(&to)
        }
        None => Notice::info(Message::new("review-undone-already")).redirect(&to),
    })
}

/// The page with what was typed for one of the questions, and why it was refused.
pub(super) async fn with_typed(
    view: &View,
    desk: &Desk,
    app: &App,
    typed: Typed,
    status: StatusCode,
) -> Result<Response> {
    let page = page(view, desk, app, None, Some(typed), None).await?;
    Ok((status, view.page("review/show.html", "class", page)?).into_response())
}

async fn page(
    view: &View,
    desk: &Desk,
    app: &App,
    done: Option<Uuid>,
    typed: Option<Typed>,
    error: Option<String>,
) -> Result<Page> {
    let (inquiries, more_inquiries) = queue::waiting(view, desk, app, typed).await?;
    let clusters = store::waiting(&app.db, desk.class.id).await?;
    let waiting = clusters.len();
    let mut groups: Vec<(Uuid, Group)> = Vec::new();
    for cluster in clusters.iter().take(ON_PAGE) {
        if groups.last().is_none_or(|(id, _)| *id != cluster.assignment_id) {
            groups.push((cluster.assignment_id, Group { title: cluster.title.clone(), clusters: Vec::new() }));
        }
        if let Some((_, group)) = groups.last_mut() {
            group.clusters.push(cluster_view(cluster, view));
        }
    }
    let past = store::past(&app.db, desk.class.id, PAST).await?;
    let done = match done.and_then(|id| past.iter().find(|decision| decision.id == id && decision.undone_at.is_none()))
    {
        Some(decision) => Some(DoneView {
            id: decision.id,
            text: decision_text(&decision.sample, decision.credit, view),
            students: students(app, desk, decision.id).await?,
        }),
        None => None,
    };
    Ok(Page {
        head: desk.head(view, Place::Review, Vec::new()),
        inquiries,
        more_inquiries,
        groups: groups.into_iter().map(|(_, group)| group).collect(),
        waiting,
        more: waiting.saturating_sub(ON_PAGE),
        done,
        past: past
            .iter()
            .map(|decision| PastView {
                id: decision.id,
                place: place(&decision.title, &decision.number, decision.position, view),
                text: decision_text(&decision.sample, decision.credit, view),
                name: decision.name.clone(),
                at: desk.moment(decision.decided_at, view),
                undone: decision.undone_at.is_some(),
            })
            .collect(),
        error,
    })
}

async fn students(app: &App, desk: &Desk, decision: Uuid) -> Result<Vec<StudentView>> {
    let affected = store::affected(&app.db, desk.class.id, decision).await?;
    let student = |affected: store::Affected| StudentView {
        href: format!(
            "/classes/{}/gradebook/{}/{}?attempt={}",
            desk.class.id, affected.assignment_id, affected.person_id, affected.number
        ),
        name: affected.name,
        points: points::shown(affected.points),
    };
    Ok(affected.into_iter().map(student).collect())
}

fn cluster_view(cluster: &Cluster, view: &View) -> ClusterView {
    let html = in_place(&cluster.text, cluster.position, &cluster.sample);
    ClusterView {
        blank: cluster.blank_id,
        answers: digest(&cluster.normal_form),
        place: view
            .sentence(&Message::new("review-place").with("question", &cluster.number).with("blank", cluster.position)),
        html,
        sample: cluster.sample.clone(),
        key: give::key_text(&cluster.spec),
        reason: reason(&cluster.reason, view.language()),
        count: cluster.answers,
        points: points::shown(Points(cluster.points).times(Share::WHOLE).0),
        label: view.sentence(
            &Message::new("review-label")
                .with("answer", &cluster.sample)
                .with("question", &cluster.number)
                .with("blank", cluster.position),
        ),
    }
}

fn place(title: &str, number: &str, position: i64, view: &View) -> String {
    let place = Message::new("review-place").with("question", number).with("blank", position);
    format!("{title} · {}", view.sentence(&place))
}

/// `采纳“两天”` and so on.
fn decision_text(sample: &str, credit: i64, view: &View) -> String {
    let message = match credit {
        1_000_000.. => Message::new("review-accepted"),
        1.. => Message::new("review-accepted-part").with("share", points::exact(credit * 100)),
        _ => Message::new("review-rejected"),
    };
    view.sentence(&message.with("answer", sample))
}

/// What names a cluster in a form: whatever students wrote does not have to survive the way there and back.
fn digest(normal_form: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(normal_form.as_bytes())[..16])
}
