//! Finds questions, blanks and kinds in the body of a file, before any Markdown is rendered.

use std::ops::Range;

use super::attributes::{self, Attributes};
use super::blank::{self, BlankSource};
use super::problem::Problems;
use super::text;
use super::{Points, QuestionKind};

/// The limits of one file.
const MOST_QUESTIONS: usize = 500;
const MOST_BLANKS: usize = 100;

/// A piece of a question as it stands in the file.
pub(super) enum Piece {
    /// Markdown, code included.
    Text(Range<usize>),
    Blank(BlankSource),
    Kind(KindSource),
    /// A comment: kept in the file, no part of the question.
    Comment,
}

/// `{essay points=10}` and where it stands.
pub(super) struct KindSource {
    pub span: Range<usize>,
    pub kind: QuestionKind,
    pub points: Option<Points>,
}

/// A numbered question as it stands in the file.
pub(super) struct QuestionSource {
    pub number: String,
    pub number_span: Range<usize>,
    /// How far the lines below the first are indented, in spaces.
    pub indentation: usize,
    pub pieces: Vec<Piece>,
    pub blanks: usize,
}

/// What the body of a file consists of.
#[derive(Default)]
pub(super) struct Body {
    pub questions: Vec<QuestionSource>,
    /// The first heading before the questions, a title if the front matter has none.
    pub heading: Option<String>,
}

pub(super) fn body(source: &str, from: usize, problems: &mut Problems) -> Body {
    let mut scanner = Scanner { source, at: from, limit: from, in_question: false, body: Body::default(), problems };
    while scanner.at < source.len() {
        scanner.line();
    }
    scanner.body
}

struct Scanner<'a> {
    source: &'a str,
    at: usize,
    /// Where a code span that opens before it must end.
    limit: usize,
    in_question: bool,
    body: Body,
    problems: &'a mut Problems,
}

