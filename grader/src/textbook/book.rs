//! The chapter's text in the form that questions are compared with, indexed by three characters in a row.

use super::blocks::{Block, BlockKind, Place};
use super::characters::{divides_clauses, ends_sentence, fold, is_han, is_space, is_wrapping};

/// Stands between two blocks.
pub(super) const BOUNDARY: char = '\n';

/// Stands for the colon of a ratio or a time: it divides no clauses. A letter, so that it counts as part of a word.
pub(super) const RATIO: char = 'ː';

/// Places with more occurrences than this say nothing about where a question comes from.
const COMMON: usize = 48;

/// The chapter without its exercises, without spaces and quotes, folded.
pub(super) struct Book<'a> {
    pub blocks: &'a [Block],
    pub characters: Vec<char>,
    /// Whether a quote or title bracket was left out before each character.
    pub marks: Vec<bool>,
    /// For each character its block and its index in the block's text.
    places: Vec<(u32, u32)>,
    /// Every three characters in a row and where they stand, sorted.
    index: Vec<(u64, u32)>,
}

/// A part of the book's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Passage {
    pub text: String,
    /// The sentence around it.
    pub quote: String,
    pub section: String,
    pub line: usize,
}

impl<'a> Book<'a> {
    pub fn new(blocks: &'a [Block]) -> Book<'a> {
        let mut book =
            Book { blocks, characters: vec![BOUNDARY], marks: vec![false], places: vec![(0, 0)], index: Vec::new() };
        for (number, block) in blocks.iter().enumerate() {
            if matches!(block.place, Place::Keys | Place::Keywords) {
                continue;
            }
            let skipped = if block.kind == BlockKind::Text { entry_number(block) } else { 0 };
            let mut mark = false;
            let text: Vec<char> = block.text.chars().collect();
            for (at, c) in text.iter().copied().enumerate().skip(skipped) {
                if is_space(c) || is_wrapping(c) {
                    mark |= is_wrapping(c);
                    continue;
                }
                let after = text[at + 1..].iter().copied().find(|c| !is_space(*c));
                let c = folded(c, book.characters.last().copied(), after);
                book.characters.push(c);
                book.marks.push(std::mem::take(&mut mark));
                book.places.push((number as u32, at as u32));
            }
            book.characters.push(BOUNDARY);
            book.marks.push(mark);
            book.places.push((number as u32, block.text.chars().count().saturating_sub(1) as u32));
        }
        for (at, three) in book.characters.windows(3).enumerate() {
            if let Some(key) = key(three) {
                book.index.push((key, at as u32));
            }
        }
        book.index.sort_unstable();
        book
    }

    /// Where these three characters stand; nowhere if they are too common to tell.
    pub fn occurrences(&self, three: &[char]) -> impl Iterator<Item = usize> + '_ {
        let range = match key(three) {
            Some(key) => {
                let from = self.index.partition_point(|(other, _)| *other < key);
                let to = from + self.index[from..].partition_point(|(other, _)| *other == key);
                if to - from > COMMON { 0..0 } else { from..to }
            }
            None => 0..0,
        };
        self.index[range].iter().map(|(_, at)| *at as usize)
    }

    /// The text as printed from `from` to before `to`, and its sentence.
    pub fn passage(&self, from: usize, to: usize) -> Option<Passage> {
        let (block, start) = *self.places.get(from)?;
        let (last_block, end) = *self.places.get(to.checked_sub(1)?)?;
        if block != last_block || to <= from {
            return None;
        }
        Passage::within(self.blocks.get(block as usize)?, start as usize, end as usize + 1)
    }
}

impl Passage {
    /// The characters of a block from `from` to before `to`.
    pub fn within(block: &Block, from: usize, to: usize) -> Option<Passage> {
        let characters: Vec<char> = block.text.chars().collect();
        let text: String = characters.get(from..to).filter(|text| !text.is_empty())?.iter().collect();
        let line = block.lines.get(from).copied().unwrap_or_else(|| block.line());
        Some(Passage {
            text: tidy(&text),
            quote: sentence(&characters, from, to - 1),
            section: block.section.clone(),
            line,
        })
    }
}

/// The length of an entry's number before the text, such as `2.` before a key term.
fn entry_number(block: &Block) -> usize {
    if !matches!(block.place, Place::KeyTerms | Place::QuestionsAndAnswers) {
        return 0;
    }
    let digits = block.text.chars().take_while(char::is_ascii_digit).count();
    let stop = block.text.chars().nth(digits).is_some_and(|c| matches!(c, '.' | '．' | '、'));
    if (1..=2).contains(&digits) && stop { digits + 1 } else { 0 }
}

/// The character as it is compared. A full stop may be printed as a dot.
pub(super) fn folded(c: char, before: Option<char>, after: Option<char>) -> char {
    match c {
        '.' | '．' if before.is_some_and(is_han) && !after.is_some_and(|c| c.is_ascii_alphanumeric()) => '。',
        // 3:1 and 9:30 are one word.
        ':' | '：' | '∶' if before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit()) => {
            RATIO
        }
        c => fold(c),
    }
}

fn key(three: &[char]) -> Option<u64> {
    let words = three.len() == 3 && three.iter().all(|c| *c != BOUNDARY && !ends_sentence(*c));
    words.then(|| three.iter().fold(0, |key, c| key << 21 | u64::from(u32::from(*c))))
}

/// A proposal's text: without spaces beside Chinese characters, without marks around it that do not belong to it.
fn tidy(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut tidy = String::new();
    for (at, c) in characters.iter().enumerate() {
        let between_latin = at > 0
            && characters[at - 1].is_ascii_alphanumeric()
            && characters.get(at + 1).is_some_and(char::is_ascii_alphanumeric);
        if !is_space(*c) || between_latin {
            tidy.push(*c);
        }
    }
    for (open, close) in [('“', '”'), ('‘', '’'), ('《', '》'), ('【', '】'), ('「', '」')] {
        if tidy.matches(open).count() != tidy.matches(close).count() {
            tidy = tidy.replace([open, close], "");
        }
    }
    if tidy.starts_with(['“', '‘', '「'])
        && tidy.ends_with(['”', '’', '」'])
        && tidy.matches(['“', '‘', '「']).count() == 1
    {
        tidy = tidy.chars().filter(|c| !matches!(c, '“' | '”' | '‘' | '’' | '「' | '」')).collect();
    }
    tidy
}

/// The longest quote, in characters.
const LONGEST_QUOTE: usize = 90;

/// The sentence around the characters from `start` to `end`.
fn sentence(characters: &[char], start: usize, end: usize) -> String {
    let from = characters[..start].iter().rposition(|c| ends_sentence(*c)).map_or(0, |at| at + 1);
    let to = characters[end..].iter().position(|c| ends_sentence(*c)).map_or(characters.len(), |at| end + at + 1);
    let (mut from, mut to) = (from, to.max(end + 1));
    if to - from > LONGEST_QUOTE {
        let spare = LONGEST_QUOTE.saturating_sub(end + 1 - start) / 2;
        let clause = |from: usize, to: usize| {
            characters[from..to].iter().position(|c| divides_clauses(*c)).map(|at| from + at + 1)
        };
        if start - from > spare {
            from = clause(start - spare, start).unwrap_or(start - spare);
        }
        to = to.min(end + 1 + spare.max(20));
    }
    characters[from..to].iter().collect::<String>().trim().to_owned()
}
