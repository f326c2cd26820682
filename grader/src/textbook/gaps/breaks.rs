//! Lines that end before they are full. Print draws a blank as a rule; extraction often has nothing for it and begins a new
//! line behind it.

use crate::textbook::characters::{closes, divides_clauses, ends_sentence, is_han, is_space, opens, width};
use crate::textbook::lines::Line;

/// The width of a blank, in columns, as books usually draw them.
const USUAL_BLANK: usize = 8;
/// No line has more room left, in columns: the next character may be kept from the line's end by the one behind it.
const ROOM: usize = 5;

/// What the end of a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineEnd {
    /// The line is full.
    Full,
    /// The line had blanks before, so that nobody knows how full it is.
    Doubtful,
    /// The line had room for what follows.
    Early,
}

/// The widths of a chapter's exercises in print, in columns.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::textbook) struct Measure {
    /// A full line.
    pub full: usize,
    pub blank: usize,
}

impl Measure {
    /// Measures the lines of questions; no line is wider than `text`, the width of the chapter's full lines.
    pub fn of<'a>(questions: impl Iterator<Item = &'a [Line]> + Clone, text: usize) -> Measure {
        let widths = |line: &Line| printed_width(line.trimmed(), 1);
        // Where blanks cut lines to pieces, few are full.
        let mut all: Vec<usize> = questions.clone().flatten().map(widths).collect();
        all.sort_unstable();
        let full = all.len().checked_sub(2).and_then(|at| all.get(at)).copied().unwrap_or(text).min(text);
        // What lines with blanks in them lack is the blanks' width.
        let inner = questions.filter_map(|lines| lines.split_last()).flat_map(|(_, inner)| inner);
        let mut blanks: Vec<usize> = inner
            .filter_map(|line| {
                let blanks = spaces(line.trimmed());
                let lacking = full.checked_sub(widths(line))?;
                (blanks > 0).then(|| lacking / blanks)
            })
            .filter(|blank| (3..=24).contains(blank))
            .collect();
        blanks.sort_unstable();
        let blank = if blanks.len() >= 3 { blanks[blanks.len() / 2] + 1 } else { USUAL_BLANK };
        Measure { full, blank }
    }
}

/// Follows the lines of a question as they were printed.
pub(super) struct Breaks {
    measure: Measure,
    /// The columns that the printed line has before the current piece of it.
    taken: usize,
}

impl Breaks {
    pub fn new(measure: Measure) -> Breaks {
        Breaks { measure, taken: 0 }
    }

    /// What the line's end says; `offset` is the width of the question's number before it, `bound` tells that the next line
    /// begins with what no line begins with.
    pub fn end_of(&mut self, line: &Line, offset: usize, bound: bool) -> LineEnd {
        let here = printed_width(line.trimmed(), self.measure.blank);
        let width = self.taken + offset + here;
        let end = match bound || width + ROOM < self.measure.full {
            true => LineEnd::Early,
            false if self.taken > 0 && here * 5 < self.measure.full * 4 => LineEnd::Doubtful,
            false => LineEnd::Full,
        };
        self.taken = match end {
            LineEnd::Full => 0,
            // Whether the next piece goes on with this line or begins one of its own, nobody knows.
            LineEnd::Doubtful => self.measure.full,
            LineEnd::Early => width + self.measure.blank,
        };
        end
    }
}

/// How many spaces of the line may be blanks.
fn spaces(text: &str) -> usize {
    let characters: Vec<char> = text.chars().collect();
    (1..characters.len().saturating_sub(1)).filter(|at| may_be_blank(&characters, *at)).count()
}

fn may_be_blank(characters: &[char], at: usize) -> bool {
    let (before, behind) = (characters[at - 1], characters.get(at + 1).copied());
    is_space(characters[at])
        && (is_han(before) && behind.is_some_and(|c| is_han(c) || ends_sentence(c) || divides_clauses(c))
            || divides_clauses(before) && behind.is_some_and(is_han)
            || opens(before) && behind.is_some_and(closes))
}

/// The width that a line has in print: punctuation beside Chinese is as wide as a character, and a space that may be a blank
/// as wide as `blank`.
pub(super) fn printed_width(text: &str, blank: usize) -> usize {
    let characters: Vec<char> = text.chars().collect();
    let mut added = 0;
    for at in 1..characters.len() {
        let (before, c) = (characters[at - 1], characters[at]);
        if may_be_blank(&characters, at) {
            added += blank.saturating_sub(1);
        } else if c.is_ascii_punctuation() && is_han(before) {
            added += 1;
        }
    }
    width(text) + added
}

/// Whether lines of one character each stand below each other: some programs take the characters of a line that is set wide
/// for lines of their own.
pub(super) fn set_apart(lines: &[Line], at: usize) -> bool {
    let single = |at: usize| {
        lines.get(at).is_some_and(|line| {
            let mut characters = line.trimmed().chars();
            characters.next().is_some_and(is_han) && characters.next().is_none()
        })
    };
    single(at) && (single(at - 1) || single(at + 1)) || at > 1 && single(at - 1) && single(at - 2)
}
