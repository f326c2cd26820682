//! From what the tools of a class counted to marks: the teacher says what each fact is worth, sees what comes out for every
//! student, and puts it into the gradebook as the students' own share of the class's project.

mod draft;
mod typed;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::future::join_all;
use plugin_protocol::manifest::{Fact, Manifest, Words};
use plugin_protocol::op::{Facts, Op};
use serde::Serialize;
use uuid::Uuid;

use self::draft::Draft;
use self::typed::Typed;
use crate::app::App;
use crate::auth::{ClassTeacher, OpenClass};
use crate::error::{Error, Message, Result};
use crate::notice::Notice;
use crate::pages::class::ClassHead;
use crate::plugins::context::{self, Parts};
use crate::plugins::{Scope, fact};
use crate::points;
use crate::request::{Fields, Query};
use crate::store::class::Class;
use crate::store::gradebook::{self, Student};
use crate::store::plugin;
use crate::store::project::{self, Project, Rate};
use crate::view::View;

/// How long a tool may count.
const COUNTING: Duration = Duration::from_secs(10);

#[derive(Serialize)]
struct MarksPage {
    class: ClassHead,
    tools: Vec<ToolView>,
    projects: Vec<ProjectView>,
    question: String,
    error: Option<String>,
    preview: Option<Preview>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct ToolView {
    title: String,
    is_down: bool,
    facts: Vec<FactView>,
}

#[derive(Serialize)]
struct FactView {
    /// `PLUGIN.FACT`, for names of fields.
    name: String,
    title: String,
    each: String,
    each_error: Option<String>,
    most: String,
    most_error: Option<String>,
}

#[derive(Serialize)]
struct ProjectView {
    value: String,
    label: String,
}

/// What pressing the button would do.
#[derive(Serialize)]
struct Preview {
    /// Students whose share it would give or change.
    count: usize,
    /// Whether there is anything to keep.
    is_new: bool,
    /// The class's own mark.
    of_class: Option<String>,
    worth: String,
    fingerprint: String,
}

#[derive(Serialize)]
struct Row {
    number: Option<String>,
    name: String,
    /// None: the tool does not say.
    amounts: Vec<Option<String>>,
    /// What the facts earn.
    own: Option<String>,
    /// With the class's mark.
    together: Option<String>,
    /// The share in force.
    now: Option<String>,
    changes: bool,
}

/// A tool and what it counted.
struct Tool {
    manifest: Arc<Manifest>,
    /// None: it did not answer.
    counted: Option<Facts>,
}

/// What the page is made of.
struct Work {
    class: Class,
    students: Vec<Student>,
    tools: Vec<Tool>,
    projects: Vec<Project>,
}

/// `GET /classes/{class}/tools/-/marks`
pub async fn show(
    view: View,
    ClassTeacher { class, .. }: ClassTeacher,
    State(app): State<App>,
    uri: Uri,
) -> Result<Response> {
    let work = work(&view, &app, class).await?;
    let typed = Typed::read(&app, &work, &Query::pairs(&uri)).await?;
    let draft = draft::draft(&app, &work, &typed).await?;
    let status = if typed.has_mistakes() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, page(&view, &app, &work, &typed, draft.as_ref(), None)?).into_response())
}

