//! Reads an assignment file.

use std::collections::HashMap;
use std::ops::Range;

use crate::Language;
use crate::diagnostic::{Diagnostic, LineIndex};

use super::problem::{Problems, nearest};
use super::scan::{self, Body, Piece, QuestionSource};
use super::surroundings::surroundings;
use super::{Assignment, Points, Question, QuestionKind, front_matter, keys, text};

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 1 << 20;

/// An assignment file that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// What the file says.
    pub assignment: Assignment,
    /// Warnings and notes in the order of the file; never an error.
    pub diagnostics: Vec<Diagnostic>,
    /// Where each question stands, for an editor.
    pub places: Vec<QuestionPlace>,
}

/// Where a question stands in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionPlace {
    /// The line of its number, from 1.
    pub line: usize,
    /// Its blanks in the order of the text.
    pub blanks: Vec<Place>,
    /// The bytes of each blank with its attributes, for whoever writes it anew.
    pub spans: Vec<Range<usize>>,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length in characters.
    pub width: usize,
}

/// Reads an assignment file; messages are in `language`.
///
/// # Errors
/// A file with a mistake is refused whole: all findings are returned, at least one of them an error.
pub fn parse(source: &str, language: Language) -> Result<Parsed, Vec<Diagnostic>> {
    let mut problems = Problems::default();
    let parsed = read(source, language, &mut problems);
    let has_errors = problems.has_errors();
    let diagnostics = problems.into_diagnostics(source, language);
    match parsed {
        Some((assignment, places)) if !has_errors => Ok(Parsed { assignment, diagnostics, places }),
        _ => Err(diagnostics),
    }
}

fn read(source: &str, language: Language, problems: &mut Problems) -> Option<(Assignment, Vec<QuestionPlace>)> {
    if source.len() > LARGEST_FILE {
        problems.error("large-file", 0..0, &[]);
        return None;
    }
    let start = if source.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let front_matter = front_matter::read(source, start, problems);
    let front_matter_is_read = !problems.has_errors();
    let body = scan::body(source, front_matter.body, problems);
    let title = front_matter.title.or_else(|| body.heading.clone());
    if title.is_none() && front_matter_is_read {
        problems.error("missing-title", start..start, &[]);
    }
    if body.questions.is_empty() && !problems.has_errors() {
        problems.error("no-questions", source.len()..source.len(), &[]);
    }
    check_numbers(&body, source, problems);
    let lines = LineIndex::new(source);
    let mut questions = Vec::new();
    let mut places = Vec::new();
    let mut comparisons = keys::MOST_COMPARISONS;
    for found in body.questions {
        places.push(places_of(&found, &lines));
        let (question, spans) = question(found, source, problems);
        keys::check(&question.blanks, &spans, &mut comparisons, language, problems);
        questions.push(question);
    }
    let assignment = Assignment {
        course: front_matter.course,
        chapter: front_matter.chapter,
        title: title.unwrap_or_default(),
        questions,
    };
    Some((assignment, places))
}

/// Every number once, and rising.
fn check_numbers(body: &Body, source: &str, problems: &mut Problems) {
    let lines = LineIndex::new(source);
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut highest = 0;
    for question in &body.questions {
        let number = question.number.trim_start_matches('0');
        let line = lines.place(question.number_span.clone()).0;
        let value: usize = number.parse().unwrap_or(0);
        if let Some(first) = seen.insert(number, line) {
            let arguments = [("number", question.number.as_str()), ("line", &first.to_string())];
            problems.error("duplicate-number", question.number_span.clone(), &arguments);
        } else if value < highest {
            let arguments = [("number", question.number.as_str()), ("before", &highest.to_string())];
            problems.warning("question-order", question.number_span.clone(), &arguments);
        }
        highest = highest.max(value);
    }
}

fn places_of(question: &QuestionSource, lines: &LineIndex<'_>) -> QuestionPlace {
    let blanks = || {
        question.pieces.iter().filter_map(|piece| match piece {
            Piece::Blank(blank) => Some(blank),
            _ => None,
        })
    };
    let place = |span: Range<usize>| {
        let (line, column, width) = lines.place(span);
        Place { line, column, width }
    };
    QuestionPlace {
        line: lines.place(question.number_span.clone()).0,
        blanks: blanks().map(|blank| place(blank.span.clone())).collect(),
        spans: blanks().map(|blank| blank.span.start..blank.end).collect(),
    }
}

