//! Words that the items of an enumeration repeat, and what divides its blanks.

use super::Draft;
use crate::textbook::align::Token;
use crate::textbook::book::BOUNDARY;
use crate::textbook::characters::ends_sentence;

impl Draft {
    /// The places between `from` and `to` that a 、 divides.
    fn segments(&self, from: usize, to: usize) -> Vec<(usize, usize)> {
        let mut segments = Vec::new();
        let mut start = from;
        for at in from..to {
            if self.character(at) == Some('、') {
                segments.push((start, at));
                start = at + 1;
            }
        }
        segments.push((start, to));
        segments
    }

    /// Marks words that every item of an enumeration repeats around its blank.
    pub(super) fn mark_affixes(&mut self) {
        let mut from = 0;
        while from < self.tokens.len() {
            let stops = |c: char| ends_sentence(c) || matches!(c, ',' | ';' | ':' | BOUNDARY);
            let to = (from..self.tokens.len())
                .find(|at| self.character(*at).is_some_and(stops))
                .unwrap_or(self.tokens.len());
            let segments = self.segments(from, to);
            let is_gap = |range: &(usize, usize)| {
                self.tokens[range.0..range.1].iter().any(|token| matches!(token, Token::Gap { .. }))
            };
            let filled: Vec<(usize, usize)> = segments.iter().copied().filter(is_gap).collect();
            if segments.len() >= 3 && filled.len() >= 3 {
                for at in self.affixes(&segments, &filled) {
                    if let Token::Character { optional, .. } = &mut self.tokens[at] {
                        *optional = true;
                    }
                }
            }
            from = to + 1;
        }
    }

    fn affixes(&self, segments: &[(usize, usize)], filled: &[(usize, usize)]) -> Vec<usize> {
        let gap_in =
            |range: &(usize, usize)| (range.0..range.1).find(|at| matches!(self.tokens[*at], Token::Gap { .. }));
        let inner: Vec<(usize, usize)> =
            filled.iter().copied().filter(|range| segments.first() != Some(range)).collect();
        let outer: Vec<(usize, usize)> =
            filled.iter().copied().filter(|range| segments.last() != Some(range)).collect();
        let prefix =
            common(inner.iter().filter_map(|range| Some(self.words(range.0, gap_in(range)?).chars().collect())));
        let suffix = common(outer.iter().filter_map(|range| {
            gap_in(range)?;
            Some(self.words(range.0, range.1).chars().rev().collect())
        }));
        let suffix: Vec<char> = suffix.into_iter().rev().collect();
        let mut marked = Vec::new();
        for (index, range) in segments.iter().enumerate() {
            let words: Vec<Option<char>> = (range.0..range.1).map(|at| self.character(at)).collect();
            let fits = |at: usize, affix: &[char]| {
                !affix.is_empty() && affix.iter().enumerate().all(|(step, c)| words.get(at + step) == Some(&Some(*c)))
            };
            if index == 0 {
                // The stem stands before the first item's prefix.
                if let Some(gap) = gap_in(range).map(|gap| gap - range.0)
                    && let Some(at) = gap.checked_sub(prefix.len()).filter(|at| fits(*at, &prefix))
                {
                    marked.extend(range.0 + at..range.0 + gap);
                }
            } else if fits(0, &prefix) {
                marked.extend(range.0..range.0 + prefix.len());
            }
            let last = (0..words.len()).rev().find(|at| fits(*at, &suffix));
            if let Some(at) = last.filter(|at| index + 1 == segments.len() || at + suffix.len() == words.len()) {
                marked.extend(range.0 + at..range.0 + at + suffix.len());
            }
        }
        marked
    }

    /// Marks what divides two blanks in a row.
    pub(super) fn mark_separators(&mut self) {
        for pair in 0..self.gaps.len().saturating_sub(1) {
            let (from, to) = (self.gaps[pair] + 1, self.gaps[pair + 1]);
            let divides = |at: usize| match self.tokens[at] {
                Token::Character { character, optional, .. } => {
                    optional || matches!(character, '、' | '和' | '与' | '及' | '或' | '以')
                }
                Token::Gap { .. } => false,
            };
            if from == to
                || !(from..to).all(divides)
                || !(from..to).any(|at| !matches!(self.tokens[at], Token::Character { optional: true, .. }))
            {
                continue;
            }
            for at in from..to {
                if let Token::Character { optional: false, separator, .. } = &mut self.tokens[at] {
                    *separator = true;
                }
            }
        }
    }
}

/// The longest start that all these have; nothing if there are fewer than two.
fn common(words: impl Iterator<Item = Vec<char>>) -> Vec<char> {
    let words: Vec<Vec<char>> = words.collect();
    let Some((first, others)) = words.split_first().filter(|(_, others)| !others.is_empty()) else { return Vec::new() };
    let length =
        (0..first.len()).find(|at| others.iter().any(|other| other.get(*at) != first.get(*at))).unwrap_or(first.len());
    first[..length].to_vec()
}
