//! A question in the form that it is compared with the book: lists of blanks recognised, affixes that repeat for each item
//! marked.

use super::align::Token;
use super::book::{BOUNDARY, folded};
use super::characters::{COUNTED, ends_sentence, is_space, is_wrapping, marker_number};
use super::gaps::{Certainty, Piece};

/// A question's pieces as tokens.
pub(super) struct Draft {
    pub tokens: Vec<Token>,
    /// The index of each blank's token.
    pub gaps: Vec<usize>,
}

/// Blanks that stand in one list, in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List {
    /// Indexes of the blanks.
    pub blanks: Vec<usize>,
    /// Whether printed markers divide them.
    pub marked: bool,
    /// Whether the order matters: steps, or answers in the order of what was named before.
    pub ordered: bool,
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
    fn mark_affixes(&mut self) {
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
    fn mark_separators(&mut self) {
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

    /// The lists of blanks, in the order of the text.
    pub fn lists(&self) -> Vec<List> {
        let mut lists: Vec<List> = Vec::new();
        for blank in 1..self.gaps.len() {
            let Some(marked) = self.link(blank - 1, blank) else { continue };
            match lists.last_mut().filter(|list| list.blanks.last() == Some(&(blank - 1))) {
                Some(list) => {
                    list.blanks.push(blank);
                    list.marked |= marked;
                }
                None => lists.push(List { blanks: vec![blank - 1, blank], marked, ordered: false }),
            }
        }
        // Commas alone make a list of three.
        lists.retain(|list| list.marked || list.blanks.len() > 2 || !self.divided_by_commas(list));
        self.join_enumerations(&mut lists);
        for list in &mut lists {
            list.ordered = self.is_ordered(list);
        }
        lists
    }

    fn divided_by_commas(&self, list: &List) -> bool {
        list.blanks.windows(2).all(|pair| self.words(self.gaps[pair[0]] + 1, self.gaps[pair[1]]) == ",")
    }

    /// Whether two blanks stand in one list; if so, whether a marker divides them.
    fn link(&self, first: usize, second: usize) -> Option<bool> {
        let (from, to) = (self.gaps[first] + 1, self.gaps[second]);
        let required: Vec<char> = (from..to)
            .filter_map(|at| match self.tokens[at] {
                Token::Character { character, optional: false, .. } => Some(character),
                _ => None,
            })
            .collect();
        if required.is_empty() {
            return None;
        }
        let mut core: Vec<char> = required;
        // A word that both items carry behind them: "…性和…性".
        let after = self.words(to + 1, (to + 4).min(self.tokens.len()));
        let shared = (1..=3usize).rev().find(|count| {
            core.len() > *count
                && after.chars().count() >= *count
                && core.iter().take(*count).copied().eq(after.chars().take(*count))
                && !core[..*count].iter().any(|c| is_divider(*c))
        });
        if let Some(count) = shared {
            core.drain(..count);
        }
        // 一是…二是…三是…
        if let [before @ .., number, '是'] = core.as_slice()
            && "二三四五六七八九".contains(*number)
            && before.iter().all(|c| is_divider(*c))
        {
            return Some(true);
        }
        let text: String = core.iter().collect();
        let number: Option<usize> = core.iter().position(|c| marker_number(*c).is_some());
        if let Some(at) = number {
            let around = core[..at].iter().chain(&core[at + 1..]).all(|c| is_divider(*c));
            return around.then_some(true);
        }
        if let Some(open) = core.iter().position(|c| *c == '(')
            && core.last() == Some(&')')
            && core[open + 1..core.len() - 1].iter().all(char::is_ascii_digit)
        {
            return core[..open].iter().all(|c| is_divider(*c)).then_some(true);
        }
        matches!(
            text.as_str(),
            "、" | "和" | "与" | "及" | "以及" | "或" | "、和" | ",和" | "或者" | "," | "和、" | ",以及"
        )
        .then_some(false)
    }

    /// Joins the blanks of one enumeration whose items repeat words; an item with words of its own is left out.
    fn join_enumerations(&self, lists: &mut Vec<List>) {
        let optional = |at: usize| matches!(self.tokens.get(at), Some(Token::Character { optional: true, .. }));
        if !(0..self.tokens.len()).any(optional) {
            return;
        }
        let pure: Vec<usize> = (0..self.gaps.len())
            .filter(|blank| {
                let gap = self.gaps[*blank];
                let before =
                    (gap.saturating_sub(40)..gap).rev().find(|at| !optional(*at)).and_then(|at| self.character(at));
                let behind = (gap + 1..self.tokens.len().min(gap + 40))
                    .find(|at| !optional(*at))
                    .and_then(|at| self.character(at));
                let in_items = (gap > 0 && optional(gap - 1)) || optional(gap + 1);
                // The first item stands behind the stem.
                let first = gap > 0 && optional(gap - 1);
                in_items
                    && (first || before == Some('、'))
                    && behind.is_none_or(|c| is_divider(c) || ends_sentence(c) || c == '等')
            })
            .collect();
        if pure.len() >= 2 {
            lists.retain(|list| !list.blanks.iter().any(|blank| pure.contains(blank)));
            lists.push(List { blanks: pure, marked: false, ordered: false });
            lists.sort_by_key(|list| list.blanks[0]);
        }
    }

    fn is_ordered(&self, list: &List) -> bool {
        let first = self.gaps[list.blanks[0]];
        let start = self.sentence_start(first);
        let stem = self.words(start, first);
        let end = self.sentence_end(self.gaps[list.blanks[list.blanks.len() - 1]]);
        let tail = self.words(first, end);
        let steps = [
            "依次",
            "先后",
            "顺序",
            "步骤",
            "流程",
            "次序",
            "排列",
            "从低到高",
            "由低到高",
            "从高到低",
            "由高到低",
            "由浅入深",
        ];
        if steps.iter().any(|word| stem.contains(word) || tail.contains(word)) {
            return true;
        }
        // "甲和乙分别是…": the answers follow what was named.
        let named = |before: &str| before.chars().any(|c| matches!(c, '和' | '与' | '、' | '及'));
        ["分别", "各自", "各为"].iter().any(|word| stem.find(word).is_some_and(|at| named(&stem[..at])))
    }

    /// The blank that asks how many items the list behind it has: "有以下 种：① ② ③".
    pub fn counting(&self, list: &List) -> Option<usize> {
        let first = self.gaps[list.blanks[0]];
        let blank = list.blanks[0].checked_sub(1)?;
        let gap = self.gaps[blank];
        let between = self.words(gap + 1, first);
        let counted = COUNTED.iter().any(|word| between.starts_with(word));
        (counted && between.chars().count() <= 16 && gap >= self.sentence_start(first)).then_some(blank)
    }
}

fn is_divider(c: char) -> bool {
    matches!(c, '、' | ',' | ';' | '和' | '与' | '及' | '或' | '以' | '。' | ':')
}

/// The longest start that all these have; nothing if there are fewer than two.
fn common(words: impl Iterator<Item = Vec<char>>) -> Vec<char> {
    let words: Vec<Vec<char>> = words.collect();
    let Some((first, others)) = words.split_first().filter(|(_, others)| !others.is_empty()) else { return Vec::new() };
    let length =
        (0..first.len()).find(|at| others.iter().any(|other| other.get(*at) != first.get(*at))).unwrap_or(first.len());
    first[..length].to_vec()
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
