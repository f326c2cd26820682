//! The cells of Excel's files, read by `calamine`. That library makes room for what a file claims to hold; so the claims are
//! checked first, and a file whose claims are out of all proportion is refused.

use std::io::{Cursor, Read as _};
use std::panic::catch_unwind;

use calamine::{Data, DataType, Reader as _, Xls, Xlsx};
use plugin_sdk::chrono::{Days, NaiveDate};
use zip::ZipArchive;

use super::rows::{MOST_COLUMNS, MOST_ROWS, Refusal, Rows, cell};

/// What an xlsx may hold when it is unpacked; the figures of a year have some hundred kilobytes.
const MOST_UNPACKED: u64 = 4 * 1024 * 1024;
/// Parts of an xlsx.
const MOST_PARTS: usize = 200;
/// Different texts of an xlsx.
const MOST_TEXTS: u64 = 100_000;
/// Sheets that are looked at.
const MOST_SHEETS: usize = 8;

/// The sheets of an xls.
pub fn xls(bytes: &[u8]) -> Result<Vec<Rows>, Refusal> {
    check_records(bytes)?;
    guarded(bytes, |bytes| {
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
            calamine::XlsError::Password => Refusal::new("import-password"),
            _ => Refusal::new("import-damaged"),
        })?;
        let sheets = book.worksheets().into_iter().take(MOST_SHEETS);
        let rows = |range: calamine::Range<Data>| -> Rows {
            range.rows().map(|row| row.iter().map(shown).collect()).collect()
        };
        Ok(sheets.map(|(_, range)| rows(range)).collect())
    })
}

/// The sheets of an xlsx.
pub fn xlsx(bytes: &[u8]) -> Result<Vec<Rows>, Refusal> {
    check_parts(bytes)?;
    guarded(bytes, |bytes| {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
            calamine::XlsxError::Password => Refusal::new("import-password"),
            _ => Refusal::new("import-damaged"),
        })?;
        let names = book.sheet_names();
        names.iter().take(MOST_SHEETS).map(|name| sheet(&mut book, name)).collect()
    })
}

fn sheet(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Rows, Refusal> {
    let damaged = |_| Refusal::new("import-damaged");
    // Cell by cell: a sheet whose last cell is far away would else be filled up to it.
    let mut reader = book.worksheet_cells_reader(name).map_err(damaged)?;
    let mut rows = Rows::new();
    while let Some(found) = reader.next_cell().map_err(damaged)? {
        let text = shown(found.get_value());
        if text.is_empty() {
            continue;
        }
        let (row, column) = found.get_position();
        let (row, column) = (row as usize, column as usize);
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(Refusal::new("import-large"));
        }
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        if rows[row].len() <= column {
            rows[row].resize(column + 1, String::new());
        }
        rows[row][column] = text;
    }
    Ok(rows)
}

fn shown(value: &impl DataType) -> String {
    let text = |text: &str| text.to_owned();
    let dated = value.get_datetime().map(|moment| date(moment.as_f64()).unwrap_or_else(|| moment.as_f64().to_string()));
    let shown = dated
        .or_else(|| value.get_string().map(text))
        .or_else(|| value.get_float().map(|number| number.to_string()))
        .or_else(|| value.get_int().map(|number| number.to_string()))
        .or_else(|| value.get_datetime_iso().map(text));
    cell(&shown.unwrap_or_default())
}

/// Excel counts days from the end of 1899.
fn date(days: f64) -> Option<String> {
    let whole = (1.0..200_000.0).contains(&days).then_some(days as u64)?;
    let day = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(whole))?;
    Some(day.to_string())
}

/// A file that makes the library panic is a damaged file.
fn guarded<T>(
    bytes: &[u8],
    read: impl Fn(&[u8]) -> Result<T, Refusal> + std::panic::RefUnwindSafe,
) -> Result<T, Refusal> {
    catch_unwind(|| read(bytes)).unwrap_or_else(|_| Err(Refusal::new("import-damaged")))
}

/// Unpacks every part once, into nothing, to know how large it is: what the archive says of it may be a lie.
fn check_parts(bytes: &[u8]) -> Result<(), Refusal> {
    let damaged = || Refusal::new("import-damaged");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_PARTS {
        return Err(Refusal::new("import-large"));
    }
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| damaged())?;
        let is_texts = part.name().map_err(|_| damaged())?.to_lowercase().ends_with("sharedstrings.xml");
        let mut content = Vec::new();
        part.take(left + 1).read_to_end(&mut content).map_err(|_| damaged())?;
        let size = content.len() as u64;
        if size > left || (is_texts && claims_texts(&content) > MOST_TEXTS) {
            return Err(Refusal::new("import-large"));
        }
        left -= size;
    }
    Ok(())
}

/// How many different texts the list of texts says it has.
fn claims_texts(content: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(content);
    let claims = text.match_indices("uniqueCount").map(|(place, name)| {
        let rest = text[place + name.len()..].trim_start_matches(|sign: char| !sign.is_ascii_digit() && sign != '>');
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) }
    });
    claims.max().unwrap_or_default()
}

/// Looks through the records of an xls for the cell that is farthest from the first.
fn check_records(bytes: &[u8]) -> Result<(), Refusal> {
    let damaged = |_| Refusal::new("import-damaged");
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    let name = ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"].into_iter().find(|name| file.is_stream(name));
    let Some(name) = name else {
        let is_locked = file.is_stream("/EncryptedPackage");
        return Err(Refusal::new(if is_locked { "import-password" } else { "import-kind" }));
    };
    let mut content = Vec::new();
    let stream = file.open_stream(name).map_err(damaged)?;
    stream.take(MOST_UNPACKED).read_to_end(&mut content).map_err(damaged)?;
    let mut rest = content.as_slice();
    while let Some((head, after)) = rest.split_first_chunk::<4>() {
        let kind = u16::from_le_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let Some((record, next)) = after.split_at_checked(length) else { break };
        if farthest(kind, record).is_some_and(|(row, column)| row > MOST_ROWS || column > MOST_COLUMNS) {
            return Err(Refusal::new("import-large"));
        }
        rest = next;
    }
    Ok(())
}

/// Row and column of the last cell that a record of a sheet speaks of.
fn farthest(kind: u16, record: &[u8]) -> Option<(usize, usize)> {
    let word = |place: usize| Some(usize::from(u16::from_le_bytes([*record.get(place)?, *record.get(place + 1)?])));
    let long = |place: usize| Some(word(place)? | word(place + 2)? << 16);
    match kind {
        // The size of the sheet, as older and newer versions write it.
        0x0200 if record.len() < 14 => Some((word(2)?, word(6)?)),
        0x0200 => Some((long(4)?, word(10)?)),
        // Several numbers, or several empty cells, of a row.
        0x00bd | 0x00be => Some((word(0)?, word(record.len().checked_sub(2)?)?)),
        // Numbers, texts, truth values, formulas, empty cells.
        0x0002..=0x0006 | 0x0201 | 0x0203..=0x0206 | 0x027e | 0x00d6 | 0x00fd | 0x0406 => Some((word(0)?, word(2)?)),
        _ => None,
    }
}
