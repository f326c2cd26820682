//! The marked sheet. What a student may see is decided here, in one place: verdicts, reasons and keys by the teacher's rule.

use std::collections::{HashMap, HashSet};

use chrono::SecondsFormat;
use chrono_tz::Tz;
use grader::mark::Reason;
use serde::Serialize;
use uuid::Uuid;

use super::{draft_key, may_try_again};
use crate::app::App;
use crate::auth::AttemptMember;
use crate::error::{Error, Result};
use crate::i18n::Language;
use crate::marks;
use crate::moment::local;
use crate::pages::assignment::questions::{self, FileView, QuestionView, TextView};
use crate::pages::assignment::sheet::{self, AttemptRow, Projects, history};
use crate::pages::inquiry::sheet as asked;
use crate::pages::inquiry::typed::Typed;
use crate::pages::project::share;
use crate::points;
use crate::store::assignment::{Blank, Form, Kind, Question};
use crate::store::attachment;
use crate::store::attempt::{self, Answer, Essay};
use crate::store::draft::{self, Stored};
use crate::store::project::{self, OfStudent};
use crate::view::View;

/// The marked sheet for its template.
#[derive(Serialize)]
pub struct ResultPage {
    id: Uuid,
    assignment: Uuid,
    title: String,
    class: String,
    chapter: String,
    /// Language of the questions.
    language: String,
    number: i64,
    handed_in: Option<String>,
    handed_in_iso: Option<String>,
    by_bell: bool,
    receipt: Option<String>,
    zone: String,
    /// Verdicts are shown.
    marked: bool,
    /// When they will be, if not yet.
    marked_at: Option<String>,
    points: String,
    per_cent: i64,
    before_late: Option<String>,
    late_per_cent: i64,
    waiting: i64,
    reviews: usize,
    counts: bool,
    /// Number of the attempt that may be begun.
    again: Option<i64>,
    attempts_left: Option<i64>,
    questions: Vec<QuestionView>,
    attempts: Vec<AttemptRow>,
    /// What arrived after closing: kept, but not handed in.
    late: Vec<LateField>,
    draft_key: String,
    /// Whether a teacher looks.
    teaches: bool,
    /// Whose, for a teacher.
    student: Option<String>,
}

/// A field that arrived after closing.
#[derive(Serialize)]
struct LateField {
    label: String,
    text: String,
    at: String,
}

/// What may be shown to whoever looks.
#[derive(Clone, Copy)]
struct Shown {
    verdicts: bool,
    keys: bool,
    /// Also of blanks that were left empty.
    all_keys: bool,
}

/// The marked sheet of an attempt.
pub async fn page(view: &View, app: &App, member: &AttemptMember, typed: Option<Typed>) -> Result<ResultPage> {
    let (standing, attempt) = (&member.standing, &member.attempt);
    let now = app.clock.now();
    let late = draft::of_attempt(&app.db, attempt.id).await?;
    let form = app.forms.find(&app.db, &standing.assignment).await?;
    let attempts = attempt::list(&app.db, standing.assignment.id, attempt.person_id).await?;
    let answers = attempt::answers(&app.db, attempt.id).await?;
    let rules = &standing.assignment.rules;
    let try_again = may_try_again(standing, &attempts, now);
    let closed_for_all = standing.is_closed_for_all(now);
    let shown = Shown {
        verdicts: member.teaches || rules.reveals_verdicts(standing.phase(now)),
        keys: member.teaches || rules.reveals_keys(try_again, closed_for_all),
        all_keys: member.teaches || !try_again,
    };
    let mut questions = questions::questions(app, &standing.assignment, &form, view.language());
    let reviews = match shown.verdicts {
        true => answers.iter().filter(|answer| answer.verdict == "review" && answer.override_points.is_none()).count(),
        false => 0,
    };
    let answered: HashSet<Uuid> = answers.iter().map(|answer| answer.blank_id).collect();
    fill_blanks(&mut questions, &form, answers, shown, view.language())?;
    let project_points = fill_texts(&mut questions, view, app, member, &form, shown).await?;
    if shown.verdicts {
        asked::fill(&mut questions, view, app, member, &answered, typed).await?;
    }
    let earned = attempt.earned();
    let of: i64 = form.points();
    let total = earned.as_ref().map_or(0, marks::Earned::total) + project_points;
    let before = earned.as_ref().map_or(0, marks::Earned::before_late);
    let next = attempts.last().map_or(1, |attempt| attempt.number + 1);
    let is_open = attempts.iter().any(|attempt| attempt.handed_in_at.is_none());
    let used = marks::used(&attempt::earned(&attempts));
    let shown_points = questions::of_points(shown.verdicts.then_some(total), of, view.language());
    Ok(ResultPage {
        id: attempt.id,
        assignment: standing.assignment.id,
        title: standing.assignment.title.clone(),
        class: standing.class_name.clone(),
        chapter: format!("/courses/{}/chapters/{}", standing.assignment.course, standing.assignment.chapter),
        language: sheet::language(app, &standing.assignment.course),
        number: attempt.number,
        handed_in: attempt.handed_in_at.map(|at| local(at, standing.zone)),
        handed_in_iso: attempt.handed_in_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true)),
        by_bell: attempt.handed_in_by.as_deref() == Some("bell"),
        receipt: attempt.receipt(),
        zone: standing.zone.name().to_owned(),
        marked: shown.verdicts,
        marked_at: standing.times.closes_at.filter(|_| !shown.verdicts).map(|at| local(at, standing.zone)),
        points: shown_points,
        per_cent: marks::per_cent(total, of),
        before_late: (attempt.late_per_cent > 0).then(|| points::shown(before)),
        late_per_cent: attempt.late_per_cent,
        waiting: attempt.waiting,
        reviews,
        counts: attempt.counts,
        again: (try_again && !member.teaches && !is_open).then_some(next),
        attempts_left: rules.attempts_left(used),
        late: late_fields(late, &questions, standing.zone),
        questions,
        attempts: history(standing, &attempts, shown.verdicts),
        draft_key: draft_key(attempt),
        teaches: member.teaches,
        student: match member.teaches {
            true => crate::store::person::find(&app.db, attempt.person_id).await?.map(|person| person.name),
            false => None,
        },
    })
}

