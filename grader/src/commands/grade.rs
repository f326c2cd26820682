//! `grader grade`: marks a table of answers offline.

use std::collections::HashMap;

use grader::assignment::Assignment;
use grader::diagnostic::{Diagnostic, Severity};
use grader::formats;
use grader::mark::{self, Key, Mark, Verdict};

use super::arguments::Grade;
use super::check;
use super::report;
use super::source;
use crate::session::{Failure, Outcome, Session};

/// The columns that are needed, each with the names it may have.
const COLUMNS: [(&str, &[&str]); 4] = [
    ("student", &["student", "学号", "学生"]),
    ("question", &["question", "题号", "题"]),
    ("blank", &["blank", "空", "空号"]),
    ("answer", &["answer", "答案", "作答"]),
];

/// The most findings that are shown.
const MOST_FINDINGS: usize = 50;

/// A table of answers as it was handed in.
struct Table {
    text: String,
    delimiter: u8,
    header: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    line: usize,
    fields: Vec<String>,
}

impl Table {
    /// The place of a row's field in its line: column and width in characters, from 1.
    fn field_at(&self, row: &Row, field: usize) -> (usize, usize) {
        let line = self.text.lines().nth(row.line.saturating_sub(1)).unwrap_or_default();
        let (mut column, mut start, mut number, mut quoted) = (0, 0, 0, false);
        for c in line.chars() {
            quoted ^= c == '"';
            if u32::from(c) == u32::from(self.delimiter) && !quoted {
                if number == field {
                    break;
                }
                number += 1;
                start = column + 1;
            }
            column += 1;
        }
        if number == field { (start + 1, (column - start).max(1)) } else { (1, 1) }
    }
}

/// Where a row's answer belongs: indices of question and blank.
struct Place {
    student: String,
    question: usize,
    blank: usize,
}

/// Marks the answers and prints their rows with verdict, credit and reason.
pub fn grade(session: &Session, arguments: &Grade) -> Result<Outcome, Failure> {
    let understood = source::understand(session, &arguments.assignment, None)?;
    check::show(session, &understood);
    let Some(assignment) = understood.assignment.as_ref().filter(|_| !understood.is_refused()) else {
        return Ok(Outcome::Findings);
    };
    let keys = compile(session, assignment)?;
    let bytes = source::bytes(session, &arguments.answers)?;
    let file = arguments.answers.display().to_string();
    let decoded = formats::decode(&bytes).map_err(|offset| {
        session.failure(Outcome::Findings, "undecodable-table", &[("file", &file), ("offset", &offset)])
    })?;
    let mut findings = Vec::new();
    let table = read(session, decoded.text, &mut findings);
    let places = table.as_ref().map(|table| place(session, table, assignment, &mut findings));
    match (table, places) {
        (Some(table), Some(places)) if findings.is_empty() => {
            let answer = column(&table.header, 3).expect("`read` found the column");
            let marks = mark_all(&table, &places, &keys, answer);
            print(session, &table, &marks);
            tally(session, &marks);
            Ok(Outcome::Fine)
        }
        (table, _) => {
            let count = findings.len();
            findings.sort_by_key(|found| found.line);
            findings.truncate(MOST_FINDINGS);
            session.show(&findings, table.as_ref().map_or("", |table| &table.text), &file);
            session.say(&session.words("table-refused", &[("file", &file), ("count", &count)]));
            Ok(Outcome::Findings)
        }
    }
}

/// The keys of each question's blanks.
fn compile(session: &Session, assignment: &Assignment) -> Result<Vec<Vec<Key>>, Failure> {
    let question = |question: &grader::assignment::Question| {
        question.blanks.iter().map(Key::compile).collect::<Result<Vec<_>, _>>()
    };
    assignment.questions.iter().map(question).collect::<Result<Vec<_>, _>>().map_err(|error| Failure {
        outcome: Outcome::Findings,
        message: error.text(session.language),
        help: None,
    })
}