/// `POST /classes/{class}/tools/-/marks`: gives the shares that the preview showed, and no others.
pub async fn give(
    view: View,
    OpenClass { class, actor, .. }: OpenClass,
    State(app): State<App>,
    sent: Fields,
) -> Result<Response> {
    let work = work(&view, &app, class).await?;
    let seen = sent.one("seen").to_owned();
    let typed = Typed::read(&app, &work, &sent.into_pairs()).await?;
    let Some(draft) = draft::draft(&app, &work, &typed).await? else {
        let status = if typed.has_mistakes() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
        return Ok((status, page(&view, &app, &work, &typed, None, None)?).into_response());
    };
    if draft.fingerprint() != seen {
        let page = page(&view, &app, &work, &typed, Some(&draft), Some(Message::new("plugin-marks-changed")))?;
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    let to = format!("/classes/{}/gradebook/{}", work.class.id, draft.project.assignment_id);
    let done = Message::new("plugin-marks-given").with("count", draft.put.shares.len());
    project::put(&app.db, actor, draft.put, app.clock.now()).await?;
    Ok(Notice::success(done).redirect(&to))
}

/// Asks the tools what they counted, all at once, and reads who has a share in what.
async fn work(view: &View, app: &App, class: Class) -> Result<Work> {
    let language = view.language().tag();
    let used = plugin::class::of_class(&app.db, class.id).await?;
    let manifests = used.iter().filter_map(|used| Some(app.plugins.status(&used.plugin_id)?.manifest));
    let asked = manifests.filter(|manifest| !manifest.facts.is_empty()).map(|manifest| {
        let class = &class;
        async move {
            let context = context::of_class(&Parts::from(app), &manifest, class, None, language).await?;
            let scope = Scope::new(context, COUNTING).idempotent();
            let counted = app.plugins.ask::<_, Facts>(&manifest.id, Op::Facts, scope, ()).await;
            if let Err(failure) = &counted {
                tracing::info!(plugin = manifest.id, %failure, "a tool does not say what it counted");
            }
            Ok::<_, Error>(Tool { manifest, counted: counted.ok() })
        }
    });
    let tools = join_all(asked).await.into_iter().collect::<Result<Vec<_>>>()?;
    let mut students = gradebook::students(&app.db, class.id).await?;
    students.retain(|student| student.left_at.is_none());
    let projects = project::of_class(&app.db, class.id).await?;
    Ok(Work { class, students, tools, projects })
}

impl Work {
    /// All facts of all tools, in the order of the page.
    fn facts(&self) -> impl Iterator<Item = (&Tool, &Fact)> {
        self.tools.iter().flat_map(|tool| tool.manifest.facts.iter().map(move |fact| (tool, fact)))
    }
}

impl Tool {
    /// How much of a fact a student has, in millionths; none: the tool does not say.
    fn amount(&self, student: Uuid, fact: &str) -> Option<i64> {
        let values = self.counted.as_ref()?.students.iter().find(|one| one.person == student).map(|one| &one.values);
        Some(values.map_or(0, |values| fact::amount(values, fact)))
    }
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
    let mut rates = typed.rates.iter();
    let tool = |tool: &Tool| ToolView {
        title: tool.manifest.title_in(language).to_owned(),
        is_down: tool.counted.is_none(),
        facts: tool
            .manifest
            .facts
            .iter()
            .zip(rates.by_ref())
            .map(|(fact, rate)| FactView {
                name: format!("{}.{}", tool.manifest.id, fact.id),
                title: fact.title.in_language(language).to_owned(),
                each: rate.each.clone(),
                each_error: rate.each_error.as_ref().map(sentence),
                most: rate.most.clone(),
                most_error: rate.most_error.as_ref().map(sentence),
            })
            .collect(),
    };
    let project = |project: &Project| {
        let number = Message::new("gradebook-question").with("number", &project.number);
        let label = Message::new("plugin-marks-project-of")
            .with("assignment", &project.title)
            .with("question", view.sentence(&number))
            .with("points", points::shown(project.worth));
        ProjectView { value: project.question_id.to_string(), label: view.sentence(&label) }
    };
    let row = |student: &Student| {
        let earned = draft.and_then(|draft| draft.earned.get(&student.id));
        Row {
            number: student.number.clone(),
            name: student.name.clone(),
            amounts: work.facts().map(|(tool, fact)| tool.amount(student.id, &fact.id).map(points::exact)).collect(),
            own: earned.map(|earned| points::exact(earned.own)),
            together: earned.map(|earned| points::exact(earned.together)),
            now: earned.and_then(|earned| earned.now).map(points::exact),
            changes: earned.is_some_and(|earned| earned.now != Some(earned.own)),
        }
    };
    let missing = |tool: &Words| Message::new("plugin-marks-missing").with("tool", tool.in_language(language));
    let missing = typed.missing.as_ref().map(missing);
    let page = MarksPage {
        class: ClassHead::new(app, &work.class, view.language()),
        tools: work.tools.iter().map(tool).collect(),
        projects: work.projects.iter().map(project).collect(),
        question: typed.question.map(|id| id.to_string()).unwrap_or_default(),
        error: error.or(typed.mistake.clone()).or(missing).as_ref().map(sentence),
        preview: draft.map(|draft| Preview {
            count: draft.put.shares.len(),
            is_new: draft.is_new,
            of_class: draft.project.points.map(points::exact),
            worth: points::exact(draft.project.worth),
            fingerprint: draft.fingerprint(),
        }),
        rows: work.students.iter().map(row).collect(),
    };
    Ok(view.page("plugin/marks.html", "class", page)?.into_response())
}

/// A rate as it is kept.
fn kept(rate: &fact::Rate, plugin: &str) -> Rate {
    Rate { plugin_id: plugin.to_owned(), fact: rate.fact.clone(), each_points: rate.each, most_points: rate.most }
}
