//! Tables as files for a spreadsheet: CSV that Excel reads without asking, and xlsx. Text stays text: nothing in a cell is
//! ever taken for a formula.

pub mod marks;

use std::borrow::Cow;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::error::{Error, Result};
use crate::points;

/// Where Excel looks to see that a CSV file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// What makes a spreadsheet take a cell for a formula, also in full width (OWASP, "CSV injection").
const FORMULA: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Name of the sheet.
    pub name: String,
    /// First row.
    pub header: Vec<String>,
    /// Rows, as long as the header.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// Points in millionths, written exactly.
    Points(i64),
}

/// The kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Comma-separated values in UTF-8 with a byte order mark.
    Csv,
    /// Office Open XML.
    Xlsx,
}

impl FileKind {
    /// The kind of a name, such as the end of a file name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "csv" => Some(FileKind::Csv),
            "xlsx" => Some(FileKind::Xlsx),
            _ => None,
        }
    }

    fn extension(self) -> &'static str {
        match self {
            FileKind::Csv => "csv",
            FileKind::Xlsx => "xlsx",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            FileKind::Csv => "text/csv; charset=utf-8",
            FileKind::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The table as a file to download. `name` is the file's name without its ending, in any script.
pub async fn download(table: Table, kind: FileKind, name: &str) -> Result<Response> {
    let extension = kind.extension();
    let name: String =
        name.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '-' } else { c }).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    // A long table takes a while to write and compress: not on a thread that serves others.
    let bytes = tokio::task::spawn_blocking(move || match kind {
        FileKind::Csv => csv(&table),
        FileKind::Xlsx => xlsx(&table),
    })
    .await
    .map_err(Error::internal)??;
    let disposition = format!("attachment; filename=\"marks.{extension}\"; filename*=UTF-8''{encoded}.{extension}");
    Ok(([(header::CONTENT_TYPE, kind.media_type().to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response())
}

/// The table as CSV.
pub fn csv(table: &Table) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(table.header.iter().map(|text| defused(text).into_owned())).map_err(Error::internal)?;
    for row in &table.rows {
        let fields = row.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => defused(text).into_owned(),
            Cell::Points(points) => points::exact(*points),
        });
        writer.write_record(fields).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.error()))
}

/// Text that no spreadsheet takes for a formula: with an apostrophe in front where it might.
fn defused(text: &str) -> Cow<'_, str> {
    let visible = text.trim_start_matches([' ', '\u{3000}', '\u{feff}', '\u{200b}']);
    match text.starts_with(FORMULA) || visible.starts_with(FORMULA) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

/// The table as xlsx. Rows go to a temporary file as they come, so that memory does not grow with their number.
pub fn xlsx(table: &Table) -> Result<Vec<u8>> {
    write_xlsx(table).map_err(Error::internal)
}

fn write_xlsx(table: &Table) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name(&table.name)?;
    sheet.set_freeze_panes(1, 2)?;
    for (column, text) in (0..).zip(&table.header) {
        sheet.write_string_with_format(0, column, text, &bold)?;
    }
    for (row, cells) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => continue,
                // Always as text, whatever it begins with.
                Cell::Text(text) => sheet.write_string(row, column, text)?,
                Cell::Points(points) => sheet.write_number(row, column, *points as f64 / points::ONE as f64)?,
            };
        }
    }
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_looks_like_a_formula_gets_an_apostrophe() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", " =1", "\u{3000}=1"]
        {
            assert_eq!(defused(text), format!("'{text}"), "{text:?}");
        }
        for text in ["学生 01", "2026001", "a=b", "", " 学生"] {
            assert_eq!(defused(text), text);
        }
    }

    #[test]
    fn csv_has_a_mark_for_excel_and_exact_points() {
        let table = Table {
            name: "成绩".into(),
            header: vec!["姓名".into(), "得分".into()],
            rows: vec![
                vec![Cell::Text("张\"三,".into()), Cell::Points(333_333)],
                vec![Cell::Text("=cmd".into()), Cell::Empty],
            ],
        };
        let bytes = csv(&table).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "\u{feff}姓名,得分\r\n\"张\"\"三,\",0.333333\r\n'=cmd,\r\n");
    }
}
