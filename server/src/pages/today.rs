//! The front page: what waits for whoever looks.

use axum::extract::State;
use axum::response::Html;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::app::App;
use crate::error::{Message, Result};
use crate::moment::Stamp;
use crate::pages::course::Resume;
use crate::pages::plugin;
use crate::store::person::{Person, Role};
use crate::store::today::{self, Due};
use crate::store::{class, inquiry, reading};
use crate::view::View;

/// How long a teacher's answer stands on its student's front page.
const ANSWERS_SHOWN: TimeDelta = TimeDelta::days(7);
/// How many of them at most.
const MOST_ANSWERS: i64 = 10;

#[derive(Serialize)]
struct StudentPage {
    name: String,
    unfinished: Vec<Line>,
    finished: Vec<Line>,
    answered: Vec<AnsweredLine>,
    widgets: Vec<plugin::WidgetBox>,
    classes: usize,
    resume: Option<Resume>,
}

/// A teacher's answer to a question about a mark.
#[derive(Serialize)]
struct AnsweredLine {
    address: String,
    title: String,
    question: String,
    reply: String,
    at: Stamp,
    changed: bool,
}

#[derive(Serialize)]
struct Line {
    address: String,
    title: String,
    class_name: String,
    /// `waiting`, `open`, `soon`, `overdue`, `handed-in` or `closed`
    state: &'static str,
    chip: String,
    chip_kind: &'static str,
    chip_icon: Option<&'static str>,
    due: Option<Stamp>,
    due_words: String,
    filled: String,
}

#[derive(Serialize)]
struct TeacherPage {
    name: String,
    desks: Vec<DeskCard>,
    school: Option<SchoolFigures>,
}

#[derive(Serialize)]
struct DeskCard {
    address: String,
    name: String,
    term: String,
    students: String,
    waiting: i64,
    review: i64,
    essays: i64,
    inquiries: i64,
    hand_ins: i64,
}

#[derive(Serialize)]
struct SchoolFigures {
    people: i64,
    teachers: i64,
    classes: i64,
    hand_ins: i64,
    problems: usize,
}

/// `GET /`
pub async fn show(view: View, State(app): State<App>) -> Result<Html<String>> {
    match view.visitor.person.clone() {
        None => view.page("today/visitor.html", "today", ()),
        Some(person) if person.role == Role::Student => student(&view, &app, &person).await,
        Some(person) => staff(&view, &app, &person).await,
    }
}

async fn student(view: &View, app: &App, person: &Person) -> Result<Html<String>> {
    let now = app.clock.now();
    let due = today::for_student(&app.db, person.id, now).await?;
    let (finished, unfinished): (Vec<Line>, Vec<Line>) =
        due.iter().map(|entry| line(view, entry, now)).partition(|line| matches!(line.state, "handed-in" | "closed"));
    let answered = inquiry::answered(&app.db, person.id, now - ANSWERS_SHOWN, MOST_ANSWERS).await?;
    let position = reading::latest(&app.db, person.id).await?;
    let page = StudentPage {
        name: person.name.clone(),
        unfinished,
        finished,
        answered: answered
            .into_iter()
            .map(|answered| AnsweredLine {
                address: format!("/attempts/{}#question-{}", answered.attempt_id, answered.question_id),
                title: answered.title,
                question: view.sentence(&Message::new("gradebook-question").with("number", &answered.number)),
                reply: answered.reply,
                at: Stamp::new(answered.replied_at, &answered.time_zone),
                changed: answered.changed,
            })
            .collect(),
        widgets: plugin::of_today(app, person, view.language().tag()).await?,
        classes: class::of_person(&app.db, person.id).await?.len(),
        resume: position.and_then(|position| Resume::of(&app.content.library(), &position)),
    };
    view.page("today/student.html", "today", page)
}

fn line(view: &View, entry: &Due, now: DateTime<Utc>) -> Line {
    let until = entry.due_at.or(entry.closes_at);
    let state = if entry.handed_in > 0 {
        "handed-in"
    } else if entry.closes_at.is_some_and(|closes| closes <= now) {
        "closed"
    } else if entry.opens_at.is_some_and(|opens| opens > now) {
        "waiting"
    } else if until.is_some_and(|until| until <= now) {
        "overdue"
    } else if until.is_some_and(|until| (until - now).num_hours() < 48) {
        "soon"
    } else {
        "open"
    };
    let (key, chip_kind, chip_icon) = match state {
        "handed-in" => ("today-chip-handed-in", "success", Some("correct")),
        "closed" => ("today-chip-closed", "neutral", None),
        "waiting" => ("today-chip-waiting", "neutral", Some("clock")),
        "overdue" => ("today-chip-overdue", "error", Some("clock")),
        "soon" => ("today-chip-soon", "warning", Some("clock")),
        _ => ("today-chip-open", "accent", None),
    };
    let chip = match (state, until) {
        ("soon", Some(until)) => view.sentence(&left(until, now)),
        _ => view.sentence(&Message::new(key)),
    };
    let shown = if state == "waiting" { entry.opens_at } else { until };
    Line {
        address: format!("/assignments/{}", entry.id),
        title: entry.title.clone(),
        class_name: entry.class_name.clone(),
        state,
        chip,
        chip_kind,
        chip_icon,
        due: shown.map(|at| Stamp::new(at, &entry.time_zone)),
        due_words: view.sentence(&Message::new(if state == "waiting" { "today-opens" } else { "today-due" })),
        filled: if entry.filled > 0 && entry.handed_in == 0 {
            let most = entry.blanks.max(entry.filled);
            view.sentence(&Message::new("today-filled").with("filled", entry.filled).with("blanks", most))
        } else {
            String::new()
        },
    }
}

/// How much time is left, in the largest unit that tells.
fn left(until: DateTime<Utc>, now: DateTime<Utc>) -> Message {
    let left = until - now;
    match left.num_hours() {
        0 => Message::new("today-left-minutes").with("count", left.num_minutes().max(1)),
        hours => Message::new("today-left-hours").with("count", hours),
    }
}

async fn staff(view: &View, app: &App, person: &Person) -> Result<Html<String>> {
    let now = app.clock.now();
    let desks = today::for_teacher(&app.db, person.id, now).await?;
    let school = match person.role {
        Role::Administrator => {
            let school = today::for_school(&app.db, now).await?;
            Some(SchoolFigures {
                people: school.people,
                teachers: school.teachers,
                classes: school.classes,
                hand_ins: school.hand_ins,
                problems: app.content.library().problems.len(),
            })
        }
        Role::Teacher | Role::Student => None,
    };
    let page = TeacherPage {
        name: person.name.clone(),
        desks: desks
            .into_iter()
            .map(|desk| DeskCard {
                address: format!("/classes/{}", desk.id),
                students: view.sentence(
                    &Message::new("today-students").with("students", desk.students).with("activated", desk.activated),
                ),
                waiting: desk.review + desk.essays + desk.inquiries,
                name: desk.name,
                term: desk.term,
                review: desk.review,
                essays: desk.essays,
                inquiries: desk.inquiries,
                hand_ins: desk.hand_ins,
            })
            .collect(),
        school,
    };
    view.page("today/teacher.html", "today", page)
}
