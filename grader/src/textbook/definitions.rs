//! What the book defines: a question may give the definition and ask for the term, in whatever order the book has them.

use std::collections::HashSet;

use super::align::{Budget, Token};
use super::blocks::{Block, BlockKind, Place};
use super::book::Passage;
use super::characters::{divides_clauses, ends_sentence, fold, is_han, is_latin};
use super::draft::Draft;
use super::page::Proposal;
use super::proposals::{alike, best, proposal};

/// A term and the pairs of neighbouring characters of what defines it.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    term: Passage,
    pairs: HashSet<(char, char)>,
}

/// Between a term and its definition; the longest first.
const DEFINING: [&str; 5] = ["是指", "指的是", "就是", "是", "指"];
/// Between a definition and its term.
const NAMING: [&str; 14] =
    ["被称为", "被叫作", "称之为", "叫作", "叫做", "称为", "称作", "简称", "就是", "即为", "叫", "是", "即", "为"];
/// The longest term, in characters.
const LONGEST_TERM: usize = 14;
/// No more of a definition is compared, in characters.
const LONGEST_DEFINITION: usize = 160;
/// A definition has at least so many pairs of characters.
const SHORTEST: usize = 5;

/// Collects the definitions: the key terms, and sentences such as 甲是指乙, 甲是乙, 乙叫作甲.
pub(super) fn collect(blocks: &[Block]) -> Vec<Definition> {
    let mut found = Vec::new();
    for block in blocks.iter().filter(|block| !matches!(block.place, Place::Keys | Place::Keywords)) {
        if matches!(block.kind, BlockKind::Heading { .. }) {
            continue;
        }
        let characters: Vec<char> = block.text.chars().collect();
        if let Some(open) = characters.iter().position(|c| *c == '【').filter(|at| *at < 5)
            && let Some(close) = characters.iter().position(|c| *c == '】').filter(|at| *at > open + 1)
        {
            add(&mut found, block, (open + 1, close), &characters[close + 1..]);
        }
        let mut start = 0;
        while start < characters.len() {
            let end =
                characters[start..].iter().position(|c| ends_sentence(*c)).map_or(characters.len(), |at| start + at);
            in_sentence(&mut found, block, &characters, start, end);
            start = end + 1;
        }
    }
    found
}

/// The definitions of one sentence: at its clauses' starts and ends.
fn in_sentence(found: &mut Vec<Definition>, block: &Block, characters: &[char], start: usize, end: usize) {
    let stops = |c: char| divides_clauses(c) && c != '、';
    let mut clause = start;
    while clause < end {
        let to = characters[clause..end].iter().position(|c| stops(*c)).map_or(end, |at| clause + at);
        let words: String = characters[clause..to].iter().collect();
        // 甲是指乙: the definition runs to the sentence's next semicolon.
        if let Some((at, word)) = DEFINING.iter().find_map(|word| words.find(word).map(|at| (at, word))) {
            let term = words[..at].chars().count();
            let behind = clause + term + word.chars().count();
            let far = end.min(behind + LONGEST_DEFINITION);
            let until =
                characters[behind..far].iter().position(|c| matches!(c, ';' | '；')).map_or(far, |at| behind + at);
            if term > 0 {
                add(found, block, (clause, clause + term), &characters[behind..until]);
            }
        }
        // 乙叫作甲: the definition is what stands before.
        if let Some((at, word)) = NAMING[..10].iter().find_map(|word| words.rfind(word).map(|at| (at, word))) {
            let from = clause + words[..at].chars().count() + word.chars().count();
            let until = from - word.chars().count();
            let before = &characters[start.max(until.saturating_sub(LONGEST_DEFINITION))..until];
            add(found, block, (from, to), before);
        }
        clause = to + 1;
    }
}

fn add(found: &mut Vec<Definition>, block: &Block, term: (usize, usize), definition: &[char]) {
    const MOST: usize = 5_000;
    let pairs = pairs(definition.iter().copied());
    if pairs.len() < SHORTEST || found.len() >= MOST {
        return;
    }
    let Some(term) = Passage::within(block, term.0, term.1) else { return };
    let pronoun =
        ["它", "这", "那", "其", "此", "他", "我们", "人们", "可以"].iter().any(|word| term.text.starts_with(word));
    let plain = term.text.chars().any(is_han) || term.text.chars().any(is_latin);
    if plain && !pronoun && term.text.chars().count() <= LONGEST_TERM && !term.text.contains(divides_clauses) {
        found.push(Definition { term, pairs });
    }
}

