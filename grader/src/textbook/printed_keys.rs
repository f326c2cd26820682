//! Keys that the book itself prints: a list of answers behind the exercises, or 【答案】 below a question.

mod divide;

use std::collections::HashMap;

use super::blocks::{Block, BlockKind, Place};
use super::characters::trim;
use super::kinds::{self, Kind};
use super::lines::Line;
use super::page::Source;
use super::questions::RawQuestion;
use divide::{numbered, runs};

pub(super) use divide::proposals;

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
    if let Some(at) = at.filter(|at| *at > 0) {
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

/// The answers behind the exercises.
#[derive(Debug, Default)]
pub(super) struct Listed {
    entries: Vec<Entry>,
    /// Whether the list names kinds of exercises.
    by_kind: bool,
}

#[derive(Debug)]
struct Entry {
    kind: Option<Kind>,
    /// Empty for text before the first number.
    number: String,
    key: PrintedKey,
    taken: bool,
}

/// Reads the answers behind the exercises.
pub(super) fn listed(blocks: &[Block]) -> Listed {
    let mut list = Listed::default();
    let mut kind = None;
    // Text without a number goes on with the answer before it, within a kind.
    let mut open = false;
    for block in blocks.iter().filter(|block| block.place == Place::Keys) {
        let (announced, rest) = kind_of(&block.text);
        if announced.is_some() {
            (kind, open, list.by_kind) = (announced, false, true);
        }
        let text = match &block.kind {
            BlockKind::Item { marker } => format!("{marker}{}", block.text),
            _ => rest.to_owned(),
        };
        let source = Source { section: block.section.clone(), quote: block.text.clone(), line: block.line() };
        for (number, answer) in numbered(&text).into_iter().flat_map(runs) {
            if trim(&answer).is_empty() {
                continue;
            }
            match list.entries.last_mut().filter(|_| open && number.is_empty()) {
                Some(last) => {
                    last.key.text.push('\n');
                    last.key.text.push_str(trim(&answer));
                }
                None => {
                    let key = PrintedKey { text: trim(&answer).to_owned(), source: source.clone() };
                    list.entries.push(Entry { kind: kind.clone(), number, key, taken: false });
                }
            }
            open = true;
        }
    }
    list
}

/// The kind of exercise at the start of the text, and what follows it.
fn kind_of(text: &str) -> (Option<Kind>, &str) {
    if let Some(kind) = kinds::announced(text) {
        let rest = text.find([':', '：']).map_or("", |at| text[at..].trim_start_matches([':', '：']));
        return (Some(kind), rest);
    }
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, ':' | '：')).filter(|at| *at > 0);
    match end.and_then(|end| Some((kinds::announced(&text[..end])?, end))) {
        Some((kind, end)) => (Some(kind), text[end..].trim_start_matches([':', '：'])),
        None => (None, text),
    }
}

impl Listed {
    /// The answer to a question, if exactly one can be meant. `numbers` says how many questions print each number.
    pub fn answer(&mut self, question: &RawQuestion, numbers: &HashMap<String, usize>) -> Option<PrintedKey> {
        let number = question.printed.as_ref().unwrap_or(&question.number);
        let stem = |kind: &Kind| kind.name.trim_end_matches('题').to_owned();
        let by_kind = self.by_kind && question.kind.is_some();
        if !by_kind && numbers.get(number).is_some_and(|count| *count > 1) {
            return None;
        }
        let mut found = self.entries.iter_mut().filter(|entry| {
            let same = entry.kind.as_ref().map(stem) == question.kind.as_ref().map(stem);
            entry.number == *number && (!by_kind || same)
        });
        let entry = found.next()?;
        if found.next().is_some() {
            return None;
        }
        entry.taken = true;
        Some(entry.key.clone())
    }

    /// The answers that belong to no question, with their numbers.
    pub fn left(&self) -> impl Iterator<Item = (&str, &PrintedKey)> {
        self.entries.iter().filter(|entry| !entry.taken).map(|entry| (entry.number.as_str(), &entry.key))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{columns, furniture, lines, outline, questions};
    use super::*;

    /// The answers of each question, and those of none.
    fn answers(source: &str) -> (Vec<String>, Vec<String>) {
        let outline = outline::outline(&furniture::clean(columns::apart(lines::split(source))));
        let questions = questions::split(&outline.exercises, &outline.parts);
        let mut list = listed(&outline.blocks);
        let mut numbers = HashMap::new();
        for question in &questions {
            *numbers.entry(question.printed.clone().unwrap_or(question.number.clone())).or_default() += 1;
        }
        let taken = questions.iter().map(|q| list.answer(q, &numbers).map_or("-".to_owned(), |key| key.text)).collect();
        (taken, list.left().map(|(number, key)| format!("{number}:{}", key.text)).collect())
    }

    #[test]
    fn a_list_goes_by_kinds_and_numbers() {
        let source = "第二章 肥料\n正文。\n【作业】\n一、填空题\n1.氮肥促进____生长。\n2.钾肥促进____。\n二、选择题\n1.下列（  ）是氮肥。\n2.下列（  ）是钾肥。\n三、简答题\n1.什么是磷肥？\n参考答案\n一、填空题\n1.叶\n2.茎\n二、选择题 1.B 2.A\n三、简答题\n1.含磷的肥料。\n它促进根的生长。\n";
        let expected = ["叶", "茎", "B", "A", "含磷的肥料。\n它促进根的生长。"].map(str::to_owned).to_vec();
        assert_eq!(answers(source), (expected, Vec::new()));
    }

    #[test]
    fn what_cannot_be_told_apart_is_left() {
        let source = "第二章 肥料\n正文。\n【作业】\n一、填空题\n1.氮肥促进____生长。\n二、选择题\n1.下列（  ）是氮肥。\n答案\n1.叶\n7.多出来的\n";
        let (taken, left) = answers(source);
        assert_eq!(taken, ["-", "-"]);
        assert_eq!(left, ["1:叶", "7:多出来的"]);
    }
}