impl Scanner<'_> {
    /// Reads one line, or what begins on it and ends later.
    fn line(&mut self) {
        let start = self.at;
        let line = line_at(self.source, start);
        if let Some(number) = question_number(line) {
            self.open_question(line, number);
            self.content();
        } else if let Some(heading) = heading(line) {
            if self.body.questions.is_empty() && self.body.heading.is_none() && !heading.is_empty() {
                self.body.heading = Some(heading.to_owned());
            } else {
                self.problems.note("heading", start..start + line.trim_end().len(), &[]);
            }
            self.in_question = false;
            self.next_line();
        } else if self.in_question {
            self.content();
        } else {
            self.outside();
        }
    }

    fn open_question(&mut self, line: &str, number: NumberMark) {
        if self.body.questions.len() == MOST_QUESTIONS {
            let span = self.at..self.at + number.marked;
            self.problems.error("too-many-questions", span, &[("most", &MOST_QUESTIONS.to_string())]);
            self.at = self.source.len();
            return;
        }
        let spaces = line[number.marked..].bytes().take_while(|byte| *byte == b' ').count();
        let columns = line[..number.marked].chars().count();
        self.body.questions.push(QuestionSource {
            number: number.text,
            number_span: self.at..self.at + number.marked,
            indentation: columns + spaces.clamp(1, 4),
            pieces: Vec::new(),
            blanks: 0,
        });
        self.in_question = true;
        self.at += number.marked;
    }

    /// Text that belongs to no question: comments and empty lines are welcome, anything else is a mistake.
    fn outside(&mut self) {
        loop {
            let line = line_at(self.source, self.at);
            let content = line.trim_start();
            let start = self.at + line.len() - content.len();
            if content.starts_with("<!--") {
                self.at = start;
                self.comment();
                continue;
            }
            if !content.trim().is_empty() {
                self.problems.error("stray-text", start..start + content.trim_end().len(), &[]);
            }
            return self.next_line();
        }
    }

    /// The content of a question from here to the end of the line.
    fn content(&mut self) {
        // Comments and spaces at the start of a line do not keep a fence from opening.
        let mut opens_line = true;
        while self.at < self.source.len() {
            if opens_line && let Some(fence) = text::fence(self.source, self.at, usize::MAX) {
                return self.fenced(fence);
            }
            let rest = &self.source[self.at..];
            let Some(first) = rest.chars().next() else { return };
            opens_line &= rest.starts_with("<!--") || matches!(first, ' ' | '\t');
            match first {
                '\n' => return self.text(1),
                '\\' => {
                    let escaped = rest[1..].chars().next().filter(char::is_ascii_punctuation);
                    self.text(1 + escaped.map_or(0, char::len_utf8));
                }
                '`' => self.code(),
                ' ' | '\t' if opens_line => self.text(rest.len() - rest.trim_start_matches([' ', '\t']).len()),
                '<' if rest.starts_with("<!--") => self.comment(),
                '[' if rest.starts_with("[[") => self.blank(),
                '{' if text::opens_kind(&rest[1..], "}") => self.kind(),
                '［' | '【' | '｛' => self.full_width(first),
                _ => {
                    let plain = rest.find(['\n', '\\', '`', '<', '[', '{', '［', '【', '｛']);
                    self.text(plain.unwrap_or(rest.len()).max(first.len_utf8()));
                }
            }
        }
    }

    /// Adds the next `length` bytes as text.
    fn text(&mut self, length: usize) {
        let range = self.at..self.at + length;
        self.at = range.end;
        let Some(question) = self.body.questions.last_mut() else { return };
        match question.pieces.last_mut() {
            Some(Piece::Text(last)) if last.end == range.start => last.end = range.end,
            _ => question.pieces.push(Piece::Text(range)),
        }
    }

    fn fenced(&mut self, fence: text::Fence) {
        let end = fence.end.unwrap_or_else(|| {
            self.problems.error("unclosed-fence", fence.marks.clone(), &[]);
            self.source.len()
        });
        self.code_to(end);
        let line = line_at(self.source, end);
        self.text((line.len() + 1).min(self.source.len() - end));
    }

    fn code(&mut self) {
        if self.at >= self.limit {
            self.limit = self.paragraph_end();
        }
        match text::code_span(self.source, self.at, self.limit) {
            Some(end) => self.code_to(end),
            None => {
                let rest = &self.source[self.at..];
                self.text(rest.len() - rest.trim_start_matches('`').len());
            }
        }
    }

    /// Code from here to `end`. Nothing in it is a blank; that is worth a word, since it looks like one.
    fn code_to(&mut self, end: usize) {
        let code = &self.source[self.at..end];
        if let Some(open) = code.find("[[").filter(|open| code[*open..].contains("]]")) {
            self.problems.warning("blank-in-code", self.at + open..self.at + open + 2, &[]);
        }
        self.text(end - self.at);
    }

    /// The end of the lines that a code span may run over: before the next question or heading.
    fn paragraph_end(&self) -> usize {
        let mut end = self.at + line_at(self.source, self.at).len();
        while end < self.source.len() {
            let line = line_at(self.source, end + 1);
            if line.trim().is_empty() || question_number(line).is_some() || heading(line).is_some() {
                break;
            }
            end += 1 + line.len();
        }
        end
    }

    fn comment(&mut self) {
        let start = self.at;
        self.at = match self.source[start + 4..].find("-->") {
            Some(length) => start + 4 + length + 3,
            None => {
                self.problems.error("unclosed-comment", start..start + 4, &[]);
                self.source.len()
            }
        };
        if self.in_question
            && let Some(question) = self.body.questions.last_mut()
        {
            question.pieces.push(Piece::Comment);
        }
    }

    fn blank(&mut self) {
        let at = self.at;
        let Some(blank) = blank::read(self.source, at, self.problems) else { return self.text(2) };
        self.at = blank.end;
        let Some(question) = self.body.questions.last_mut() else { return };
        question.blanks += 1;
        if question.blanks == MOST_BLANKS + 1 {
            self.problems.error("too-many-blanks", at..at + 2, &[("most", &MOST_BLANKS.to_string())]);
        }
        if question.blanks <= MOST_BLANKS {
            question.pieces.push(Piece::Blank(blank));
        }
    }

    fn kind(&mut self) {
        let at = self.at;
        let kind = if self.source[at + 1..].starts_with("essay") { QuestionKind::Essay } else { QuestionKind::Project };
        let mut found = Attributes::default();
        let words = ["essay", "project"];
        let Some(end) = attributes::read(self.source, at, &words, &["points"], &mut found, self.problems) else {
            return self.text(1);
        };
        self.at = end;
        let points = found.points.map(|(points, _)| points);
        if let Some(question) = self.body.questions.last_mut() {
            question.pieces.push(Piece::Kind(KindSource { span: at..end, kind, points }));
        }
    }

    /// Brackets from a Chinese keyboard that look like a blank or a kind and are none.
    fn full_width(&mut self, first: char) {
        let rest = &self.source[self.at..];
        let doubled = rest[first.len_utf8()..].starts_with(first) && first != '｛';
        let braces = first == '｛'
            && (rest[first.len_utf8()..].starts_with("essay") || rest[first.len_utf8()..].starts_with("project"));
        let length = if doubled { 2 * first.len_utf8() } else { first.len_utf8() };
        if doubled || braces {
            let text = &rest[..length];
            self.problems.warning("full-width-brackets", self.at..self.at + length, &[("text", text)]);
        }
        self.text(length);
    }

    fn next_line(&mut self) {
        self.at = (self.at + line_at(self.source, self.at).len() + 1).min(self.source.len());
    }
}

/// The line at `at` without its end.
fn line_at(source: &str, at: usize) -> &str {
    source[at..].split('\n').next().unwrap_or_default()
}

/// A question's number at the start of a line.
struct NumberMark {
    /// In ASCII digits.
    text: String,
    /// The length of number and full stop in bytes.
    marked: usize,
}

/// `12.`, `12．` or `12、` at the very start of a line. `3.5` is a number, not a question.
fn question_number(line: &str) -> Option<NumberMark> {
    let digit = |c: char| c.to_digit(10).or_else(|| ('０'..='９').contains(&c).then(|| c as u32 - '０' as u32));
    let length = line.find(|c| digit(c).is_none())?;
    let text: String = line[..length].chars().filter_map(digit).filter_map(|d| char::from_digit(d, 10)).collect();
    if text.is_empty() || text.len() > 3 {
        return None;
    }
    let mut behind = line[length..].chars();
    let stop = behind.next().filter(|c| matches!(c, '.' | '．' | '、'))?;
    let is_fraction = stop != '、' && behind.next().is_some_and(|c| digit(c).is_some());
    (!is_fraction).then_some(NumberMark { text, marked: length + stop.len_utf8() })
}

/// The words of a heading that is not indented.
fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    ((1..=6).contains(&level) && (rest.trim().is_empty() || rest.starts_with([' ', '\t']))).then(|| rest.trim())
}
