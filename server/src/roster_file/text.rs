//! CSV: which encoding, which separator, which rows. An undecodable byte is named, never replaced.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_16BE, UTF_16LE};

use super::table::{Line, Table};
use super::{MOST_COLUMNS, MOST_ROWS};
use crate::error::Message;

/// More of a cell is not read: no number, no name and no heading is that long, and what is looked at stays bounded.
const LONGEST_CELL: usize = 1_000;

/// Decodes and splits a file; also says which encoding it was in.
pub(super) fn read(bytes: &[u8]) -> Result<(&'static str, Table), Message> {
    let (encoding, text) = decode(bytes)?;
    Ok((encoding, split(&text)?))
}

fn decode(bytes: &[u8]) -> Result<(&'static str, Cow<'_, str>), Message> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        let text = std::str::from_utf8(rest).map_err(|error| undecodable("UTF-8", bytes, 3 + error.valid_up_to()))?;
        return Ok(("UTF-8", text.into()));
    }
    if let Some(wide) = wide_encoding(bytes) {
        return strictly(wide, bytes).map(|text| (wide.name(), text)).map_err(|at| undecodable(wide.name(), bytes, at));
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(("UTF-8", text.into())),
        Err(error) => error,
    };
    // A UTF-8 file with one broken byte often decodes as GB18030, into nonsense. Chinese characters before the first bad
    // byte tell: GB18030 text hardly ever has two that are valid UTF-8 by chance.
    let before = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
    if before.chars().filter(|character| matches!(character, '\u{3000}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}')).count()
        >= 2
    {
        return Err(undecodable("UTF-8", bytes, error.valid_up_to()));
    }
    match strictly(GB18030, bytes) {
        Ok(text) => Ok(("GB18030", text)),
        Err(at) => Err(undecodable("GB18030", bytes, at)),
    }
}

/// UTF-16 by its mark, or by the zero bytes that digits and commas leave in it.
fn wide_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let sample = &bytes[..bytes.len().min(1024)];
    let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let many = sample.len() / 8;
    match (zeros(0), zeros(1)) {
        // A Chinese character may have a zero byte too, seldom.
        (even, odd) if odd > many && odd > 4 * even => Some(UTF_16LE),
        (even, odd) if even > many && even > 4 * odd => Some(UTF_16BE),
        _ => None,
    }
}

/// Decodes all bytes, or returns the offset of the first that cannot be.
fn strictly<'a>(encoding: &'static Encoding, bytes: &[u8]) -> Result<Cow<'a, str>, usize> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text.into()),
        DecoderResult::Malformed(length, after) => Err(read.saturating_sub(usize::from(length) + usize::from(after))),
        DecoderResult::OutputFull => Err(read),
    }
}

fn undecodable(encoding: &'static str, bytes: &[u8], offset: usize) -> Message {
    let line = bytes[..offset.min(bytes.len())].iter().filter(|byte| **byte == b'\n').count() + 1;
    Message::new("roster-file-undecodable").with("encoding", encoding).with("offset", offset).with("row", line)
}

fn split(text: &str) -> Result<Table, Message> {
    if let Some((at, _)) = text.char_indices().find(|(_, character)| *character == '\0') {
        return Err(Message::new("roster-file-not-a-table").with("offset", at));
    }
    let mut text = text;
    let mut given = None;
    // What some spreadsheets write above a table to name its separator.
    if let Some(rest) = text.strip_prefix("sep=").or_else(|| text.strip_prefix("SEP=")) {
        given = rest.bytes().next();
        text = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    let skipped = u32::from(given.is_some());
    let separator = given.filter(u8::is_ascii).unwrap_or_else(|| separator(text));
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut table = Table::default();
    for record in reader.records() {
        let record = record.map_err(|error| {
            Message::new("roster-file-not-a-table").with("offset", error.position().map_or(0, csv::Position::byte))
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = u32::try_from(line).unwrap_or(u32::MAX).saturating_add(skipped);
        if table.rows.len() >= MOST_ROWS as usize || record.len() > MOST_COLUMNS as usize {
            return Err(Message::new("roster-file-too-many").with("rows", MOST_ROWS).with("columns", MOST_COLUMNS));
        }
        let cells: Vec<String> = record.iter().map(|cell| cell.chars().take(LONGEST_CELL).collect()).collect();
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            table.rows.push(Line { row, cells });
        }
    }
    Ok(table)
}

/// The separator that the first lines use most, outside quotes.
fn separator(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    for line in text.lines().filter(|line| !line.trim().is_empty()).take(5) {
        let mut quoted = false;
        for byte in line.bytes() {
            match byte {
                b'"' => quoted = !quoted,
                _ if quoted => {}
                _ => counts.iter_mut().filter(|(separator, _)| *separator == byte).for_each(|(_, count)| *count += 1),
            }
        }
    }
    // The first of equals wins: a comma.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator)
}
