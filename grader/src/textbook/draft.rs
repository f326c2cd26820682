//! A question in the form that it is compared with the book: lists of blanks recognised, affixes that repeat for each item
//! marked.

mod affixes;
mod lists;

use super::align::Token;
use super::book::{BOUNDARY, folded};
use super::characters::{ends_sentence, is_space, is_wrapping};
use super::gaps::{Certainty, Piece};
pub(super) use lists::List;

/// A question's pieces as tokens.
pub(super) struct Draft {
    pub tokens: Vec<Token>,
    /// The index of each blank's token.
    pub gaps: Vec<usize>,
}

/// No further than this is a sentence's end looked for, in tokens.
const LONGEST_SENTENCE: usize = 600;

impl Draft {
    pub fn new(pieces: &[Piece]) -> Draft {
        let mut tokens: Vec<Token> = Vec::with_capacity(pieces.len());
        let mut gaps = Vec::new();
        let mut before = None;
        for (at, piece) in pieces.iter().enumerate() {
            let after = match pieces.get(at + 1) {
                Some(Piece::Character { character, .. }) => Some(*character),
                _ => None,
            };
            match *piece {
                Piece::Character { character, .. } => {
                    if is_space(character) || is_wrapping(character) {
                        continue;
                    }
                    let character = folded(character, before, after);
                    before = Some(character);
                    tokens.push(Token::Character { character, optional: false, separator: false });
                }
                Piece::Gap(gap) => {
                    gaps.push(tokens.len());
                    tokens.push(Token::Gap { optional: gap.certainty != Certainty::Sure });
                }
                Piece::Break => {
                    tokens.push(Token::Character { character: BOUNDARY, optional: false, separator: false })
                }
            }
        }
        let mut draft = Draft { tokens, gaps };
        draft.mark_affixes();
        draft.mark_separators();
        draft
    }

    pub fn character(&self, at: usize) -> Option<char> {
        match self.tokens.get(at) {
            Some(Token::Character { character, .. }) => Some(*character),
            _ => None,
        }
    }

    /// The words between two places, without blanks.
    pub fn words(&self, from: usize, to: usize) -> String {
        (from..to.min(self.tokens.len())).filter_map(|at| self.character(at)).collect()
    }

    /// The start of the sentence that the token at `at` belongs to.
    pub fn sentence_start(&self, at: usize) -> usize {
        let from = at.saturating_sub(LONGEST_SENTENCE);
        (from..at)
            .rev()
            .find(|at| self.character(*at).is_some_and(|c| ends_sentence(c) || c == BOUNDARY))
            .map_or(from, |at| at + 1)
    }

    /// Behind the end of the sentence that the token at `at` belongs to.
    pub fn sentence_end(&self, at: usize) -> usize {
        let to = self.tokens.len().min(at + LONGEST_SENTENCE);
        (at..to).find(|at| self.character(*at).is_some_and(|c| ends_sentence(c) || c == BOUNDARY)).unwrap_or(to)
    }
}

#[cfg(test)]
mod tests {
    use super::super::gaps::Gap;
    use super::*;

    /// `_` is a blank.
    fn draft(text: &str) -> Draft {
        let pieces: Vec<Piece> = text
            .chars()
            .map(|c| match c {
                '_' => Piece::Gap(Gap { certainty: Certainty::Sure, line: 1, column: 1, beside_latin: false }),
                character => Piece::Character { character, line: 1 },
            })
            .collect();
        Draft::new(&pieces)
    }

    fn lists(text: &str) -> Vec<(Vec<usize>, bool)> {
        draft(text).lists().into_iter().map(|list| (list.blanks, list.ordered)).collect()
    }

    #[test]
    fn blanks_in_a_row_make_a_list() {
        assert_eq!(lists("肥料有_种:①_②_③_。"), [(vec![1, 2, 3], false)]);
        assert_eq!(lists("肥料有_、_和_等。"), [(vec![0, 1, 2], false)]);
        assert_eq!(lists("水有_性和_性,土有_。"), [(vec![0, 1], false)]);
        assert_eq!(lists("有(1)_;(2)_;(3)_。"), [(vec![0, 1, 2], false)]);
        assert_eq!(lists("一是_;二是_;三是_。"), [(vec![0, 1, 2], false)]);
        assert_eq!(lists("在_,_属于_。"), []);
    }

    #[test]
    fn order_matters_where_the_words_say_so() {
        assert_eq!(lists("氮和磷分别来自_和_。"), [(vec![0, 1], true)]);
        assert_eq!(lists("三要素分别是_、_和_。"), [(vec![0, 1, 2], false)]);
        assert_eq!(lists("施肥的步骤是①_②_。"), [(vec![0, 1], true)]);
    }

    #[test]
    fn repeated_words_of_an_enumeration_are_optional() {
        let draft = draft("肥料可以按_分类、按_分类、按_形态分类、按_分类、按用法分类等。");
        assert_eq!(draft.lists()[0].blanks, [0, 1, 3]);
        let optional: String = (0..draft.tokens.len())
            .filter(|at| matches!(draft.tokens[*at], Token::Character { optional: true, .. }))
            .filter_map(|at| draft.character(at))
            .collect();
        assert_eq!(optional, "按分类按分类按分类按分类按分类");
    }

    #[test]
    fn a_blank_may_ask_for_the_count() {
        let draft = draft("肥料有以下_种:①_②_。");
        assert_eq!(draft.counting(&draft.lists()[0]), Some(0));
    }
}