fn late_fields(stored: Vec<Stored>, questions: &[QuestionView], zone: Tz) -> Vec<LateField> {
    let label = |field: Uuid| {
        let blank = questions
            .iter()
            .flat_map(|question| &question.parts)
            .filter_map(|part| part.blank.as_ref())
            .find(|blank| blank.id == field)
            .map(|blank| blank.label.clone());
        blank.or_else(|| questions.iter().find(|question| question.id == field).map(|question| question.label.clone()))
    };
    stored
        .into_iter()
        .filter(|stored| stored.late)
        .map(|stored| LateField {
            label: label(stored.field.field).unwrap_or_default(),
            text: stored.field.text,
            at: local(stored.updated_at, zone),
        })
        .collect()
}

fn fill_blanks(
    views: &mut [QuestionView],
    form: &Form,
    answers: Vec<Answer>,
    shown: Shown,
    language: Language,
) -> Result<()> {
    let mut answers: HashMap<Uuid, Answer> = answers.into_iter().map(|answer| (answer.blank_id, answer)).collect();
    for (question, view) in
        form.questions.iter().zip(views.iter_mut()).filter(|(question, _)| !question.blanks.is_empty())
    {
        let mut earned = 0;
        let mut worst = 0;
        for part in view.parts.iter_mut().filter_map(|part| part.blank.as_mut()) {
            let Some(blank) = question.blanks.iter().find(|blank| blank.id == part.id) else { continue };
            // A blank that was added after the hand-in has no answer.
            let Some(answer) = answers.remove(&blank.id) else {
                part.state = if shown.verdicts { "unanswered" } else { "handed-in" };
                continue;
            };
            part.value.clone_from(&answer.text);
            if !shown.verdicts {
                part.state = "handed-in";
                continue;
            }
            earned += answer.override_points.unwrap_or(answer.points);
            part.state = state(&answer, blank);
            worst = worst.max(severity(part.state));
            let reason: Reason = serde_json::from_str(&answer.reason).map_err(Error::internal)?;
            part.reason = match answer.override_points {
                Some(_) => answer.override_reason.filter(|reason| !reason.is_empty()),
                None if part.state == verdict_of(&reason) => {
                    says_more(&reason, shown.keys).then(|| reason.student_text(language, shown.keys))
                }
                // A teacher's decision replaced the grader's verdict; its reason no longer explains it.
                None => Some(crate::i18n::plain(language, "attempt-decided")),
            };
            let whole = answer.override_points.unwrap_or(answer.points);
            part.points =
                (whole > 0 && whole != blank.points).then(|| questions::of_points(Some(whole), blank.points, language));
            let may_show = shown.keys && (part.state != "unanswered" || shown.all_keys);
            part.key = (may_show && part.state != "correct").then(|| key_text(blank)).flatten();
        }
        if shown.verdicts {
            view.points = questions::of_points(Some(earned), question.points, language);
            view.state = Some(STATES[worst]);
            // What was right need not be read again.
            if worst == 0 {
                view.section = None;
            }
        } else {
            view.section = None;
        }
    }
    Ok(())
}

