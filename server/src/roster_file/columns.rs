//! Which column is the number and which the name: by heading, or by place.

use unicode_normalization::UnicodeNormalization;

use super::table::{Line, Table};
use crate::error::Message;

const NUMBERS: &[&str] = &[
    "学号",
    "学生学号",
    "编号",
    "学籍号",
    "学生编号",
    "學號",
    "number",
    "studentnumber",
    "studentno",
    "studentid",
    "id",
    "no",
];
const NAMES: &[&str] = &["姓名", "名字", "学生姓名", "name", "studentname", "fullname"];
/// Headings are looked for in the first rows; above them school offices write titles.
const SEARCHED: usize = 10;

/// Where the two columns are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// Column of numbers, from 0.
    pub number: usize,
    /// Column of names, from 0.
    pub name: usize,
    /// Row of the headings; 0 without headings.
    pub heading: u32,
    /// What to call the column of numbers.
    pub number_title: String,
    /// What to call the column of names.
    pub name_title: String,
}

/// Finds the two columns.
pub(super) fn find(table: &Table) -> Result<Columns, Message> {
    for line in table.rows.iter().take(SEARCHED) {
        let place = |titles: &[&str]| line.cells.iter().position(|cell| titles.contains(&title(cell).as_str()));
        if let (Some(number), Some(name)) = (place(NUMBERS), place(NAMES)) {
            return Ok(Columns {
                number,
                name,
                heading: line.row,
                number_title: line.cell(number).trim().to_owned(),
                name_title: line.cell(name).trim().to_owned(),
            });
        }
    }
    by_place(table)
}

/// A heading without spaces, punctuation, width and case.
fn title(cell: &str) -> String {
    cell.nfkc().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Without headings: two columns beside each other, of which one holds digits in every row and the other in none.
fn by_place(table: &Table) -> Result<Columns, Message> {
    let refused = || Message::new("roster-file-no-columns");
    if table.rows.is_empty() {
        return Err(Message::new("roster-file-empty"));
    }
    let has_digit = |line: &Line, column: usize| line.cell(column).nfkc().any(|character| character.is_ascii_digit());
    let has_letters = |line: &Line, column: usize| line.cell(column).chars().any(char::is_alphabetic);
    let (number, name) = [(0, 1), (1, 0), (1, 2)]
        .into_iter()
        .find(|(number, name)| {
            table.rows.iter().take(SEARCHED).all(|line| has_digit(line, *number) && has_letters(line, *name))
        })
        .ok_or_else(refused)?;
    let place = |column: usize| (column + 1).to_string();
    Ok(Columns { number, name, heading: 0, number_title: place(number), name_title: place(name) })
}
