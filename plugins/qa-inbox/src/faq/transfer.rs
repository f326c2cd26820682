//! The FAQ as a file, for the next class: JSON or CSV, with the same columns.

use plugin_sdk::cell;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json;
use serde::{Deserialize, Serialize};

use super::entry::{self, Entry, lines};
use crate::similarity::plain;

/// The most entries of a file.
const MOST: usize = 2_000;
/// The longest question or wording, in characters.
pub const QUESTION: usize = 200;
/// The longest answer, in characters.
pub const ANSWER: usize = 600;

/// A line of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    /// How it is asked most plainly.
    pub question: String,
    /// Other ways to ask it, each on a line.
    #[serde(default)]
    pub variants: String,
    /// What is answered.
    pub answer: String,
    /// Whether it may be sent without a person.
    #[serde(default = "yes")]
    pub automatic: bool,
}

fn yes() -> bool {
    true
}

/// What is wrong with a file: the line, and a key of the translations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line of the file or number of the entry; 0 for the whole file.
    pub line: usize,
    /// What.
    pub key: &'static str,
}

/// The entries in force, as lines.
pub fn lines_of(host: &Host) -> Result<Vec<Line>> {
    let approved = entry::all(host)?.into_iter().filter(|entry| entry.state == "approved");
    Ok(approved
        .map(|entry| Line {
            question: entry.question,
            variants: entry.variants.join("\n"),
            answer: entry.answer,
            automatic: entry.automatic,
        })
        .collect())
}

/// As CSV, to save.
pub fn csv(lines: Vec<Line>) -> Response {
    let row = |line: Line| [line.question, line.variants, line.answer, line.automatic.to_string()];
    plugin_sdk::prelude::csv("faq.csv", &["question", "variants", "answer", "automatic"], lines.into_iter().map(row))
}

/// As JSON, to save.
pub fn json(lines: &[Line]) -> Result<Response> {
    Ok(download("faq.json", "application/json", serde_json::to_vec_pretty(lines)?))
}

/// Reads a file of either kind. Nothing is taken from a file with a fault.
pub fn read(bytes: &[u8]) -> Result<Vec<Line>, Vec<Fault>> {
    let whole = |key| vec![Fault { line: 0, key }];
    let text = std::str::from_utf8(bytes).map_err(|_| whole("import-encoding"))?.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(whole("import-empty"));
    }
    let lines = if text.trim_start().starts_with(['[', '{']) { of_json(text)? } else { of_csv(text)? };
    if lines.is_empty() {
        return Err(whole("import-empty"));
    }
    if lines.len() > MOST {
        return Err(whole("import-many"));
    }
    let faults: Vec<Fault> = lines.iter().filter_map(|(place, line)| fault(*place, line)).collect();
    if faults.is_empty() { Ok(lines.into_iter().map(|(_, line)| line).collect()) } else { Err(faults) }
}

fn of_json(text: &str) -> Result<Vec<(usize, Line)>, Vec<Fault>> {
    match serde_json::from_str::<Vec<Line>>(text) {
        Ok(lines) => Ok(lines.into_iter().enumerate().map(|(place, line)| (place + 1, line)).collect()),
        Err(error) => Err(vec![Fault { line: error.line(), key: "import-json" }]),
    }
}

fn of_csv(text: &str) -> Result<Vec<(usize, Line)>, Vec<Fault>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    let headers = reader.headers().cloned().unwrap_or_default();
    if !["question", "answer"].iter().all(|name| headers.iter().any(|header| header.trim() == *name)) {
        return Err(vec![Fault { line: 1, key: "import-headers" }]);
    }
    for record in reader.records() {
        let parsed = record.and_then(|record| {
            let mut plain: csv::StringRecord = record.iter().map(cell).collect();
            plain.set_position(record.position().cloned());
            let line = record.position().map_or(0, csv::Position::line) as usize;
            plain.deserialize::<Line>(Some(&headers)).map(|parsed| (line, parsed))
        });
        match parsed {
            Ok(line) => lines.push(line),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line) as usize;
                faults.push(Fault { line, key: "import-row" });
            }
        }
    }
    if faults.is_empty() { Ok(lines) } else { Err(faults) }
}

fn fault(place: usize, line: &Line) -> Option<Fault> {
    let long = |text: &str, most| text.trim().is_empty() || text.chars().count() > most;
    let key = if long(&line.question, QUESTION) || plain(&line.question).is_empty() {
        "import-question"
    } else if long(&line.answer, ANSWER) {
        "import-answer"
    } else if lines(&line.variants).iter().any(|variant| variant.chars().count() > QUESTION) {
        "import-variants"
    } else {
        return None;
    };
    Some(Fault { line: place, key })
}

/// Writes the lines: one with the same question takes the place of the other. Returns how many are new and how many changed.
pub fn write(host: &Host, new: Vec<Line>) -> Result<(usize, usize)> {
    let known = entry::all(host)?;
    let by_question = |question: &str| known.iter().find(|entry| plain(&entry.question) == plain(question));
    let (mut added, mut changed, mut written) = (0, 0, Vec::new());
    for line in new {
        let old = by_question(&line.question);
        let made = Entry {
            id: old.map_or_else(|| host.new_id(), |old| old.id),
            question: line.question.trim().to_owned(),
            variants: lines(&line.variants),
            answer: line.answer.trim().to_owned(),
            state: "approved".to_owned(),
            automatic: line.automatic,
            person: old.and_then(|old| old.person),
            from_question: old.and_then(|old| old.from_question),
            is_starter: old.is_some_and(|old| old.is_starter),
        };
        match old {
            Some(old) if *old == made => continue,
            Some(_) => changed += 1,
            None => added += 1,
        }
        written.push(made);
    }
    for portion in written.chunks(500) {
        let mut batch = host.batch();
        for entry in portion {
            batch = entry::save(batch, host, entry)?;
        }
        batch.run()?;
    }
    Ok((added, changed))
}
