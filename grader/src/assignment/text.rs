//! The text of a question as [`Question::text`](super::Question::text) stores it: Markdown in which a blank stands as
//! `{1}`, `{2}` … and a literal brace is doubled.

use std::ops::Range;

/// A piece of a question's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Markdown, its braces single again.
    Text(String),
    /// The blank with this number, counted from 1.
    Blank(usize),
}

/// Opens and closes the placeholder of a blank. Both are private-use characters: Markdown treats them like letters, so that
/// a blank may stand in a table or beside emphasis, and no font or sanitiser changes them.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

/// Takes a question's text apart into Markdown and blanks.
///
/// A single brace that is no part of `{n}` stands for itself, so that every string can be shown.
pub fn segments(text: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((number, length)) = blank_reference(rest) {
            if !plain.is_empty() {
                segments.push(Segment::Text(std::mem::take(&mut plain)));
            }
            segments.push(Segment::Blank(number));
            rest = &rest[length..];
        } else {
            let doubled = rest.starts_with("{{") || rest.starts_with("}}");
            plain.push_str(&rest[..1]);
            rest = &rest[if doubled { 2 } else { 1 }..];
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        segments.push(Segment::Text(plain));
    }
    segments
}

/// The blank's number and the length of `{n}` at the start of `text`.
pub(super) fn blank_reference(text: &str) -> Option<(usize, usize)> {
    let inner = text.strip_prefix('{')?;
    let digits = inner.find('}')?;
    if digits == 0 || digits > 6 || !inner.as_bytes()[..digits].iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some((inner[..digits].parse().ok()?, digits + 2))
}

/// Doubles the braces of plain Markdown, so that it may stand in a question's text.
pub fn escape_braces(markdown: &str) -> String {
    markdown.replace('{', "{{").replace('}', "}}")
}

/// The question's Markdown with a placeholder for each blank, ready for a Markdown renderer and a sanitiser;
/// [`fill_placeholders`] then puts the blanks in.
pub fn with_placeholders(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len());
    for segment in segments(text) {
        match segment {
            Segment::Text(plain) => markdown.extend(plain.chars().filter(|c| !matches!(*c, OPEN | CLOSE))),
            Segment::Blank(number) => {
                markdown.push(OPEN);
                markdown.push_str(&number.to_string());
                markdown.push(CLOSE);
            }
        }
    }
    markdown
}

/// Puts `blank(n)` where [`with_placeholders`] left the placeholder of blank n. Inside a tag, such as the description of
/// an image, a placeholder is dropped: nothing may be written there.
pub fn fill_placeholders(html: &str, mut blank: impl FnMut(usize) -> String) -> String {
    let mut filled = String::with_capacity(html.len() + 64);
    let mut in_tag = false;
    let mut quote = None;
    let mut characters = html.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            OPEN => {
                let digits: String = html[at + OPEN.len_utf8()..].chars().take_while(char::is_ascii_digit).collect();
                let closed = html[at + OPEN.len_utf8() + digits.len()..].starts_with(CLOSE);
                if let (true, Ok(number)) = (closed, digits.parse()) {
                    if !in_tag {
                        filled.push_str(&blank(number));
                    }
                    characters.nth(digits.len());
                }
                continue;
            }
            CLOSE => continue,
            '<' if !in_tag => in_tag = true,
            '>' if in_tag && quote.is_none() => in_tag = false,
            '"' | '\'' if in_tag => match quote {
                None => quote = Some(c),
                Some(open) if open == c => quote = None,
                Some(_) => {}
            },
            _ => {}
        }
        filled.push(c);
    }
    filled
}