fn pairs(characters: impl Iterator<Item = char>) -> HashSet<(char, char)> {
    let words: Vec<char> = characters.map(fold).filter(|c| is_han(*c) || is_latin(*c)).collect();
    words.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// Proposes the term for a blank that a question's definition asks for.
pub(super) fn from_definitions(
    definitions: &[Definition],
    draft: &Draft,
    proposals: &mut [Vec<Proposal>],
    budget: &mut Budget,
) {
    for (blank, gap) in draft.gaps.iter().enumerate() {
        if best(&proposals[blank]) >= 0.9 {
            continue;
        }
        let Some(asked) = asked(draft, *gap) else { continue };
        if !budget.take(definitions.len() as u64 * 60) {
            return;
        }
        let likeness = |definition: &Definition| {
            let shared = asked.intersection(&definition.pairs).count() as f64;
            2.0 * shared / (asked.len() + definition.pairs.len()) as f64
        };
        let mut ranked: Vec<(f64, &Definition)> = definitions
            .iter()
            .map(|definition| (likeness(definition), definition))
            .filter(|(likeness, _)| *likeness >= 0.65)
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let Some((likeness, chosen)) = ranked.first() else { continue };
        let rival = ranked
            .iter()
            .find(|(_, other)| !alike(&other.term.text, &chosen.term.text))
            .map_or(0.0, |(likeness, _)| *likeness);
        let mut confidence: f64 = if *likeness >= 0.9 {
            0.95
        } else if *likeness >= 0.8 {
            0.92
        } else {
            0.8
        };
        if likeness - rival < 0.2 {
            confidence = confidence.min(0.7);
        }
        let contradicted = proposals[blank]
            .first()
            .is_some_and(|other| !alike(&other.answer, &chosen.term.text) && other.confidence >= 0.8);
        if !contradicted && confidence > best(&proposals[blank]) {
            proposals[blank] = vec![proposal(chosen.term.clone(), confidence)];
        }
    }
}

/// The pairs of what defines the word that the blank at `gap` asks for, if the question is put that way.
fn asked(draft: &Draft, gap: usize) -> Option<HashSet<(char, char)>> {
    let (start, end) = (draft.sentence_start(gap), draft.sentence_end(gap));
    let (before, behind) = (draft.words(start, gap), draft.words(gap + 1, end));
    let is_gap = |at: &usize| matches!(draft.tokens[*at], Token::Gap { .. });
    let stops = |at: &usize| draft.character(*at).is_some_and(|c| divides_clauses(c) && c != '、');
    let definition = if behind.is_empty() {
        // Other blanks stand in clauses before.
        let from = match (start..gap).rev().find(is_gap) {
            Some(other) => (other..gap).find(stops)? + 1,
            None => start,
        };
        let before = draft.words(from, gap);
        let before = before.trim_start_matches("其中");
        let word = NAMING.iter().find(|word| before.ends_with(*word))?;
        before[..before.len() - word.len()].to_owned()
    } else if before.is_empty() && !(gap + 1..end).any(|at| is_gap(&at)) {
        let word = DEFINING.iter().find(|word| behind.starts_with(*word))?;
        behind[word.len()..].to_owned()
    } else {
        return None;
    };
    Some(pairs(definition.chars())).filter(|pairs| pairs.len() >= SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::super::furniture::clean;
    use super::super::lines::split;
    use super::super::outline::outline;
    use super::*;

    #[test]
    fn terms_are_found_before_and_behind_their_definitions() {
        let outline = outline(&clean(split(
            "第二章 肥料\n2.1 种类\n复合肥是指含有两种以上养分元素的肥料。把农家肥堆起来发酵腐熟的做法叫作堆肥。\n【主要知识点】\n1.【追肥】 作物生长期间补充施用的肥料。\n",
        )));
        let found = collect(&outline.blocks);
        for term in ["复合肥", "堆肥", "追肥"] {
            assert!(found.iter().any(|definition| definition.term.text == term), "{term} in {found:?}");
        }
    }
}
