//! The cells of HTML tables. The back office calls such a file .xls; it is short and plain, so one pass over its tags does.

use super::rows::{MOST_COLUMNS, MOST_ROWS, Refusal, Rows, cell};

/// The rows of all tables, in their order.
pub fn rows(text: &str) -> Result<Rows, Refusal> {
    let mut rows = Rows::new();
    // Text of the cell that is open.
    let mut open: Option<String> = None;
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        if let Some(open) = &mut open {
            open.push_str(&rest[..start]);
        }
        rest = &rest[start..];
        if rest.starts_with("<!--") {
            rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
            continue;
        }
        // A tag that never ends holds the rest of the file.
        let end = rest.find('>').unwrap_or(rest.len());
        let tag = rest[1..end.max(1)].trim().to_ascii_lowercase();
        rest = rest.get(end + 1..).unwrap_or_default();
        let is_closing = tag.starts_with('/');
        let name: &str = tag.trim_start_matches('/');
        let name = name.split(|sign: char| !sign.is_ascii_alphanumeric()).next().unwrap_or_default();
        if !["tr", "td", "th", "table"].contains(&name) {
            continue;
        }
        // Cells and rows may be left open; the next one closes them.
        close(&mut rows, &mut open)?;
        match (name, is_closing) {
            ("tr", false) if rows.len() == MOST_ROWS => return Err(Refusal::new("import-large")),
            ("tr", false) => rows.push(Vec::new()),
            ("td" | "th", false) => open = Some(String::new()),
            _ => {}
        }
    }
    close(&mut rows, &mut open)?;
    rows.retain(|row| !row.is_empty());
    Ok(rows)
}

fn close(rows: &mut Rows, open: &mut Option<String>) -> Result<(), Refusal> {
    let Some(text) = open.take() else { return Ok(()) };
    if rows.is_empty() {
        rows.push(Vec::new());
    }
    let row = rows.last_mut().ok_or_else(|| Refusal::new("import-damaged"))?;
    if row.len() == MOST_COLUMNS {
        return Err(Refusal::new("import-large"));
    }
    row.push(cell(&plain(&text)));
    Ok(())
}

/// Text with its entities replaced.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| Some((entity(&rest[1..end])?, end))) {
            Some((sign, end)) => {
                plain.push(sign);
                rest = &rest[end + 1..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    match name {
        "nbsp" => Some(' '),
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_however_the_table_is_written() {
        let text = "<html><!-- <td>no</td> --><TABLE border=1><tr><th colspan=2>用户增长</th></tr><tr><td class='a'>1<b>2</b>\
                    </td><td>&nbsp;3&amp;4&#53;&#x36;&x;</td><tr><td>left open<td>7</table>";
        let rows = rows(text).unwrap();
        assert_eq!(rows, [vec!["用户增长"], vec!["12", "3&456&x;"], vec!["left open", "7"]]);
        for odd in ["<", "<td", "<td>", "</td></tr>", "<table><tr>", "<!-- ", "&", "<td>&#1114112;</td>", "<td>&é</td>"]
        {
            assert!(super::rows(odd).is_ok(), "{odd}");
        }
    }

    #[test]
    fn a_table_without_an_end_is_refused() {
        assert_eq!(rows(&"<tr><td>1".repeat(MOST_ROWS + 1)).unwrap_err().key, "import-large");
        assert_eq!(rows(&format!("<tr>{}", "<td>1".repeat(MOST_COLUMNS + 1))).unwrap_err().key, "import-large");
    }
}