const STATES: [&str; 5] = ["correct", "review", "partial", "unanswered", "incorrect"];

fn severity(state: &str) -> usize {
    STATES.iter().position(|known| *known == state).unwrap_or(0)
}

/// The state of a blank: the verdict, or what a teacher's points by hand amount to.
fn state(answer: &Answer, blank: &Blank) -> &'static str {
    match answer.override_points {
        Some(points) if points >= blank.points => "correct",
        Some(points) if points > 0 => "partial",
        Some(_) => "incorrect",
        None => STATES.into_iter().find(|state| *state == answer.verdict).unwrap_or("review"),
    }
}

/// The verdict a grader's reason goes with, as far as the reason tells.
fn verdict_of(reason: &Reason) -> &'static str {
    match reason {
        Reason::Unanswered => "unanswered",
        Reason::NoKey | Reason::Similar { .. } => "review",
        Reason::Same | Reason::Pattern => "correct",
        Reason::Equal { share, .. } | Reason::Decided { share } if *share == grader::assignment::Share::WHOLE => {
            "correct"
        }
        Reason::Decided { share } if *share == grader::assignment::Share::NONE => "incorrect",
        Reason::Equal { .. } | Reason::Decided { .. } => "partial",
        _ => "incorrect",
    }
}

/// Whether a reason says more than the verdict beside it.
fn says_more(reason: &Reason, reveal: bool) -> bool {
    match reason {
        Reason::Unanswered | Reason::NoKey | Reason::Same | Reason::Pattern | Reason::Different => false,
        Reason::Equal { steps, share, .. } => reveal || !steps.is_empty() || *share != grader::assignment::Share::WHOLE,
        reason => reveal || !reason.is_hint(),
    }
}

fn key_text(blank: &Blank) -> Option<String> {
    blank.spec.key.first().map(|key| key.text.clone())
}

/// Essays and projects of the attempt; returns the points of the class's projects, which count for every student.
async fn fill_texts(
    views: &mut [QuestionView],
    view: &View,
    app: &App,
    member: &AttemptMember,
    form: &Form,
    shown: Shown,
) -> Result<i64> {
    if form.texts().next().is_none() {
        return Ok(0);
    }
    let (standing, attempt) = (&member.standing, &member.attempt);
    let essays: HashMap<Uuid, Essay> =
        attempt::essays(&app.db, attempt.id).await?.into_iter().map(|essay| (essay.question_id, essay)).collect();
    let files = attachment::of_attempt(&app.db, attempt.id).await?;
    let projects = Projects::find(app, standing).await?;
    let of_student = match form.questions.iter().any(|question| question.kind == Kind::Project) {
        true => project::of_person(&app.db, attempt.person_id).await?,
        false => Vec::new(),
    };
    let mut earned = 0;
    let texts = form.questions.iter().zip(views.iter_mut()).filter(|(_, view)| view.kind != "blanks");
    for (question, question_view) in texts {
        let essay = essays.get(&question.id);
        let mut text = TextView {
            value: essay.map(|essay| essay.text.clone()).unwrap_or_default(),
            files: FileView::of_question(&files, question.id),
            ..TextView::default()
        };
        let (mut points, comment, waiting) = match projects.of_question(question.id) {
            Some(project) => (project.points, project.comment.clone(), project.points.is_none()),
            None => match essay {
                Some(essay) => (essay.points, essay.comment.clone(), essay.points.is_none()),
                None => (None, None, false),
            },
        };
        if question_view.kind == "project" {
            projects.describe(&mut text, question.id, attempt.person_id, standing, view);
            text.writable = false;
            let of_student = of_student.iter().find(|of_student| of_student.project.question_id == question.id);
            points = of_student.and_then(OfStudent::points);
            text.share = of_student.filter(|_| shown.verdicts).and_then(|of_student| share(view, of_student));
            earned += points.filter(|_| shown.verdicts).unwrap_or(0);
        }
        text.waiting = waiting;
        if shown.verdicts {
            text.comment = comment.filter(|comment| !comment.is_empty());
            mark_view(question_view, question, points, view.language());
        }
        question_view.section = None;
        question_view.text = Some(text);
    }
    Ok(earned)
}

fn mark_view(view: &mut QuestionView, question: &Question, points: Option<i64>, language: Language) {
    if let Some(points) = points {
        view.points = questions::of_points(Some(points), question.points, language);
    }
}
