//! A question as units: its lines joined, drawn blanks and list markers recognised.

use std::collections::HashSet;

use super::breaks::{Breaks, LineEnd, Measure, set_apart};
use super::is_choice;
use crate::textbook::characters::{
    closes, divides_clauses, ends_sentence, is_han, is_invisible, is_space, marker_number,
};
use crate::textbook::headings;
use crate::textbook::lines::Line;
use crate::textbook::questions::RawQuestion;

/// A character of a question and where it stands; a line end is `\n`, one that comes too early [`CUT`], a paragraph's `\r`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub character: char,
    pub line: usize,
    pub column: usize,
}

/// A line end where the line still had room: something stood there that has no text.
pub(super) const CUT: char = '\u{b}';
/// A line end where it may have had room.
pub(super) const DOUBTFUL: char = '\u{1c}';

/// The characters of the question, its lines joined, paragraphs apart. Where early line ends
/// mean anything, `cuts` are the exercises' widths.
pub(super) fn cells(question: &RawQuestion, titled: bool, full_width: usize, cuts: Option<Measure>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut breaks = Breaks::new(cuts.unwrap_or_default());
    let cuts = cuts.is_some();
    for (at, line) in question.lines.iter().enumerate() {
        let offset = if at == 0 { question.offset } else { 0 };
        // Ruled lines to write an essay on are no blanks.
        let ruled = line.trimmed().chars().all(|c| matches!(c, '_' | '＿') || is_space(c));
        if ruled && at > 0 && line.width() >= 16 && ends_with_full_stop(question, at) {
            continue;
        }
        if let Some(before) = at.checked_sub(1).map(|before| &question.lines[before]) {
            let trimmed = line.trimmed();
            let item =
                headings::item(trimmed).is_some_and(|(marker, rest)| marker.chars().count() > 1 && !rest.is_empty());
            // No line begins with a comma or a closing bracket.
            let goes_on = trimmed.starts_with(|c| ends_sentence(c) || divides_clauses(c) || closes(c))
                || trimmed.starts_with('”');
            let paragraph = (titled && at == 1)
                || is_choice(trimmed)
                || (before.is_complete()
                    && !goes_on
                    && (item
                        || before.width() * 10 < full_width * 7
                        || line.text.starts_with(['\u{3000}', '\t'])
                        || line.text.starts_with("  ")));
            let bound = goes_on || trimmed.starts_with(['%', '％', '‰', '℃', '°']);
            let end = breaks.end_of(before, if at == 1 { question.offset } else { 0 }, bound);
            let listed = headings::item(trimmed).is_some() && before.is_complete();
            if set_apart(&question.lines, at) {
                cells.extend(visible(line, offset));
                continue;
            }
            let character = match end {
                _ if paragraph => '\r',
                LineEnd::Early if cuts && !listed => CUT,
                LineEnd::Doubtful if cuts && !listed => DOUBTFUL,
                _ => '\n',
            };
            cells.push(Cell {
                character,
                line: before.number,
                column: before.column + before.text.chars().count() + 1,
            });
        }
        cells.extend(visible(line, offset));
    }
    cells
}

/// The characters of a line that mean something.
fn visible(line: &Line, offset: usize) -> Vec<Cell> {
    let apart = spaces_apart(&line.text);
    let shown = line.text.chars().enumerate().filter(|(at, c)| !is_invisible(*c) && !apart.contains(at));
    shown.map(|(at, character)| Cell { character, line: line.number, column: line.column + at + offset + 1 }).collect()
}

/// Whether the last line before `at` that is not ruled ends a sentence.
fn ends_with_full_stop(question: &RawQuestion, at: usize) -> bool {
    let text = question.lines[..at]
        .iter()
        .rev()
        .map(Line::trimmed)
        .find(|text| !text.chars().all(|c| matches!(c, '_' | '＿') || is_space(c)));
    text.is_some_and(|text| text.ends_with(|c| ends_sentence(c) || closes(c)))
}

/// A unit of the question: a marker of a list may be several characters, a drawn blank is one unit.
#[derive(Clone, Debug)]
pub(super) enum Token {
    Space(Cell),
    Break,
    /// A blank that the source draws: `____`, `（　　）`.
    Gap(Cell),
    Marker(Vec<Cell>),
    Character(Cell),
}

impl Token {
    pub fn cell(&self) -> Option<Cell> {
        match self {
            Token::Space(cell) | Token::Gap(cell) | Token::Character(cell) => Some(*cell),
            Token::Marker(cells) => cells.first().copied(),
            Token::Break => None,
        }
    }

    pub fn character(&self) -> Option<char> {
        match self {
            Token::Character(cell) => Some(cell.character),
            _ => None,
        }
    }
}

