//! What `check` prints: one JSON object for a file, or a summary for a person.

use grader::assignment::{Assignment, Blank, MatchKind, Points, Question, QuestionKind, Segment, Share, segments};
use grader::diagnostic::Diagnostic;
use grader::textbook::Proposal;
use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::source::Understood;
use crate::session::{Color, Session, harmless};

/// The fixed form of `check --json`.
#[derive(Serialize)]
pub struct Report<'a> {
    file: &'a str,
    format: &'static str,
    course: Option<&'a str>,
    chapter: Option<&'a str>,
    title: Option<&'a str>,
    questions: Vec<ReportedQuestion<'a>>,
    diagnostics: &'a [Diagnostic],
}

#[derive(Serialize)]
struct ReportedQuestion<'a> {
    number: &'a str,
    kind: QuestionKind,
    text: &'a str,
    points: serde_json::Number,
    #[serde(skip_serializing_if = "Option::is_none")]
    rubric: Option<&'a str>,
    blanks: Vec<ReportedBlank<'a>>,
}

#[derive(Serialize)]
struct ReportedBlank<'a> {
    index: usize,
    key: Vec<&'a str>,
    shares: Vec<serde_json::Number>,
    confirmed: bool,
    group: Option<&'a str>,
    points: serde_json::Number,
    #[serde(rename = "match")]
    match_kind: MatchKind,
    unit: Option<&'a str>,
    hint: Option<&'a str>,
    proposed: &'a [Proposal],
}

impl<'a> Report<'a> {
    /// The report on a file; a file that was refused has no questions.
    pub fn new(understood: &'a Understood) -> Report<'a> {
        let assignment = understood.assignment.as_ref();
        let questions = match (&understood.page, assignment) {
            // The page's own questions state no keys: those are proposals.
            (Some(page), _) => {
                page.exercises.iter().map(|exercise| question(&exercise.question, &exercise.proposals)).collect()
            }
            (None, Some(assignment)) => assignment.questions.iter().map(|stated| question(stated, &[])).collect(),
            (None, None) => Vec::new(),
        };
        Report {
            file: &understood.file,
            format: understood.format.name(),
            course: assignment.and_then(|assignment| assignment.course.as_deref()),
            chapter: assignment.and_then(|assignment| assignment.chapter.as_deref()),
            title: assignment.map(|assignment| assignment.title.as_str()).filter(|title| !title.is_empty()),
            questions,
            diagnostics: &understood.diagnostics,
        }
    }

    /// The report as one line.
    pub fn to_json(&self) -> String {
        let mut line = serde_json::to_string(self).expect("a report is strings and numbers");
        line.push('\n');
        line
    }
}

fn question<'a>(question: &'a Question, proposals: &'a [Vec<Proposal>]) -> ReportedQuestion<'a> {
    let blank = |(index, blank): (usize, &'a Blank)| ReportedBlank {
        index: index + 1,
        key: blank.key.iter().map(|alternative| alternative.text.as_str()).collect(),
        shares: blank.key.iter().map(|alternative| number(i64::from(alternative.share.0))).collect(),
        confirmed: blank.confirmed && !blank.key.is_empty(),
        group: blank.group.as_deref(),
        points: number(blank.points.0),
        match_kind: blank.match_kind,
        unit: blank.unit.as_deref(),
        hint: blank.hint.as_deref(),
        proposed: proposals.get(index).map_or(&[], Vec::as_slice),
    };
    ReportedQuestion {
        number: &question.number,
        kind: question.kind,
        text: &question.text,
        points: number(question.points.0),
        rubric: question.rubric.as_deref(),
        blanks: question.blanks.iter().enumerate().map(blank).collect(),
    }
}

/// Millionths as a JSON number: whole ones without a point.
pub fn number(millionths: i64) -> serde_json::Number {
    if millionths % 1_000_000 == 0 {
        return (millionths / 1_000_000).into();
    }
    serde_json::Number::from_f64(millionths as f64 / 1e6).expect("a quotient of integers is finite")
}

/// What was understood of a file, for a person.
pub fn summary(session: &Session, understood: &Understood, assignment: &Assignment) -> String {
    let mut lines = String::new();
    let place: Vec<&str> =
        [assignment.course.as_deref(), assignment.chapter.as_deref()].into_iter().flatten().collect();
    let place = if place.is_empty() { String::new() } else { format!(" · {}", place.join("/")) };
    let title = session.paint_data(Color::Strong, &harmless(&assignment.title));
    lines.push_str(&format!("{title}{place} · {}\n", harmless(&understood.file)));
    for (index, question) in assignment.questions.iter().enumerate() {
        lines.push_str(&question_lines(session, question));
        lines.push_str(&proposal_lines(session, understood, index));
    }
    lines.push_str(&format!("{}\n", totals(session, assignment)));
    lines
}

fn question_lines(session: &Session, question: &Question) -> String {
    let kind = match question.kind {
        QuestionKind::Blanks => session.words("kind-blanks", &[("count", &question.blanks.len())]),
        QuestionKind::Essay => session.words("kind-essay", &[]),
        QuestionKind::Project => session.words("kind-project", &[]),
    };
    let points = session.words("points", &[("points", &question.points)]);
    let head = format!("{:>4}  {}{}  ", question.number, padded(&kind, 14), aligned(&points, 6));
    let mut shown = String::new();
    for segment in segments(&question.text) {
        match segment {
            Segment::Text(text) => shown.push_str(&on_one_line(&text)),
            Segment::Blank(number) => {
                if let Some(blank) = question.blanks.get(number.wrapping_sub(1)) {
                    shown.push_str(&blank_words(blank));
                }
            }
        }
    }
    let mut lines = String::new();
    for (index, line) in wrapped(&shown, 100 - head.width()).into_iter().enumerate() {
        let colored = colored_blanks(session, &line);
        let start = if index == 0 { head.clone() } else { " ".repeat(head.width()) };
        lines.push_str(&format!("{start}{colored}\n"));
    }
    lines
}

/// The text with each run of spaces and line ends as one space.
fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in harmless(text).chars() {
        if !(c.is_whitespace() && line.ends_with(' ')) {
            line.push(if c.is_whitespace() { ' ' } else { c });
        }
    }
    line
}

