//! The lists of a chapter: numbered items, the headings below a heading, markers and enumerations within a sentence; and
//! which of them a question's list of blanks asks for.

mod sentences;

use std::collections::HashSet;

use super::blocks::{Block, BlockKind, Place};
use super::book::Passage;
use super::characters::{divides_clauses, ends_sentence, is_han, is_latin, marker_number, small_number};

/// A list of the book.
#[derive(Clone, Debug)]
pub(super) struct BookList {
    pub items: Vec<Passage>,
    /// What introduces it, folded, without punctuation.
    introduction: String,
    /// Pairs of characters of what introduces and surrounds it.
    context: HashSet<(char, char)>,
    /// What the items' texts are worth: 1 for headings and whole items, less where an item was cut.
    pub clarity: f64,
}

/// The longest item that is one, in characters.
const LONGEST_ITEM: usize = 24;
/// More lists than these are not collected.
const MOST_LISTS: usize = 5_000;

/// Collects the lists.
pub(super) fn collect(blocks: &[Block]) -> Vec<BookList> {
    let mut lists = Vec::new();
    let mut at = 0;
    while at < blocks.len() && lists.len() < MOST_LISTS {
        match &blocks[at].kind {
            BlockKind::Item { .. } => at = items(blocks, at, &mut lists),
            BlockKind::Heading { level, .. } => {
                headings_below(blocks, at, *level, &mut lists);
                at += 1;
            }
            BlockKind::Text => at += 1,
        }
    }
    for (at, block) in blocks.iter().enumerate() {
        if lists.len() >= MOST_LISTS {
            break;
        }
        if !matches!(block.place, Place::Keys | Place::Keywords) && !matches!(block.kind, BlockKind::Heading { .. }) {
            sentences::within_sentences(blocks, at, &mut lists);
        }
    }
    lists
}

impl BookList {
    fn new(items: Vec<Passage>, introduction: &str, clarity: f64) -> BookList {
        BookList { items, introduction: words_only(introduction), context: pairs(introduction), clarity }
    }

    /// Whether the question's words directly before its list introduce this one too.
    pub fn is_introduced_by(&self, before: &str) -> bool {
        let mut words = words_only(before);
        // What is behind these is only the way of announcing a list.
        for tail in
            ["就是", "分别是", "分别为", "是", "有", "为", "即", "如下", "包括", "个", "种", "类", "点", "几", "以下"]
        {
            words.truncate(words.trim_end_matches(tail).len());
        }
        let count = words.chars().count();
        let last: String = words.chars().skip(count.saturating_sub(8)).collect();
        count >= 5 && self.introduction.contains(&last)
    }

    /// How much of what a question says around its list this list's surroundings say too, from 0 to 1.
    pub fn likeness(&self, question: &HashSet<(char, char)>) -> f64 {
        if question.len() < 2 {
            return 0.0;
        }
        let shared = question.iter().filter(|pair| self.context.contains(pair)).count();
        shared as f64 / question.len() as f64
    }
}

fn is_word(c: char) -> bool {
    is_han(c) || is_latin(c)
}

fn words_only(text: &str) -> String {
    text.chars().map(super::characters::fold).filter(|c| is_word(*c) || *c == '\n').collect()
}