/// The index of the needed column in the header.
fn column(header: &[String], needed: usize) -> Option<usize> {
    let names = COLUMNS[needed].1;
    header.iter().position(|name| names.contains(&name.trim().to_lowercase().as_str()))
}

fn read(session: &Session, text: String, findings: &mut Vec<Diagnostic>) -> Option<Table> {
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: char| first.matches(delimiter).count();
    let delimiter = if count('\t') > count(',') {
        b'\t'
    } else if count(';') > count(',') {
        b';'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(error) => {
            findings.push(finding(session, 1, "table-broken", &[("cause", &error)]));
            return None;
        }
    };
    for (needed, (name, names)) in COLUMNS.iter().enumerate() {
        if column(&header, needed).is_none() {
            let names = names.join(" / ");
            findings.push(finding(session, 1, "column-missing", &[("column", name), ("names", &names)]));
        }
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, |position| position.line() as usize);
                let fields: Vec<String> = record.iter().map(str::to_owned).collect();
                if fields.len() != header.len() {
                    let counts: [(&'static str, &dyn std::fmt::Display); 2] =
                        [("found", &fields.len()), ("expected", &header.len())];
                    findings.push(finding(session, line, "row-length", &counts));
                }
                rows.push(Row { line, fields });
            }
            Err(error) => {
                let line = error.position().map_or(1, |position| position.line() as usize);
                findings.push(finding(session, line, "table-broken", &[("cause", &error)]));
                break;
            }
        }
    }
    Some(Table { text, delimiter, header, rows })
}

