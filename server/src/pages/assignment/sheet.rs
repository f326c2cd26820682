//! The sheet of one student: which attempt is open to them, what stands in it, and what else the page says.

use std::collections::HashMap;

use axum::response::Html;
use chrono::SecondsFormat;
use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::questions::{self, FileView, QuestionView, TextView};
use super::terms::{Terms, terms};
use crate::app::App;
use crate::error::{Message, Result};
use crate::marks;
use crate::media;
use crate::moment::local;
use crate::points;
use crate::rules::Phase;
use crate::store::assignment::{Form, Kind, Standing};
use crate::store::attachment;
use crate::store::attempt::{self, Attempt, ProjectHandIn};
use crate::store::draft;
use crate::store::person::Person;
use crate::view::View;

/// What stands in fields, with the highest sequence the server holds of each.
pub type Typed = HashMap<Uuid, (String, i64)>;

/// What is asked of the sheet beside what the database says.
#[derive(Default)]
pub struct Asked {
    /// The attempt the student wants to begin.
    pub wanted: Option<i64>,
    /// What was typed, where a hand-in is shown again.
    pub typed: Option<HashMap<Uuid, String>>,
    /// What was wrong with it.
    pub error: Option<String>,
}

/// The page for its template.
#[derive(Serialize)]
pub struct SheetPage {
    id: Uuid,
    title: String,
    class: String,
    chapter: String,
    /// Language of the questions.
    language: String,
    /// `answering`, `preview`, `not-open`, `done`, `closed` or `archived`.
    state: &'static str,
    terms: Terms,
    form: Option<FormView>,
    questions: Vec<QuestionView>,
    points: String,
    attempts: Vec<AttemptRow>,
    /// Number of the attempt that may be begun.
    again: Option<i64>,
    /// Fields that arrived after closing.
    late_fields: usize,
    accepted_files: &'static str,
    most_files: i64,
    error: Option<String>,
}

#[derive(Serialize)]
struct FormView {
    attempt: i64,
    owner: String,
    key: Uuid,
    sequence: i64,
    closes: Option<String>,
    closes_iso: Option<String>,
    server_time: String,
    zone: String,
}

/// An attempt in a student's history.
#[derive(Serialize)]
pub struct AttemptRow {
    /// Id, for its address.
    pub id: Uuid,
    /// Counts from 1.
    pub number: i64,
    /// When it was handed in.
    pub handed_in: Option<String>,
    /// The same for machines.
    pub handed_in_iso: Option<String>,
    /// By the bell.
    pub by_bell: bool,
    /// Points after the late rule, where verdicts are shown.
    pub points: Option<String>,
    /// Per cent taken off.
    pub late_per_cent: i64,
    /// Essays waiting to be marked.
    pub waiting: i64,
    /// Whether it uses up an attempt.
    pub counts: bool,
    /// Whether it is the one that counts.
    pub counting: bool,
}

/// A student's attempts as a page lists them.
pub fn history(standing: &Standing, attempts: &[Attempt], shows_points: bool) -> Vec<AttemptRow> {
    let earned = attempt::earned(attempts);
    let counting = marks::counting(standing.assignment.rules.counting, &earned).map(|earned| earned.number);
    attempts
        .iter()
        .filter_map(|attempt| {
            let earned = attempt.earned()?;
            Some(AttemptRow {
                id: attempt.id,
                number: attempt.number,
                handed_in: Some(local(earned.handed_in_at, standing.zone)),
                handed_in_iso: Some(earned.handed_in_at.to_rfc3339_opts(SecondsFormat::Millis, true)),
                by_bell: attempt.handed_in_by.as_deref() == Some("bell"),
                points: shows_points.then(|| points::shown(earned.total())),
                late_per_cent: earned.late_per_cent,
                waiting: earned.waiting,
                counts: earned.counts,
                counting: counting == Some(attempt.number),
            })
        })
        .collect()
}

/// Whose drafts a device keeps: the same for a person, and nothing of the person.
pub fn owner(person: Uuid) -> String {
    let mut hash = Sha256::new();
    hash.update(b"draft owner");
    hash.update(person.as_bytes());
    BASE64URL_NOPAD.encode(&hash.finalize()[..9])
}

