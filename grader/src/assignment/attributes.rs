//! Attributes in braces: `{group=a points=2}` behind a blank, `{essay points=10}` behind a question.

use std::ops::Range;

use super::problem::{Problems, nearest};
use super::{MatchKind, Points};

/// The names that may stand behind a blank.
const BLANK_NAMES: [&str; 5] = ["group", "points", "unit", "match", "hint"];
/// The longest values, in characters.
const LONGEST_WORD: usize = 32;
const LONGEST_HINT: usize = 500;
/// The longest braces, in bytes; what is longer counts as not closed.
const LONGEST: usize = 4096;

/// What the braces behind a blank say.
#[derive(Default)]
pub(super) struct Attributes {
    pub unconfirmed: Option<Range<usize>>,
    pub group: Option<(String, Range<usize>)>,
    pub points: Option<(Points, Range<usize>)>,
    pub unit: Option<String>,
    pub match_kind: Option<(MatchKind, Range<usize>)>,
    pub hint: Option<String>,
    /// Every name seen so far, to find one that stands twice.
    seen: Vec<&'static str>,
}

/// One item between braces.
struct Item<'a> {
    name: &'a str,
    name_span: Range<usize>,
    value: Option<(String, Range<usize>)>,
}

/// Reads the braces that open at `at`; `words` are bare words allowed as the first item (`essay`). Returns the end of the
/// braces, or `None` if they are not closed on this line.
pub(super) fn read(
    source: &str,
    at: usize,
    words: &[&str],
    names: &[&'static str],
    attributes: &mut Attributes,
    problems: &mut Problems,
) -> Option<usize> {
    let line_end = source[at..].find('\n').map_or(source.len(), |length| at + length);
    let line_end = (at..=line_end.min(at + LONGEST)).rev().find(|end| source.is_char_boundary(*end)).unwrap_or(at);
    let mut next = at + 1;
    loop {
        let rest = &source[next..line_end];
        next += rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '，')).len();
        let rest = &source[next..line_end];
        if rest.starts_with('}') {
            return Some(next + 1);
        }
        let Some((item, end)) = item(source, next, line_end) else {
            problems.error("unclosed-attributes", at..at + 1, &[]);
            return None;
        };
        next = end;
        let bare_word = item.value.is_none() && words.contains(&item.name);
        if !bare_word {
            apply(item, names, attributes, problems);
        }
    }
}

/// The names allowed behind a blank.
pub(super) fn blank_names() -> &'static [&'static str] {
    &BLANK_NAMES
}

/// The item at `at` and its end; `None` when the line ends before the braces can be closed.
fn item(source: &str, at: usize, line_end: usize) -> Option<(Item<'_>, usize)> {
    let rest = &source[at..line_end];
    let ends_name = |c: char| c.is_whitespace() || matches!(c, '=' | '＝' | '}' | ',' | '，' | '{');
    let length = rest.find(ends_name).filter(|length| !rest[*length..].starts_with('{'))?;
    let name = &rest[..length];
    let name_span = at..at + length;
    let mut end = at + length;
    let sign = rest[length..].chars().next().filter(|c| matches!(c, '=' | '＝'));
    let Some(sign) = sign else {
        return Some((Item { name, name_span, value: None }, end));
    };
    end += sign.len_utf8();
    let (value, value_end) = value(source, end, line_end)?;
    Some((Item { name, name_span, value: Some((value, end..value_end)) }, value_end))
}

/// A bare or quoted value at `at`, and its end.
fn value(source: &str, at: usize, line_end: usize) -> Option<(String, usize)> {
    let rest = &source[at..line_end];
    let close = match rest.chars().next()? {
        '"' => '"',
        '“' | '”' => '”',
        _ => {
            let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '}' | ',' | '，'))?;
            return Some((rest[..length].to_owned(), at + length));
        }
    };
    let mut value = String::new();
    let mut characters = rest.char_indices().skip(1);
    while let Some((offset, c)) = characters.next() {
        match c {
            '\\' => match characters.next()?.1 {
                escaped @ ('"' | '\\') => value.push(escaped),
                other => value.extend(['\\', other]),
            },
            _ if c == close => return Some((value, at + offset + c.len_utf8())),
            _ => value.push(c),
        }
    }
    None
}

fn apply(item: Item<'_>, names: &[&'static str], attributes: &mut Attributes, problems: &mut Problems) {
    if item.value.is_none() && matches!(item.name, "?" | "？") && names == BLANK_NAMES {
        attributes.unconfirmed = Some(item.name_span);
        return;
    }
    let Some(name) = names.iter().copied().find(|name| *name == item.name) else {
        let suggestion = nearest(item.name, names);
        let code = if suggestion.is_some() { "misspelt-attribute" } else { "unknown-attribute" };
        let known = names.join(", ");
        let arguments = [("name", item.name), ("suggestion", suggestion.unwrap_or_default()), ("known", &known)];
        return problems.error(code, wide(item.name_span), &arguments);
    };
    if attributes.seen.contains(&name) {
        return problems.error("duplicate-attribute", item.name_span, &[("name", name)]);
    }
    attributes.seen.push(name);
    let Some((value, span)) =
        item.value.map(|(value, span)| (value.trim().to_owned(), span)).filter(|(value, _)| !value.is_empty())
    else {
        return problems.error("empty-attribute", item.name_span, &[("name", name)]);
    };
    let longest = if name == "hint" { LONGEST_HINT } else { LONGEST_WORD };
    if value.chars().count() > longest {
        return problems.error("long-attribute", span, &[("name", name), ("most", &longest.to_string())]);
    }
    match name {
        "points" => match points(&value) {
            Some(points) => attributes.points = Some((points, span)),
            None => problems.error("bad-points", span, &[("value", &value)]),
        },
        "match" => match match_kind(&value) {
            Some(kind) => attributes.match_kind = Some((kind, span)),
            None => {
                let suggestion = nearest(&value, &["auto", "exact", "number", "regex"]);
                let code = if suggestion.is_some() { "misspelt-match" } else { "bad-match" };
                problems.error(code, span, &[("value", &value), ("suggestion", suggestion.unwrap_or_default())]);
            }
        },
        "group" => attributes.group = Some((value, span)),
        "unit" => attributes.unit = Some(value),
        _ => attributes.hint = Some(value),
    }
}

/// At least one byte, so that a caret has something to stand under.
fn wide(span: Range<usize>) -> Range<usize> {
    span.start..span.end.max(span.start + 1)
}

fn match_kind(value: &str) -> Option<MatchKind> {
    match value {
        "auto" => Some(MatchKind::Auto),
        "exact" => Some(MatchKind::Exact),
        "number" => Some(MatchKind::Number),
        "regex" => Some(MatchKind::Regex),
        _ => None,
    }
}

/// A number from 0 to 10,000 with at most six decimal places.
fn points(value: &str) -> Option<Points> {
    millionths(value).filter(|points| *points <= 10_000 * 1_000_000).map(Points)
}

/// A decimal number without a sign, in millionths.
pub(super) fn millionths(value: &str) -> Option<i64> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 9) || !digits(fraction, 6) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let fraction: i64 = format!("{fraction:0<6}").parse().ok()?;
    Some(whole * 1_000_000 + fraction)
}

/// Millionths as a decimal number without needless noughts.
pub(super) fn decimal(millionths: i64) -> String {
    let whole = millionths / 1_000_000;
    let fraction = format!("{:06}", (millionths % 1_000_000).abs());
    match fraction.trim_end_matches('0') {
        "" => whole.to_string(),
        fraction => format!("{whole}.{fraction}"),
    }
}