pub(super) fn tokens(cells: &[Cell]) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(cells.len());
    let mut at = 0;
    let character = |at: usize| cells.get(at).map(|cell| cell.character);
    while let Some(cell) = cells.get(at).copied() {
        let c = cell.character;
        if c == '\r' {
            tokens.push(Token::Break);
        } else if matches!(c, '\n' | CUT | DOUBTFUL) || is_space(c) {
            tokens.push(Token::Space(cell));
        } else if let Some(length) = line_of_underscores(cells, at).or_else(|| empty_brackets(cells, at)) {
            // An underline that goes on in the next line, or that extraction broke, is one blank.
            let open = tokens.iter().rev().find(|token| !matches!(token, Token::Space(_)));
            if !(matches!(open, Some(Token::Gap(_))) && matches!(c, '_' | '＿')) {
                tokens.push(Token::Gap(cell));
            }
            at += length;
            continue;
        } else if marker_number(c).is_some() {
            tokens.push(Token::Marker(vec![cell]));
        } else if matches!(c, '(' | '（') {
            let digits = (at + 1..at + 4)
                .take_while(|at| character(*at).is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(&c)))
                .count();
            if (1..=2).contains(&digits) && character(at + 1 + digits).is_some_and(|c| matches!(c, ')' | '）')) {
                tokens.push(Token::Marker(cells[at..at + digits + 2].to_vec()));
                at += digits + 2;
                continue;
            }
            tokens.push(Token::Character(cell));
        } else {
            tokens.push(Token::Character(cell));
        }
        at += 1;
    }
    tokens
}

/// The length of a drawn line at `at`.
fn line_of_underscores(cells: &[Cell], at: usize) -> Option<usize> {
    let c = cells[at].character;
    let run = cells[at..].iter().take_while(|cell| cell.character == c).count();
    let latin =
        |at: Option<usize>| at.and_then(|at| cells.get(at)).is_some_and(|cell| cell.character.is_ascii_alphanumeric());
    let drawn = match c {
        '_' | '＿' | '﹍' | '‗' | '﹎' | '▁' => run > 1 || !(latin(at.checked_sub(1)) && latin(Some(at + 1))),
        '-' | '—' | '－' | '─' | '―' | '━' | '.' | '．' | '·' => run >= 4,
        // Two are the punctuation mark.
        '…' => run >= 3,
        _ => false,
    };
    drawn.then_some(run)
}

/// The length of brackets at `at` with nothing but space in them.
fn empty_brackets(cells: &[Cell], at: usize) -> Option<usize> {
    let close = match cells[at].character {
        '(' => [')', '）'],
        '（' => ['）', ')'],
        '[' => [']', '］'],
        '［' => ['］', ']'],
        '【' => ['】', '】'],
        '〔' => ['〕', '〕'],
        _ => return None,
    };
    let inner = cells[at + 1..]
        .iter()
        .take_while(|cell| is_space(cell.character) || matches!(cell.character, '\n' | CUT | DOUBTFUL | '_' | '＿'))
        .count();
    let end = cells.get(at + 1 + inner)?;
    // `main()` is a name.
    let name = inner == 0 && at > 0 && cells[at - 1].character.is_ascii_alphanumeric();
    (close.contains(&end.character) && !name).then_some(inner + 2)
}

/// The spaces of a line that only set its characters apart, as justified lines have them: at least so many Chinese
/// characters stand alone between single spaces, or all of a line do. The space before such a line's text is one too, but
/// for the first.
fn spaces_apart(text: &str) -> HashSet<usize> {
    const LEAST: usize = 5;
    let characters: Vec<char> = text.chars().collect();
    let mut apart = HashSet::new();
    let (mut spaces, mut alone): (Vec<usize>, usize) = (Vec::new(), 0);
    let mut word: Vec<char> = Vec::new();
    let mut end = |spaces: &mut Vec<usize>, alone: &mut usize| {
        if *alone >= LEAST && *alone * 2 >= spaces.len() {
            apart.extend(spaces.iter().copied());
        }
        spaces.clear();
        *alone = 0;
    };
    let words = text.split(is_space).filter(|word| !word.is_empty());
    if words.clone().all(|word| word.chars().nth(1).is_none())
        && words.filter(|word| word.contains(is_han)).count() >= 2
    {
        return (1..characters.len().saturating_sub(1)).filter(|at| is_space(characters[*at])).collect();
    }
    for (at, c) in characters.iter().enumerate() {
        if !is_space(*c) {
            word.push(*c);
            continue;
        }
        alone += usize::from(matches!(word.as_slice(), [single] if is_han(*single)));
        let single = !word.is_empty() && characters.get(at + 1).is_some_and(|next| !is_space(*next));
        word.clear();
        if single {
            spaces.push(at);
        } else {
            end(&mut spaces, &mut alone);
        }
    }
    alone += usize::from(matches!(word.as_slice(), [single] if is_han(*single)));
    end(&mut spaces, &mut alone);
    if !apart.is_empty() {
        apart.extend((1..characters.len()).take_while(|at| is_space(characters[*at])));
    }
    apart
}