/// The sheet as a teacher previews it: everything a student sees before handing in, and nothing to send.
pub async fn preview(view: &View, app: &App, standing: &Standing) -> Result<Html<String>> {
    let form = app.forms.find(&app.db, &standing.assignment).await?;
    let mut page = empty(view, app, standing, "preview", 0);
    page.questions = questions::questions(app, &standing.assignment, &form, view.language());
    page.points = questions::of_points(None, form.points(), view.language());
    let projects = Projects::find(app, standing).await?;
    for question in page.questions.iter_mut().filter(|question| question.kind != "blanks") {
        let mut text = TextView { writable: true, ..TextView::default() };
        if question.kind == "project" {
            text.operators = projects.names();
        }
        question.text = Some(text);
    }
    view.page("assignment/show.html", "assignment", page)
}

/// The sheet of a student, or what became of it.
pub async fn student(view: &View, app: &App, person: &Person, standing: &Standing, asked: Asked) -> Result<SheetPage> {
    let now = app.clock.now();
    let phase = standing.phase(now);
    if phase == Phase::NotOpen {
        return Ok(empty(view, app, standing, "not-open", 0));
    }
    let form = app.forms.find(&app.db, &standing.assignment).await?;
    let attempts = attempt::list(&app.db, standing.assignment.id, person.id).await?;
    let used = marks::used(&attempt::earned(&attempts));
    let open = attempts.iter().find(|attempt| attempt.handed_in_at.is_none());
    let next = attempts.last().map_or(1, |attempt| attempt.number + 1);
    let takes_work = phase.takes_work() && !standing.archived;
    let may_begin = takes_work && open.is_none() && standing.assignment.rules.attempts_left(used) != Some(0);
    let wants = attempts.is_empty() || asked.wanted == Some(next) || asked.typed.is_some();
    let state = match (takes_work, open.is_some(), may_begin && wants) {
        (true, true, _) | (true, _, true) => "answering",
        _ if attempts.iter().any(|attempt| attempt.handed_in_at.is_some()) => "done",
        _ if standing.archived => "archived",
        _ => "closed",
    };
    let mut page = empty(view, app, standing, state, used);
    let shows_points = standing.assignment.rules.reveals_verdicts(phase);
    page.attempts = history(standing, &attempts, shows_points);
    page.again = (may_begin && state != "answering").then_some(next);
    page.points = questions::of_points(None, form.points(), view.language());
    page.error = asked.error;
    if state == "done" {
        page.late_fields = late_fields(app, &attempts).await?;
        return Ok(page);
    }
    let number = open.map_or(next, |attempt| attempt.number);
    let (typed, sequence, late) = standing_in(app, &attempts, number).await?;
    page.late_fields = if state == "answering" { 0 } else { late };
    page.questions = questions::questions(app, &standing.assignment, &form, view.language());
    prepare_texts(&mut page.questions, app, person, standing, &form, &attempts, number, view).await?;
    questions::fill(&mut page.questions, &typed);
    if let Some(again) = asked.typed {
        let again =
            again.into_iter().map(|(field, text)| (field, (text, typed.get(&field).map_or(0, |known| known.1))));
        questions::fill(&mut page.questions, &again.collect());
    }
    if state == "answering" {
        page.form = Some(FormView {
            attempt: number,
            owner: owner(person.id),
            key: Uuid::new_v4(),
            sequence,
            closes: standing.times.closes_at.map(|closes| local(closes, standing.zone)),
            closes_iso: standing.times.closes_at.map(|closes| closes.to_rfc3339_opts(SecondsFormat::Millis, true)),
            server_time: now.to_rfc3339_opts(SecondsFormat::Millis, true),
            zone: standing.zone.name().to_owned(),
        });
    }
    Ok(page)
}

fn empty(view: &View, app: &App, standing: &Standing, state: &'static str, used: i64) -> SheetPage {
    let assignment = &standing.assignment;
    SheetPage {
        id: assignment.id,
        title: assignment.title.clone(),
        class: standing.class_name.clone(),
        chapter: format!("/courses/{}/chapters/{}", assignment.course, assignment.chapter),
        language: language(app, &assignment.course),
        state,
        terms: terms(standing, used, app.clock.now(), view),
        form: None,
        questions: Vec::new(),
        points: String::new(),
        attempts: Vec::new(),
        again: None,
        late_fields: 0,
        accepted_files: media::ACCEPTED,
        most_files: attachment::MOST_FILES,
        error: None,
    }
}

