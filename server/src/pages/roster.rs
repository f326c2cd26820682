//! The roster of a class: who is on it, files compared with it, slips to print.

mod import;
mod slips;
pub mod transfer;

pub use import::{apply, preview, upload};
pub use slips::print;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::auth::{ClassTeacher, OpenClass, PathPerson};
use crate::error::{Error, Message, Result};
use crate::moment::Stamp;
use crate::notice::Notice;
use crate::pages::class::{ClassHead, join_address};
use crate::request::Form;
use crate::roster_file::{check_name, check_number, clean_name, clean_number};
use crate::store::class::{self, Class};
use crate::store::roster::{self, student};
use crate::view::View;

#[derive(Serialize)]
struct RosterPage {
    class: ClassHead,
    students: Vec<StudentLine>,
    left: Vec<StudentLine>,
    activated: usize,
    waiting: usize,
    join_code: String,
    join_address: String,
    join_rule: String,
    /// Other classes the teacher may move a student to.
    others: Vec<OtherClass>,
    file_error: Option<String>,
    add_error: Option<String>,
    number: String,
    name: String,
}

#[derive(Serialize)]
struct StudentLine {
    id: Uuid,
    number: String,
    name: String,
    activated: bool,
    by_code: bool,
    left: Option<Stamp>,
}

#[derive(Serialize)]
struct OtherClass {
    value: String,
    label: String,
}

/// What a form of the page got wrong, and what was typed in it.
#[derive(Default)]
struct Mistake {
    file: Option<Message>,
    add: Option<Message>,
    number: String,
    name: String,
}

/// `GET /classes/{class}/roster`
pub async fn show(
    view: View,
    ClassTeacher { class, person }: ClassTeacher,
    headers: HeaderMap,
    State(app): State<App>,
) -> Result<Response> {
    page(&view, &app, &headers, &class, person.id, StatusCode::OK, Mistake::default()).await
}

async fn page(
    view: &View,
    app: &App,
    headers: &HeaderMap,
    class: &Class,
    teacher: Uuid,
    status: StatusCode,
    mistake: Mistake,
) -> Result<Response> {
    let entries = roster::entries(&app.db, class.id).await?;
    let line = |entry: &roster::Entry| StudentLine {
        id: entry.person_id,
        number: entry.number.clone(),
        name: entry.name.clone(),
        activated: entry.activated,
        by_code: entry.origin == "code",
        left: entry.left_at.map(|at| Stamp::new(at, &class.time_zone)),
    };
    let (left, students): (Vec<StudentLine>, Vec<StudentLine>) =
        entries.iter().map(line).partition(|line| line.left.is_some());
    let activated = students.iter().filter(|line| line.activated).count();
    let others = class::of_person(&app.db, teacher).await?;
    let said = |message: Option<Message>| message.map(|message| view.sentence(&message));
    let page = RosterPage {
        class: ClassHead::new(app, class, view.language()),
        waiting: students.len() - activated,
        activated,
        students,
        left,
        join_code: class.join_code.clone(),
        join_address: join_address(app, headers, class),
        join_rule: class.join_rule.clone(),
        others: others
            .into_iter()
            .filter(|other| other.role == "teacher" && other.class.id != class.id && other.class.archived_at.is_none())
            .map(|other| OtherClass {
                value: other.class.id.to_string(),
                label: format!("{} {}", other.class.name, other.class.term),
            })
            .collect(),
        file_error: said(mistake.file),
        add_error: said(mistake.add),
        number: mistake.number,
        name: mistake.name,
    };
    Ok((status, view.page("roster/roster.html", "class", page)?).into_response())
}

/// A student typed by hand.
#[derive(Deserialize)]
pub struct Student {
    number: String,
    name: String,
}

/// `POST /classes/{class}/roster/students`
pub async fn add(
    view: View,
    OpenClass { class, teacher, actor }: OpenClass,
    headers: HeaderMap,
    State(app): State<App>,
    Form(form): Form<Student>,
) -> Result<Response> {
    let (number, name) = (clean_number(&form.number), clean_name(&form.name));
    let refused = match check_number(&number).or_else(|| check_name(&name)) {
        Some(key) => Some(Message::new(key).with("row", 1).with("number", &number).with("name", &name)),
        None => match student::add(&app.db, actor, class.id, number, name, app.clock.now()).await {
            Ok(()) => None,
            Err(Error::Conflict(message) | Error::Invalid(message)) => Some(message),
            Err(error) => return Err(error),
        },
    };
    match refused {
        None => {
            Ok(Notice::success(Message::new("roster-added").with("name", form.name.trim())).redirect(&address(&class)))
        }
        Some(message) => {
            let mistake = Mistake { add: Some(message), number: form.number, name: form.name, ..Mistake::default() };
            page(&view, &app, &headers, &class, teacher.id, StatusCode::UNPROCESSABLE_ENTITY, mistake).await
        }
    }
}

/// A new name.
#[derive(Deserialize)]
pub struct NewName {
    name: String,
}

/// `POST /classes/{class}/roster/{person}/rename`
pub async fn rename(
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    PathPerson(person): PathPerson,
    Form(form): Form<NewName>,
) -> Result<Response> {
    let name = clean_name(&form.name);
    if check_name(&name).is_some() {
        return Ok(Notice::error(Message::new("account-name-refused").with("most", crate::roster_file::LONGEST_NAME))
            .redirect(&address(&class)));
    }
    let notice = Notice::success(Message::new("roster-renamed").with("name", &name));
    student::rename(&app.db, actor, class.id, person, name, app.clock.now()).await?;
    Ok(notice.redirect(&address(&class)))
}

/// `POST /classes/{class}/roster/{person}/leave`
pub async fn leave(
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    PathPerson(person): PathPerson,
) -> Result<Response> {
    student::set_present(&app.db, actor, class.id, person, false, app.clock.now()).await?;
    Ok(Notice::success(Message::new("roster-left")).redirect(&format!("{}#left", address(&class))))
}

/// `POST /classes/{class}/roster/{person}/return`
pub async fn bring_back(
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    PathPerson(person): PathPerson,
) -> Result<Response> {
    student::set_present(&app.db, actor, class.id, person, true, app.clock.now()).await?;
    Ok(Notice::success(Message::new("roster-returned")).redirect(&address(&class)))
}

fn address(class: &Class) -> String {
    format!("/classes/{}/roster", class.id)
}

fn id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::NotFound)
}
