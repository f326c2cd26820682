//! What is wrong in a course's files: file, line, column, caret, reason and remedy, in both languages.

use std::ops::Range;
use std::sync::Arc;

use grader::diagnostic::{Diagnostic, LineIndex, Severity};

use crate::error::Message;
use crate::i18n::{self, Language};

/// A diagnostic about a file of a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path below the content folder.
    pub file: String,
    /// The text it is about; empty when it could not be read.
    source: Arc<str>,
    chinese: Diagnostic,
    english: Diagnostic,
}

impl Problem {
    /// How grave it is. A file with an error is refused.
    pub fn severity(&self) -> Severity {
        self.chinese.severity
    }

    /// Place, reason and remedy.
    pub fn diagnostic(&self, language: Language) -> &Diagnostic {
        match language {
            Language::Chinese => &self.chinese,
            Language::English => &self.english,
        }
    }

    /// The diagnostic as text: file, line, column, the line with a caret below the place, and how to mend it.
    pub fn render(&self, language: Language) -> String {
        grader::diagnostic::render(
            std::slice::from_ref(self.diagnostic(language)),
            &self.source,
            &self.file,
            false,
            language,
        )
    }
}

/// Something found while a file was read; [`Report::finish`] gives it line, column and words.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) severity: Severity,
    /// Part of the Fluent keys `chapter-problem-CODE` and `chapter-problem-CODE-help`.
    pub(super) code: &'static str,
    /// The place in the file, in bytes.
    pub(super) range: Range<usize>,
    pub(super) arguments: Vec<(&'static str, String)>,
}

impl Finding {
    pub(super) fn error(code: &'static str, range: Range<usize>) -> Self {
        Self { severity: Severity::Error, code, range, arguments: Vec::new() }
    }

    pub(super) fn warning(code: &'static str, range: Range<usize>) -> Self {
        Self { severity: Severity::Warning, code, range, arguments: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }
}

/// Collects what is wrong in one file.
pub(super) struct Report {
    file: String,
    source: Arc<str>,
    problems: Vec<Problem>,
}

impl Report {
    pub(super) fn new(file: impl Into<String>, source: &str) -> Self {
        Self { file: file.into(), source: source.into(), problems: Vec::new() }
    }

    pub(super) fn add(&mut self, finding: Finding) {
        let (line, column, width) = LineIndex::new(&self.source).place(finding.range.clone());
        let words = |language| {
            let sentence = |suffix: &str| {
                let mut message =
                    Message { key: format!("chapter-problem-{}{suffix}", finding.code).into(), arguments: Vec::new() };
                for (name, value) in &finding.arguments {
                    message = message.with(name, value);
                }
                i18n::sentence(language, &message)
            };
            Diagnostic {
                severity: finding.severity,
                code: finding.code,
                message: sentence(""),
                line,
                column,
                width,
                help: Some(sentence("-help")),
            }
        };
        self.problems.push(Problem {
            file: self.file.clone(),
            source: Arc::clone(&self.source),
            chinese: words(Language::Chinese),
            english: words(Language::English),
        });
    }

    /// Adds what the grader says of an assignment file, in both languages.
    pub(super) fn add_diagnostics(&mut self, chinese: Vec<Diagnostic>, english: Vec<Diagnostic>) {
        for (chinese, english) in chinese.into_iter().zip(english) {
            self.problems.push(Problem { file: self.file.clone(), source: Arc::clone(&self.source), chinese, english });
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity() == Severity::Error)
    }

    pub(super) fn finish(self) -> Vec<Problem> {
        self.problems
    }
}

/// Writes what is wrong to the log, in English like the rest of the log.
pub(super) fn log(problems: &[Problem]) {
    for problem in problems {
        let text = problem.render(Language::English);
        match problem.severity() {
            Severity::Error => tracing::error!(file = %problem.file, "course file refused\n{text}"),
            Severity::Warning | Severity::Note => tracing::warn!(file = %problem.file, "course file doubtful\n{text}"),
        }
    }
}