/// A blank between its brackets: `〔天〕`, `〔天？〕` when nobody has confirmed it, `〔？〕` without a key.
fn blank_words(blank: &Blank) -> String {
    let share = |share: Share| {
        if share == Share::WHOLE { String::new() } else { format!("{}%", Points(i64::from(share.0) * 100)) }
    };
    let key: Vec<String> = blank
        .key
        .iter()
        .map(|alternative| format!("{}{}", share(alternative.share), harmless(&alternative.text)))
        .collect();
    let doubt = if blank.confirmed && !blank.key.is_empty() { "" } else { "？" };
    format!("〔{}{doubt}〕", key.join(" | "))
}

fn colored_blanks(session: &Session, line: &str) -> String {
    let mut colored = String::new();
    let mut rest = line;
    while let Some(open) = rest.find('〔') {
        let Some(close) = rest[open..].find('〕').map(|length| open + length + '〕'.len_utf8()) else { break };
        let blank = &rest[open..close];
        let color = if blank.ends_with("？〕") { Color::Doubtful } else { Color::Good };
        colored.push_str(&rest[..open]);
        colored.push_str(&session.paint_data(color, blank));
        rest = &rest[close..];
    }
    colored + rest
}

/// The proposals of a textbook page, each with the place it comes from.
fn proposal_lines(session: &Session, understood: &Understood, question: usize) -> String {
    let mut lines = String::new();
    for (index, proposals) in understood.proposals(question).iter().enumerate() {
        let Some(best) = proposals.first() else { continue };
        let percent = (best.confidence * 100.0).floor() as u64;
        let head = session
            .words("proposal", &[("blank", &(index + 1)), ("answer", &harmless(&best.answer)), ("percent", &percent)]);
        let quote: String = harmless(&best.source.quote).chars().take(48).collect();
        let source =
            session.words("proposal-source", &[("section", &harmless(&best.source.section)), ("quote", &quote)]);
        lines.push_str(&format!("      {head}  {}\n", session.paint_data(Color::Soft, &source)));
    }
    lines
}

fn totals(session: &Session, assignment: &Assignment) -> String {
    let blanks = || assignment.questions.iter().flat_map(|question| &question.blanks);
    let open = blanks().filter(|blank| blank.key.is_empty()).count();
    let unconfirmed = blanks().filter(|blank| !blank.key.is_empty() && !blank.confirmed).count();
    let points = Points(assignment.questions.iter().map(|question| question.points.0).sum());
    let mut words = session.words(
        "totals",
        &[("questions", &assignment.questions.len()), ("blanks", &blanks().count()), ("points", &points)],
    );
    if unconfirmed > 0 {
        words.push_str(&session.words("totals-unconfirmed", &[("count", &unconfirmed)]));
    }
    if open > 0 {
        words.push_str(&session.words("totals-open", &[("count", &open)]));
    }
    words
}

/// The text with spaces up to this many columns.
fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// The text behind spaces, so that it ends at this column.
fn aligned(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(text.width())))
}

/// The text in lines of at most this many columns; words of Latin letters and blanks stay whole where they fit.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut width = 0;
    for word in words_of(text) {
        let word_width = word.width();
        if width > 0 && width + word_width > columns {
            lines.push(String::new());
            width = 0;
        }
        let line = lines.last_mut().expect("there is always a line");
        if width == 0 && word == " " {
            continue;
        }
        line.push_str(word);
        width += word_width;
    }
    lines
}

/// Pieces between which a line may end.
fn words_of(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut in_blank = false;
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        let letters = previous.width() == Some(1) && c.width() == Some(1) && previous != ' ' && c != ' ';
        let closes = "，。；：、？！）》”’〕".contains(c);
        if at > start && !in_blank && !letters && !closes {
            words.push(&text[start..at]);
            start = at;
        }
        in_blank = (in_blank || c == '〔') && c != '〕';
        previous = c;
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}
