//! The exercises taken apart into numbered questions.

use std::sync::LazyLock;

use regex::Regex;

use super::characters::{fold, is_space, marker_number, small_number};
use super::kinds::{self, Answering, Kind};
use super::lines::Line;

/// A question as it stands in the source.
#[derive(Clone, Debug)]
pub(super) struct RawQuestion {
    /// Unique and rising among the questions.
    pub number: String,
    /// The number as printed, when it differs.
    pub printed: Option<String>,
    /// The kind of exercise that a heading above it announces.
    pub kind: Option<Kind>,
    /// Its lines; the first begins behind the number.
    pub lines: Vec<Line>,
    /// Characters of the first line that the number took.
    pub offset: usize,
    /// Whether the numbers before it have a gap.
    pub skipped: bool,
}

impl RawQuestion {
    /// How it is answered, if a heading says so.
    pub fn answering(&self) -> Option<Answering> {
        self.kind.as_ref().map(|kind| kind.answering)
    }
}

/// How a book numbers its questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Arabic,
    Bracketed,
    HalfBracketed,
    Labelled,
    Compound,
    Chinese,
    Ringed,
    Bare,
}

const STYLES: [Style; 8] = [
    Style::Arabic,
    Style::Bracketed,
    Style::HalfBracketed,
    Style::Labelled,
    Style::Compound,
    Style::Chinese,
    Style::Ringed,
    Style::Bare,
];

static PATTERNS: LazyLock<[Regex; 8]> = LazyLock::new(|| {
    [
        r"^([0-9０-９]{1,3})[\s　]?[.．、]",
        r"^[(（][\s　]*([0-9０-９]{1,3})[\s　]*[)）][.．、]?",
        r"^([0-9０-９]{1,3})[)）]",
        r"^第[\s　]*([0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})[\s　]*题[.．、:：]?",
        r"^[0-9]{1,2}[.．\-－–]([0-9]{1,3})[.．、]?(?:[\s　]|$)",
        r"^([一二三四五六七八九十]{1,3})[\s　]*[、.．]",
        r"^([\u{2460}-\u{2473}\u{2488}-\u{249b}])",
        r"^([0-9]{1,3})[\s　]+",
    ]
    .map(|pattern| Regex::new(pattern).expect("the pattern is a constant that tests use"))
});

/// The number of a question of this style at the start of the line, and the length of what printed it, in bytes.
fn number(style: Style, text: &str) -> Option<(u32, usize)> {
    number_before(style, text, false)
}

/// As [`number`]; with `next`, a digit may follow, since the number is the one that is due.
fn number_before(style: Style, text: &str, next: bool) -> Option<(u32, usize)> {
    let found = PATTERNS[STYLES.iter().position(|other| *other == style)?].captures(text)?;
    let digits = &found[1];
    let number = digits.chars().next().and_then(marker_number).or_else(|| small_number(digits))?;
    let end = found[0].len();
    let behind = &text[end..];
    if style == Style::Arabic && !next {
        // "3.5万" is a quantity; a question may begin with a year.
        let digits = behind.chars().map(fold).take_while(char::is_ascii_digit).count();
        let year = digits == 4 && behind.chars().nth(4).is_some_and(|c| c == '年' || is_space(c));
        let comma = found[0].ends_with('、');
        if digits > 0 && !year && !comma {
            return None;
        }
    }
    if style == Style::Bare
        && behind.starts_with(|c: char| c.is_ascii_digit() || "年月日个元条人万亿%％．.、，。".contains(c))
    {
        return None;
    }
    (number > 0).then_some((number, end))
}

/// Takes the exercises apart, each of the parts that begin at `parts` for itself.
pub(super) fn split(lines: &[Line], parts: &[usize]) -> Vec<RawQuestion> {
    let mut questions: Vec<RawQuestion> = Vec::new();
    let mut offset = 0;
    let mut start = 0;
    let mut kind = None;
    while start <= lines.len() {
        let opens = |at: &usize| section(lines, *at).is_some() || *at > start && parts.contains(at);
        let end = (start..lines.len()).find(opens).unwrap_or(lines.len());
        let before = questions.len();
        // What stands before the first kind says how to do the exercises, unless it is numbered.
        let headed = end < lines.len() && section(lines, end).is_some();
        if !(headed && kind.is_none() && style(&lines[start..end]).is_none()) {
            split_section(&lines[start..end], kind.as_ref(), offset, &mut questions);
        }
        if questions.len() > before {
            offset = questions.last().and_then(|question| question.number.parse().ok()).unwrap_or(offset);
        }
        if let Some(line) = lines.get(end) {
            kind = kinds::announced(line.trimmed());
        }
        start = if headed { end + 1 } else { end.max(start + 1) };
    }
    questions
}

/// Whether the line at `at` is a heading within the exercises: a kind of exercise, or a Chinese number above questions
/// that are numbered in Arabic.
fn section(lines: &[Line], at: usize) -> Option<()> {
    let trimmed = lines[at].trimmed();
    if kinds::announced(trimmed).is_some() {
        return Some(());
    }
    number(Style::Chinese, trimmed)?;
    let short = lines[at].width() <= 72 && !trimmed.contains(['_', '＿']);
    let next = lines.get(at + 1)?.trimmed();
    let first_below = number(Style::Arabic, next).or(number(Style::Bracketed, next).filter(|_| trimmed.contains('题')));
    (short && first_below.is_some_and(|(number, _)| number == 1)).then_some(())
}

/// How the lines number their questions.
fn style(lines: &[Line]) -> Option<Style> {
    lines.iter().find_map(|line| {
        let trimmed = line.trimmed();
        let text = &trimmed[leading_bracket(trimmed)..];
        STYLES
            .into_iter()
            .find(|style| number(*style, text).is_some_and(|(number, _)| number <= 3 || *style != Style::Bare))
    })
}

