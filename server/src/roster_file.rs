//! Reads a roster out of a file that a teacher has: CSV in the encodings of Chinese spreadsheets, or xlsx.
//! No IO and no SQL; what cannot be read for sure is refused, never guessed.

mod columns;
mod table;
mod text;
mod workbook;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::error::Message;

/// Largest file taken, in bytes.
pub const LARGEST: usize = 20 * 1024 * 1024;
/// Most rows of a table.
pub const MOST_ROWS: u32 = 20_000;
/// Most columns of a table.
pub const MOST_COLUMNS: u32 = 200;
/// Most characters of a number and of a name.
const LONGEST_NUMBER: usize = 32;
/// Most characters of a name.
pub const LONGEST_NAME: usize = 64;

/// One student in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Row of the table, from 1, as a spreadsheet counts.
    pub row: u32,
    /// Student number.
    pub number: String,
    /// Name, without outer spaces.
    pub name: String,
}

/// Something wrong in one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Row of the table, from 1.
    pub row: u32,
    /// A stable name, which is also the sentence's key.
    pub code: String,
    /// The sentence's arguments.
    pub arguments: Vec<(String, String)>,
    /// Whether the file can be applied all the same.
    pub harmless: bool,
}

impl Problem {
    fn new(row: u32, code: &str, arguments: &[(&str, &str)]) -> Self {
        let arguments = arguments.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { row, code: code.into(), arguments, harmless: false }
    }

    fn harmless(mut self) -> Self {
        self.harmless = true;
        self
    }

    /// A number that belongs to somebody else of the school.
    pub fn taken(row: u32, number: &str) -> Self {
        Self::new(row, "roster-problem-taken", &[("number", number)])
    }

    /// The sentence for a person.
    pub fn message(&self) -> Message {
        let arguments = self.arguments.iter().map(|(name, value)| (name.clone().into(), value.clone()));
        Message { key: self.code.clone().into(), arguments: arguments.collect() }.with("row", self.row)
    }
}

/// What a file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterFile {
    /// `UTF-8`, `GB18030`, `UTF-16LE`, `UTF-16BE`, or `xlsx`.
    pub encoding: String,
    /// The column with numbers: its heading, or its place from 1.
    pub number_column: String,
    /// The column with names.
    pub name_column: String,
    /// The students, each number once, in the order of the file.
    pub rows: Vec<Row>,
    /// What is wrong in single rows.
    pub problems: Vec<Problem>,
}

impl RosterFile {
    /// Whether a problem stands in the way of applying it.
    pub fn is_blocked(&self) -> bool {
        self.problems.iter().any(|problem| !problem.harmless)
    }
}

/// Reads a file.
///
/// # Errors
/// A sentence that says why the file as a whole cannot be read, where, and what to do.
pub fn read(bytes: &[u8]) -> Result<RosterFile, Message> {
    if bytes.len() > LARGEST {
        return Err(Message::new("roster-file-too-large").with("most", LARGEST / 1024 / 1024));
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        return Err(Message::new("roster-file-xls"));
    }
    let (encoding, table) = match bytes.starts_with(b"PK\x03\x04") {
        true => ("xlsx", workbook::read(bytes)?),
        false => text::read(bytes)?,
    };
    let columns = columns::find(&table)?;
    let mut file = RosterFile {
        encoding: encoding.into(),
        number_column: columns.number_title.clone(),
        name_column: columns.name_title.clone(),
        rows: Vec::new(),
        problems: Vec::new(),
    };
    let mut seen: HashMap<String, usize> = HashMap::new();
    for line in table.rows.iter().filter(|line| line.row > columns.heading) {
        take(&mut file, &mut seen, line.row, line.cell(columns.number), line.cell(columns.name));
    }
    if file.rows.is_empty() && file.problems.is_empty() {
        return Err(Message::new("roster-file-empty"));
    }
    Ok(file)
}

fn take(file: &mut RosterFile, seen: &mut HashMap<String, usize>, row: u32, number: &str, name: &str) {
    let (number, name) = (clean_number(number), clean_name(name));
    if number.is_empty() && name.is_empty() {
        return;
    }
    let problem = if number.is_empty() {
        Some(Problem::new(row, "roster-problem-no-number", &[("name", &name)]))
    } else if name.is_empty() {
        Some(Problem::new(row, "roster-problem-no-name", &[("number", &number)]))
    } else {
        check_number(&number).or_else(|| check_name(&name)).map(|code| {
            Problem::new(
                row,
                code,
                &[
                    ("number", &number.chars().take(40).collect::<String>()),
                    ("name", &name.chars().take(40).collect::<String>()),
                ],
            )
        })
    };
    if let Some(problem) = problem {
        file.problems.push(problem);
        return;
    }
    match seen.get(&number.to_lowercase()) {
        None => {
            seen.insert(number.to_lowercase(), file.rows.len());
            file.rows.push(Row { row, number, name });
        }
        Some(first) => {
            let first = &file.rows[*first];
            let first_row = first.row.to_string();
            let problem = if first.name == name {
                Problem::new(row, "roster-problem-repeated", &[("number", &number), ("first", &first_row)]).harmless()
            } else {
                let arguments =
                    [("number", number.as_str()), ("first", &first_row), ("name", &name), ("other", &first.name)];
                Problem::new(row, "roster-problem-two-names", &arguments)
            };
            file.problems.push(problem);
        }
    }
}

/// A number as it is kept: half width, without spaces, without the apostrophe that marks text in spreadsheets.
pub fn clean_number(text: &str) -> String {
    let number: String =
        text.nfkc().filter(|character| !character.is_whitespace() && !is_invisible(*character)).collect();
    number.trim_start_matches(['\'', '’']).to_owned()
}

/// A name as it is kept: rare characters, middle dots and inner spaces stay; outer spaces go, and so does the apostrophe
/// with which exports keep spreadsheets from calculating a name.
pub fn clean_name(text: &str) -> String {
    let name: String = text.chars().filter(|character| !is_invisible(*character)).collect();
    let name = name.trim();
    match name.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => name.to_owned(),
    }
}

/// Why a number cannot be one, as the key of a sentence.
pub fn check_number(number: &str) -> Option<&'static str> {
    let is_scientific = number.contains('.') && number.to_ascii_uppercase().contains("E+");
    if is_scientific {
        return Some("roster-problem-scientific");
    }
    let fits =
        number.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.'));
    (!fits || number.is_empty() || number.len() > LONGEST_NUMBER).then_some("roster-problem-bad-number")
}

/// Why a name cannot be one, as the key of a sentence.
pub fn check_name(name: &str) -> Option<&'static str> {
    let length = name.chars().count();
    let fits = name.chars().all(|character| !character.is_control() && character != '\u{FFFD}');
    (!fits || length == 0 || length > LONGEST_NAME).then_some("roster-problem-bad-name")
}

/// Marks that are not seen and come with copying: byte order mark, zero width space, direction marks.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{FEFF}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}')
}

#[cfg(test)]
mod tests;
