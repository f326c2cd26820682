//! Assignments as their students meet them: the list, and the sheet to fill in.

pub mod asking;
pub mod questions;
pub mod sheet;
pub mod terms;

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::auth::{AssignmentMember, SignedIn};
use crate::error::Result;
use crate::marks;
use crate::moment::Moment;
use crate::points;
use crate::request::Query;
use crate::rules::Phase;
use crate::store::assignment::{self, Standing};
use crate::store::attempt::{self, Attempt};
use crate::view::View;

pub use sheet::{Typed, preview};

/// Which attempt a student wants to begin.
#[derive(Deserialize)]
pub struct Wanted {
    /// Its number.
    attempt: Option<i64>,
}

#[derive(Serialize)]
struct ListPage {
    open: Vec<Item>,
    done: Vec<Item>,
    past: Vec<Item>,
    is_teacher: bool,
}

#[derive(Serialize)]
struct Item {
    id: Uuid,
    title: String,
    class: String,
    due: Option<Moment>,
    closes: Option<Moment>,
    opens: Option<Moment>,
    state: &'static str,
    kind: &'static str,
    points: Option<String>,
}

/// `GET /assignments`
pub async fn list(view: View, SignedIn(person): SignedIn, State(app): State<App>) -> Result<Html<String>> {
    let now = app.clock.now();
    let standings = assignment::list_for_person(&app.db, person.id).await?;
    let attempts = attempt::list_of_person(&app.db, person.id).await?;
    let mut page = ListPage {
        open: Vec::new(),
        done: Vec::new(),
        past: Vec::new(),
        is_teacher: standings.iter().any(Standing::is_teacher),
    };
    for standing in &standings {
        let own: Vec<&Attempt> =
            attempts.iter().filter(|attempt| attempt.assignment_id == standing.assignment.id).collect();
        let item = item(standing, &own, &view, now);
        match item.state {
            "closed" | "missed" => page.past.push(item),
            "done" => page.done.push(item),
            _ => page.open.push(item),
        }
    }
    page.past.reverse();
    view.page("assignment/list.html", "assignment", page)
}

fn item(standing: &Standing, attempts: &[&Attempt], view: &View, now: chrono::DateTime<chrono::Utc>) -> Item {
    let moment =
        |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| Moment::new(at, standing.zone, now, view.language()));
    let earned: Vec<marks::Earned> = attempts.iter().filter_map(|attempt| attempt.earned()).collect();
    let counting = marks::counting(standing.assignment.rules.counting, &earned);
    let phase = standing.phase(now);
    let is_open = attempts.iter().any(|attempt| attempt.handed_in_at.is_none());
    let (state, kind) = match (phase, counting.is_some(), is_open) {
        _ if standing.is_teacher() && standing.assignment.given_at.is_none() => ("not-given", "neutral"),
        _ if standing.is_teacher() => ("given", "accent"),
        (Phase::NotOpen, ..) => ("not-open", "neutral"),
        (Phase::Closed, true, _) => ("closed", "success"),
        (Phase::Closed, false, _) => ("missed", "error"),
        (_, _, true) => ("begun", "warning"),
        (_, true, false) => ("done", "success"),
        (Phase::Late, false, false) => ("late", "error"),
        (Phase::Open, false, false) => ("new", "accent"),
    };
    let shows_points = standing.assignment.rules.reveals_verdicts(phase);
    Item {
        id: standing.assignment.id,
        title: standing.assignment.title.clone(),
        class: standing.class_name.clone(),
        due: moment(standing.times.due_at.filter(|due| standing.times.closes_at != Some(*due))),
        closes: moment(standing.times.closes_at),
        opens: moment(standing.times.opens_at).filter(|opens| !opens.past),
        state,
        kind,
        points: counting.filter(|_| shows_points).map(|attempt| points::shown(attempt.total())),
    }
}

/// `GET /assignments/{assignment}`: the sheet, or what became of it. Writes nothing.
pub async fn show(
    view: View,
    member: AssignmentMember,
    Query(wanted): Query<Wanted>,
    State(app): State<App>,
) -> Result<Response> {
    if member.teaches {
        return Ok(preview(&view, &app, &member.standing).await?.into_response());
    }
    let asked = sheet::Asked { wanted: wanted.attempt, ..Default::default() };
    let page = sheet::student(&view, &app, &member.person, &member.standing, asked).await?;
    Ok(view.page("assignment/show.html", "assignment", page)?.into_response())
}

/// The sheet again with what was typed and what is wrong with it.
pub async fn again(
    view: &View,
    app: &App,
    person: &crate::store::person::Person,
    standing: &Standing,
    typed: HashMap<Uuid, String>,
    error: String,
    status: StatusCode,
) -> Result<Response> {
    let asked = sheet::Asked { wanted: None, typed: Some(typed), error: Some(error) };
    let page = sheet::student(view, app, person, standing, asked).await?;
    Ok((status, view.page("assignment/show.html", "assignment", page)?).into_response())
}
