//! The administrator's pages: people, classes, the audit log.

pub mod plugin;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::address;
use crate::app::App;
use crate::auth::Administrator;
use crate::error::{Error, Message, Result};
use crate::moment::{DEFAULT_ZONE, Stamp};
use crate::notice::Notice;
use crate::pages::account::role_name;
use crate::pages::setup::{check_login, check_name};
use crate::request::{Form, Path, Query};
use crate::store::activation::{self, LINK_LIFE};
use crate::store::person::{self, Actor, NewPerson, Role};
use crate::store::{admin, audit, class, today};
use crate::view::View;

/// Lines on one page of a list.
const ON_A_PAGE: i64 = 50;
/// Classes shown in one list.
const MOST_CLASSES: i64 = 1_000;

#[derive(Serialize)]
struct OverviewPage {
    people: i64,
    teachers: i64,
    classes: i64,
    hand_ins: i64,
    problems: usize,
    database: &'static str,
    version: &'static str,
    /// Plugins that wait for somebody to look after them.
    alarms: Vec<plugin::Line>,
}

/// `GET /admin`
pub async fn show(view: View, Administrator(_): Administrator, State(app): State<App>) -> Result<Html<String>> {
    let school = today::for_school(&app.db, app.clock.now()).await?;
    let page = OverviewPage {
        people: school.people,
        teachers: school.teachers,
        classes: school.classes,
        hand_ins: school.hand_ins,
        problems: app.content.library().problems.len(),
        database: if app.db.is_postgres() { "PostgreSQL" } else { "SQLite" },
        version: env!("CARGO_PKG_VERSION"),
        alarms: plugin::alarms(&view, &app).await?,
    };
    view.page("admin/overview.html", "admin", page)
}

/// What list to show.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    role: String,
    query: String,
    page: Option<i64>,
}

#[derive(Default, Serialize)]
struct PeoplePage {
    /// Which role is listed; `role` itself is the visitor's.
    wanted_role: String,
    query: String,
    people: Vec<PersonLine>,
    page: i64,
    previous: Option<String>,
    next: Option<String>,
    name: String,
    login: String,
    new_role: String,
    name_error: Option<String>,
    login_error: Option<String>,
}

#[derive(Serialize)]
struct PersonLine {
    id: Uuid,
    name: String,
    login: String,
    role: &'static str,
    role_name: String,
    activated: bool,
    disabled: Option<Stamp>,
    classes: i64,
    is_me: bool,
}

/// `GET /admin/people`
pub async fn people(
    view: View,
    Administrator(me): Administrator,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    people_page(&view, &app, &me, asked, StatusCode::OK, PeoplePage::default()).await
}

async fn people_page(
    view: &View,
    app: &App,
    me: &person::Person,
    asked: Asked,
    status: StatusCode,
    form: PeoplePage,
) -> Result<Response> {
    let number = asked.page.unwrap_or(1).clamp(1, 100_000);
    let role = Role::from_name(&asked.role);
    let mut found = admin::list(&app.db, role, &asked.query, (number - 1) * ON_A_PAGE, ON_A_PAGE + 1).await?;
    let has_more = found.len() > ON_A_PAGE as usize;
    found.truncate(ON_A_PAGE as usize);
    let link = |page: i64| {
        let query = crate::pages::error::percent_encoded(&asked.query);
        format!("/admin/people?role={}&query={query}&page={page}", role.map_or("", Role::name))
    };
    let page = PeoplePage {
        people: found
            .into_iter()
            .map(|line| PersonLine {
                is_me: line.id == me.id,
                id: line.id,
                name: line.name,
                login: line.login,
                role: line.role.name(),
                role_name: view.sentence(&role_name(line.role)),
                activated: line.activated,
                disabled: line.disabled_at.map(|at| Stamp::new(at, DEFAULT_ZONE)),
                classes: line.classes,
            })
            .collect(),
        page: number,
        previous: (number > 1).then(|| link(number - 1)),
        next: has_more.then(|| link(number + 1)),
        wanted_role: role.map_or("", Role::name).to_owned(),
        query: asked.query,
        ..form
    };
    Ok((status, view.page("admin/people.html", "admin", page)?).into_response())
}

/// A teacher or administrator to create.
#[derive(Deserialize)]
pub struct NewStaff {
    name: String,
    login: String,
    role: String,
}

#[derive(Serialize)]
struct LinkPage {
    name: String,
    login: String,
    link: String,
    expires: Stamp,
}

/// `POST /admin/people`: the one page that shows the link.
pub async fn create(
    view: View,
    Administrator(me): Administrator,
    actor: Actor,
    headers: HeaderMap,
    State(app): State<App>,
    Form(form): Form<NewStaff>,
) -> Result<Response> {
    let (name, login) = (form.name.trim().to_owned(), form.login.trim().to_lowercase());
    let role = if form.role == "administrator" { Role::Administrator } else { Role::Teacher };
    let name_error = check_name(&name).err();
    let mut login_error = check_login(&login).err();
    let now = app.clock.now();
    if name_error.is_none() && login_error.is_none() {
        let new = NewPerson { login: login.clone(), name: name.clone(), role, password_hash: None };
        match activation::create_staff(&app.db, actor, new, now).await {
            Ok(path) => return link_page(&view, &app, &headers, name, login, &path),
            Err(Error::Conflict(message)) => login_error = Some(message),
            Err(error) => return Err(error),
        }
    }
    let said = |message: Option<Message>| message.map(|message| view.sentence(&message));
    let typed = PeoplePage {
        name,
        login,
        new_role: role.name().into(),
        name_error: said(name_error),
        login_error: said(login_error),
        ..PeoplePage::default()
    };
    people_page(&view, &app, &me, Asked::default(), StatusCode::UNPROCESSABLE_ENTITY, typed).await
}

