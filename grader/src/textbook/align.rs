//! Aligns what stands around a blank with the book: the far ends may go their own ways, the near ends must meet the
//! blank's edges.

use std::collections::HashMap;

use super::book::{BOUNDARY, Book};
use super::characters::{divides_clauses, ends_sentence, is_han, marker_number};

/// A piece of a question as it is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token {
    Character {
        character: char,
        /// May be missing in the book without harm: an affix that the question repeats for each item.
        optional: bool,
        /// Divides blanks in a row, whatever word the book divides them with.
        separator: bool,
    },
    /// A blank; one that is optional may be empty.
    Gap { optional: bool },
}

/// How much of the question is compared on each side of a blank, in tokens.
const REACH: usize = 48;
/// The longest key, in characters of the book without spaces.
const LONGEST_KEY: usize = 26;
/// The book's characters on each side of a place that is looked at.
const WINDOW: usize = 110;
/// How many places are looked at for each blank.
const PLACES: usize = 8;

// Scores in hundredths of a matching character.
const MATCH: i32 = 100;
const COMMON_MATCH: i32 = 60;
const PUNCTUATION_MATCH: i32 = 30;
const MISMATCH: i32 = -90;
const MISSING: i32 = -60;
const PUNCTUATION_MISSING: i32 = -15;
const BOUNDARY_MISSING: i32 = -60;
const GAP_OPEN: i32 = -20;
const GAP_STEP: i32 = -3;
const NEVER: i32 = i32::MIN / 4;

/// What meets a blank's edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Edge {
    /// Question and book have the same character there, and so many words in a row.
    Words(usize),
    /// Both have an end there: of a clause, a sentence, a paragraph.
    End,
    /// The book's clause begins there, the question's has a joining word before the blank.
    Joined,
    /// Both divide items there.
    Separator,
}

/// A place in the book that fits around a blank.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The blank's text in [`Book::characters`].
    pub from: usize,
    pub to: usize,
    /// What agrees before and behind it, in characters.
    pub left: f64,
    pub right: f64,
    pub left_edge: Edge,
    pub right_edge: Edge,
    /// Whether all words of the question's clause on one side agree with all words of the book's.
    pub whole_clause: bool,
}

impl Candidate {
    pub fn total(&self) -> f64 {
        self.left + self.right
    }
}

/// Bounds the comparisons of one page, in table cells.
pub(super) struct Budget(pub u64);

impl Budget {
    /// Whether there is still enough for this; if not, nothing more is compared.
    pub fn take(&mut self, cost: u64) -> bool {
        let enough = self.0 >= cost;
        self.0 = if enough { self.0 - cost } else { 0 };
        enough
    }
}

/// The places in the book that fit around the blank at `gap`, best first. With `empty`, places where the book has nothing
/// for the blank are among them.
pub(super) fn candidates(
    book: &Book<'_>,
    tokens: &[Token],
    gap: usize,
    empty: bool,
    budget: &mut Budget,
) -> Vec<Candidate> {
    if !budget.take(1_000) {
        return Vec::new();
    }
    let left: Vec<Token> = tokens[gap.saturating_sub(REACH)..gap].to_vec();
    let mut right: Vec<Token> = tokens[gap + 1..tokens.len().min(gap + 1 + REACH)].to_vec();
    right.reverse();
    let in_list = near_divides(&left) || near_divides(&right);
    let mut found: Vec<Candidate> = Vec::new();
    for place in places(book, tokens, gap) {
        let (from, to) = (place.saturating_sub(WINDOW), (place + WINDOW).min(book.characters.len()));
        let text = &book.characters[from..to];
        let cost = (text.len() * (left.len() + right.len() + LONGEST_KEY)) as u64;
        if !budget.take(cost) {
            break;
        }
        let reversed: Vec<char> = text.iter().rev().copied().collect();
        let before = flank(&left, text);
        let behind = flank(&right, &reversed);
        let mark = |at: usize| book.marks.get(from + at).copied().unwrap_or(false);
        for (start, agrees) in before.iter().enumerate() {
            let Some(left_edge) = edge(&left, text, start, mark(start)).or_else(|| joined(&left, text, start)) else {
                continue;
            };
            let mut penalty = 0;
            for end in start..=text.len().min(start + LONGEST_KEY) {
                if end > start {
                    match text[end - 1] {
                        BOUNDARY => break,
                        c if ends_sentence(c) || marker_number(c).is_some() => break,
                        '、' if in_list => break,
                        c if divides_clauses(c) && c != '、' => penalty += 150,
                        _ => penalty += 4,
                    }
                } else if !empty {
                    continue;
                }
                let Some(right_edge) = edge(&right, &reversed, text.len() - end, mark(end)) else { continue };
                // A quote that closes there shows where the words end.
                let quoted = if right_edge == Edge::End && mark(end) { PUNCTUATION_MATCH } else { 0 };
                let candidate = Candidate {
                    from: from + start,
                    to: from + end,
                    left: f64::from(*agrees) / 100.0,
                    right: f64::from(behind[text.len() - end] - penalty + quoted) / 100.0,
                    left_edge,
                    right_edge,
                    whole_clause: false,
                };
                if candidate.total() >= 2.5 {
                    let whole = is_whole(&left, &text[..start]) || is_whole(&right, &reversed[..text.len() - end]);
                    found.push(Candidate { whole_clause: whole, ..candidate });
                }
            }
        }
    }
    found.sort_by(|a, b| b.total().total_cmp(&a.total()).then(a.from.cmp(&b.from)).then(a.to.cmp(&b.to)));
    found.dedup_by_key(|candidate| (candidate.from, candidate.to));
    found.truncate(40);
    found
}

