//! From what a tool counted to marks: the teacher says what each fact is worth, sees what comes out, and puts it into the
//! gradebook for an essay or a project. Marks given this way are marks like any other.

mod draft;

use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::{Facts, Op};
use serde::Serialize;
use uuid::Uuid;

use self::draft::{Draft, Typed};
use super::settings::used;
use crate::app::App;
use crate::auth::{ClassTeacher, OpenClass};
use crate::error::{Error, Message, PluginFault, Result};
use crate::notice::Notice;
use crate::pages::class::ClassHead;
use crate::plugins::Scope;
use crate::plugins::context::{self, Parts};
use crate::points;
use crate::request::{Fields, Path, Query};
use crate::store::class::Class;
use crate::store::gradebook::{self, Student};
use crate::store::mark::{Pile, many, piles};
use crate::view::View;

/// How long a tool may count.
const COUNTING: Duration = Duration::from_secs(10);

#[derive(Serialize)]
struct MarksPage {
    class: ClassHead,
    tool: String,
    address: String,
    facts: Vec<FactView>,
    questions: Vec<QuestionView>,
    question: String,
    error: Option<String>,
    preview: Option<Preview>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct FactView {
    id: String,
    title: String,
    each: String,
    each_error: Option<String>,
    most: String,
    most_error: Option<String>,
}

#[derive(Serialize)]
struct QuestionView {
    value: String,
    label: String,
}

/// What pressing the button would do.
#[derive(Serialize)]
struct Preview {
    /// Marks it would give or change.
    count: usize,
    /// Points of a project, which are the class's.
    of_class: Option<String>,
    fingerprint: String,
}

#[derive(Serialize)]
struct Row {
    number: Option<String>,
    name: String,
    amounts: Vec<String>,
    /// What the facts earn; none: nothing of this student can be marked.
    points: Option<String>,
    /// The mark in force.
    now: Option<String>,
}

/// What the page is made of.
struct Work {
    class: Class,
    manifest: std::sync::Arc<Manifest>,
    students: Vec<Student>,
    facts: Facts,
    piles: Vec<Pile>,
}

/// `GET /classes/{class}/tools/{plugin}/-/marks`
pub async fn show(
    view: View,
    ClassTeacher { class, .. }: ClassTeacher,
    State(app): State<App>,
    Path((_, id)): Path<(Uuid, String)>,
    uri: Uri,
) -> Result<Response> {
    let work = work(&view, &app, class, &id).await?;
    let typed = Typed::read(&work.manifest, &Query::pairs(&uri));
    let draft = typed.draft(&view, &app, &work).await?;
    let status = if typed.has_mistakes() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, page(&view, &app, &work, &typed, draft.as_ref(), None)?).into_response())
}

/// `POST /classes/{class}/tools/{plugin}/-/marks`: gives the marks that the preview showed, and no others.
pub async fn give(
    view: View,
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    Path((_, id)): Path<(Uuid, String)>,
    sent: Fields,
) -> Result<Response> {
    let work = work(&view, &app, class, &id).await?;
    let seen = sent.one("seen").to_owned();
    let typed = Typed::read(&work.manifest, &sent.into_pairs());
    let Some(draft) = typed.draft(&view, &app, &work).await? else {
        let page = page(&view, &app, &work, &typed, None, None)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    if draft.fingerprint() != seen {
        let page = page(&view, &app, &work, &typed, Some(&draft), Some(Message::new("plugin-marks-changed")))?;
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    let to = format!("/classes/{}/gradebook/{}", work.class.id, draft.assignment_id);
    let done = Message::new("plugin-marks-given").with("count", draft.marks.len());
    many::give(&app.db, actor, draft.marks, app.clock.now()).await?;
    Ok(Notice::success(done).redirect(&to))
}

/// Asks the tool what it counted, and reads who and what can be marked.
async fn work(view: &View, app: &App, class: Class, id: &str) -> Result<Work> {
    let manifest = used(app, class.id, id).await?;
    if manifest.facts.is_empty() {
        return Err(Error::NotFound);
    }
    let language = view.language().tag();
    let context = context::of_class(&Parts::from(app), &manifest, &class, None, language).await?;
    let scope = Scope::new(context, COUNTING).idempotent();
    let facts = app.plugins.ask::<_, Facts>(id, Op::Facts, scope, ()).await.map_err(|failure| {
        let title = manifest.title_in(language).to_owned();
        Error::Plugin(Box::new(PluginFault { plugin: id.to_owned(), title, failure }))
    })?;
    let mut students = gradebook::students(&app.db, class.id).await?;
    students.retain(|student| student.left_at.is_none());
    let piles = piles(&app.db, class.id, None).await?;
    Ok(Work { class, manifest, students, facts, piles })
}

fn page(
    view: &View,
    app: &App,
    work: &Work,
    typed: &Typed,
    draft: Option<&Draft>,
    error: Option<Message>,
) -> Result<Response> {
    let language = view.language().tag();
    let sentence = |message: &Message| view.sentence(message);
    let facts = work.manifest.facts.iter().zip(&typed.rates).map(|(fact, rate)| FactView {
        id: fact.id.clone(),
        title: fact.title.in_language(language).to_owned(),
        each: rate.each.clone(),
        each_error: rate.each_error.as_ref().map(sentence),
        most: rate.most.clone(),
        most_error: rate.most_error.as_ref().map(sentence),
    });
    let question = |pile: &Pile| {
        let asked = &pile.question;
        let number = Message::new("gradebook-question").with("number", &asked.number);
        let label = Message::new("plugin-marks-question-of")
            .with("assignment", &asked.title)
            .with("question", view.sentence(&number))
            .with("points", points::shown(asked.points))
            .with("handed-in", pile.hand_ins.len());
        QuestionView { value: asked.id.to_string(), label: view.sentence(&label) }
    };
    let row = |student: &Student| {
        let earned = draft.and_then(|draft| draft.earned.get(&student.id));
        let amounts = work.manifest.facts.iter().map(|fact| work.amount(student.id, &fact.id));
        Row {
            number: student.number.clone(),
            name: student.name.clone(),
            amounts: amounts.map(points::exact).collect(),
            points: earned.map(|earned| points::exact(earned.points)),
            now: earned.and_then(|earned| earned.now).map(points::exact),
        }
    };
    let page = MarksPage {
        class: ClassHead::new(app, &work.class, view.language()),
        tool: work.manifest.title_in(language).to_owned(),
        address: context::base(work.class.id, &work.manifest.id),
        facts: facts.collect(),
        questions: work.piles.iter().filter(|pile| !pile.hand_ins.is_empty()).map(question).collect(),
        question: typed.question.map(|id| id.to_string()).unwrap_or_default(),
        error: error.or(typed.mistake.clone()).as_ref().map(sentence),
        preview: draft.map(|draft| Preview {
            count: draft.marks.len(),
            of_class: draft.of_class.map(points::exact),
            fingerprint: draft.fingerprint(),
        }),
        rows: work.students.iter().map(row).collect(),
    };
    Ok(view.page("plugin/marks.html", "class", page)?.into_response())
}
