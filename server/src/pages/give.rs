//! Giving assignments to a class: the list, the rules of one, its keys, and later times for single students.

pub mod extension;
pub mod key;
mod rules_form;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::assignment::questions;
use super::assignment::terms::{self, Terms};
use super::desk::{Desk, Head, Place};
use crate::app::App;
use crate::error::{Error, Message, Result};
use crate::moment::Moment;
use crate::notice::Notice;
use crate::request::{Form, Path};
use crate::rules::Rules;
use crate::store::assignment::{self, Kind};
use crate::store::give::{self as store, Listed, extension as extensions, keys};
use crate::view::View;
use crate::{points, regrade};
use rules_form::{Errors, RulesForm};

#[derive(Serialize)]
struct ListPage {
    head: Head,
    items: Vec<Item>,
    readonly: bool,
}

#[derive(Serialize)]
struct Item {
    href: String,
    title: String,
    chapter: String,
    points: String,
    given: bool,
    due: Option<Moment>,
    closes: Option<Moment>,
    handed_in: i64,
    unconfirmed: i64,
    open: i64,
}

#[derive(Serialize)]
struct Page {
    head: Head,
    id: Uuid,
    title: String,
    chapter: String,
    points: String,
    given: Option<Moment>,
    handed_in: i64,
    attempts: i64,
    zone: String,
    form: RulesForm,
    errors: Errors,
    error: Option<String>,
    terms: Terms,
    warnings: Vec<String>,
    questions: Vec<QuestionKeys>,
    unconfirmed: i64,
    confirmable: i64,
    open: i64,
    extensions: usize,
    preview: String,
}

#[derive(Serialize)]
struct QuestionKeys {
    number: String,
    label: String,
    points: String,
    kind: &'static str,
    parts: Vec<KeyPart>,
    to_confirm: Vec<ToConfirm>,
    rubric: Option<String>,
}

#[derive(Serialize)]
struct KeyPart {
    html: Option<String>,
    key: Option<KeyView>,
    /// What stands behind the blank and may not be torn from it.
    after: String,
}

#[derive(Serialize)]
struct KeyView {
    text: String,
    /// Where it is changed; nowhere in an archived class.
    href: Option<String>,
    label: String,
    /// `confirmed`, `unconfirmed` or `open`.
    state: &'static str,
    group: Option<String>,
}

#[derive(Serialize)]
struct ToConfirm {
    blank: Uuid,
    position: i64,
    key: String,
}

/// Which keys to confirm.
#[derive(Debug, Deserialize)]
pub struct Confirm {
    /// One blank; all of them where none is named.
    blank: Option<Uuid>,
}

/// `GET /classes/{class}/assign`
pub async fn list(view: View, desk: Desk, State(app): State<App>) -> Result<Html<String>> {
    let listed = store::list(&app.db, desk.class.id).await?;
    let items = listed.into_iter().map(|listed| Item {
        href: format!("/classes/{}/assign/{}", desk.class.id, listed.assignment.id),
        chapter: chapter(&app, &listed),
        points: points::shown(listed.points),
        given: listed.assignment.given_at.is_some(),
        due: listed.assignment.rules.due_at.map(|at| desk.moment(at, &view)),
        closes: listed.assignment.rules.closes_at.map(|at| desk.moment(at, &view)),
        handed_in: listed.handed_in,
        unconfirmed: listed.unconfirmed,
        open: listed.open,
        title: listed.assignment.title,
    });
    let page = ListPage {
        items: items.collect(),
        readonly: desk.class.archived_at.is_some(),
        head: desk.head(&view, Place::Give, Vec::new()),
    };
    view.page("give/list.html", "class", page)
}

/// `GET /classes/{class}/assign/{assignment}`
pub async fn show(
    view: View,
    desk: Desk,
    State(app): State<App>,
    Path((_, assignment)): Path<(Uuid, Uuid)>,
) -> Result<Response> {
    let listed = store::find(&app.db, desk.class.id, assignment).await?.ok_or(Error::NotFound)?;
    let rules = match listed.assignment.given_at {
        Some(_) => listed.assignment.rules.clone(),
        None => rules_form::defaults(desk.now, desk.zone),
    };
    let form = RulesForm::new(&rules, desk.zone, seen(&listed));
    let page = page(&view, &desk, &app, listed, form, rules, Errors::default(), None).await?;
    Ok(view.page("give/show.html", "class", page)?.into_response())
}

