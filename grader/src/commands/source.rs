//! Reads a file of any format and says what was understood.

use std::io::Read;
use std::path::Path;

use grader::assignment::{self, Assignment};
use grader::diagnostic::{Diagnostic, Severity};
use grader::formats::{self, Format};
use grader::textbook::{self, Page, Proposal};

use super::help::is_dash;
use crate::credentials::unreadable;
use crate::session::{Failure, Outcome, Session};

/// The largest file that is read at all, in bytes.
const LARGEST: u64 = 64 << 20;

/// What a file holds, as far as it could be understood.
pub struct Understood {
    /// The name to show; `-` for stdin.
    pub file: String,
    pub format: Format,
    /// The file's text; empty if it is none.
    pub text: String,
    /// `None` when the file was refused.
    pub assignment: Option<Assignment>,
    /// The textbook page that the assignment was taken from.
    pub page: Option<Page>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Understood {
    /// Whether the file was refused.
    pub fn is_refused(&self) -> bool {
        self.assignment.is_none() || self.diagnostics.iter().any(|found| found.severity == Severity::Error)
    }

    /// The proposals for each blank of a question, the likeliest first.
    pub fn proposals(&self, question: usize) -> &[Vec<Proposal>] {
        let exercise = self.page.as_ref().and_then(|page| page.exercises.get(question));
        exercise.map_or(&[], |exercise| &exercise.proposals)
    }

    /// The assignment file: the file itself, or what was made of a textbook page.
    pub fn assignment_file(&self, session: &Session) -> String {
        match &self.page {
            Some(page) => textbook::to_assignment_file(page, None, None, session.language),
            None => self.text.clone(),
        }
    }
}

/// The bytes of a file, or of stdin for `-`.
///
/// # Errors
/// When the file cannot be read or is larger than 64 MiB.
pub fn bytes(session: &Session, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if is_dash(path) {
        std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| unreadable(session, path, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(session.failure(Outcome::Environment, "file-large", &[("file", &path.display())]));
    }
    Ok(bytes)
}

/// Reads a file in the format it has, or in the one that is named.
///
/// # Errors
/// When the file cannot be read. What is wrong inside it is among the diagnostics.
pub fn understand(session: &Session, path: &Path, named: Option<Format>) -> Result<Understood, Failure> {
    let bytes = bytes(session, path)?;
    let file = path.display().to_string();
    let format = named.unwrap_or_else(|| formats::detect(&file, &bytes));
    let mut understood =
        Understood { file, format, text: String::new(), assignment: None, page: None, diagnostics: Vec::new() };
    if !matches!(format, Format::Markdown | Format::Textbook) {
        let id = if format == Format::Document { "document" } else { "unsupported-format" };
        let code = if format == Format::Document { "document" } else { "unsupported-format" };
        understood.diagnostics.push(finding(session, code, 1, id, &[("format", &format.name())]));
        return Ok(understood);
    }
    match formats::decode(&bytes) {
        Ok(decoded) => understood.text = decoded.text,
        Err(offset) => {
            let line = bytes[..offset].iter().filter(|byte| **byte == b'\n').count() + 1;
            understood.diagnostics.push(finding(session, "undecodable", line, "undecodable", &[("offset", &offset)]));
            return Ok(understood);
        }
    }
    if understood.text.chars().all(|c| c.is_whitespace() || c == '\u{feff}') {
        understood.diagnostics.push(finding(session, "empty", 1, "empty", &[]));
        understood.text.clear();
        return Ok(understood);
    }
    if format == Format::Textbook {
        let page = textbook::read(&understood.text, session.language);
        understood.diagnostics = page.diagnostics.clone();
        // Without exercises there is nothing to import.
        let missing = understood.diagnostics.iter_mut().filter(|found| found.code == "no-exercises");
        missing.for_each(|found| found.severity = Severity::Error);
        understood.assignment = Some(textbook::assignment(&page, None, None, session.language));
        understood.page = Some(page);
        return Ok(understood);
    }
    match assignment::parse(&understood.text, session.language) {
        Ok(parsed) => {
            understood.assignment = Some(parsed.assignment);
            understood.diagnostics = parsed.diagnostics;
        }
        Err(found) => understood.diagnostics = found,
    }
    Ok(understood)
}

/// An error about a whole file.
fn finding(
    session: &Session,
    code: &'static str,
    line: usize,
    id: &str,
    arguments: &[(&'static str, &dyn std::fmt::Display)],
) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        code,
        message: session.words(id, arguments),
        line,
        column: 1,
        width: 1,
        help: Some(session.words(&format!("{id}-help"), arguments)),
    }
}