/// Where in the book the words around the blank occur, the likeliest places first.
fn places(book: &Book<'_>, tokens: &[Token], gap: usize) -> Vec<usize> {
    const BUCKET: usize = 32;
    let mut votes: HashMap<usize, f64> = HashMap::new();
    let from = gap.saturating_sub(REACH);
    let to = tokens.len().min(gap + 1 + REACH);
    for at in from..to.saturating_sub(2) {
        let mut three = [BOUNDARY; 3];
        let words = tokens[at..at + 3].iter().zip(&mut three).all(|(token, slot)| match token {
            Token::Character { character, .. } => {
                *slot = *character;
                true
            }
            Token::Gap { .. } => false,
        });
        if !words {
            continue;
        }
        let distance = at as i64 + 1 - gap as i64;
        let occurrences: Vec<usize> = book.occurrences(&three).collect();
        let near = 1.0 / (1.0 + distance.unsigned_abs() as f64 / 16.0);
        let weight = near / (occurrences.len() as f64).sqrt().max(1.0);
        for occurrence in occurrences {
            let estimate = (occurrence as i64 + 1 - distance).clamp(0, book.characters.len() as i64) as usize;
            *votes.entry(estimate / BUCKET).or_default() += weight;
        }
    }
    let total = |bucket: usize| {
        let vote = |bucket: Option<usize>| bucket.and_then(|bucket| votes.get(&bucket)).copied().unwrap_or(0.0);
        vote(Some(bucket)) + 0.7 * (vote(bucket.checked_sub(1)) + vote(Some(bucket + 1)))
    };
    let mut ranked: Vec<(f64, usize)> = votes.keys().map(|bucket| (total(*bucket), *bucket)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut chosen: Vec<usize> = Vec::new();
    for (_, bucket) in ranked {
        if chosen.len() == PLACES {
            break;
        }
        if !chosen.iter().any(|other| other.abs_diff(bucket) <= 1) {
            chosen.push(bucket);
        }
    }
    chosen.into_iter().map(|bucket| bucket * BUCKET + BUCKET / 2).collect()
}

/// The best score of aligning an end of `pattern` with an end of `text[..j]`, for every j. Both are read toward the blank.
fn flank(pattern: &[Token], text: &[char]) -> Vec<i32> {
    let mut before = vec![0; text.len() + 1];
    let mut now = vec![0; text.len() + 1];
    for token in pattern {
        match *token {
            Token::Character { character, optional, separator } => {
                let missing = if optional { 0 } else { missing(character) };
                now[0] = (before[0] + missing).max(0);
                for at in 1..=text.len() {
                    let met = before[at - 1] + agreement(character, separator, text[at - 1]);
                    let skipped = now[at - 1] + missing_in_question(text[at - 1]);
                    now[at] = met.max(skipped).max(before[at] + missing).max(0);
                }
            }
            Token::Gap { optional } => {
                let empty = if optional { 0 } else { 3 * MISSING };
                let mut filled = NEVER;
                now[0] = (before[0] + empty).max(0);
                for at in 1..=text.len() {
                    let c = text[at - 1];
                    let stops = c == BOUNDARY || ends_sentence(c) || divides_clauses(c);
                    filled = if stops { NEVER } else { (filled + GAP_STEP).max(before[at - 1] + GAP_OPEN) };
                    now[at] = filled.max(before[at] + empty).max(0);
                }
            }
        }
        std::mem::swap(&mut before, &mut now);
    }
    before
}

fn is_punctuation(c: char) -> bool {
    c == BOUNDARY || !(is_han(c) || c.is_alphanumeric()) || marker_number(c).is_some()
}

fn is_common(c: char) -> bool {
    "的是在了和与一有不以为个中".contains(c)
}

/// Whether the book may divide with its character the items that the question divides with another. 及 and 或 are parts of
/// too many words.
fn divides_alike(question: char, book: char) -> bool {
    book == '、' || (question == '、' && matches!(book, '和' | '与' | ',' | ';'))
}

fn agreement(question: char, separator: bool, book: char) -> i32 {
    if question == book {
        return if is_punctuation(book) {
            PUNCTUATION_MATCH
        } else if is_common(book) {
            COMMON_MATCH
        } else {
            MATCH
        };
    }
    if separator && divides_alike(question, book) {
        return PUNCTUATION_MATCH;
    }
    if is_punctuation(question) && is_punctuation(book) { 0 } else { MISMATCH }
}

fn missing(question: char) -> i32 {
    if is_punctuation(question) { PUNCTUATION_MISSING } else { MISSING }
}

fn missing_in_question(book: char) -> i32 {
    match book {
        BOUNDARY => BOUNDARY_MISSING,
        c if is_punctuation(c) => PUNCTUATION_MISSING,
        _ => MISSING,
    }
}

/// Whether what stands next to the blank, affixes aside, divides it from another item.
fn near_divides(pattern: &[Token]) -> bool {
    let near = pattern.iter().rev().find(|token| !is_optional(token));
    matches!(near, Some(Token::Character { character, separator, .. }) if *separator || *character == '、')
}

/// Words that a question puts before a blank where the book begins a clause.
const JOINING: [&str; 14] =
    ["其中", "而", "则", "即", "因此", "所以", "那么", "如", "例如", "但", "并且", "同时", "其", "所谓"];

/// Whether the book's clause begins at `at` and the question has no more than a joining word before the blank.
fn joined(left: &[Token], text: &[char], at: usize) -> Option<Edge> {
    let mut words: Vec<char> = left
        .iter()
        .rev()
        .take(5)
        .map_while(|token| match token {
            Token::Character { character, .. } if !is_punctuation(*character) => Some(*character),
            _ => None,
        })
        .collect();
    words.reverse();
    let words: String = words.into_iter().collect();
    let begins = at.checked_sub(1).is_none_or(|at| is_punctuation(text[at]) && text[at] != '、');
    (begins && JOINING.contains(&words.as_str())).then_some(Edge::Joined)
}

/// What meets the blank's edge if `text[..at]` ends where `pattern` ends; `mark` says that a quote stands there.
fn edge(pattern: &[Token], text: &[char], at: usize, mark: bool) -> Option<Edge> {
    let book = at.checked_sub(1).map(|at| text[at]);
    let near = pattern.iter().rev().find(|token| !is_optional(token) || matches_character(token, book));
    let ends = |c: char| {
        c == BOUNDARY
            || ends_sentence(c)
            || (divides_clauses(c) && c != '、')
            || marker_number(c).is_some()
            || matches!(c, '(' | ')' | '-')
    };
    match near {
        None => (mark || book.is_none_or(ends)).then_some(Edge::End),
        Some(Token::Gap { .. }) => None,
        Some(Token::Character { character, separator, .. }) => {
            if *separator {
                let divided = book.is_some_and(|book| book == *character || divides_alike(*character, book));
                // Behind the last item the book may have "等".
                return divided.then_some(Edge::Separator);
            }
            if is_punctuation(*character) {
                if *character == '、' {
                    return (book == Some('、')).then_some(Edge::Separator);
                }
                if matches!(character, '(' | ')' | '%' | '/' | '~' | '-' | '=' | '+' | '×' | '℃' | '·') {
                    return (book == Some(*character)).then_some(Edge::Words(1));
                }
                return (mark || book.is_none_or(ends)).then_some(Edge::End);
            }
            (book == Some(*character)).then(|| Edge::Words(run(pattern, &text[..at])))
        }
    }
}

fn is_optional(token: &Token) -> bool {
    matches!(token, Token::Character { optional: true, .. })
}

fn matches_character(token: &Token, book: Option<char>) -> bool {
    matches!(token, Token::Character { character, .. } if Some(*character) == book)
}

/// How many words in a row agree at the ends, punctuation not counted.
fn run(pattern: &[Token], text: &[char]) -> usize {
    let mut count = 0;
    let mut text = text.iter().rev().peekable();
    for token in pattern.iter().rev() {
        let Token::Character { character, optional, .. } = token else { break };
        match text.peek() {
            Some(c) if *c == character => {
                count += usize::from(!is_punctuation(*character));
                text.next();
            }
            Some(c) if is_punctuation(**c) && is_punctuation(*character) && **c != BOUNDARY => {
                text.next();
            }
            _ if *optional || is_punctuation(*character) => {}
            _ => break,
        }
    }
    count
}

/// Whether the words next to the blank agree up to the clause's end, in question and book.
fn is_whole(pattern: &[Token], text: &[char]) -> bool {
    let mut text = text.iter().rev();
    let mut count = 0;
    for token in pattern.iter().rev() {
        let Token::Character { character, .. } = token else { return false };
        if is_punctuation(*character) {
            break;
        }
        if text.next() != Some(character) {
            return false;
        }
        count += 1;
    }
    count >= 4 && text.next().is_none_or(|c| is_punctuation(*c) && *c != '、')
}
