//! xlsx: looked at as a zip first, then read cell by cell. Two cells far apart must not make a table of a billion.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};

use super::table::{Line, Table};
use super::{MOST_COLUMNS, MOST_ROWS, columns};
use crate::error::Message;

/// Most files in the zip.
const MOST_ENTRIES: usize = 2_000;
/// Most bytes all of them inflate to, counted while inflating.
const MOST_INFLATED: u64 = 200 * 1024 * 1024;
/// Most bytes of a part that is held in memory whole (shared strings, styles); sheets are streamed.
const MOST_HELD: u64 = 32 * 1024 * 1024;
/// How much larger than the file its content may be.
const MOST_RATIO: u64 = 100;
/// A small file may compress better than that.
const RATIO_FROM: u64 = 1024 * 1024;
/// Most text of a table, in bytes.
const MOST_TEXT: usize = 8 * 1024 * 1024;
/// Most cells looked at, empty ones included.
const MOST_CELLS: u64 = MOST_ROWS as u64 * MOST_COLUMNS as u64;
/// Most sheets looked at.
const MOST_SHEETS: usize = 20;

/// The first sheet with the two columns, or the first that is not empty.
pub(super) fn read(bytes: &[u8]) -> Result<Table, Message> {
    inspect(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let mut first = None;
    for name in workbook.sheet_names().into_iter().take(MOST_SHEETS) {
        let table = sheet(&mut workbook, &name)?;
        if table.rows.is_empty() {
            continue;
        }
        if columns::find(&table).is_ok() {
            return Ok(table);
        }
        first.get_or_insert(table);
    }
    Ok(first.unwrap_or_default())
}

/// Refuses a zip that inflates to much more than it is.
fn inspect(bytes: &[u8]) -> Result<(), Message> {
    let bomb = || Message::new("roster-file-bomb");
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if zip.len() > MOST_ENTRIES || zip.has_overlapping_files().map_err(broken)? {
        return Err(bomb());
    }
    let by_ratio = (bytes.len() as u64 * MOST_RATIO).max(RATIO_FROM);
    let mut left = MOST_INFLATED.min(by_ratio);
    let mut buffer = vec![0; 64 * 1024];
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).map_err(broken)?;
        let name = entry.name().map_err(broken)?;
        let streamed = name.starts_with("xl/worksheets/") || name.starts_with("xl/media/");
        let mut held = if streamed { u64::MAX } else { MOST_HELD };
        loop {
            let count = entry.read(&mut buffer).map_err(broken)? as u64;
            if count == 0 {
                break;
            }
            left = left.checked_sub(count).ok_or_else(bomb)?;
            held = held.checked_sub(count).ok_or_else(bomb)?;
        }
    }
    Ok(())
}

fn sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Table, Message> {
    let too_many = || Message::new("roster-file-too-many").with("rows", MOST_ROWS).with("columns", MOST_COLUMNS);
    // A sheet of charts has no cells.
    let Ok(mut cells) = workbook.worksheet_cells_reader(name) else { return Ok(Table::default()) };
    let mut table = Table::default();
    let (mut seen, mut text_left) = (0, MOST_TEXT);
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        seen += 1;
        if seen > MOST_CELLS {
            return Err(too_many());
        }
        let (row, column) = cell.get_position();
        let text = shown(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(too_many());
        }
        text_left = text_left.checked_sub(text.len()).ok_or_else(too_many)?;
        // Rows come in order; one that goes back would be a damaged file.
        if table.rows.last().is_none_or(|line| line.row < row + 1) {
            table.rows.push(Line { row: row + 1, cells: Vec::new() });
        }
        let line =
            table.rows.last_mut().filter(|line| line.row == row + 1).ok_or_else(|| broken("rows out of order"))?;
        let column = column as usize;
        if line.cells.len() <= column {
            line.cells.resize(column + 1, String::new());
        }
        line.cells[column] = text;
    }
    Ok(table)
}

/// A cell as a person reads it; a number that is whole has no fraction.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // Whole numbers up to 2^53 are exact.
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 9.0e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(date) => date.to_string(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

fn broken(cause: impl std::fmt::Display) -> Message {
    tracing::debug!(%cause, "an xlsx file cannot be read");
    Message::new("roster-file-broken")
}
