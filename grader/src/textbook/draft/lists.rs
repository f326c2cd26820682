//! Which blanks of a question make a list, and whether its order matters.

use super::Draft;
use crate::textbook::align::Token;
use crate::textbook::characters::{COUNTED, ends_sentence, marker_number};

/// Blanks that stand in one list, in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::textbook) struct List {
    /// Indexes of the blanks.
    pub blanks: Vec<usize>,
    /// Whether printed markers divide them.
    pub marked: bool,
    /// Whether the order matters: steps, or answers in the order of what was named before.
    pub ordered: bool,
}

impl Draft {
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
