//! From an assignment file to the class: check, show what would change and for whom, then put it in place. The command's
//! API and the browser both go through here.

pub mod key;
pub mod source;

use std::collections::HashMap;

use grader::Language;
use grader::assignment::{self as file, Assignment};
use grader::diagnostic::Diagnostic;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::app::App;
use crate::difference::{self, Plan};
use crate::error::{Error, Message, Result};
use crate::regrade::{self, Regraded, Shift};
use crate::store::assignment::{self, Blank, Form, Kind, Question};
use crate::store::class::Class;
use crate::store::import::{self, Current, Import, Name};

/// What an import would do.
#[derive(Debug)]
pub struct Preview {
    /// The assignment as the file has it.
    pub assignment: Assignment,
    /// The class's assignment of this name, if it has one.
    pub current: Option<Current>,
    /// The differences, and what must be asked.
    pub plan: Plan,
    /// Whose mark would change.
    pub shifts: Vec<Shift>,
    /// Warnings and notes about the file.
    pub diagnostics: Vec<Diagnostic>,
    name: Name,
}

/// What an import did.
#[derive(Debug)]
pub struct Imported {
    /// The assignment.
    pub assignment_id: Uuid,
    /// Whether it is new in the class.
    pub is_new: bool,
    /// How many differences were put in place.
    pub changes: usize,
    /// What was marked anew.
    pub regraded: Regraded,
}

/// Who imports, from where.
#[derive(Clone, Debug)]
pub struct Importer {
    /// Person.
    pub person_id: Uuid,
    /// Address of the request.
    pub address: String,
}

/// Why an import was refused.
#[derive(Debug)]
pub enum Refused {
    /// The file has mistakes; all of them.
    File(Vec<Diagnostic>),
    /// Anything else.
    Other(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Other(error)
    }
}

/// Checks a file and compares it with the class. `answers` are the teacher's answers to what an earlier preview asked.
pub async fn preview(
    app: &App,
    class: &Class,
    source: &str,
    answers: &HashMap<String, String>,
    language: Language,
) -> Result<Preview, Refused> {
    let parsed = file::parse(source, language).map_err(Refused::File)?;
    let assignment = parsed.assignment;
    let name = name(app, class, &assignment)?;
    let current = import::current(&app.db, class.id, &name).await?;
    let questions = current.as_ref().map_or(&[][..], |current| &current.questions);
    let plan = difference::plan(questions, &assignment, answers);
    let shifts = match &current {
        Some(current) if !plan.is_empty() => shifts(app, current.id, &plan).await?,
        _ => Vec::new(),
    };
    Ok(Preview { assignment, current, plan, shifts, diagnostics: parsed.diagnostics, name })
}

/// Puts a file in place, unless the class changed since `base` was seen, and marks anew what that touches.
pub async fn apply(
    app: &App,
    class: &Class,
    source: String,
    base: Option<String>,
    answers: &HashMap<String, String>,
    importer: Importer,
    language: Language,
) -> Result<Imported, Refused> {
    let preview = preview(app, class, &source, answers, language).await?;
    if preview.current.as_ref().map(|current| &current.fingerprint) != base.as_ref() {
        return Err(Error::conflict("import-conflict").into());
    }
    let changes = preview.plan.changes.len();
    let is_new = preview.current.is_none();
    let import = Import {
        class_id: class.id,
        name: preview.name,
        fingerprint: fingerprint(&source),
        source,
        base,
        unchanged_since: None,
        entry: ("assignment.import", format!("{}: {changes} changes", preview.assignment.title)),
        plan: preview.plan,
        person_id: importer.person_id,
        address: importer.address,
        now: app.clock.now(),
    };
    let assignment_id = import::apply(&app.db, import).await?;
    let regraded = regrade::assignment(app, assignment_id).await?;
    Ok(Imported { assignment_id, is_new, changes, regraded })
}

/// What the file says it is; what it leaves out is taken from the class's course and from the number in its title.
fn name(app: &App, class: &Class, assignment: &Assignment) -> Result<Name> {
    let title = assignment.title.clone();
    let course = assignment.course.clone().unwrap_or_else(|| class.course.clone());
    if let Some(chapter) = assignment.chapter.clone() {
        return Ok(Name { course, chapter, title });
    }
    let library = app.content.library();
    let chapters = library.course(&course).map(|course| course.chapters.as_slice()).unwrap_or_default();
    if let Some(chapter) = chapters.iter().find(|chapter| names_chapter(&title, &chapter.number)) {
        return Ok(Name { course, chapter: chapter.slug.clone(), title });
    }
    let known: Vec<&str> = chapters.iter().map(|chapter| chapter.slug.as_str()).collect();
    Err(Error::Invalid(Message::new("import-chapter-unknown").with("chapters", known.join(", "))))
}

/// Whether a title names the chapter of this number: 第3章, 第三章, Chapter 3.
fn names_chapter(title: &str, number: &str) -> bool {
    const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let numeral = number.parse::<usize>().ok().and_then(|number| NUMERALS.get(number.checked_sub(1)?).copied());
    let title: String = title.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let is_named = |number: &str| title.contains(&format!("第{number}章"));
    let in_english = title.split_once("chapter").is_some_and(|(_, rest)| {
        rest.chars().take_while(char::is_ascii_digit).collect::<String>() == number && !number.is_empty()
    });
    is_named(number) || numeral.is_some_and(is_named) || in_english
}

/// What two versions of a file are compared by.
pub fn fingerprint(source: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(source.as_bytes()))
}

async fn shifts(app: &App, id: Uuid, plan: &Plan) -> Result<Vec<Shift>> {
    let Some(assignment) = assignment::find(&app.db, id).await? else { return Ok(Vec::new()) };
    regrade::preview(&app.db, &assignment, &planned(plan)).await
}

/// The assignment as it would be, for marking.
fn planned(plan: &Plan) -> Form {
    let questions = plan
        .questions
        .iter()
        .map(|planned| {
            let question = &planned.question;
            let blanks = question.blanks.iter().zip(&planned.blanks).enumerate();
            Question {
                id: planned.id.unwrap_or_else(Uuid::now_v7),
                number: question.number.clone(),
                kind: match question.kind {
                    file::QuestionKind::Blanks => Kind::Blanks,
                    file::QuestionKind::Essay => Kind::Essay,
                    file::QuestionKind::Project => Kind::Project,
                },
                text: question.text.clone(),
                points: question.points.0,
                rubric: question.rubric.clone(),
                blanks: blanks
                    .map(|(index, (blank, place))| Blank {
                        id: place.current.map_or_else(Uuid::now_v7, |(id, _)| id),
                        position: index as i64 + 1,
                        points: blank.points.0,
                        hint: blank.hint.clone(),
                        key_version: place.current.map_or(1, |(_, version)| version),
                        spec: blank.clone(),
                    })
                    .collect(),
            }
        })
        .collect();
    Form::new(questions, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::names_chapter;

    #[test]
    fn a_title_names_its_chapter() {
        for (title, number, named) in [
            ("第3章作业", "3", true),
            ("第三章作业", "3", true),
            ("第 3 章 作业", "3", true),
            ("Chapter 3: exercises", "3", true),
            ("Chapter 31", "3", false),
            ("第13章作业", "3", false),
            ("第十三章作业", "3", false),
            ("作业三", "3", false),
        ] {
            assert_eq!(names_chapter(title, number), named, "{title}");
        }
    }
}
