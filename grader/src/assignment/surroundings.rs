//! What is printed around a blank: the list marker and the words before it, and the words behind it, within its clause.

use super::Surroundings;
use super::text::{Segment, segments};

/// How much of the text on either side of a blank is kept, in characters.
const LONGEST: usize = 12;

/// The surroundings of each blank of a [`Question::text`](super::Question::text), in the order of the text.
pub fn surroundings(text: &str) -> Vec<Surroundings> {
    let segments = segments(text);
    let mut found = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        let Segment::Blank(_) = segment else { continue };
        let (marker, before) = match index.checked_sub(1).map(|before| &segments[before]) {
            Some(Segment::Text(before)) => {
                let marker = list_marker(before, index == 1);
                let words = clause_before(before, marker.as_deref().unwrap_or_default());
                (marker, words)
            }
            _ => (None, String::new()),
        };
        let after = match segments.get(index + 1) {
            Some(Segment::Text(after)) => clause(after),
            _ => String::new(),
        };
        found.push(Surroundings { marker, before, after });
    }
    found
}

/// The list marker that ends this text, such as `①`, `(1)`, `2.` or `三、`. `opens` says that nothing stands before the text.
fn list_marker(before: &str, opens: bool) -> Option<String> {
    let line_opens = opens || before.contains('\n');
    let line = before.rsplit('\n').next().unwrap_or_default();
    let line = line.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'));
    let characters: Vec<char> = line.chars().collect();
    let last = *characters.last()?;
    if is_enclosed_number(last) {
        return Some(last.to_string());
    }
    let body = &characters[..characters.len() - 1];
    let ordinal = body.iter().rev().take_while(|c| is_ordinal(**c)).count();
    if ordinal == 0
        || ordinal > 3
        || (ordinal > 1 && body[body.len() - ordinal..].iter().any(char::is_ascii_alphabetic))
    {
        return None;
    }
    let start = body.len() - ordinal;
    let bracketed = matches!(last, ')' | '）') && start > 0 && matches!(body[start - 1], '(' | '（');
    let start = if bracketed { start - 1 } else { start };
    let free = match start.checked_sub(1).map(|before| characters[before]) {
        None => line_opens,
        Some(c) => c.is_whitespace() || is_clause_end(c) || matches!(c, '|' | '>' | '*' | '_'),
    };
    let marked = bracketed || (free && matches!(last, ')' | '）' | '.' | '．' | '、'));
    marked.then(|| characters[start..].iter().collect())
}

fn is_ordinal(c: char) -> bool {
    c.is_ascii_alphanumeric() || ('０'..='９').contains(&c) || "一二三四五六七八九十".contains(c)
}

/// One character that is a number in a ring, in brackets or with a full stop.
fn is_enclosed_number(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{249B}' | '\u{24EA}'..='\u{24FF}' | '\u{2776}'..='\u{2793}'
        | '\u{3220}'..='\u{3229}' | '\u{3251}'..='\u{325F}' | '\u{3280}'..='\u{3289}' | '\u{32B1}'..='\u{32BF}')
}

fn is_clause_end(c: char) -> bool {
    "，。；：、？！…—,.;:?!（）()《》〈〉「」『』【】“”‘’\"'[]<>|".contains(c)
}

/// The text from the start of the clause to the blank, without the list marker.
fn clause_before(before: &str, marker: &str) -> String {
    let decoration = |c: char| matches!(c, '*' | '_' | '~' | '`' | '\\');
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || decoration(c));
    let before = before.strip_suffix(marker).unwrap_or(before).trim_end();
    let mut clause = Vec::new();
    let mut characters = before.chars().rev().peekable();
    while let Some(c) = characters.next() {
        if c == '\n' {
            while characters.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
            while clause.last() == Some(&' ') {
                clause.pop();
            }
            match characters.peek() {
                Some(next) if next.is_alphabetic() => {
                    if next.is_ascii() && clause.last().is_some_and(char::is_ascii_alphanumeric) {
                        clause.push(' ');
                    }
                    continue;
                }
                _ => break,
            }
        }
        if is_clause_end(c) || is_enclosed_number(c) || clause.len() == LONGEST {
            break;
        }
        if !decoration(c) {
            clause.push(c);
        }
    }
    clause.iter().rev().collect::<String>().trim().to_owned()
}

/// The text up to the end of its clause. A line that was only wrapped goes on in the next one.
fn clause(after: &str) -> String {
    let mut clause = String::new();
    let mut count = 0;
    let mut characters = after.trim_start_matches([' ', '\t', '\u{3000}']).chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\n' {
            while characters.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
            match characters.peek() {
                Some(next) if next.is_alphabetic() && !clause.is_empty() => {
                    if next.is_ascii() && clause.ends_with(|c: char| c.is_ascii_alphanumeric()) {
                        clause.push(' ');
                    }
                    continue;
                }
                _ => break,
            }
        }
        if is_clause_end(c) || is_enclosed_number(c) || count == LONGEST {
            break;
        }
        if !matches!(c, '*' | '_' | '~' | '`' | '\\') {
            clause.push(c);
            count += 1;
        }
    }
    clause.truncate(clause.trim_end().len());
    clause
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(Option<String>, String)> {
        surroundings(text).into_iter().map(|found| (found.marker, found.after)).collect()
    }

    fn some(marker: &str) -> Option<String> {
        Some(marker.to_owned())
    }

    #[test]
    fn markers_are_those_a_printer_would_set() {
        for (text, marker) in [
            ("分为：① {1}", some("①")),
            ("分为 **②** {1}", some("②")),
            ("有三点（1）{1}", some("（1）")),
            ("有三点(a) {1}", some("(a)")),
            ("第一步\n2. {1}", some("2.")),
            ("三、{1}", some("三、")),
            ("共有3.{1}", None),
            ("统一、{1}", None),
            ("从{1}到{2}", None),
            ("Windows.{1}", None),
        ] {
            assert_eq!(of(text)[0].0, marker, "{text}");
        }
    }

    #[test]
    fn the_clause_before_begins_after_punctuation_and_marker() {
        let before = |text: &str| surroundings(text).pop().expect("one blank").before;
        assert_eq!(before("你好，每**天**可以群发{1}条消息。"), "每天可以群发");
        assert_eq!(before("分为：① {1}"), "");
        assert_eq!(before("手机\n  装{1}"), "手机装");
        assert_eq!(before("最大{1}元"), "最大");
        assert_eq!(before("一二三四五六七八九十一二三{1}").chars().count(), 12);
    }

    #[test]
    fn the_clause_behind_ends_with_its_punctuation() {
        assert_eq!(of("每{1}可以群发{2}条消息。")[0].1, "可以群发");
        assert_eq!(of("每{1}可以群发{2}条消息。")[1].1, "条消息");
        assert_eq!(of("{1} **元**,最小")[0].1, "元");
        assert_eq!(of("装{1}个\n微信号。")[0].1, "个微信号");
        assert_eq!(of("{1}\n\n下一段")[0].1, "");
        assert_eq!(of("| {1} | 二 |")[0].1, "");
        assert_eq!(of("{1}一二三四五六七八九十一二三四")[0].1.chars().count(), 12);
    }
}