/// `POST /classes/{class}/assign/{assignment}`: gives it, changes its rules, or only shows what they would say.
pub async fn give(
    view: View,
    desk: Desk,
    State(app): State<App>,
    Path((_, assignment)): Path<(Uuid, Uuid)>,
    Form(form): Form<RulesForm>,
) -> Result<Response> {
    desk.writable()?;
    let listed = store::find(&app.db, desk.class.id, assignment).await?.ok_or(Error::NotFound)?;
    let (rules, errors) = form.read(desk.zone);
    let refused = match errors.is_empty() {
        false => Some((StatusCode::UNPROCESSABLE_ENTITY, Message::new("give-errors"))),
        true if form.is_preview() => None,
        true => {
            let seen = DateTime::parse_from_rfc3339(&form.seen).map_err(|_| Error::invalid("give-form-malformed"))?;
            let given = store::give(
                &app.db,
                desk.actor.clone(),
                desk.class.id,
                assignment,
                rules.clone(),
                seen.to_utc(),
                desk.now,
            );
            match given.await {
                Ok(()) => {
                    let key = if listed.assignment.given_at.is_some() { "give-changed" } else { "give-given" };
                    let to = format!("/classes/{}/assign/{assignment}", desk.class.id);
                    return Ok(Notice::success(Message::new(key)).redirect(&to));
                }
                Err(Error::Conflict(message)) => Some((StatusCode::CONFLICT, message)),
                Err(error) => return Err(error),
            }
        }
    };
    let error = refused.as_ref().map(|(_, message)| view.sentence(message));
    let status = refused.map_or(StatusCode::OK, |(status, _)| status);
    // What was refused because of a change meanwhile may be sent again once it was looked at.
    let form = form.seen_at(seen(&listed));
    let page = page(&view, &desk, &app, listed, form, rules, errors, error).await?;
    Ok((status, view.page("give/show.html", "class", page)?).into_response())
}

/// `POST /classes/{class}/assign/{assignment}/take-back`
pub async fn take_back(
    desk: Desk,
    State(app): State<App>,
    Path((_, assignment)): Path<(Uuid, Uuid)>,
) -> Result<Response> {
    desk.writable()?;
    let to = format!("/classes/{}/assign/{assignment}", desk.class.id);
    Ok(match store::take_back(&app.db, desk.actor.clone(), desk.class.id, assignment, desk.now).await {
        Ok(()) => Notice::success(Message::new("give-taken-back")).redirect(&to),
        Err(Error::Conflict(message)) => Notice::error(message).redirect(&to),
        Err(error) => return Err(error),
    })
}

/// `POST /classes/{class}/assign/{assignment}/keys`: confirms keys.
pub async fn confirm(
    desk: Desk,
    State(app): State<App>,
    Path((_, assignment)): Path<(Uuid, Uuid)>,
    Form(wanted): Form<Confirm>,
) -> Result<Response> {
    desk.writable()?;
    let confirmed =
        keys::confirm(&app.db, desk.actor.clone(), desk.class.id, assignment, wanted.blank, desk.now).await?;
    // Verdicts stay as they are; the answers name the version of the key that holds.
    regrade::assignment(&app, assignment).await?;
    let to = format!("/classes/{}/assign/{assignment}#keys", desk.class.id);
    Ok(Notice::success(Message::new("give-confirmed").with("count", confirmed)).redirect(&to))
}

