//! A file of the back office as rows of text, in whatever shape it comes: an HTML table that is called .xls, a real xls,
//! an xlsx, or a text file in UTF-8, UTF-16 or GB18030. What a file may take of memory and time is bounded before it is
//! read.

use encoding_rs::{Encoding, GB18030};

use super::rows::{MOST_COLUMNS, MOST_ROWS, Refusal, Rows, cell};
use super::{html, workbook};

/// The longest file. That of a whole year has some hundred kilobytes.
const MOST_BYTES: usize = 2 * 1024 * 1024;

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An HTML table.
    Html,
    /// Excel 97.
    Xls,
    /// Excel since 2007.
    Xlsx,
    /// Text with commas or tabs.
    Text,
}

impl Form {
    /// Its name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Form::Html => "html",
            Form::Xls => "xls",
            Form::Xlsx => "xlsx",
            Form::Text => "text",
        }
    }
}

/// The tables in a file: one, or one for each sheet.
pub fn read(bytes: &[u8]) -> Result<(Form, Vec<Rows>), Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::new("import-empty"));
    }
    if bytes.len() > MOST_BYTES {
        return Err(Refusal::new("import-large"));
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Ok((Form::Xls, workbook::xls(bytes)?));
    }
    if bytes.starts_with(b"PK") {
        return Ok((Form::Xlsx, workbook::xlsx(bytes)?));
    }
    let text = decoded(bytes)?;
    let beginning: String = text.chars().take(4_000).collect::<String>().to_lowercase();
    if ["<table", "<html", "<tr", "<!doctype"].iter().any(|tag| beginning.contains(tag)) {
        return Ok((Form::Html, vec![html::rows(&text)?]));
    }
    Ok((Form::Text, vec![separated(&text)?]))
}

/// Text of a file that says nothing of its encoding, or a byte order mark.
fn decoded(bytes: &[u8]) -> Result<String, Refusal> {
    let binary = || Refusal::new("import-kind");
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
        return text.map(Into::into).ok_or_else(binary);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        // A picture or a program may be valid text by chance, but not without zeros.
        return if text.contains('\0') { Err(binary()) } else { Ok(text.to_owned()) };
    }
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    text.filter(|text| !text.contains('\0')).map(Into::into).ok_or_else(binary)
}

fn separated(text: &str) -> Result<Rows, Refusal> {
    let count = |sign: u8| text.bytes().take(2_000).filter(|byte| *byte == sign).count();
    let separator = [b',', b'\t', b';'].into_iter().max_by_key(|sign| (count(*sign), *sign == b',')).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut rows = Rows::new();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|_| Refusal::at("import-line", index + 1, ""))?;
        if rows.len() == MOST_ROWS || record.len() > MOST_COLUMNS {
            return Err(Refusal::new("import-large"));
        }
        rows.push(record.iter().map(cell).collect());
    }
    Ok(rows)
}
