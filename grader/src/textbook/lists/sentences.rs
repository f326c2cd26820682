//! Lists within a sentence: ①…②…, 一是…二是…, 甲、乙和丙.

use super::{BookList, LONGEST_ITEM};
use crate::textbook::blocks::{Block, BlockKind};
use crate::textbook::book::Passage;
use crate::textbook::characters::{divides_clauses, ends_sentence, is_space, is_wrapping, marker_number, small_number};

/// Lists within the sentences of a block: ①…②…, 一是…二是…, 甲、乙和丙.
pub(super) fn within_sentences(blocks: &[Block], at: usize, lists: &mut Vec<BookList>) {
    let block = &blocks[at];
    let characters: Vec<char> = block.text.chars().collect();
    let mut start = 0;
    while start < characters.len() {
        let end = characters[start..]
            .iter()
            .position(|c| ends_sentence(*c))
            .map_or(characters.len(), |length| start + length);
        if end - start <= 400 {
            let heading =
                blocks[..at].iter().rev().take(60).find(|block| matches!(block.kind, BlockKind::Heading { .. }));
            let heading =
                heading.filter(|heading| heading.place == block.place).map_or("", |heading| heading.text.as_str());
            marked_items(block, &characters, start, end, heading, lists);
            enumeration(block, &characters, start, end, heading, lists);
        }
        start = end + 1;
    }
}

/// Items behind ①②③ or 一是、二是 within the sentence from `start` to `end`.
fn marked_items(
    block: &Block,
    characters: &[char],
    start: usize,
    end: usize,
    heading: &str,
    lists: &mut Vec<BookList>,
) {
    let mut marks: Vec<(usize, usize)> = Vec::new();
    for at in start..end {
        let wanted = marks.len() as u32 + 1;
        if marker_number(characters[at]) == Some(wanted) {
            marks.push((at, at + 1));
        } else if characters.get(at + 1) == Some(&'是')
            && small_number(&characters[at].to_string()) == Some(wanted)
            && (at == start || divides_clauses(characters[at - 1]) || is_space(characters[at - 1]))
        {
            marks.push((at, at + 2));
        }
    }
    if marks.len() < 2 {
        return;
    }
    let is_edge = |c: &char| divides_clauses(*c) || is_space(*c);
    // Where semicolons divide the items, what follows a comma explains one; otherwise commas divide them.
    let by_semicolons = marks[1..].iter().all(|(at, _)| {
        let before = characters[start..*at].iter().rev().find(|c| !is_space(**c));
        before.is_some_and(|c| matches!(c, ';' | '；'))
    });
    let mut clarity = 1.0;
    let mut items = Vec::new();
    for (index, (_, from)) in marks.iter().enumerate() {
        let to = marks.get(index + 1).map_or(end, |next| next.0);
        let from = *from + characters[*from..to].iter().take_while(|c| is_edge(c)).count();
        let content =
            from + characters[from..to].iter().rposition(|c| !is_edge(c) && *c != '和').map_or(0, |at| at + 1);
        let stop = characters[from..content].iter().position(|c| divides_clauses(*c) && *c != '、').map(|at| from + at);
        let stop = stop.filter(|_| by_semicolons || index + 1 == marks.len());
        if stop.is_some() && by_semicolons {
            clarity = 0.5;
        }
        match Passage::within(block, from, stop.unwrap_or(content))
            .filter(|item| item.text.chars().count() <= LONGEST_ITEM)
        {
            Some(item) => items.push(item),
            None => return,
        }
    }
    let introduction: String = characters[start..marks[0].0].iter().collect();
    lists.push(BookList::new(items, &format!("{heading}\n{introduction}"), clarity));
}

