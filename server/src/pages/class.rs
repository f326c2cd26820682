//! Classes: founding them, their page, their rules, who teaches them.

pub mod head;
mod people;
mod settings;

pub use head::{ClassHead, course_title};
pub use people::{add_teacher, give_post, remove_teacher, take_post};
pub use settings::{archive, change, create, edit, fresh, renew_code, restore};

use std::collections::HashMap;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use crate::address;
use crate::app::App;
use crate::auth::{ClassMember, SignedIn};
use crate::error::{Error, Message, Result};
use crate::moment::Stamp;
use crate::pages::plugin;
use crate::qr;
use crate::store::class::{self, Class, Listed, Member};
use crate::store::person::Role;
use crate::store::post;
use crate::view::View;

/// Classes an administrator sees in one list.
const MOST_CLASSES: i64 = 1_000;

#[derive(Serialize)]
struct ListPage {
    classes: Vec<Card>,
    archived: Vec<Card>,
    /// Whether the person may found one.
    founds: bool,
}

/// A class in a list.
#[derive(Serialize)]
pub struct Card {
    address: String,
    name: String,
    term: String,
    course: String,
    role: String,
    students: i64,
}

#[derive(Serialize)]
struct ShowPage {
    class: ClassHead,
    course_address: String,
    is_teacher: bool,
    teaches_school: bool,
    join_code: String,
    join_address: String,
    join_rule: String,
    founded: Stamp,
    teachers: Vec<MemberLine>,
    students: Vec<MemberLine>,
    can_remove_teacher: bool,
    assignments: Vec<AssignmentLine>,
    tools: Vec<plugin::Tool>,
    widgets: Vec<plugin::WidgetBox>,
}

#[derive(Serialize)]
struct MemberLine {
    id: Uuid,
    name: String,
    number: String,
    is_me: bool,
    posts: Vec<PostLine>,
}

#[derive(Serialize)]
struct PostLine {
    post: String,
    label: String,
}

#[derive(Serialize)]
struct AssignmentLine {
    address: String,
    title: String,
    given: bool,
    due: Option<Stamp>,
}

/// `GET /classes`
pub async fn list(view: View, SignedIn(person): SignedIn, State(app): State<App>) -> Result<Html<String>> {
    let classes = match person.role {
        Role::Administrator => class::all(&app.db, MOST_CLASSES).await?,
        Role::Teacher | Role::Student => class::of_person(&app.db, person.id).await?,
    };
    let (archived, current): (Vec<Listed>, Vec<Listed>) =
        classes.into_iter().partition(|listed| listed.class.archived_at.is_some());
    let card = |listed: Listed| Card {
        address: format!("/classes/{}", listed.class.id),
        course: course_title(&app, &listed.class.course, view.language()),
        name: listed.class.name,
        term: listed.class.term,
        role: listed.role,
        students: listed.students,
    };
    let page = ListPage {
        classes: current.into_iter().map(card).collect(),
        archived: archived.into_iter().map(card).collect(),
        founds: person.role != Role::Student,
    };
    view.page("class/list.html", "class", page)
}

/// `GET /classes/{class}`
pub async fn show(view: View, member: ClassMember, headers: HeaderMap, State(app): State<App>) -> Result<Html<String>> {
    let is_teacher = member.membership.is_teacher();
    let ClassMember { person, class, membership } = member;
    let (tools, widgets) = plugin::of_class(&app, &class, &person, &membership, view.language().tag()).await?;
    let mut posts: HashMap<Uuid, Vec<PostLine>> = HashMap::new();
    for held in post::list(&app.db, class.id).await? {
        let label = view.sentence(&post_name(&held.post));
        posts.entry(held.person_id).or_default().push(PostLine { post: held.post, label });
    }
    let mut line = |member: Member| MemberLine {
        is_me: member.person_id == person.id,
        // Numbers are for teachers; classmates see names.
        number: if is_teacher { member.student_number.unwrap_or_default() } else { String::new() },
        posts: posts.remove(&member.person_id).unwrap_or_default(),
        id: member.person_id,
        name: member.name,
    };
    let (teachers, students): (Vec<Member>, Vec<Member>) =
        class::members(&app.db, class.id).await?.into_iter().partition(|member| member.role == "teacher");
    let assignments = class::assignments(&app.db, class.id, is_teacher, app.clock.now()).await?;
    let page = ShowPage {
        course_address: format!("/courses/{}", class.course),
        tools,
        widgets,
        is_teacher,
        teaches_school: person.role != Role::Student,
        join_code: class.join_code.clone(),
        join_address: join_address(&app, &headers, &class),
        join_rule: class.join_rule.clone(),
        founded: Stamp::new(class.created_at, &class.time_zone),
        can_remove_teacher: teachers.len() > 1,
        teachers: teachers.into_iter().map(&mut line).collect(),
        students: students.into_iter().map(&mut line).collect(),
        assignments: assignments
            .into_iter()
            .map(|assignment| AssignmentLine {
                address: if is_teacher {
                    format!("/classes/{}/assign/{}", class.id, assignment.id)
                } else {
                    format!("/assignments/{}", assignment.id)
                },
                title: assignment.title,
                given: assignment.given,
                due: assignment.due_at.map(|at| Stamp::new(at, &class.time_zone)),
            })
            .collect(),
        class: ClassHead::new(&app, &class, view.language()),
    };
    view.page("class/show.html", "class", page)
}

/// A post in words: ours in the visitor's language, a free one as it was given.
pub fn post_name(post: &str) -> Message {
    match post {
        post::OPERATOR => Message::new("class-post-operator"),
        _ => Message::new("class-post-free").with("post", post),
    }
}

/// Where a student joins a class.
pub fn join_address(app: &App, headers: &HeaderMap, class: &Class) -> String {
    format!("{}/join?code={}", address::site(&app.config, headers), class.join_code)
}

/// `GET /classes/{class}/join.svg`: the address to join as a QR code, for the projector.
pub async fn join_code(member: ClassMember, headers: HeaderMap, State(app): State<App>) -> Result<Response> {
    if !member.membership.is_teacher() {
        return Err(Error::Forbidden);
    }
    let svg = qr::document(&join_address(&app, &headers, &member.class))?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"))], svg).into_response())
}
