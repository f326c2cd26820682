//! Keys that the book itself prints: a list of answers behind the exercises, or 【答案】 below a question.

use std::collections::HashMap;

use super::blocks::{Block, BlockKind, Place};
use super::characters::{fold, trim};
use super::lines::Line;
use super::page::{Proposal, Source};
use super::questions::RawQuestion;

/// How sure a printed key is, if there are as many as blanks.
const PRINTED: f64 = 0.98;

/// A printed answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PrintedKey {
    pub text: String,
    pub source: Source,
}

const MARKS: [&str; 8] = ["【答案】", "【参考答案】", "答案:", "答案：", "参考答案:", "参考答案：", "[答案]", "答:"];

/// Takes the lines with a question's own answer out of it: they are for the teacher.
pub(super) fn take(question: &mut RawQuestion) -> Option<PrintedKey> {
    let at = question.lines.iter().position(|line| MARKS.iter().any(|mark| line.trimmed().starts_with(mark)));
    if let Some(at) = at {
        let lines = question.lines.split_off(at);
        let text: String = lines.iter().map(Line::trimmed).collect();
        return Some(printed(&text, lines[0].number));
    }
    // Or behind the question, on its last line.
    let line = question.lines.last_mut()?;
    let (at, _) = MARKS[..2].iter().find_map(|mark| line.text.find(mark).map(|at| (at, mark)))?;
    let text = line.text.split_off(at);
    Some(printed(&text, line.number))
}

fn printed(text: &str, line: usize) -> PrintedKey {
    let body = MARKS.iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text);
    PrintedKey {
        text: trim(body).to_owned(),
        source: Source { section: "答案".to_owned(), quote: text.to_owned(), line },
    }
}

/// The answers behind the exercises by their question's number; a number that comes twice tells nothing.
pub(super) fn listed(blocks: &[Block]) -> HashMap<String, PrintedKey> {
    let mut found: HashMap<String, Option<PrintedKey>> = HashMap::new();
    for block in blocks.iter().filter(|block| block.place == Place::Keys) {
        let (number, text) = match &block.kind {
            BlockKind::Item { marker } => (
                marker.chars().filter(|c| fold(*c).is_ascii_digit()).map(fold).collect::<String>(),
                block.text.as_str(),
            ),
            _ => {
                let digits = block.text.chars().take_while(char::is_ascii_digit).count();
                (block.text[..digits].to_owned(), block.text[digits..].trim_start_matches(['.', '．', '、', ' ']))
            }
        };
        if number.is_empty() {
            continue;
        }
        let key = PrintedKey {
            text: trim(text).to_owned(),
            source: Source { section: block.section.clone(), quote: block.text.clone(), line: block.line() },
        };
        found.entry(number).and_modify(|other| *other = None).or_insert(Some(key));
    }
    found.into_iter().filter_map(|(number, key)| Some((number, key?))).collect()
}

/// The proposals of a printed answer, if it divides into as many keys as the question has blanks.
pub(super) fn proposals(key: &PrintedKey, blanks: usize) -> Option<Vec<Proposal>> {
    let body = key.text.trim_end_matches(['。', '.', ';', '；']);
    let divided = |dividers: &[char]| -> Vec<String> {
        let parts = body.split(dividers).map(|part| {
            trim(part.trim_start_matches(|c: char| super::characters::marker_number(c).is_some())).to_owned()
        });
        parts.filter(|part| !part.is_empty()).collect()
    };
    let whole = || vec![trim(body).to_owned()];
    let ways = [
        if blanks == 1 { whole() } else { Vec::new() },
        divided(&[';', '；']),
        divided(&['、']),
        divided(&[',', '，']),
        divided(&[' ', '\u{3000}', '\t']),
        divided(&[';', '；', ',', '，', '、', ' ', '\u{3000}', '\t']),
    ];
    let parts =
        ways.into_iter().find(|parts| parts.len() == blanks && parts.iter().all(|part| part.chars().count() <= 40))?;
    Some(parts.into_iter().map(|answer| Proposal { answer, confidence: PRINTED, source: key.source.clone() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> PrintedKey {
        PrintedKey { text: text.to_owned(), source: Source { section: String::new(), quote: String::new(), line: 1 } }
    }

    #[test]
    fn answers_divide_into_as_many_keys_as_there_are_blanks() {
        for (text, blanks, expected) in [
            ("氮、磷、钾。", 3, Some("氮|磷|钾")),
            ("氮、磷；钾", 2, Some("氮、磷|钾")),
            ("四 ①氮 ②磷", 3, Some("四|氮|磷")),
            ("氮、磷", 1, Some("氮、磷")),
            ("氮", 2, None),
        ] {
            let found = proposals(&key(text), blanks)
                .map(|found| found.into_iter().map(|p| p.answer).collect::<Vec<_>>().join("|"));
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