/// The items of 甲、乙和丙 within the sentence, where the words around them show where the first begins and the last ends.
fn enumeration(block: &Block, characters: &[char], start: usize, end: usize, heading: &str, lists: &mut Vec<BookList>) {
    let mut from = start;
    while from < end {
        let to = characters[from..end]
            .iter()
            .position(|c| divides_clauses(*c) && *c != '、')
            .map_or(end, |length| from + length);
        if characters[from..to].contains(&'、')
            && let Some((items, clarity)) = enumerated(block, characters, from, to)
        {
            let sentence: String = characters[start..end].iter().collect();
            lists.push(BookList::new(items, &format!("{heading}\n{sentence}"), clarity));
        }
        from = to + 1;
    }
}

/// What stands before the first item of an enumeration.
const OPENERS: [&str; 19] = [
    "包括",
    "分为",
    "具有",
    "包含",
    "分成",
    "有",
    "是",
    "为",
    "如",
    "即",
    "由",
    "按",
    "从",
    "括",
    "含",
    "具备",
    "体现在",
    "表现为",
    "分别是",
];
/// What stands behind the last one.
const CLOSERS: [&str; 11] = ["等", "的", "组成", "构成", "这", "几", "三", "四", "五", "六", "两"];

fn enumerated(block: &Block, characters: &[char], from: usize, to: usize) -> Option<(Vec<Passage>, f64)> {
    let mut dividers: Vec<usize> = (from..to).filter(|at| characters[*at] == '、').collect();
    let (first, last) = (*dividers.first()?, *dividers.last()?);
    let opening: String = characters[from..first].iter().collect();
    // Behind a colon the items begin at once.
    let colon = from > 0 && matches!(characters[from - 1], ':' | '：');
    let open = if colon {
        0
    } else {
        OPENERS.iter().filter_map(|word| opening.rfind(word).map(|at| at + word.len())).max()?
    };
    let mut item_start = from + opening[..open].chars().count();
    while item_start < first && (matches!(characters[item_start], ':' | '：') || is_space(characters[item_start])) {
        item_start += 1;
    }
    let joined = characters[last + 1..to]
        .iter()
        .position(|c| matches!(c, '和' | '与' | '及'))
        .map(|at| last + 1 + at)
        .filter(|at| *at > last + 1);
    let mut tail = joined.map_or(last + 1, |at| at + 1);
    if let Some(at) = joined {
        dividers.push(at);
        // "以及" and "、和" divide too.
        if at > 0 && characters[at] == '及' && characters[at - 1] == '以' {
            dividers.pop();
            dividers.push(at - 1);
        }
    }
    if characters.get(tail) == Some(&'和') {
        tail += 1;
    }
    let closing: String = characters[tail..to].iter().collect();
    let close = CLOSERS.iter().filter_map(|word| closing.find(word)).filter(|at| *at > 0).min();
    // Where what follows ends as the other items end, it belongs to the last one: 甲性、乙性和丙的丁性.
    let ends_alike = {
        let second = if dividers.len() > 1 { dividers[1] } else { first };
        let tail_of = |end: usize| [characters[end - 2], characters[end - 1]];
        second >= from + 2 && to >= tail + 2 && tail_of(second) == tail_of(to) && tail_of(first) == tail_of(to)
    };
    let close = close.filter(|_| !ends_alike);
    let item_end = close.map_or(to, |at| tail + closing[..at].chars().count());
    let mut items = Vec::new();
    let mut begin = item_start;
    for (index, divider) in dividers.iter().enumerate() {
        items.push(Passage::within(block, begin, *divider)?);
        begin = if index + 1 == dividers.len() { tail.max(divider + 1) } else { divider + 1 };
    }
    items.push(Passage::within(block, begin, item_end)?);
    let plain = |item: &Passage| {
        let count = item.text.chars().count();
        (1..=12).contains(&count)
            && !item.text.chars().any(|c| divides_clauses(c) || ends_sentence(c))
            && item.text.chars().any(|c| !is_wrapping(c))
    };
    items.iter().all(plain).then_some((items, 0.85))
}