fn seen(listed: &Listed) -> String {
    listed.assignment.updated_at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Title of the chapter, or its address where the course has no such chapter.
fn chapter(app: &App, listed: &Listed) -> String {
    let library = app.content.library();
    let chapter = library.chapter(&listed.assignment.course, &listed.assignment.chapter);
    chapter.map_or_else(|| listed.assignment.chapter.clone(), |chapter| chapter.title.clone())
}

#[expect(clippy::too_many_arguments, reason = "the parts of one page, gathered in one place")]
async fn page(
    view: &View,
    desk: &Desk,
    app: &App,
    listed: Listed,
    form: RulesForm,
    rules: Rules,
    errors: Errors,
    error: Option<String>,
) -> Result<Page> {
    let id = listed.assignment.id;
    let asked = app.forms.find(&app.db, &listed.assignment).await?;
    let mut standing = assignment::standing(&app.db, id, desk.actor.id).await?.ok_or(Error::NotFound)?;
    // As a student without an extension would read them.
    standing.assignment.rules = rules.clone();
    standing.times = rules.times(None);
    standing.extended = false;
    standing.closes_for_all = standing.times.closes_at;
    let terms = terms::terms(&standing, 0, desk.now, view);
    let warnings = rules_form::warnings(&rules, &listed, desk.now);
    let views = questions::questions(app, &listed.assignment, &asked, view.language());
    let writable = desk.class.archived_at.is_none();
    let questions = asked.questions.iter().zip(views).map(|(question, shown)| {
        let blank = |id: Uuid| question.blanks.iter().find(|blank| blank.id == id);
        QuestionKeys {
            number: question.number.clone(),
            label: shown.label,
            points: shown.points,
            kind: match question.kind {
                Kind::Blanks => "blanks",
                Kind::Essay => "essay",
                Kind::Project => "project",
            },
            parts: shown
                .parts
                .into_iter()
                .map(|part| KeyPart {
                    html: part.html,
                    after: part.blank.as_ref().map(|shown| shown.after.clone()).unwrap_or_default(),
                    key: part.blank.and_then(|shown| blank(shown.id)).map(|blank| KeyView {
                        text: store::key_text(&blank.spec),
                        href: writable.then(|| format!("/classes/{}/assign/{id}/keys/{}", desk.class.id, blank.id)),
                        label: view.sentence(
                            &Message::new("give-key-change-one")
                                .with("question", &question.number)
                                .with("blank", blank.position),
                        ),
                        state: match (blank.spec.key.is_empty(), blank.spec.confirmed) {
                            (true, _) => "open",
                            (false, true) => "confirmed",
                            (false, false) => "unconfirmed",
                        },
                        group: blank.spec.group.clone(),
                    }),
                })
                .collect(),
            to_confirm: question
                .blanks
                .iter()
                .filter(|blank| !blank.spec.confirmed && !blank.spec.key.is_empty())
                .map(|blank| ToConfirm { blank: blank.id, position: blank.position, key: store::key_text(&blank.spec) })
                .collect(),
            rubric: shown.rubric,
        }
    });
    let questions: Vec<QuestionKeys> = questions.collect();
    Ok(Page {
        head: desk.head(view, Place::Give, vec![(listed.assignment.title.clone(), None)]),
        id,
        chapter: chapter(app, &listed),
        points: points::shown(listed.points),
        given: listed.assignment.given_at.map(|at| desk.moment(at, view)),
        handed_in: listed.handed_in,
        attempts: listed.attempts,
        zone: desk.zone.name().to_owned(),
        form,
        errors: errors.in_words(view),
        error,
        terms,
        warnings: warnings.iter().map(|message| view.sentence(message)).collect(),
        confirmable: questions.iter().map(|question| question.to_confirm.len() as i64).sum(),
        questions,
        unconfirmed: listed.unconfirmed,
        open: listed.open,
        extensions: extensions::list(&app.db, id).await?.len(),
        preview: format!("/assignments/{id}"),
        title: listed.assignment.title,
    })
}

/// A time as a form sends it, `2026-11-22T14:05` or with seconds, on a clock on the wall; empty: none.
pub(super) fn local_time(text: &str, zone: chrono_tz::Tz) -> Result<Option<DateTime<Utc>>, Message> {
    use chrono::{NaiveDateTime, TimeZone as _};
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];
    let local = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let local = local.ok_or_else(|| Message::new("give-time-malformed"))?;
    // A time that the clock shows twice: the later one is the student's. One that it skips does not exist.
    let time = zone.from_local_datetime(&local).latest().ok_or_else(|| Message::new("give-time-skipped"))?;
    Ok(Some(time.to_utc()))
}

/// A time as a form shows it.
pub(super) fn form_time(at: Option<DateTime<Utc>>, zone: chrono_tz::Tz) -> String {
    at.map(|at| at.with_timezone(&zone).format("%Y-%m-%dT%H:%M:%S").to_string()).unwrap_or_default()
}