/// The question and the places of its blanks.
fn question(found: QuestionSource, source: &str, problems: &mut Problems) -> (Question, Vec<Range<usize>>) {
    let QuestionSource { number, number_span, indentation, pieces, .. } = found;
    let kind_at = pieces.iter().position(|piece| matches!(piece, Piece::Kind(_)));
    let (before, behind) = pieces.split_at(kind_at.unwrap_or(pieces.len()));
    let text = assemble(source, before, indentation);
    if text.is_empty() {
        problems.error("empty-question", number_span.clone(), &[("number", &number)]);
    }
    if let Some((Piece::Kind(kind), below)) = behind.split_first() {
        check_kind(kind, &pieces, below, source, problems);
        let rubric: String = text::segments(&assemble(source, below, indentation))
            .into_iter()
            .filter_map(|segment| match segment {
                text::Segment::Text(plain) => Some(plain),
                text::Segment::Blank(_) => None,
            })
            .collect();
        let points = kind.points.unwrap_or(Points::ONE);
        let rubric = Some(rubric).filter(|rubric| !rubric.is_empty());
        return (Question { number, kind: kind.kind, text, points, rubric, blanks: Vec::new() }, Vec::new());
    }
    let mut spans = Vec::new();
    let mut blanks = Vec::new();
    for piece in &pieces {
        if let Piece::Blank(found) = piece {
            spans.push(found.span.clone());
            blanks.push(found.blank.clone());
        }
    }
    if blanks.is_empty() && !text.is_empty() {
        no_blank(&number, &number_span, before, source, problems);
    }
    check_visible(&text, &spans, problems);
    keys::check_groups(&blanks, &spans, problems);
    for (blank, around) in blanks.iter_mut().zip(surroundings(&text)) {
        blank.surroundings = around;
    }
    let points = Points(blanks.iter().map(|blank| blank.points.0).sum());
    (Question { number, kind: QuestionKind::Blanks, text, points, rubric: None, blanks }, spans)
}

fn check_kind(kind: &scan::KindSource, pieces: &[Piece], below: &[Piece], source: &str, problems: &mut Problems) {
    for piece in pieces {
        match piece {
            Piece::Blank(blank) => problems.error("blank-in-essay", blank.span.clone(), &[]),
            Piece::Kind(other) if other.span != kind.span => problems.error("two-kinds", other.span.clone(), &[]),
            _ => {}
        }
    }
    if kind.points.is_none() {
        problems.warning("no-points", kind.span.clone(), &[]);
    }
    let rest_of_line = below.iter().find_map(|piece| match piece {
        Piece::Text(range) => Some(range.clone()),
        _ => None,
    });
    if let Some(range) = rest_of_line
        && let Some(line) = source[range.clone()].split('\n').next()
        && !line.trim().is_empty()
        && !source[kind.span.end..range.start].contains('\n')
    {
        problems.error("text-behind-kind", range.start..range.start + line.trim_end().len(), &[]);
    }
}

/// Neither blank nor kind: perhaps the kind is misspelt.
fn no_blank(number: &str, span: &Range<usize>, pieces: &[Piece], source: &str, problems: &mut Problems) {
    let end = pieces.iter().rev().find_map(|piece| match piece {
        Piece::Text(range) => Some(range.end),
        _ => None,
    });
    if problems.has_error_in(span.start..end.unwrap_or(span.end)) {
        // A blank that was not closed, for one: that is the mistake to mend.
        return;
    }
    for piece in pieces.iter().rev() {
        let Piece::Text(range) = piece else { continue };
        let Some(open) = source[range.clone()].rfind(['{', '｛']) else { continue };
        let rest = source[range.start + open..range.end].trim_start_matches(['{', '｛']);
        let word: &str = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        if let Some(suggestion) = nearest(word, &["essay", "project"]) {
            let start = range.end - rest.len();
            let arguments = [("number", number), ("word", word), ("suggestion", suggestion)];
            return problems.error("misspelt-kind", start..start + word.len(), &arguments);
        }
    }
    problems.error("no-blank", span.clone(), &[("number", number)]);
}

/// A blank in an image's description or a link's address would never be seen.
fn check_visible(text: &str, spans: &[Range<usize>], problems: &mut Problems) {
    let visible = text::visible_blanks(text);
    for (index, span) in spans.iter().enumerate() {
        if !visible.contains(&(index + 1)) {
            problems.error("invisible-blank", span.clone(), &[]);
        }
    }
}

/// The Markdown of these pieces without numbers, indentation and comments; blanks as `{1}` …, braces doubled.
fn assemble(source: &str, pieces: &[Piece], indentation: usize) -> String {
    let mut output = String::new();
    let mut blanks = 0;
    // A line that held nothing but comments disappears with them.
    let mut line_start = 0;
    let mut commented = false;
    for piece in pieces {
        match piece {
            Piece::Text(range) => {
                for (at, line) in lines_of(source, range.clone()) {
                    let begins = at == 0 || source.as_bytes()[at - 1] == b'\n';
                    let ends = line.ends_with('\n');
                    let line = line.strip_suffix('\n').map_or(line, |line| line.trim_end_matches('\r'));
                    let line = if begins { unindented(line, indentation) } else { line };
                    output.push_str(&text::escape_braces(line));
                    if !ends {
                        continue;
                    }
                    if commented && output[line_start..].trim().is_empty() {
                        output.truncate(line_start);
                    } else {
                        output.push('\n');
                    }
                    commented = false;
                    line_start = output.len();
                }
            }
            Piece::Blank(_) => {
                blanks += 1;
                output.push_str(&format!("{{{blanks}}}"));
            }
            Piece::Comment => commented = true,
            Piece::Kind(_) => {}
        }
    }
    text::canonical(output.trim())
}

/// The lines of a range with their places.
fn lines_of(source: &str, range: Range<usize>) -> impl Iterator<Item = (usize, &str)> {
    let mut at = range.start;
    source[range].split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

/// The line without the indentation of its question.
fn unindented(line: &str, indentation: usize) -> &str {
    let spaces = line.bytes().take(indentation).take_while(|byte| *byte == b' ').count();
    let rest = &line[spaces..];
    if spaces == 0 { rest.strip_prefix('\t').unwrap_or(rest) } else { rest }
}