fn link_page(view: &View, app: &App, headers: &HeaderMap, name: String, login: String, path: &str) -> Result<Response> {
    let page = LinkPage {
        name,
        login,
        link: format!("{}{path}", address::site(&app.config, headers)),
        expires: Stamp::new(app.clock.now() + LINK_LIFE, DEFAULT_ZONE),
    };
    Ok(view.page("admin/link.html", "admin", page)?.into_response())
}

/// `POST /admin/people/{person}/link`: a link for a new password, shown once.
pub async fn link(
    view: View,
    Administrator(_): Administrator,
    actor: Actor,
    headers: HeaderMap,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    let person = person::find(&app.db, parse(&id)?).await?.ok_or(Error::NotFound)?;
    let path = activation::password_link(&app.db, Some(actor), &person.login, app.clock.now()).await?;
    link_page(&view, &app, &headers, person.name, person.login, &path)
}

/// `POST /admin/people/{person}/disable`
pub async fn disable(
    _: Administrator,
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    admin::set_disabled(&app.db, actor, parse(&id)?, true, app.clock.now()).await?;
    Ok(Notice::success(Message::new("admin-disabled")).redirect("/admin/people"))
}

/// `POST /admin/people/{person}/enable`
pub async fn enable(
    _: Administrator,
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response> {
    admin::set_disabled(&app.db, actor, parse(&id)?, false, app.clock.now()).await?;
    Ok(Notice::success(Message::new("admin-enabled")).redirect("/admin/people"))
}

/// The role a person gets.
#[derive(Deserialize)]
pub struct NewRole {
    role: String,
}

/// `POST /admin/people/{person}/role`
pub async fn set_role(
    _: Administrator,
    actor: Actor,
    State(app): State<App>,
    Path(id): Path<String>,
    Form(form): Form<NewRole>,
) -> Result<Response> {
    let role = Role::from_name(&form.role).ok_or_else(|| Error::invalid("admin-role-unknown"))?;
    admin::set_role(&app.db, actor, parse(&id)?, role, app.clock.now()).await?;
    Ok(Notice::success(Message::new("admin-role-set")).redirect("/admin/people"))
}

#[derive(Serialize)]
struct ClassesPage {
    classes: Vec<ClassLine>,
}

#[derive(Serialize)]
struct ClassLine {
    address: String,
    name: String,
    term: String,
    course: String,
    students: i64,
    archived: bool,
}

/// `GET /admin/classes`
pub async fn classes(view: View, Administrator(_): Administrator, State(app): State<App>) -> Result<Html<String>> {
    let classes = class::all(&app.db, MOST_CLASSES)
        .await?
        .into_iter()
        .map(|listed| ClassLine {
            address: format!("/classes/{}", listed.class.id),
            course: crate::pages::class::course_title(&app, &listed.class.course, view.language()),
            name: listed.class.name,
            term: listed.class.term,
            students: listed.students,
            archived: listed.class.archived_at.is_some(),
        })
        .collect();
    view.page("admin/classes.html", "admin", ClassesPage { classes })
}

#[derive(Serialize)]
struct AuditPage {
    entries: Vec<EntryLine>,
    page: i64,
    previous: Option<String>,
    next: Option<String>,
}

#[derive(Serialize)]
struct EntryLine {
    at: Stamp,
    person: Option<String>,
    class: Option<String>,
    /// In words.
    did: String,
    action: String,
    subject: String,
    detail: String,
    address: String,
}

/// `GET /admin/audit`
pub async fn audit(
    view: View,
    Administrator(_): Administrator,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>> {
    let number = asked.page.unwrap_or(1).clamp(1, 100_000);
    let mut entries = audit::list(&app.db, (number - 1) * ON_A_PAGE, ON_A_PAGE + 1).await?;
    let has_more = entries.len() > ON_A_PAGE as usize;
    entries.truncate(ON_A_PAGE as usize);
    let page = AuditPage {
        entries: entries
            .into_iter()
            .map(|entry| EntryLine {
                at: Stamp::new(entry.at, DEFAULT_ZONE),
                person: entry.person,
                class: entry.class,
                did: view.sentence(&Message {
                    key: format!("admin-did-{}", entry.action.replace('.', "-")).into(),
                    arguments: Vec::new(),
                }),
                action: entry.action,
                subject: entry.subject,
                detail: entry.detail,
                address: entry.address,
            })
            .collect(),
        page: number,
        previous: (number > 1).then(|| format!("/admin/audit?page={}", number - 1)),
        next: has_more.then(|| format!("/admin/audit?page={}", number + 1)),
    };
    view.page("admin/audit.html", "admin", page)
}

fn parse(id: &str) -> Result<Uuid> {
    id.parse().map_err(|_| Error::NotFound)
}
