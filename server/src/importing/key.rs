//! One blank's key changed in the browser: the class's own file with that blank written anew, checked, previewed and put
//! in place like any other import.

use std::collections::HashMap;
use std::ops::Range;

use grader::Language;
use grader::assignment::{self as file, Assignment, Blank, Question};
use grader::diagnostic::{Diagnostic, LineIndex, Severity};
use uuid::Uuid;

use super::{Importer, fingerprint, planned, source};
use crate::app::App;
use crate::difference::{self, Plan};
use crate::error::{Error, Message, Result};
use crate::regrade::{self, Regraded, Shift};
use crate::store::assignment;
use crate::store::class::Class;
use crate::store::import::{self, Held, Import};

/// A blank whose key may be changed.
#[derive(Debug)]
pub struct Found {
    /// Title of the assignment.
    pub title: String,
    /// Its question.
    pub question: Question,
    /// Counts from 1 in the question.
    pub position: usize,
    /// Version of its key.
    pub version: i64,
    held: Held,
    /// The file in force.
    file: String,
    /// Place of the question in the file.
    index: usize,
    /// The bytes of the blank in it.
    span: Range<usize>,
}

/// What a teacher typed: what stands between the brackets, and between the braces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The key.
    pub key: String,
    /// The attributes.
    pub attributes: String,
}

/// A change that may be made.
#[derive(Debug)]
pub struct Change {
    /// Whose mark it changes.
    pub shifts: Vec<Shift>,
    /// Warnings and notes that come with it.
    pub findings: Vec<Finding>,
    source: String,
    plan: Plan,
}

/// Something wrong or doubtful in what was typed.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What, and how to mend it.
    pub diagnostic: Diagnostic,
    /// The characters of the blank that it is about, where it is about this blank.
    pub place: Option<Range<usize>>,
}

/// Why what was typed cannot be put in place.
#[derive(Debug)]
pub enum Refused {
    /// The mistakes in it.
    Findings(Vec<Finding>),
    /// It would change more than the blank.
    Reaches(Message),
}

impl Typed {
    /// As the file would have it: a blank stands on one line.
    pub fn notation(&self) -> String {
        let line = |text: &str| text.replace(char::is_control, " ").trim().to_owned();
        file::blank_text(&line(&self.key), &line(&self.attributes))
    }

    /// A blank for a form. What a teacher saves is confirmed by that.
    pub fn of(blank: &Blank) -> Self {
        let confirmed = Blank { confirmed: true, ..blank.clone() };
        Self { key: file::key_text(blank), attributes: file::attributes_text(&confirmed) }
    }
}

impl Found {
    /// The blank as it holds.
    pub fn blank(&self) -> &Blank {
        &self.question.blanks[self.position - 1]
    }

    /// As the file has it.
    pub fn notation(&self) -> String {
        source::notation(self.blank())
    }
}

/// Finds a blank of a class's assignment.
///
/// # Errors
/// [`Error::NotFound`] when there is none of this id, or none any more.
pub async fn find(app: &App, class_id: Uuid, id: Uuid, blank: Uuid) -> Result<Found> {
    let held = import::held(&app.db, class_id, id).await?.ok_or(Error::NotFound)?;
    let found = held.current.questions.iter().enumerate().find_map(|(index, question)| {
        let at = question.blanks.iter().position(|known| known.id == blank)?;
        Some((index, at, question.blanks[at].version))
    });
    let (index, at, version) = found.ok_or(Error::NotFound)?;
    let file = source::in_force(&held);
    let parsed = file::parse(&file, Language::English).ok();
    let span = parsed.and_then(|parsed| parsed.places.get(index)?.spans.get(at).cloned());
    let span = span.ok_or_else(|| Error::internal(format!("the file of assignment {id} lacks blank {blank}")))?;
    Ok(Found {
        title: held.name.title.clone(),
        question: held.current.questions[index].question.clone(),
        position: at + 1,
        version,
        held,
        file,
        index,
        span,
    })
}

