//! Findings while a file is read: a stable code and a place, turned into words at the end.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, LineIndex, Severity};
use crate::{Language, message};

/// No more than this many are kept; a person mends the first ones first.
const MOST: usize = 100;

/// One finding. Its message is `assignment-CODE` in the locale files and its help `assignment-CODE-help`.
struct Problem {
    severity: Severity,
    code: &'static str,
    span: Range<usize>,
    arguments: Vec<(&'static str, String)>,
    /// A message that is already in words.
    message: Option<String>,
}

/// All findings in one file.
#[derive(Default)]
pub(super) struct Problems {
    found: Vec<Problem>,
}

impl Problems {
    pub(super) fn error(&mut self, code: &'static str, span: Range<usize>, arguments: &[(&'static str, &str)]) {
        self.add(Severity::Error, code, span, arguments);
    }

    pub(super) fn warning(&mut self, code: &'static str, span: Range<usize>, arguments: &[(&'static str, &str)]) {
        self.add(Severity::Warning, code, span, arguments);
    }

    pub(super) fn note(&mut self, code: &'static str, span: Range<usize>, arguments: &[(&'static str, &str)]) {
        self.add(Severity::Note, code, span, arguments);
    }

    fn add(&mut self, severity: Severity, code: &'static str, span: Range<usize>, arguments: &[(&'static str, &str)]) {
        if self.found.len() < MOST || (severity == Severity::Error && !self.has_errors()) {
            let arguments = arguments.iter().map(|(name, value)| (*name, shortened(value))).collect();
            self.found.push(Problem { severity, code, span, arguments, message: None });
        }
    }

    /// A finding whose words come from elsewhere.
    pub(super) fn in_words(&mut self, severity: Severity, code: &'static str, span: Range<usize>, message: String) {
        self.add(severity, code, span, &[]);
        if let Some(last) = self.found.last_mut().filter(|last| last.code == code) {
            last.message = Some(message);
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        self.found.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// Whether something in these bytes is an error already.
    pub(super) fn has_error_in(&self, range: Range<usize>) -> bool {
        self.found.iter().any(|problem| problem.severity == Severity::Error && range.contains(&problem.span.start))
    }

    /// In words, in the order of the file.
    pub(super) fn into_diagnostics(mut self, source: &str, language: Language) -> Vec<Diagnostic> {
        let lines = LineIndex::new(source);
        self.found.sort_by_key(|problem| (problem.span.start, problem.span.end));
        let describe = |problem: Problem| {
            let arguments: Vec<_> = problem.arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let id = format!("assignment-{}", problem.code);
            let (line, column, width) = lines.place(problem.span);
            Diagnostic {
                severity: problem.severity,
                code: problem.code,
                message: problem.message.unwrap_or_else(|| message::text_with(language, &id, &arguments)),
                line,
                column,
                width,
                help: Some(message::text_with(language, &format!("{id}-help"), &arguments)),
            }
        };
        self.found.into_iter().map(describe).collect()
    }
}

/// A quotation from the file, short enough for one line of a message.
fn shortened(value: &str) -> String {
    const LONGEST: usize = 40;
    let shown = |c: char| if c.is_control() { ' ' } else { c };
    match value.char_indices().nth(LONGEST) {
        Some((end, _)) => value[..end].chars().map(shown).chain(['…']).collect(),
        None => value.chars().map(shown).collect(),
    }
}

/// The name among `names` that `word` was probably meant to be.
pub(super) fn nearest(word: &str, names: &[&'static str]) -> Option<&'static str> {
    if word.chars().count() > 20 {
        return None;
    }
    let word = word.to_ascii_lowercase();
    names
        .iter()
        .map(|name| (strsim::osa_distance(&word, name), *name))
        .filter(|(distance, name)| *distance <= 2 && *distance < name.len())
        .min()
        .map(|(_, name)| name)
}
