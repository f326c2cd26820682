//! A blank as it stands in the file: `[[key|other key|%50%half a key]]{attributes}`.

use std::ops::Range;

use super::attributes::{self, Attributes};
use super::problem::Problems;
use super::{Alternative, Blank, MatchKind, Points, Share};

/// The most alternatives a key has, and the most characters an alternative.
const MOST_ALTERNATIVES: usize = 50;
const LONGEST_ALTERNATIVE: usize = 500;

/// A blank and where it stands.
pub(super) struct BlankSource {
    /// From `[[` to `]]`.
    pub span: Range<usize>,
    /// Behind the attributes, if there are any.
    pub end: usize,
    pub blank: Blank,
}

/// Reads the blank that opens at `at`. `None` when it is not closed on its line.
pub(super) fn read(source: &str, at: usize, problems: &mut Problems) -> Option<BlankSource> {
    let line_end = source[at..].find('\n').map_or(source.len(), |length| at + length);
    let Some((raw, end)) = raw_alternatives(source, at + 2, line_end) else {
        problems.error("unclosed-blank", at..at + 2, &[]);
        return None;
    };
    let span = at..end;
    let mut blank = Blank { key: key(source, raw, &span, problems), ..Blank::default() };
    let end = read_attributes(source, &span, &mut blank, problems);
    if source[end..].starts_with(']') && end == span.end {
        problems.warning("bracket-behind-blank", end..end + 1, &[]);
    }
    Some(BlankSource { span, end, blank })
}

/// The places of the alternatives between `from` and the closing brackets, and the end of these.
fn raw_alternatives(source: &str, from: usize, line_end: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let mut alternatives = Vec::new();
    let mut start = from;
    let mut at = from;
    let bytes = &source.as_bytes()[..line_end];
    while at < line_end {
        match (bytes[at], bytes.get(at + 1)) {
            (b'\\', Some(b'|' | b']' | b'\\' | b'%' | b'{' | b'[')) => at += 1,
            (b'|', _) => {
                alternatives.push(start..at);
                start = at + 1;
            }
            (b']', Some(b']')) => {
                alternatives.push(start..at);
                return Some((alternatives, at + 2));
            }
            (b'[', Some(b'[')) => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

fn key(source: &str, raw: Vec<Range<usize>>, span: &Range<usize>, problems: &mut Problems) -> Vec<Alternative> {
    if raw.len() == 1 && source[raw[0].clone()].trim().is_empty() {
        return Vec::new();
    }
    if raw.len() > MOST_ALTERNATIVES {
        problems.error("too-many-alternatives", span.clone(), &[("most", &MOST_ALTERNATIVES.to_string())]);
        return Vec::new();
    }
    for pair in raw.windows(2) {
        let (one, other) = (unescape(source[pair[0].clone()].trim()), unescape(source[pair[1].clone()].trim()));
        if unclosed(&one) > 0 && unclosed(&other) < 0 {
            let place = pair[0].start..pair[1].end;
            problems.warning("bar-within-brackets", place, &[("text", &one), ("other", &other)]);
        }
    }
    let mut key: Vec<Alternative> = Vec::new();
    for place in raw {
        let Some(alternative) = alternative(source, place.clone(), span, problems) else { continue };
        if key.iter().any(|earlier| earlier.text == alternative.text) {
            problems.warning("duplicate-alternative", place.clone(), &[("text", &alternative.text)]);
        }
        if alternative.text.contains('｜') {
            problems.warning("full-width-bar", place, &[("text", &alternative.text)]);
        }
        key.push(alternative);
    }
    if !key.is_empty() && key.iter().all(|alternative| alternative.share != Share::WHOLE) {
        problems.warning("no-whole-alternative", span.clone(), &[]);
    }
    key
}

fn alternative(source: &str, place: Range<usize>, span: &Range<usize>, problems: &mut Problems) -> Option<Alternative> {
    let raw = source[place.clone()].trim();
    let mut share = Share::WHOLE;
    let mut body = raw;
    if let Some((number, rest)) = raw.strip_prefix('%').and_then(|rest| rest.split_once('%'))
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
    {
        body = rest.trim();
        // A share has at most four decimal places of a per cent, so that it is whole in millionths.
        match attributes::millionths(number)
            .filter(|per_cent| (1..=100_000_000).contains(per_cent) && per_cent % 100 == 0)
        {
            Some(per_cent) => share = Share((per_cent / 100) as u32),
            None => problems.error("bad-share", place.clone(), &[("value", number)]),
        }
    }
    let text = unescape(body);
    if text.is_empty() {
        let whole_blank = place.is_empty();
        problems.error("empty-alternative", if whole_blank { span.clone() } else { place }, &[]);
        return None;
    }
    if text.chars().count() > LONGEST_ALTERNATIVE {
        problems.error("long-alternative", place, &[("most", &LONGEST_ALTERNATIVE.to_string())]);
        return None;
    }
    Some(Alternative { text, share })
}

/// How many brackets a text opens more than it closes; an interval may close with another kind.
fn unclosed(text: &str) -> i32 {
    let of = |c| {
        i32::from(matches!(c, '{' | '(' | '[' | '（' | '｛')) - i32::from(matches!(c, '}' | ')' | ']' | '）' | '｝'))
    };
    text.chars().map(of).sum()
}

fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, characters.peek()) {
            ('\\', Some('|' | ']' | '\\' | '%' | '{' | '[')) => text.extend(characters.next()),
            _ => text.push(c),
        }
    }
    text
}

/// A key's text with backslashes, as [`read`] takes it back.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, c) in text.chars().enumerate() {
        if matches!(c, '|' | ']' | '[' | '\\') || (c == '%' && index == 0) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Reads the braces behind a blank into it and returns their end.
fn read_attributes(source: &str, span: &Range<usize>, blank: &mut Blank, problems: &mut Problems) -> usize {
    let mut attributes = Attributes::default();
    let mut end = span.end;
    while source[end..].starts_with('{') {
        match attributes::read(source, end, &[], attributes::blank_names(), &mut attributes, problems) {
            Some(behind) => end = behind,
            None => break,
        }
    }
    if source[end..].starts_with('｛') {
        problems.warning("full-width-brackets", end..end + '｛'.len_utf8(), &[("text", "｛")]);
    }
    if let Some(mark) = attributes.unconfirmed {
        blank.confirmed = blank.key.is_empty();
        if blank.key.is_empty() {
            problems.warning("unconfirmed-open", mark, &[]);
        }
    }
    blank.group = attributes.group.map(|(name, _)| name);
    blank.points = attributes.points.map_or(Points::ONE, |(points, _)| points);
    blank.unit = attributes.unit;
    blank.hint = attributes.hint;
    if let Some((kind, place)) = attributes.match_kind {
        blank.match_kind = kind;
        check_match(blank, span, place, problems);
    }
    end
}

/// Whether the key can be compared in the way its `match` says.
fn check_match(blank: &Blank, span: &Range<usize>, place: Range<usize>, problems: &mut Problems) {
    if blank.match_kind != MatchKind::Regex || blank.key.is_empty() {
        return;
    }
    if blank.key.len() > 1 {
        return problems.error("regex-alternatives", place, &[]);
    }
    let pattern = &blank.key[0].text;
    // The pattern must stand alone too: `a)(b` would compile only between the anchors' brackets.
    let compiled = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build();
    if let Err(error) =
        compiled.and_then(|_| regex::RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(1 << 20).build())
    {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
        problems.error("bad-regex", span.clone(), &[("reason", reason)]);
    }
}