/// What a change of the key would do.
pub async fn plan(app: &App, found: &Found, typed: &Typed, language: Language) -> Result<Result<Change, Refused>> {
    let after = typed.notation();
    let source = source::replaced(&found.file, &[(found.span.clone(), after.clone())]);
    let known = file::parse(&found.file, language).map_or_else(|findings| findings, |parsed| parsed.diagnostics);
    let findings = |diagnostics: Vec<Diagnostic>| new_findings(found, diagnostics, &known, after.chars().count());
    let parsed = match file::parse(&source, language) {
        Ok(parsed) => parsed,
        Err(diagnostics) => return Ok(Err(Refused::Findings(findings(diagnostics)))),
    };
    if !is_only_this(found, &parsed.assignment) {
        return Ok(Err(Refused::Reaches(Message::new("give-key-reaches"))));
    }
    // The same keys in other gaps are keys that were wrong: nothing moves here.
    let answers = HashMap::from([(format!("question-{}", found.question.number), "gap".to_owned())]);
    let plan = difference::plan(&found.held.current.questions, &parsed.assignment, &answers);
    let assignment = assignment::find(&app.db, found.held.current.id).await?.ok_or(Error::NotFound)?;
    let shifts = regrade::preview(&app.db, &assignment, &planned(&plan)).await?;
    Ok(Ok(Change { shifts, findings: findings(parsed.diagnostics), source, plan }))
}

impl Change {
    /// Whether the class already has exactly this.
    pub fn is_empty(&self) -> bool {
        self.plan.is_empty()
    }
}

/// Puts a change in place and marks anew.
///
/// # Errors
/// A conflict when anything of the assignment changed since the blank was found.
pub async fn apply(app: &App, class: &Class, found: Found, change: Change, importer: Importer) -> Result<Regraded> {
    // The log names no answers: what the key was and is stands with its versions.
    let detail = format!("{}.{}: version {}", found.question.number, found.position, found.version + 1);
    let import = Import {
        class_id: class.id,
        fingerprint: fingerprint(&change.source),
        source: change.source,
        base: Some(found.held.current.fingerprint),
        unchanged_since: Some(found.held.updated_at),
        entry: ("key.change", detail),
        name: found.held.name,
        plan: change.plan,
        person_id: importer.person_id,
        address: importer.address,
        now: app.clock.now(),
    };
    let id = import::apply(&app.db, import).await?;
    regrade::assignment(app, id).await
}

/// Whether a file differs from the one in force in this blank alone.
fn is_only_this(found: &Found, new: &Assignment) -> bool {
    let old = &found.held.current.questions;
    old.len() == new.questions.len()
        && old.iter().zip(&new.questions).enumerate().all(|(index, (old, new))| {
            let old = &old.question;
            let same = |at: usize| {
                let is_this = index == found.index && at + 1 == found.position;
                is_this || source::stated(&old.blanks[at]) == source::stated(&new.blanks[at])
            };
            old.number == new.number
                && old.kind == new.kind
                && old.text == new.text
                && old.rubric == new.rubric
                && old.blanks.len() == new.blanks.len()
                && (0..old.blanks.len()).all(same)
        })
}

/// The findings that stand at the blank, and those that the file did not have before.
fn new_findings(found: &Found, diagnostics: Vec<Diagnostic>, known: &[Diagnostic], width: usize) -> Vec<Finding> {
    let (line, column, _) = LineIndex::new(&found.file).place(found.span.clone());
    let at = |diagnostic: &Diagnostic| {
        let start = diagnostic.column.checked_sub(column).filter(|start| diagnostic.line == line && *start < width)?;
        Some(start..(start + diagnostic.width).min(width))
    };
    let is_known = |diagnostic: &Diagnostic| {
        known.iter().any(|known| known.code == diagnostic.code && known.message == diagnostic.message)
    };
    let has_errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    diagnostics
        .into_iter()
        .map(|diagnostic| Finding { place: at(&diagnostic), diagnostic })
        .filter(|finding| finding.place.is_some() || !is_known(&finding.diagnostic))
        // What follows from a mistake may be said of the text behind it.
        .filter(|finding| !has_errors || finding.place.is_some() || finding.diagnostic.severity == Severity::Error)
        .collect()
}