/// Where each row belongs. A row that belongs nowhere, or where another already stands, is an error.
fn place(session: &Session, table: &Table, assignment: &Assignment, findings: &mut Vec<Diagnostic>) -> Vec<Place> {
    let columns = [0, 1, 2, 3].map(|needed| column(&table.header, needed));
    let [Some(student), Some(question), Some(blank), Some(answer)] = columns else { return Vec::new() };
    let numbers: HashMap<&str, usize> = assignment
        .questions
        .iter()
        .enumerate()
        .map(|(index, question)| (question.number.trim_start_matches('0'), index))
        .collect();
    let mut taken: HashMap<(&str, usize, usize), usize> = HashMap::new();
    let mut places = Vec::with_capacity(table.rows.len());
    for row in table.rows.iter().filter(|row| row.fields.len() == table.header.len()) {
        let field = |at: usize| row.fields[at].trim();
        let at_field = |at: usize, code, arguments: &[(&'static str, &dyn std::fmt::Display)]| {
            let (column, width) = table.field_at(row, at);
            Diagnostic { column, width, ..finding(session, row.line, code, arguments) }
        };
        let Some(&at) = numbers.get(field(question).trim_start_matches('0')) else {
            findings.push(at_field(question, "row-question", &[("question", &field(question))]));
            continue;
        };
        let stated = &assignment.questions[at];
        if stated.blanks.is_empty() {
            findings.push(at_field(question, "row-essay", &[("question", &field(question))]));
            continue;
        }
        let number = field(blank).parse::<usize>().ok().filter(|number| (1..=stated.blanks.len()).contains(number));
        let Some(number) = number else {
            let arguments: [(&'static str, &dyn std::fmt::Display); 3] =
                [("question", &stated.number), ("blank", &field(blank)), ("most", &stated.blanks.len())];
            findings.push(at_field(blank, "row-blank", &arguments));
            continue;
        };
        if let Some(earlier) = taken.insert((field(student), at, number), row.line) {
            let arguments: [(&'static str, &dyn std::fmt::Display); 4] =
                [("student", &field(student)), ("question", &stated.number), ("blank", &number), ("line", &earlier)];
            findings.push(at_field(blank, "row-twice", &arguments));
        }
        if row.fields[answer].chars().nth(mark::MAX_ANSWER).is_some() {
            findings.push(at_field(answer, "row-long", &[("most", &mark::MAX_ANSWER)]));
        }
        places.push(Place { student: field(student).to_owned(), question: at, blank: number - 1 });
    }
    places
}

fn finding(
    session: &Session,
    line: usize,
    code: &'static str,
    arguments: &[(&'static str, &dyn std::fmt::Display)],
) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        code,
        message: session.words(code, arguments),
        line: line.max(1),
        column: 1,
        width: 1,
        help: Some(session.words(&format!("{code}-help"), arguments)),
    }
}

/// The marks in the order of the rows. A student's answers to a question are marked together: groups need them all.
fn mark_all(table: &Table, places: &[Place], keys: &[Vec<Key>], answer: usize) -> Vec<Mark> {
    let mut sheets: HashMap<(&str, usize), Vec<(usize, usize)>> = HashMap::new();
    for (row, place) in places.iter().enumerate() {
        sheets.entry((&place.student, place.question)).or_default().push((place.blank, row));
    }
    let mut marks: Vec<Option<Mark>> = places.iter().map(|_| None).collect();
    for ((_, question), rows) in sheets {
        let mut answers = vec![""; keys[question].len()];
        for (blank, row) in &rows {
            answers[*blank] = &table.rows[*row].fields[answer];
        }
        let marked = mark::mark_question(&keys[question], &answers);
        for (blank, row) in rows {
            marks[row] = marked.get(blank).cloned();
        }
    }
    marks.into_iter().flatten().collect()
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Correct => "correct",
        Verdict::Partial => "partial",
        Verdict::Incorrect => "incorrect",
        Verdict::Review => "review",
        Verdict::Unanswered => "unanswered",
    }
}

/// Prints the rows with three columns more; columns of that name that were there already are replaced.
fn print(session: &Session, table: &Table, marks: &[Mark]) {
    let added = ["verdict", "credit", "reason"];
    let kept: Vec<usize> = (0..table.header.len()).filter(|at| !added.contains(&table.header[*at].trim())).collect();
    if session.json {
        let string = |text: &str| serde_json::Value::from(text).to_string();
        for (row, mark) in table.rows.iter().zip(marks) {
            let mut entries: Vec<String> = kept
                .iter()
                .map(|at| format!("{}:{}", string(table.header[*at].trim()), string(&row.fields[*at])))
                .collect();
            entries.push(format!("\"verdict\":\"{}\"", verdict_name(mark.verdict)));
            entries.push(format!("\"credit\":{}", report::number(i64::from(mark.credit.0))));
            entries.push(format!("\"reason\":{}", string(&mark.reason.full_text(session.language))));
            session.print(&format!("{{{}}}\n", entries.join(",")));
        }
        return;
    }
    let mut writer = csv::WriterBuilder::new().delimiter(table.delimiter).from_writer(Vec::new());
    let header = kept.iter().map(|at| table.header[*at].as_str()).chain(added);
    let mut written = writer.write_record(header);
    for (row, mark) in table.rows.iter().zip(marks) {
        let credit = mark.credit.to_string();
        let reason = mark.reason.full_text(session.language);
        let fields =
            kept.iter().map(|at| row.fields[*at].as_str()).chain([verdict_name(mark.verdict), &credit, &reason]);
        written = written.and_then(|()| writer.write_record(fields));
    }
    written.expect("rows of one length go into memory without fail");
    session.print_bytes(&writer.into_inner().expect("writing to memory does not fail"));
}

/// How many of each verdict, for the person.
fn tally(session: &Session, marks: &[Mark]) {
    let count = |verdict| marks.iter().filter(|mark| mark.verdict == verdict).count();
    let counts = [
        ("rows", &marks.len() as &dyn std::fmt::Display),
        ("correct", &count(Verdict::Correct)),
        ("partial", &count(Verdict::Partial)),
        ("incorrect", &count(Verdict::Incorrect)),
        ("review", &count(Verdict::Review)),
        ("unanswered", &count(Verdict::Unanswered)),
    ];
    session.say(&session.words("tally", &counts));
}