/// Language of a course's texts.
pub fn language(app: &App, course: &str) -> String {
    app.content.library().course(course).map_or_else(|| "zh-CN".to_owned(), |course| course.language.clone())
}

/// What stands in an attempt: its drafts over what the attempt before it handed in; the highest sequence; how many fields
/// arrived late.
async fn standing_in(app: &App, attempts: &[Attempt], number: i64) -> Result<(Typed, i64, usize)> {
    let mut typed = Typed::new();
    let before = attempts.iter().rfind(|attempt| attempt.number < number && attempt.handed_in_at.is_some());
    if let Some(before) = before {
        let fields = attempt::fields(&app.db, before.id).await?;
        typed.extend(fields.into_iter().map(|(field, text)| (field, (text, 0))));
    }
    let (mut highest, mut late) = (0, 0);
    if let Some(open) = attempts.iter().find(|attempt| attempt.number == number) {
        for stored in draft::of_attempt(&app.db, open.id).await? {
            highest = highest.max(stored.field.sequence);
            late += usize::from(stored.late);
            typed.insert(stored.field.field, (stored.field.text, stored.field.sequence));
        }
    }
    Ok((typed, highest, late))
}

async fn late_fields(app: &App, attempts: &[Attempt]) -> Result<usize> {
    let Some(last) = attempts.last() else { return Ok(0) };
    Ok(draft::of_attempt(&app.db, last.id).await?.iter().filter(|stored| stored.late).count())
}

/// Essays and projects: their files, and who writes a project.
#[allow(clippy::too_many_arguments)]
async fn prepare_texts(
    views: &mut [QuestionView],
    app: &App,
    person: &Person,
    standing: &Standing,
    form: &Form,
    attempts: &[Attempt],
    number: i64,
    view: &View,
) -> Result<()> {
    if form.texts().next().is_none() {
        return Ok(());
    }
    // An attempt that is not begun yet will carry on the files of the one before.
    let holder = attempts.iter().rfind(|attempt| attempt.number <= number);
    let files = match holder {
        Some(attempt) => attachment::of_attempt(&app.db, attempt.id).await?,
        None => Vec::new(),
    };
    let has_project = form.questions.iter().any(|question| question.kind == Kind::Project);
    let projects = match has_project {
        true => Projects::find(app, standing).await?,
        false => Projects::default(),
    };
    for question in views.iter_mut().filter(|question| question.kind != "blanks") {
        let mut text =
            TextView { writable: true, files: FileView::of_question(&files, question.id), ..TextView::default() };
        if question.kind == "project" {
            projects.describe(&mut text, question.id, person.id, standing, view);
        }
        question.text = Some(text);
    }
    Ok(())
}

/// Who writes the class's projects, and which are handed in.
#[derive(Default)]
pub struct Projects {
    operators: Vec<(Uuid, String)>,
    handed_in: Vec<ProjectHandIn>,
}

impl Projects {
    /// Reads them for an assignment.
    pub async fn find(app: &App, standing: &Standing) -> Result<Self> {
        let operators = attempt::operators(&app.db, standing.assignment.class_id).await?;
        let mut handed_in = attempt::projects_of_class(&app.db, standing.assignment.class_id).await?;
        handed_in.retain(|project| project.assignment_id == standing.assignment.id);
        Ok(Self { operators, handed_in })
    }

    /// The hand-in of a project.
    pub fn of_question(&self, question: Uuid) -> Option<&ProjectHandIn> {
        self.handed_in.iter().find(|project| project.question_id == question)
    }

    /// Whether this person may write a project: an operator, and nobody else has handed it in.
    pub fn writable(&self, question: Uuid, person: Uuid) -> bool {
        self.operators.iter().any(|(id, _)| *id == person)
            && self.of_question(question).is_none_or(|project| project.handed_in_by == person)
    }

    /// Names of the operators.
    pub fn names(&self) -> Vec<String> {
        self.operators.iter().map(|(_, name)| name.clone()).collect()
    }

    /// Fills in what a page says of a project.
    pub fn describe(&self, text: &mut TextView, question: Uuid, person: Uuid, standing: &Standing, view: &View) {
        text.writable = self.writable(question, person);
        text.operators = self.names();
        if let Some(project) = self.of_question(question) {
            let message = Message::new("assignment-project-handed-in")
                .with("name", &project.name)
                .with("at", local(project.handed_in_at, standing.zone));
            text.handed_in = Some(view.sentence(&message));
        }
    }
}
