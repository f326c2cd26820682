//! The lines of the source.

use super::characters::{closes, ends_sentence, ideograph, is_han, trim, width};

/// A line that is not empty.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Line in the source, from 1.
    pub number: usize,
    /// The line as it stands, without its end; spaces at its ends may be blanks.
    pub text: String,
    /// Characters of the source's line before it: the other column of the page.
    pub column: usize,
    /// Empty lines before it.
    pub blank_before: usize,
    /// Whether a form feed stands before it.
    pub page_break: bool,
}

impl Line {
    /// The text without outer spaces.
    pub fn trimmed(&self) -> &str {
        trim(&self.text)
    }

    /// Width in columns, a Chinese character counting two.
    pub fn width(&self) -> usize {
        width(self.trimmed())
    }

    /// Whether the line's last sentence is complete.
    pub fn is_complete(&self) -> bool {
        let last = self.trimmed().chars().rev().find(|c| !closes(*c) && !matches!(c, '"' | '\''));
        if self.trimmed().ends_with("………") {
            return false;
        }
        // Brackets alone close what another line has opened.
        last.is_some_and(|c| ends_sentence(c) || matches!(c, ';' | '；' | ':' | '：'))
            || self.trimmed().ends_with(['.', '．']) && self.trimmed().chars().rev().nth(1).is_some_and(is_han)
    }
}

/// Takes the source apart. Line ends may be those of any system; a form feed ends a line too.
pub(super) fn split(source: &str) -> Vec<Line> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut lines = Vec::new();
    let (mut number, mut blank_before, mut page_break) = (1, 0, false);
    let mut text = String::new();
    let mut characters = source.chars().chain(std::iter::once('\n')).peekable();
    while let Some(c) = characters.next() {
        if c == '\r' && characters.peek() == Some(&'\n') {
            continue;
        }
        if !matches!(c, '\n' | '\r' | '\u{c}' | '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}') {
            if c != '\u{feff}' {
                text.push(ideograph(c));
            }
            continue;
        }
        if trim(&text).is_empty() {
            blank_before += usize::from(c != '\u{c}' || !text.is_empty());
            text.clear();
        } else {
            lines.push(Line { number, text: std::mem::take(&mut text), column: 0, blank_before, page_break });
            (blank_before, page_break) = (0, false);
        }
        page_break |= c == '\u{c}';
        if matches!(c, '\n' | '\r') {
            number += 1;
        }
    }
    lines
}

/// The width of a full line: most of the text is wrapped at it.
pub(super) fn full_width(lines: &[Line]) -> usize {
    let mut widths: Vec<usize> = lines.iter().map(Line::width).filter(|width| *width > 8).collect();
    widths.sort_unstable();
    widths.get(widths.len() * 4 / 5).copied().unwrap_or(80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_numbers_whatever_ends_them() {
        for source in ["甲\n\n乙\n丙", "甲\r\n\r\n乙\r\n丙", "甲\r\r乙\r丙", "\u{feff}甲\n\u{3000}\n乙\n丙\n"]
        {
            let lines = split(source);
            assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 3, 4], "{source:?}");
            assert_eq!(lines[1].blank_before, 1);
        }
        assert!(split("甲\u{c}乙")[1].page_break);
    }
}