/// The numbers of the blanks that a reader would see once the text is rendered. A blank in an image's description, a
/// link's address or raw HTML is not among them.
pub(super) fn visible_blanks(text: &str) -> Vec<usize> {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
    let markdown = with_placeholders(text);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut numbers = Vec::new();
    let mut images = 0usize;
    for event in Parser::new_ext(&markdown, options) {
        match event {
            Event::Start(Tag::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images = images.saturating_sub(1),
            Event::Text(shown) | Event::Code(shown) if images == 0 => {
                numbers.extend(
                    shown.split(OPEN).skip(1).filter_map(|part| part.split(CLOSE).next()?.parse::<usize>().ok()),
                );
            }
            _ => {}
        }
    }
    numbers
}

/// Text in which nothing reads as something else when it is written to a file: a literal `[[`, comment, lone backtick or
/// brace behind a blank gets a backslash. Text that came from a file is unchanged.
pub(super) fn canonical(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut at = 0;
    let mut line_start = true;
    let mut after_blank = false;
    let mut after_backslash = false;
    // A fence without an end makes every later one of its kind and length endless too: not looked for again.
    let mut endless = [usize::MAX; 2];
    while at < text.len() {
        let rest = &text[at..];
        let tilde = usize::from(line_start && rest.trim_start().starts_with('~'));
        if line_start && let Some(fence) = fence(text, at, endless[tilde]) {
            match fence.end.filter(|end| !holds_blank(&text[at..*end])) {
                Some(end) => {
                    output.push_str(&text[at..end]);
                    at = end;
                    after_blank = false;
                    continue;
                }
                // It would swallow the rest of the file, or a blank.
                None => {
                    if fence.end.is_none() {
                        endless[tilde] = fence.marks.len();
                    }
                    output.push_str(&text[at..fence.marks.start]);
                    for mark in text[fence.marks.clone()].chars() {
                        output.extend(['\\', mark]);
                    }
                    at = fence.marks.end;
                    line_start = false;
                    continue;
                }
            }
        }
        line_start = rest.starts_with('\n');
        let was_after_blank = std::mem::replace(&mut after_blank, false);
        let was_after_backslash = std::mem::replace(&mut after_backslash, false);
        let length = if let Some((_, length)) = blank_reference(rest) {
            after_blank = true;
            length
        } else if rest.starts_with('`') {
            match code_span(text, at, text.len()).filter(|end| !holds_blank(&text[at..*end])) {
                Some(end) => end - at,
                None => {
                    let run = rest.len() - rest.trim_start_matches('`').len();
                    output.push_str(&"\\`".repeat(run));
                    at += run;
                    continue;
                }
            }
        } else if let Some(behind) = rest.strip_prefix('\\') {
            let escaped = behind.chars().next().filter(|c| c.is_ascii_punctuation() && !matches!(c, '{' | '}'));
            if behind.is_empty() || blank_reference(behind).is_some() {
                // Alone it would take what follows in the file: the brackets of the blank, or the brace of the kind.
                output.push_str("\\\\");
                at += 1;
                continue;
            }
            after_backslash = escaped.is_none();
            1 + escaped.map_or(0, char::len_utf8)
        } else {
            let brace = !was_after_backslash
                && rest.strip_prefix("{{").is_some_and(|after| was_after_blank || opens_kind(after, "}}"));
            if brace || rest.starts_with("[[") || rest.starts_with("<!--") {
                output.push('\\');
            }
            if rest.starts_with("{{") { 2 } else { rest.chars().next().map_or(1, char::len_utf8) }
        };
        output.push_str(&rest[..length]);
        at += length;
    }
    output
}

/// Whether a blank stands in the text. Nothing in code is one, so backticks around a blank only look like code: in the
/// file something kept them apart that is no part of the text, such as a comment.
fn holds_blank(text: &str) -> bool {
    segments(text).iter().any(|segment| matches!(segment, Segment::Blank(_)))
}

/// Whether what follows a brace makes it an `{essay …}` or `{project …}`.
pub(super) fn opens_kind(after: &str, close: &str) -> bool {
    ["essay", "project"].iter().any(|word| {
        after.strip_prefix(word).is_some_and(|rest| rest.starts_with(close) || rest.starts_with(char::is_whitespace))
    })
}

/// A fenced code block that opens on the line starting at `at`.
pub(super) struct Fence {
    /// The opening marks.
    pub marks: Range<usize>,
    /// Behind the closing line's marks, if it is closed.
    pub end: Option<usize>,
}

/// The fenced code block that opens at `at`, which must be the start of a line's content. A run of `endless` marks or
/// more is known to have no end.
pub(super) fn fence(text: &str, at: usize, endless: usize) -> Option<Fence> {
    // Nearly every line ends here, without a look at the rest of it.
    let content = text[at..].trim_start_matches([' ', '\t']);
    if !content.starts_with("```") && !content.starts_with("~~~") {
        return None;
    }
    let line = text[at..].split('\n').next().unwrap_or_default();
    let content = line.trim_start_matches([' ', '\t']);
    let mark = content.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let run = content.len() - content.trim_start_matches(mark).len();
    if mark == '`' && content[run..].contains('`') {
        return None;
    }
    let start = at + line.len() - content.len();
    let mut next = if run >= endless { text.len() } else { at + line.len() };
    let mut end = None;
    while next < text.len() {
        let line_at = next + 1;
        let line = text[line_at..].split('\n').next().unwrap_or_default();
        let closing = line.trim_matches([' ', '\t', '\r']);
        if closing.len() >= run && closing.chars().all(|c| c == mark) {
            end = Some(line_at + line.trim_end_matches([' ', '\t', '\r']).len());
            break;
        }
        next = line_at + line.len();
    }
    Some(Fence { marks: start..start + run, end })
}

/// No code span of a question is longer, in bytes; the search for its end stays bounded.
const LONGEST_CODE_SPAN: usize = 20_000;

/// The end of the code span whose backticks open at `at`: behind the next run of as many backticks before `limit`, before
/// a line without text and before a fence.
pub(super) fn code_span(text: &str, at: usize, limit: usize) -> Option<usize> {
    let limit = limit.min(at.saturating_add(LONGEST_CODE_SPAN));
    let limit = (0..=limit).rev().find(|limit| text.is_char_boundary(*limit)).unwrap_or(0);
    let bytes = &text.as_bytes()[..limit];
    let run = |from: usize| bytes[from..].iter().take_while(|byte| **byte == b'`').count();
    let opening = run(at);
    let mut next = at + opening;
    while next < limit {
        match bytes[next] {
            b'`' => {
                let length = run(next);
                next += length;
                if length == opening {
                    return Some(next);
                }
            }
            b'\n' => {
                next += 1;
                let line = text[next..limit].split('\n').next().unwrap_or_default();
                let opening = line.trim_start();
                if opening.is_empty() || opening.starts_with("```") || opening.starts_with("~~~") {
                    return None;
                }
            }
            _ => next += 1,
        }
    }
    None
}
