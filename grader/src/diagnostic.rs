//! What is wrong or doubtful in a file: where, why, and how to mend it.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use crate::{Language, message};

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Read, but the teacher should look.
    Warning,
    /// The file is refused.
    Error,
}

/// One finding in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// A stable name, such as `unknown-attribute`.
    pub code: &'static str,
    /// What is wrong, in the reader's language.
    pub message: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// How many characters the caret underlines, at least 1.
    #[serde(skip)]
    pub width: usize,
    /// How to mend it, if there is a way worth naming.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// Finds line and column of a byte quickly.
pub struct LineIndex<'a> {
    source: &'a str,
    /// Where each line starts, in bytes.
    starts: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    /// An index of this text.
    pub fn new(source: &'a str) -> Self {
        let starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        LineIndex { source, starts }
    }

    /// Line and column, both from 1, and the width in characters (at least 1) of these bytes; a span over several lines is
    /// cut at the end of its first. A byte order mark does not count.
    pub fn place(&self, span: Range<usize>) -> (usize, usize, usize) {
        let start = span.start.min(self.source.len());
        let line = self.starts.partition_point(|line| *line <= start);
        let line_start = self.starts[line - 1];
        let before = self.source.get(line_start..start).unwrap_or_default().trim_start_matches('\u{FEFF}');
        let marked = self.source.get(start..span.end.clamp(start, self.source.len())).unwrap_or_default();
        let width = marked.lines().next().unwrap_or_default().chars().count();
        (line, before.chars().count() + 1, width.max(1))
    }
}

/// The diagnostics as a person reads them in a terminal or an editor: message, place, the line with a caret under the
/// place, and how to mend it. `file` is the name to show; `color` adds terminal colours.
pub fn render(diagnostics: &[Diagnostic], source: &str, file: &str, color: bool, language: Language) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Unicode).term_width(110);
    let lines: Vec<&str> = source.split('\n').collect();
    let mut output = String::new();
    for diagnostic in diagnostics {
        let line = lines.get(diagnostic.line.saturating_sub(1)).copied().unwrap_or_default();
        let line = line.trim_end_matches('\r').trim_start_matches('\u{FEFF}');
        let line = Some(line).filter(|_| !source.is_empty());
        output.push_str(&render_one(diagnostic, line, file, &renderer, language));
        output.push_str("\n\n");
    }
    output
}

/// One diagnostic; without a line it is about the file as a whole.
fn render_one(
    diagnostic: &Diagnostic,
    line: Option<&str>,
    file: &str,
    renderer: &Renderer,
    language: Language,
) -> String {
    let (level, name) = match diagnostic.severity {
        Severity::Error => (Level::ERROR, "error"),
        Severity::Warning => (Level::WARNING, "warning"),
        Severity::Note => (Level::NOTE, "note"),
    };
    let name = message::text(language, &format!("assignment-severity-{name}"));
    let title = level.with_name(name).primary_title(diagnostic.message.as_str()).id(diagnostic.code);
    let mut group = match line {
        Some(line) => {
            let offset =
                |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(offset, _)| offset);
            let column = diagnostic.column.saturating_sub(1);
            let span = offset(column)..offset(column + diagnostic.width.max(1));
            let caret = AnnotationKind::Primary.span(span);
            title.element(Snippet::source(line).line_start(diagnostic.line).path(file).annotation(caret))
        }
        None => title.element(Origin::path(file)),
    };
    if let Some(help) = &diagnostic.help {
        let name = message::text(language, "assignment-severity-help");
        let help = annotate_snippets::normalize_untrusted_str(help);
        group = group.element(Level::HELP.with_name(name).message(help));
    }
    renderer.render(&[group])
}
