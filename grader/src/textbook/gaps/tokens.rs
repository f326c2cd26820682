//! A question as units: its lines joined, drawn blanks and list markers recognised.

use super::is_choice;
use crate::textbook::characters::{closes, ends_sentence, is_invisible, is_space, marker_number};
use crate::textbook::headings;
use crate::textbook::lines::Line;
use crate::textbook::questions::RawQuestion;

/// A character of a question and where it stands; a line end is `\n`, a paragraph's `\r`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub character: char,
    pub line: usize,
    pub column: usize,
}

/// The characters of the question, its lines joined, paragraphs apart.
pub(super) fn cells(question: &RawQuestion, titled: bool, full_width: usize) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
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
            let paragraph = (titled && at == 1)
                || is_choice(trimmed)
                || (before.is_complete()
                    && (item
                        || before.width() * 10 < full_width * 7
                        || line.text.starts_with(['\u{3000}', '\t'])
                        || line.text.starts_with("  ")));
            let character = if paragraph { '\r' } else { '\n' };
            cells.push(Cell { character, line: before.number, column: before.text.chars().count() + 1 });
        }
        let visible = line.text.chars().enumerate().filter(|(_, c)| !is_invisible(*c));
        cells.extend(visible.map(|(column, character)| Cell {
            character,
            line: line.number,
            column: column + offset + 1,
        }));
    }
    cells
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
        } else if c == '\n' || is_space(c) {
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
        '-' | '—' | '－' | '─' | '―' | '━' => run >= 4,
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
        .take_while(|cell| is_space(cell.character) || matches!(cell.character, '\n' | '_' | '＿'))
        .count();
    let end = cells.get(at + 1 + inner)?;
    // `main()` is a name.
    let name = inner == 0 && at > 0 && cells[at - 1].character.is_ascii_alphanumeric();
    (close.contains(&end.character) && !name).then_some(inner + 2)
}
