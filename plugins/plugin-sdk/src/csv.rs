//! Tables for a spreadsheet.

use plugin_protocol::op::Response;

use crate::reply::download;

/// Excel reads a file as UTF-8 when it begins so.
const BYTE_ORDER_MARK: char = '\u{feff}';
/// A cell that begins so might be taken for a formula; also in full width, as Chinese keyboards write them.
const FORMULA: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];
/// Before such a cell it makes a text of it, and is not shown.
const GUARD: &str = "'";
/// What a spreadsheet looks past before it decides.
const UNSEEN: [char; 4] = [' ', '\u{3000}', '\u{feff}', '\u{200b}'];

/// A table to save, as CSV that spreadsheets open as it is meant: `csv("loans.csv", &["who", "since"], rows)`, where a
/// row is an array or a vector of texts. Text that people wrote never becomes a formula.
pub fn csv<R, C>(name: &str, header: &[&str], rows: impl IntoIterator<Item = R>) -> Response
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut text = String::from(BYTE_ORDER_MARK);
    write(&mut text, header);
    rows.into_iter().for_each(|row| write(&mut text, row));
    download(name, "text/csv; charset=utf-8", text.into_bytes())
}

/// What was put into a cell of [`csv`]; for a plugin that reads such a file again.
pub fn cell(read: &str) -> &str {
    read.strip_prefix(GUARD).filter(|text| is_guarded(text)).unwrap_or(read)
}

/// A text that looks guarded gets a guard as well, so that it comes back as it is.
fn is_guarded(text: &str) -> bool {
    let text = text.trim_start_matches(GUARD);
    let begins = text.starts_with(FORMULA) || text.trim_start_matches(UNSEEN).starts_with(FORMULA);
    begins && text.parse::<f64>().is_err()
}

fn write<C: AsRef<str>>(text: &mut String, row: impl IntoIterator<Item = C>) {
    for (index, cell) in row.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_cell(text, cell.as_ref());
    }
    text.push_str("\r\n");
}

fn write_cell(text: &mut String, cell: &str) {
    let guard = if is_guarded(cell) { GUARD } else { "" };
    if cell.contains([',', '"', '\r', '\n']) {
        text.push_str(&format!("\"{guard}{}\"", cell.replace('"', "\"\"")));
    } else {
        text.push_str(guard);
        text.push_str(cell);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn lines(rows: &[[&str; 2]]) -> String {
        let Response::Bytes { body, download, .. } = csv("a.csv", &["谁", "何时"], rows) else { panic!("no file") };
        assert_eq!(download.as_deref(), Some("a.csv"));
        String::from_utf8(body.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn a_table_begins_with_a_mark_and_its_header() {
        assert_eq!(lines(&[]), "\u{feff}谁,何时\r\n");
        assert_eq!(lines(&[["学生 01", ""]]), "\u{feff}谁,何时\r\n学生 01,\r\n");
    }

    #[test]
    fn commas_quotes_and_lines_stay_in_their_cell() {
        assert!(lines(&[["a,b", "say \"no\"\nnow"]]).ends_with("\"a,b\",\"say \"\"no\"\"\nnow\"\r\n"));
    }

    #[test]
    fn a_cell_is_read_as_it_was_written() {
        for text in ["=1+1", " ＝cmd", "'=1", "'", "it's", "", "-3.5", "-a", "\n=x"] {
            let mut written = String::new();
            write_cell(&mut written, text);
            let bare = written.trim_start_matches('"').trim_end_matches('"');
            assert_eq!(cell(bare), text);
        }
    }

    #[test]
    fn no_text_is_a_formula_and_a_number_stays_one() {
        assert!(lines(&[["=1+1", " ＝cmd"]]).ends_with("\r\n'=1+1,' ＝cmd\r\n"));
        assert!(lines(&[["-3.5", "-a"]]).ends_with("\r\n-3.5,'-a\r\n"));
    }
}