/// The pairs of neighbouring characters that carry meaning.
pub(super) fn pairs(text: &str) -> HashSet<(char, char)> {
    const EMPTY: &str = "的了有以下几个种类是为会包括主要分具备哪些方面点即等应做到和与及在中可对于其这那也都就将把被由从而或之一二三四五六七八九十两各项条大";
    let words: Vec<char> =
        text.chars().map(super::characters::fold).filter(|c| is_word(*c) && !EMPTY.contains(*c)).collect();
    words.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// Reads the items that begin at `first`; returns the block behind them.
fn items(blocks: &[Block], first: usize, lists: &mut Vec<BookList>) -> usize {
    let number = |block: &Block| match &block.kind {
        BlockKind::Item { marker } => item_number(marker).map(|number| (number, marker_form(marker))),
        _ => None,
    };
    let Some((1, form)) = number(&blocks[first]) else { return first + 1 };
    let mut members = vec![first];
    let mut at = first + 1;
    let mut between = 0;
    while let Some(block) = blocks.get(at).filter(|block| block.place == blocks[first].place) {
        match number(block) {
            Some((next, other)) if other == form => {
                if next as usize != members.len() + 1 {
                    break;
                }
                members.push(at);
                between = 0;
            }
            _ if matches!(block.kind, BlockKind::Heading { .. }) => break,
            _ => {
                between += 1;
                if between > 4 {
                    break;
                }
            }
        }
        at += 1;
    }
    let next = members.last().map_or(first + 1, |last| last + 1);
    let heads: Vec<Option<(Passage, f64)>> = members.iter().map(|at| head(&blocks[*at])).collect();
    if members.len() >= 2 && heads.iter().all(Option::is_some) {
        let clarity = heads.iter().flatten().map(|(_, clarity)| *clarity).fold(1.0, f64::min);
        let introduction = introduction(blocks, first);
        let items = heads.into_iter().flatten().map(|(passage, _)| passage).collect();
        lists.push(BookList::new(items, &introduction, clarity));
    }
    next
}

fn item_number(marker: &str) -> Option<u32> {
    let inner = marker.trim_matches(['(', ')', '（', '）', '.', '．', '、']);
    inner.chars().next().and_then(marker_number).or_else(|| small_number(inner))
}

/// What the markers of one list have in common.
fn marker_form(marker: &str) -> (bool, bool, bool) {
    let first = marker.chars().next().unwrap_or(' ');
    (marker_number(first).is_some(), matches!(first, '(' | '（'), marker.ends_with('.'))
}

/// What an item names: all of it when it is short, otherwise what stands before its first stop.
fn head(block: &Block) -> Option<(Passage, f64)> {
    let characters: Vec<char> = block.text.chars().collect();
    let end = characters.len();
    let content_end =
        characters.iter().rposition(|c| !ends_sentence(*c) && !divides_clauses(*c)).map_or(0, |at| at + 1);
    let stop = characters.iter().position(|c| ends_sentence(*c) || matches!(c, ':' | '：') || *c == '—');
    let (to, clarity) = match stop {
        Some(stop) if stop > 0 && stop <= 20 && stop + 1 < end => (stop, 1.0),
        _ if content_end <= LONGEST_ITEM
            && !characters[..content_end].iter().any(|c| divides_clauses(*c) && *c != '、') =>
        {
            (content_end, 1.0)
        }
        _ => {
            let clause = characters.iter().position(|c| divides_clauses(*c)).filter(|at| (1..=14).contains(at))?;
            (clause, 0.8)
        }
    };
    // A bracket behind the name explains it.
    let bracket = characters[..to].iter().position(|c| matches!(c, '(' | '（')).filter(|at| *at > 0);
    let to = bracket.filter(|_| matches!(characters[to - 1], ')' | '）')).unwrap_or(to);
    Some((Passage::within(block, 0, to)?, clarity))
}

/// What stands before a list: the last sentence, and the headings above it.
fn introduction(blocks: &[Block], first: usize) -> String {
    let mut introduction = String::new();
    if let Some(before) = first.checked_sub(1).map(|at| &blocks[at])
        && before.place == blocks[first].place
        && !matches!(before.kind, BlockKind::Heading { .. })
    {
        introduction.push_str(last_sentence(&before.text));
    }
    let mut level = u8::MAX;
    for block in blocks[..first].iter().rev().take(200) {
        if let BlockKind::Heading { level: above, .. } = block.kind
            && above < level
        {
            introduction.push('\n');
            introduction.push_str(&block.text);
            level = above;
            if level <= 1 {
                break;
            }
        }
    }
    introduction
}

fn last_sentence(text: &str) -> &str {
    let body = text.trim_end_matches(|c| ends_sentence(c) || divides_clauses(c));
    body.rfind(ends_sentence).map_or(body, |at| body[at..].trim_start_matches(ends_sentence))
}

/// The headings directly below the heading at `at`.
fn headings_below(blocks: &[Block], at: usize, level: u8, lists: &mut Vec<BookList>) {
    let mut children = Vec::new();
    let mut child_level = None;
    let mut introduction = blocks[at].text.clone();
    for block in blocks[at + 1..].iter().take(400) {
        let BlockKind::Heading { level: below, number, .. } = &block.kind else {
            if children.is_empty() {
                introduction.push('\n');
                introduction.push_str(last_sentence(&block.text));
            }
            continue;
        };
        if *below <= level || number.is_none() || block.place != blocks[at].place {
            break;
        }
        if *child_level.get_or_insert(*below) == *below {
            children.push(block);
        }
    }
    let items: Vec<Passage> =
        children.iter().filter_map(|block| Passage::within(block, 0, block.text.chars().count())).collect();
    if (2..=12).contains(&items.len()) && items.iter().all(|item| item.text.chars().count() <= LONGEST_ITEM) {
        lists.push(BookList::new(items, &introduction, 1.0));
    }
}

#[cfg(test)]
mod tests {
    use super::super::furniture::clean;
    use super::super::lines::split;
    use super::super::outline::outline;
    use super::*;

    fn lists(source: &str) -> Vec<Vec<String>> {
        let outline = outline(&clean(split(source)));
        collect(&outline.blocks)
            .into_iter()
            .map(|list| list.items.into_iter().map(|item| item.text).collect())
            .collect()
    }

    #[test]
    fn items_headings_and_enumerations_are_lists() {
        let found = lists(
            "第二章 肥料\n2.1 肥料的分类\n2.1.1 有机肥\n有机肥的好处有几种。\n(1)养地。它让土壤疏松。\n(2)肥效长。它慢慢放出养分,\n一季之后还有余力。\n2.1.2 化肥\n化肥分为氮肥、磷肥和钾肥三类。施用时①看天,②看地,③看苗。\n",
        );
        for expected in
            [&["养地", "肥效长"][..], &["有机肥", "化肥"], &["氮肥", "磷肥", "钾肥"], &["看天", "看地", "看苗"]]
        {
            assert!(found.iter().any(|list| list == expected), "{expected:?} in {found:?}");
        }
    }

    #[test]
    fn what_introduces_a_list_is_compared_without_empty_words() {
        let question = pairs("有机肥有以下几种好处:");
        assert_eq!(question.len(), 3);
        assert!(pairs("有机肥的好处有三种。").is_superset(&question));
    }
}
