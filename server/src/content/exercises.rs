//! A chapter's exercises as the book prints them: questions with gaps, never a key.

use grader::assignment::{Assignment, Points, QuestionKind, fill_placeholders, with_placeholders};

use super::problem::{Finding, Report};
use crate::i18n::Language;
use crate::markdown::{self, References};

/// The exercises of a chapter, without keys.
#[derive(Clone, Debug)]
pub struct Exercises {
    /// Their title.
    pub title: String,
    /// Questions with the book's numbers.
    pub questions: Vec<Exercise>,
}

/// One printed question.
#[derive(Clone, Debug)]
pub struct Exercise {
    /// Printed number.
    pub number: String,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// Points of the whole question.
    pub points: Points,
    /// How many blanks it has.
    pub blanks: usize,
    /// HTML with a placeholder for each blank.
    html: String,
}

impl Exercise {
    /// The question as HTML; `gap` gives the HTML of the blank with this number.
    pub fn html(&self, gap: impl FnMut(usize) -> String) -> String {
        fill_placeholders(&self.html, gap)
    }
}

/// Reads `assignment.md`; a file with a mistake is refused whole.
pub(super) fn read(
    source: &str,
    course: &str,
    chapter: &str,
    references: &References<'_>,
    report: &mut Report,
) -> Option<Exercises> {
    let in_language = |language| match grader::assignment::parse(source, language) {
        Ok(parsed) => (Some(parsed.assignment), parsed.diagnostics),
        Err(diagnostics) => (None, diagnostics),
    };
    let (assignment, chinese) = in_language(Language::Chinese);
    // A file without a finding needs no second reading for the words of the other language.
    if !chinese.is_empty() {
        report.add_diagnostics(chinese, in_language(Language::English).1);
    }
    let assignment = assignment?;
    for (name, stated, meant) in [("course", &assignment.course, course), ("chapter", &assignment.chapter, chapter)] {
        if let Some(stated) = stated.as_deref().filter(|stated| *stated != meant) {
            let start = source.find(stated).unwrap_or(0);
            let finding = Finding::error("assignment-elsewhere", start..start + stated.len());
            report.add(finding.with("name", name).with("stated", stated).with("meant", meant));
        }
    }
    (!report.has_errors()).then(|| printed(assignment, references))
}

fn printed(assignment: Assignment, references: &References<'_>) -> Exercises {
    let questions = assignment
        .questions
        .into_iter()
        .map(|question| Exercise {
            html: markdown::to_html(&with_placeholders(&question.text), references),
            number: question.number,
            kind: question.kind,
            points: question.points,
            blanks: question.blanks.len(),
        })
        .collect();
    Exercises { title: assignment.title, questions }
}
