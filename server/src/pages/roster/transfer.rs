//! A student on the way to another class: what goes along is shown, then confirmed.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{address, id};
use crate::app::App;
use crate::auth::{self, ClassTeacher, OpenClass, PathPerson};
use crate::error::{Error, Message, Result};
use crate::notice::Notice;
use crate::pages::class::ClassHead;
use crate::request::{Form, Query};
use crate::store::class::Class;
use crate::store::gradebook::work;
use crate::store::person::Person;
use crate::store::roster::transfer::{self as store, Move};
use crate::transfer::{self, Plan};
use crate::view::View;

/// Where a student goes.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    to: String,
}

/// A transfer as confirmed.
#[derive(Deserialize)]
pub struct Confirmed {
    to: String,
    /// What the preview was made from.
    #[serde(default)]
    seen: String,
}

#[derive(Serialize)]
struct TransferPage {
    class: ClassHead,
    name: String,
    number: Option<String>,
    to: Uuid,
    to_name: String,
    seen: String,
    goes: usize,
    stays: usize,
    fates: Vec<FateView>,
}

/// What becomes of the work on one assignment.
#[derive(Serialize)]
pub(super) struct FateView {
    title: String,
    goes: bool,
    before: Option<String>,
    after: Option<String>,
    notes: Vec<String>,
}

impl FateView {
    /// All of a plan, what goes along first.
    pub(super) fn of(plan: &Plan, view: &View) -> Vec<Self> {
        let mut fates: Vec<Self> = plan
            .fates
            .iter()
            .map(|fate| Self {
                title: fate.title.clone(),
                goes: fate.goes,
                before: fate.before.map(transfer::shown),
                after: fate.after.map(transfer::shown),
                notes: fate.notes.iter().map(|note| view.sentence(note)).collect(),
            })
            .collect();
        fates.sort_by_key(|fate| !fate.goes);
        fates
    }
}

/// `GET /classes/{class}/roster/{person}/transfer?to=…`: what the student would take along.
pub async fn show(
    view: View,
    ClassTeacher { class, person: teacher }: ClassTeacher,
    State(app): State<App>,
    PathPerson(person): PathPerson,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let student = work::student(&app.db, class.id, person).await?;
    let student = student.filter(|student| student.left_at.is_none()).ok_or(Error::NotFound)?;
    if wanted.to.is_empty() {
        return Ok(Redirect::to(&address(&class)).into_response());
    }
    let to = target(&app, teacher, &class, &wanted.to).await?;
    let plan = plan(&app, Move { person_id: student.id, from: class.id, to: to.id }).await?;
    let page = TransferPage {
        class: ClassHead::new(&app, &class, view.language()),
        name: student.name,
        number: student.number,
        to: to.id,
        to_name: format!("{} {}", to.name, to.term),
        goes: plan.goes(),
        stays: plan.stays(),
        fates: FateView::of(&plan, &view),
        seen: plan.carry.version,
    };
    Ok(view.page("roster/transfer.html", "class", page)?.into_response())
}

/// `POST /classes/{class}/roster/{person}/transfer`: moves the student, if everything is as the preview showed it.
pub async fn confirm(
    OpenClass { class, teacher, actor }: OpenClass,
    State(app): State<App>,
    PathPerson(person): PathPerson,
    Form(form): Form<Confirmed>,
) -> Result<Response> {
    let to = target(&app, teacher, &class, &form.to).await?;
    let moved = Move { person_id: person, from: class.id, to: to.id };
    let plan = plan(&app, moved).await?;
    let back = format!("{}/{}/transfer?to={}", address(&class), moved.person_id, to.id);
    let changed = || Notice::info(Message::new("roster-transfer-changed")).redirect(&back);
    if plan.carry.version != form.seen {
        return Ok(changed());
    }
    let (goes, stays) = (plan.goes(), plan.stays());
    match store::transfer(&app.db, actor, plan.carry, app.clock.now()).await {
        Ok(()) => {
            let message =
                Message::new("roster-transferred").with("class", &to.name).with("goes", goes).with("stays", stays);
            Ok(Notice::success(message).redirect(&address(&class)))
        }
        Err(Error::Conflict(message)) if message.key == "roster-transfer-changed" => Ok(changed()),
        Err(error) => Err(error),
    }
}

/// The other class, which the teacher teaches as well and which is open.
async fn target(app: &App, teacher: Person, from: &Class, to: &str) -> Result<Class> {
    let to = auth::in_class(app, teacher, id(to)?).await?.into_teacher()?.class;
    to.require_open()?;
    match to.id == from.id {
        true => Err(Error::conflict("roster-same-class")),
        false => Ok(to),
    }
}

async fn plan(app: &App, moved: Move) -> Result<Plan> {
    let mut plans = transfer::plans(app, &[moved]).await?;
    plans.pop().ok_or_else(|| Error::internal("a move without a plan"))
}