fn split_section(lines: &[Line], kind: Option<&Kind>, offset: usize, questions: &mut Vec<RawQuestion>) {
    let Some(style) = style(lines) else {
        return whole_section(lines, kind, offset, questions);
    };
    let mut last = 0;
    let mut restart = 0;
    let mut open = false;
    for (at, line) in lines.iter().enumerate() {
        let indent = line.text.chars().take_while(|c| is_space(*c) || super::characters::is_invisible(*c)).count();
        let from: usize = line.text.chars().take(indent).map(char::len_utf8).sum();
        let bracket = leading_bracket(&line.text[from..]);
        let text = &line.text[from + bracket..];
        let complete = at == 0 || ends_question(&lines[at - 1]);
        // The printed numbers of a later section go on, or start again.
        let expected = last + 1;
        let follows =
            |number: u32| number == expected || last == 0 || (number > expected && number <= expected + 3 && complete);
        let due = || {
            let ended = at > 0 && lines[at - 1].is_complete();
            number_before(style, text, true).filter(|(number, _)| ended && *number == expected)
        };
        let starts = number(style, text).filter(|(number, _)| follows(*number)).or_else(due);
        if let Some((printed, length)) = starts {
            if last == 0 && printed as usize <= offset {
                restart = offset;
            }
            let unique = printed as usize + restart;
            let text = format!("{}{}", &line.text[from..from + bracket], &line.text[from + bracket + length..]);
            questions.push(RawQuestion {
                number: unique.to_string(),
                printed: (restart > 0).then(|| printed.to_string()),
                kind: kind.cloned(),
                offset: indent + line.text[from + bracket..from + bracket + length].chars().count(),
                lines: vec![Line { text, ..line.clone() }],
                skipped: last > 0 && printed > last + 1,
            });
            last = printed;
            open = true;
        } else if open && let Some(question) = questions.last_mut() {
            question.lines.push(line.clone());
        }
    }
}

/// The length of the empty brackets before a number, in which a judgement is written: `(  )3.…`.
fn leading_bracket(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(['(', '（']) else { return 0 };
    let inner = rest.trim_start_matches(is_space);
    match inner.chars().next().filter(|c| matches!(c, ')' | '）')) {
        Some(close) => {
            let behind = inner[close.len_utf8()..].trim_start_matches(is_space);
            text.len() - behind.len()
        }
        None => 0,
    }
}

/// A section without numbers is one question for each paragraph that ends with its line.
fn whole_section(lines: &[Line], kind: Option<&Kind>, offset: usize, questions: &mut Vec<RawQuestion>) {
    let mut open = false;
    for line in lines {
        match questions.last_mut().filter(|_| open) {
            Some(question) => question.lines.push(line.clone()),
            None => {
                let number = offset
                    + 1
                    + questions
                        .iter()
                        .filter(|question| question.number.parse::<usize>().is_ok_and(|n| n > offset))
                        .count();
                questions.push(RawQuestion {
                    number: number.to_string(),
                    printed: None,
                    kind: kind.cloned(),
                    lines: vec![line.clone()],
                    offset: 0,
                    skipped: false,
                });
            }
        }
        open = !line.is_complete();
    }
}

/// Whether a question may end with this line.
fn ends_question(line: &Line) -> bool {
    let trimmed = line.trimmed();
    line.is_complete()
        || trimmed.ends_with(['_', '＿', ')', '）', '】', ']'])
        || line.width() < 60
        || line.text.ends_with(is_space)
}

#[cfg(test)]
mod tests {
    use super::super::lines;
    use super::*;

    fn numbers(source: &str) -> Vec<(String, Option<String>)> {
        split(&lines::split(source), &[])
            .into_iter()
            .map(|question| (question.number, question.kind.map(|kind| kind.name)))
            .collect()
    }

    fn plain(source: &str) -> Vec<String> {
        numbers(source).into_iter().map(|(number, _)| number).collect()
    }

    #[test]
    fn each_way_of_numbering() {
        for source in [
            "1.甲\n2.乙\n3.丙",
            "( )1.甲\n(　)2.乙\n( ) 3.丙",
            "1、甲\n2、乙\n3、丙",
            "１．甲\n２．乙\n３．丙",
            "(1)甲\n(2)乙\n(3)丙",
            "一、甲。\n二、乙。\n三、丙。",
            "①甲\n②乙\n③丙",
            "第1题 甲\n第2题 乙\n第3题 丙",
            "2-1 甲\n2-2 乙\n2-3 丙",
            "1 甲\n2 乙\n3 丙",
        ] {
            assert_eq!(plain(source), ["1", "2", "3"], "{source}");
        }
    }

    #[test]
    fn only_the_next_number_opens_a_question() {
        assert_eq!(plain("1.甲。\n2.4C指\n2.5亿\n3.丙。"), ["1", "2", "3"]);
        assert_eq!(plain("1.产量为\n3.5吨,亩产\n2.乙有\n(1)甲\n(2)丙\n3.2019年的产量\n"), ["1", "2", "3"]);
    }

    #[test]
    fn sections_go_on_counting() {
        let source = "一、填空题（每空1分）\n1.甲。\n2.乙。\n二、简答题\n1.丙?\n2.丁?\n";
        let expected = [("1", "填空题"), ("2", "填空题"), ("3", "简答题"), ("4", "简答题")];
        assert_eq!(numbers(source), expected.map(|(number, kind)| (number.to_owned(), Some(kind.to_owned()))));
    }
}
