//! Founding a class and changing its rules.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::{ClassHead, course_title};
use crate::app::App;
use crate::auth::{ClassTeacher, OpenClass, Teacher};
use crate::error::{Message, Result};
use crate::moment::DEFAULT_ZONE;
use crate::notice::Notice;
use crate::request::Form;
use crate::store::class::{self, Class, Settings};
use crate::store::person::Actor;
use crate::view::View;

/// Zones offered first; any other IANA name may be typed.
const ZONES: &[&str] = &[DEFAULT_ZONE, "Asia/Urumqi", "Asia/Hong_Kong", "Asia/Singapore", "Europe/Berlin", "UTC"];

/// The form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ClassForm {
    course: String,
    name: String,
    term: String,
    join_rule: String,
    time_zone: String,
}

#[derive(Serialize)]
struct FormPage<'a> {
    /// The class that is changed; `None` when one is founded.
    class: Option<ClassHead>,
    course: &'a str,
    courses: Vec<Choice>,
    name: &'a str,
    term: &'a str,
    join_rule: &'a str,
    time_zone: &'a str,
    zones: &'static [&'static str],
    name_error: Option<String>,
    term_error: Option<String>,
    course_error: Option<String>,
    zone_error: Option<String>,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

#[derive(Default)]
struct Mistakes {
    name: Option<Message>,
    term: Option<Message>,
    course: Option<Message>,
    zone: Option<Message>,
}

impl Mistakes {
    fn none(&self) -> bool {
        self.name.is_none() && self.term.is_none() && self.course.is_none() && self.zone.is_none()
    }
}

/// `GET /classes/new`
pub async fn fresh(view: View, Teacher(_): Teacher, State(app): State<App>) -> Result<Html<String>> {
    let course = app.content.library().courses.first().map(|course| course.slug.clone()).unwrap_or_default();
    let form = ClassForm { course, join_rule: "roster".into(), time_zone: DEFAULT_ZONE.into(), ..ClassForm::default() };
    page(&view, &app, None, &form, Mistakes::default())
}

/// `POST /classes`
pub async fn create(
    view: View,
    Teacher(_): Teacher,
    actor: Actor,
    State(app): State<App>,
    Form(form): Form<ClassForm>,
) -> Result<Response> {
    let settings = match check(&app, &form) {
        Ok(settings) => settings,
        Err(mistakes) => return refused(page(&view, &app, None, &form, *mistakes)),
    };
    let notice = Notice::success(Message::new("class-founded").with("name", &settings.name));
    let id = class::create(&app.db, actor, settings, app.clock.now()).await?;
    Ok(notice.redirect(&format!("/classes/{id}/roster")))
}

/// `GET /classes/{class}/settings`
pub async fn edit(
    view: View,
    ClassTeacher { class, .. }: ClassTeacher,
    State(app): State<App>,
) -> Result<Html<String>> {
    let form = ClassForm {
        course: class.course.clone(),
        name: class.name.clone(),
        term: class.term.clone(),
        join_rule: class.join_rule.clone(),
        time_zone: class.time_zone.clone(),
    };
    page(&view, &app, Some(&class), &form, Mistakes::default())
}

/// `POST /classes/{class}/settings`
pub async fn change(
    view: View,
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    Form(form): Form<ClassForm>,
) -> Result<Response> {
    let settings = match check(&app, &form) {
        Ok(settings) => settings,
        Err(mistakes) => return refused(page(&view, &app, Some(&class), &form, *mistakes)),
    };
    class::change(&app.db, actor, class.id, settings, app.clock.now()).await?;
    Ok(Notice::success(Message::new("class-changed")).redirect(&format!("/classes/{}", class.id)))
}

/// `POST /classes/{class}/code`: a new join code.
pub async fn renew_code(OpenClass { class, actor, .. }: OpenClass, State(app): State<App>) -> Result<Response> {
    class::renew_code(&app.db, actor, class.id, app.clock.now()).await?;
    Ok(Notice::success(Message::new("class-code-renewed")).redirect(&format!("/classes/{}", class.id)))
}

/// `POST /classes/{class}/archive`
pub async fn archive(
    ClassTeacher { class, .. }: ClassTeacher,
    actor: Actor,
    State(app): State<App>,
) -> Result<Response> {
    class::set_archived(&app.db, actor, class.id, true, app.clock.now()).await?;
    Ok(Notice::success(Message::new("class-archived").with("name", &class.name)).redirect("/classes"))
}

/// `POST /classes/{class}/restore`
pub async fn restore(
    ClassTeacher { class, .. }: ClassTeacher,
    actor: Actor,
    State(app): State<App>,
) -> Result<Response> {
    class::set_archived(&app.db, actor, class.id, false, app.clock.now()).await?;
    Ok(Notice::success(Message::new("class-restored").with("name", &class.name))
        .redirect(&format!("/classes/{}", class.id)))
}

fn check(app: &App, form: &ClassForm) -> Result<Settings, Box<Mistakes>> {
    let line = |text: &str, most: usize| {
        let length = text.chars().count();
        length > 0 && length <= most && !text.chars().any(char::is_control)
    };
    let (name, term) = (form.name.trim(), form.term.trim());
    let mut mistakes = Mistakes::default();
    if !line(name, 60) {
        mistakes.name = Some(Message::new("class-name-refused").with("most", 60));
    }
    if !line(term, 30) {
        mistakes.term = Some(Message::new("class-term-refused").with("most", 30));
    }
    if app.content.library().course(&form.course).is_none() {
        mistakes.course = Some(Message::new("class-course-unknown"));
    }
    let zone = form.time_zone.trim();
    if zone.parse::<chrono_tz::Tz>().is_err() {
        mistakes.zone = Some(Message::new("class-zone-unknown"));
    }
    if !mistakes.none() {
        return Err(Box::new(mistakes));
    }
    let join_rule = ["roster", "open", "closed"].into_iter().find(|rule| *rule == form.join_rule).unwrap_or("roster");
    Ok(Settings {
        course: form.course.clone(),
        name: name.to_owned(),
        term: term.to_owned(),
        join_rule: join_rule.to_owned(),
        time_zone: zone.to_owned(),
    })
}

fn page(view: &View, app: &App, class: Option<&Class>, form: &ClassForm, mistakes: Mistakes) -> Result<Html<String>> {
    let said = |message: Option<Message>| message.map(|message| view.sentence(&message));
    let library = app.content.library();
    let mut courses: Vec<Choice> = library
        .courses
        .iter()
        .map(|course| Choice { value: course.slug.clone(), label: course_title(app, &course.slug, view.language()) })
        .collect();
    if !form.course.is_empty() && library.course(&form.course).is_none() {
        courses.push(Choice { value: form.course.clone(), label: form.course.clone() });
    }
    let page = FormPage {
        class: class.map(|class| ClassHead::new(app, class, view.language())),
        course: &form.course,
        courses,
        name: &form.name,
        term: &form.term,
        join_rule: &form.join_rule,
        time_zone: &form.time_zone,
        zones: ZONES,
        name_error: said(mistakes.name),
        term_error: said(mistakes.term),
        course_error: said(mistakes.course),
        zone_error: said(mistakes.zone),
    };
    view.page("class/settings.html", "class", page)
}

fn refused(page: Result<Html<String>>) -> Result<Response> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page?).into_response())
}
