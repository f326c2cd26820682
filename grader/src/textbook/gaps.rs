//! Finds the blanks of a question in what text extraction left of the underlines.

use super::characters::{closes, divides_clauses, ends_sentence, is_han, is_invisible, is_latin, is_space, marker_number, opens};
use super::headings;
use super::lines::Line;
use super::questions::RawQuestion;

/// How sure it is that a place is a blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// A space that is probably none, unless the book has words there.
    Unlikely,
    /// Probably a blank, unless the book has nothing there.
    Likely,
    Sure,
}

/// A place where something may have to be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub certainty: Certainty,
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Whether a letter or digit stands beside it, where print sets a space.
    pub beside_latin: bool,
}

/// A piece of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Character { character: char, line: usize },
    Gap(Gap),
    /// A new paragraph.
    Break,
}

/// How often the chapter's own text has spaces that mean nothing, as a share of its lines.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Noise {
    between_han: f64,
    before_punctuation: f64,
    after_divider: f64,
    beside_wrapping: f64,
    wide_beside_latin: f64,
    trailing: f64,
    leading: f64,
    punctuation_first: f64,
}

/// More than this share of lines with a space of some kind, and that kind of space says nothing.
const NOISY: f64 = 0.06;

impl Noise {
    /// Measures the lines of the text around the exercises.
    pub fn measure<'a>(lines: impl Iterator<Item = &'a Line>) -> Noise {
        let mut noise = Noise::default();
        let mut count = 0.0;
        for line in lines {
            let trimmed = line.trimmed();
            if headings::is_numbered(trimmed) || headings::part(trimmed).is_some() || line.width() < 24 {
                continue;
            }
            count += 1.0;
            noise.trailing += f64::from(u8::from(line.text.ends_with(is_space)));
            noise.leading += f64::from(u8::from(line.text.starts_with(is_space)));
            noise.punctuation_first += f64::from(u8::from(trimmed.starts_with(|c| ends_sentence(c) || divides_clauses(c) || closes(c))));
            let characters: Vec<char> = trimmed.chars().filter(|c| !is_invisible(*c)).collect();
            for (at, c) in characters.iter().enumerate().skip(1) {
                if !is_space(*c) || is_space(characters[at - 1]) {
                    continue;
                }
                let run = characters[at..].iter().take_while(|c| is_space(**c)).count();
                let (left, Some(right)) = (characters[at - 1], characters.get(at + run).copied()) else { continue };
                let kind = if is_latin(left) || is_latin(right) {
                    if run < 2 {
                        continue;
                    }
                    &mut noise.wide_beside_latin
                } else if ends_sentence(right) || divides_clauses(right) {
                    &mut noise.before_punctuation
                } else if divides_clauses(left) {
                    &mut noise.after_divider
                } else if opens(left) || closes(left) || opens(right) || closes(right) {
                    &mut noise.beside_wrapping
                } else if is_han(left) && is_han(right) {
                    &mut noise.between_han
                } else {
                    continue;
                };
                *kind += 1.0;
            }
        }
        let count = f64::max(count, 20.0);
        for rate in [
            &mut noise.between_han,
            &mut noise.before_punctuation,
            &mut noise.after_divider,
            &mut noise.beside_wrapping,
            &mut noise.wide_beside_latin,
            &mut noise.trailing,
            &mut noise.leading,
            &mut noise.punctuation_first,
        ] {
            *rate /= count;
        }
        noise
    }
}

/// A character of a question and where it stands; a line end is `\n`, a paragraph's `\r`.
#[derive(Clone, Copy, Debug)]
struct Cell {
    character: char,
    line: usize,
    column: usize,
}

/// What stands beside a run of spaces.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Edge,
    Gap,
    Marker,
    Character(char),
}

/// A run of spaces and line ends, or nothing.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    /// Columns, without the line's indentation.
    width: usize,
    /// Spaces before the line end.
    trailing: usize,
    /// Spaces behind the line end.
    leading: usize,
    line_end: bool,
}

impl Run {
    fn spaces(&self) -> usize {
        self.width + self.trailing + self.leading
    }
}

/// A question's pieces, and whether its first line is a title.
pub(super) struct Found {
    pub pieces: Vec<Piece>,
    pub titled: bool,
    /// Whether it lists answers to choose from.
    pub choices: bool,
}

/// Finds the blanks of a question. `number_space` is what usually stands between a number and its question, in columns.
pub(super) fn find(question: &RawQuestion, noise: &Noise, full_width: usize, number_space: usize) -> Found {
    let titled = is_titled(question, full_width);
    let cells = cells(question, titled, full_width);
    let choices = has_choices(question);
    let tokens = tokens(&cells);
    let mut pieces: Vec<Piece> = Vec::new();
    let asks = asks(question);
    let mut at = 0;
    let mut left = Side::Edge;
    let mut in_title = titled;
    let mut in_choice = false;
    let mut first = true;
    while at <= tokens.len() {
        // The run of spaces before the next token.
        let mut run = Run::default();
        let start = at;
        while let Some(Token::Space(cell)) = tokens.get(at) {
            match cell.character {
                '\n' => {
                    run.line_end = true;
                    run.trailing += std::mem::take(&mut run.width);
                }
                _ if run.line_end => run.leading += columns(cell.character),
                c => run.width += columns(c),
            }
            at += 1;
        }
        let token = tokens.get(at);
        let right = match token {
            None | Some(Token::Break | Token::Space(_)) => Side::Edge,
            Some(Token::Gap(_)) => Side::Gap,
            Some(Token::Marker(_)) => Side::Marker,
            Some(Token::Character(cell)) => Side::Character(cell.character),
        };
        let place = tokens.get(start).or(token).and_then(Token::cell).or(cells.last().copied());
        let context = Context { noise, tokens: &tokens, at, start, first, number_space, choices };
        let mut certainty = if in_title || in_choice { None } else { decide(left, right, run, &context) };
        if in_choice && run.spaces() > 0 && left != Side::Edge && right != Side::Edge
            && let Some(place) = place
        {
            pieces.push(Piece::Character { character: ' ', line: place.line });
        }
        if asks && certainty.is_some() && question.kind.is_none_or(|kind| !kind.starts_with("填空")) {
            certainty = Some(Certainty::Unlikely);
        }
        if question.kind.is_some_and(|kind| ["简答", "论述", "名词", "问答", "讨论", "案例"].iter().any(|word| kind.starts_with(word))) {
            certainty = None;
        }
        if let (Some(certainty), Some(place)) = (certainty, place) {
            let beside_latin = [left, right].iter().any(|side| matches!(side, Side::Character(c) if is_latin(*c)));
            pieces.push(Piece::Gap(Gap { certainty, line: place.line, column: place.column, beside_latin }));
        } else if !in_choice && (run.spaces() > 0 || run.line_end) {
            let latin = |side| matches!(side, Side::Character(c) if is_latin(c) && !is_han(c));
            let beside = match (left, right) {
                (Side::Character(a), Side::Character(b)) => run.line_end && !(a.is_ascii_alphabetic() && b.is_ascii_alphabetic()),
                _ => true,
            };
            if !beside && (latin(left) || latin(right)) && let Some(place) = place {
                pieces.push(Piece::Character { character: ' ', line: place.line });
            }
        }
        match token {
            None => break,
            Some(Token::Break) => {
                in_title = false;
                let letters: String = tokens[at + 1..].iter().filter_map(Token::character).take(2).collect();
                in_choice = choices && is_choice(&letters);
                pieces.push(Piece::Break);
                left = Side::Edge;
                first = false;
            }
            Some(Token::Gap(cell)) => {
                pieces.push(Piece::Gap(Gap { certainty: Certainty::Sure, line: cell.line, column: cell.column, beside_latin: false }));
                left = Side::Gap;
                first = false;
            }
            Some(Token::Marker(marker)) => {
                pieces.extend(marker.iter().map(|cell| Piece::Character { character: cell.character, line: cell.line }));
                left = Side::Marker;
                first = false;
            }
            Some(Token::Character(cell)) => {
                pieces.push(Piece::Character { character: cell.character, line: cell.line });
                left = Side::Character(cell.character);
                first = false;
            }
            Some(Token::Space(_)) => {}
        }
        at += 1;
    }
    Found { pieces, titled, choices }
}

fn columns(space: char) -> usize {
    match space {
        '\u{3000}' => 2,
        '\t' => 4,
        _ => 1,
    }
}

/// Whether the question asks for sentences of one's own.
fn asks(question: &RawQuestion) -> bool {
    let first = question.lines.first().map(Line::trimmed).unwrap_or_default();
    let last = question.lines.last().map(Line::trimmed).unwrap_or_default();
    ["请", "试", "简述", "论述", "谈谈", "阐述", "概述", "简要", "什么是", "为什么"].iter().any(|word| first.starts_with(word))
        || last.ends_with(['?', '？'])
}

/// Whether the first line is a title above the question's text.
fn is_titled(question: &RawQuestion, full_width: usize) -> bool {
    let [first, second, ..] = question.lines.as_slice() else { return false };
    let title = first.trimmed();
    let plain = !title.is_empty()
        && title.chars().count() <= 20
        && !title.chars().any(|c| ends_sentence(c) || divides_clauses(c) || matches!(c, '_' | '＿' | '(' | '（') || marker_number(c).is_some());
    plain && first.width() * 2 < full_width && !is_choice(second.trimmed()) && !second.trimmed().starts_with(|c| ends_sentence(c) || divides_clauses(c))
        && second.width() > first.width()
}

/// Whether the question lists answers to choose from, each on a line or several in one.
fn has_choices(question: &RawQuestion) -> bool {
    let names = |letter: char| {
        question.lines.iter().any(|line| {
            let characters: Vec<char> = line.trimmed().chars().map(super::characters::fold).collect();
            (0..characters.len()).any(|at| {
                characters[at] == letter
                    && characters.get(at + 1).is_some_and(|c| matches!(c, '.' | '、' | ')' | ':'))
                    && (at == 0 || !characters[at - 1].is_ascii_alphanumeric())
            })
        })
    };
    names('a') && names('b')
}

/// Whether the line is an answer to choose, such as `A.氮肥`.
pub(super) fn is_choice(line: &str) -> bool {
    let mut characters = line.chars();
    characters.next().is_some_and(|c| ('A'..='H').contains(&c) || ('Ａ'..='Ｈ').contains(&c))
        && characters.next().is_some_and(|c| matches!(c, '.' | '．' | '、' | ')' | '）' | ':' | '：'))
}

/// The characters of the question, its lines joined, paragraphs apart.
fn cells(question: &RawQuestion, titled: bool, full_width: usize) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for (at, line) in question.lines.iter().enumerate() {
        let offset = if at == 0 { question.offset } else { 0 };
        if let Some(before) = at.checked_sub(1).map(|before| &question.lines[before]) {
            let trimmed = line.trimmed();
            let item = headings::item(trimmed).is_some_and(|(marker, rest)| marker.chars().count() > 1 && !rest.is_empty());
            let paragraph = (titled && at == 1)
                || is_choice(trimmed)
                || (before.is_complete() && (item || before.width() * 10 < full_width * 7 || line.text.starts_with(['\u{3000}', '\t']) || line.text.starts_with("  ")));
            let character = if paragraph { '\r' } else { '\n' };
            cells.push(Cell { character, line: before.number, column: before.text.chars().count() + 1 });
        }
        let visible = line.text.chars().enumerate().filter(|(_, c)| !is_invisible(*c));
        cells.extend(visible.map(|(column, character)| Cell { character, line: line.number, column: column + offset + 1 }));
    }
    cells
}

/// A unit of the question: a marker of a list may be several characters, a drawn blank is one unit.
#[derive(Clone, Debug)]
enum Token {
    Space(Cell),
    Break,
    /// A blank that the source draws: `____`, `（　　）`.
    Gap(Cell),
    Marker(Vec<Cell>),
    Character(Cell),
}

impl Token {
    fn cell(&self) -> Option<Cell> {
        match self {
            Token::Space(cell) | Token::Gap(cell) | Token::Character(cell) => Some(*cell),
            Token::Marker(cells) => cells.first().copied(),
            Token::Break => None,
        }
    }

    fn character(&self) -> Option<char> {
        match self {
            Token::Character(cell) => Some(cell.character),
            _ => None,
        }
    }
}

fn tokens(cells: &[Cell]) -> Vec<Token> {
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
            let digits = (at + 1..at + 4).take_while(|at| character(*at).is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(&c))).count();
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
    let latin = |at: Option<usize>| at.and_then(|at| cells.get(at)).is_some_and(|cell| cell.character.is_ascii_alphanumeric());
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

struct Context<'a> {
    noise: &'a Noise,
    tokens: &'a [Token],
    /// The token behind the run.
    at: usize,
    /// The run's first token.
    start: usize,
    /// Whether the run stands directly behind the question's number.
    first: bool,
    number_space: usize,
    choices: bool,
}

impl Context<'_> {
    /// The tokens behind the run, without spaces.
    fn behind(&self) -> impl Iterator<Item = &Token> {
        self.tokens[self.at.min(self.tokens.len())..].iter().filter(|token| !matches!(token, Token::Space(_)))
    }

    fn words_behind(&self, count: usize) -> String {
        self.behind().map_while(Token::character).take(count).collect()
    }

    /// Whether the space belongs to words set wide, such as `小 结 语`.
    fn is_set_wide(&self) -> bool {
        let single = |step: i64| {
            // Counts single characters between spaces from the run outward.
            let mut at = if step < 0 { self.start as i64 - 1 } else { self.at as i64 };
            let get = |at: i64| usize::try_from(at).ok().and_then(|at| self.tokens.get(at));
            let mut singles = 0;
            loop {
                let Some(Token::Character(cell)) = get(at) else { return singles };
                if !is_han(cell.character) || "和与及或的为是在到至按从由向等".contains(cell.character) {
                    return singles;
                }
                match get(at + step) {
                    Some(Token::Space(space)) if space.character != '\n' => {
                        singles += 1;
                        at += step * 2;
                    }
                    Some(Token::Character(_)) => return singles,
                    _ => return singles + 1,
                }
                if singles > 8 {
                    return singles;
                }
            }
        };
        let (before, behind) = (single(-1), single(1));
        before + behind >= 3 && before > 0 && behind > 0
    }
}

/// Whether a blank stands between `left` and `right`.
fn decide(left: Side, right: Side, run: Run, context: &Context<'_>) -> Option<Certainty> {
    use Certainty::{Likely, Sure, Unlikely};
    let noise = context.noise;
    let unless = |noisy: f64, certainty| Some(if noisy > NOISY { Unlikely } else { certainty });
    let spaces = run.spaces();
    match (left, right) {
        (Side::Gap, _) | (_, Side::Gap) => None,
        (Side::Edge, Side::Character(r)) => {
            if !context.first || spaces == 0 {
                return None;
            }
            let words = context.words_behind(2);
            let subject_missing = words.starts_with("是指") || (words.starts_with('是') && words != "是否") || words.starts_with('的') || words == "属于" || words == "包括" || divides_clauses(r) || ends_sentence(r);
            if subject_missing || run.width >= context.number_space + 2 && run.width >= 3 && is_han(r) {
                Some(Likely)
            } else {
                (is_han(r) && run.width > context.number_space).then_some(Unlikely)
            }
        }
        (Side::Edge, _) => None,
        (Side::Marker, Side::Edge | Side::Marker) => {
            // "A.①②" names items in an answer to choose.
            if spaces == 0 && context.choices { None } else { Some(if spaces > 0 || run.line_end { Sure } else { Likely }) }
        }
        (Side::Marker, Side::Character(r)) => after_marker(r, spaces, run.line_end, context),
        (_, Side::Marker) => None,
        (Side::Character(l), Side::Edge) => {
            if ends_sentence(l) || closes(l) || context.choices {
                return None;
            }
            if spaces > 0 {
                return if is_han(l) || divides_clauses(l) { unless(noise.trailing, Sure) } else { Some(Unlikely) };
            }
            let last_of_question = context.tokens.get(context.at).is_none();
            (last_of_question && "为是即叫有至于指括成称".contains(l) && ends_openly(context)).then_some(Likely)
        }
        (Side::Character(l), Side::Character(r)) => between(l, r, run, context),
    }
}

/// Whether the words before the end want an object.
fn ends_openly(context: &Context<'_>) -> bool {
    let mut words: Vec<char> = context.tokens[..context.start].iter().rev().map_while(Token::character).take(3).collect();
    words.reverse();
    let words: String = words.into_iter().collect();
    ["称为", "是", "叫做", "叫作", "转变为", "变成", "分为", "包括", "即", "就是", "成为", "至", "等于"].iter().any(|word| words.ends_with(word))
}

fn after_marker(r: char, spaces: usize, line_end: bool, context: &Context<'_>) -> Option<Certainty> {
    use Certainty::{Likely, Sure};
    let certainty = if spaces > 0 || line_end { Sure } else { Likely };
    if ends_sentence(r) || divides_clauses(r) {
        return Some(certainty);
    }
    let mut behind = context.behind().skip(1);
    if matches!(r, '和' | '与' | '及' | '或') && matches!(behind.next(), Some(Token::Marker(_))) {
        return Some(certainty);
    }
    if spaces == 0 {
        return None;
    }
    // A measure word alone between the marker and the next one.
    let words: String = context.behind().map_while(Token::character).take_while(|c| is_han(*c)).take(4).collect();
    let next = context.behind().nth(words.chars().count());
    let ends = match next {
        None | Some(Token::Marker(_) | Token::Break) => true,
        Some(token) => token.character().is_some_and(|c| ends_sentence(c) || divides_clauses(c)),
    };
    (ends && (super::characters::COUNTED.contains(&words.as_str()) || matches!(words.as_str(), "元" | "天" | "年" | "人" | "次" | "倍" | "性" | "法" | "化" | "权" | "力")))
        .then_some(Likely)
}

fn between(l: char, r: char, run: Run, context: &Context<'_>) -> Option<Certainty> {
    use Certainty::{Likely, Sure, Unlikely};
    let noise = context.noise;
    let unless = |noisy: f64, certainty| Some(if noisy > NOISY { Unlikely } else { certainty });
    let stop = |c| ends_sentence(c) || divides_clauses(c);
    if run.spaces() == 0 {
        // A line never begins with a comma, unless an underline stood before it.
        let kinsoku = run.line_end && (stop(r) || closes(r)) && !ends_sentence(l);
        return if kinsoku { unless(noise.punctuation_first, Likely) } else { None };
    }
    if ends_sentence(l) {
        return stop(r).then_some(Likely);
    }
    if matches!(r, '%' | '％' | '‰' | '℃' | '°') && is_han(l) {
        return Some(Sure);
    }
    if is_latin(l) || is_latin(r) || matches!(l, '%' | '％') {
        let wide = run.width >= 2 && !run.line_end && !(stop(l) && run.width < 3);
        return if wide { unless(noise.wide_beside_latin, Likely) } else { Some(Unlikely) };
    }
    if stop(r) || (closes(r) && !opens(l)) {
        return unless(noise.before_punctuation, Sure);
    }
    let leading_only = run.line_end && run.trailing == 0;
    if divides_clauses(l) {
        let particle = "和与及等的".contains(r);
        return match (leading_only, run.line_end) {
            (true, _) => Some(if particle { Likely } else { Unlikely }),
            (_, true) => unless(noise.trailing, Likely),
            _ => unless(noise.after_divider, Sure),
        };
    }
    if opens(l) || closes(l) || opens(r) || closes(r) {
        return if opens(l) && closes(r) { Some(Sure) } else { unless(noise.beside_wrapping, Likely) };
    }
    if !(is_han(l) && is_han(r)) {
        return Some(Unlikely);
    }
    if run.line_end {
        if run.trailing > 0 {
            return unless(noise.trailing, Sure);
        }
        // No line of a text begins with these words, set apart.
        let particle = "和与及或的是为等个条种项".contains(r);
        return if particle { Some(Likely) } else { unless(noise.leading - 0.04, Likely) };
    }
    if context.is_set_wide() {
        return Some(Unlikely);
    }
    unless(noise.between_han, Sure)
}

#[cfg(test)]
mod tests {
    use super::super::{lines, questions};
    use super::*;

    /// The question with `[]` for blanks that are likely at least, `<>` for the others.
    fn shown(source: &str) -> String {
        let question = &questions::split(&lines::split(source))[0];
        let found = find(question, &Noise::default(), 80, 0);
        found
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Character { character, .. } => character.to_string(),
                Piece::Gap(gap) if gap.certainty == Certainty::Unlikely => "<>".to_owned(),
                Piece::Gap(_) => "[]".to_owned(),
                Piece::Break => "/".to_owned(),
            })
            .collect()
    }

    #[test]
    fn spaces_between_chinese_and_before_punctuation_are_blanks() {
        assert_eq!(shown("1.土壤由矿物质、 、水和 组成,其中 ,最多的是 。"), "土壤由矿物质、[]、水和[]组成,其中[],最多的是[]。");
        assert_eq!(shown("1.有以下 种:① ② ③\n④ 。"), "有以下[]种:①[]②[]③[]④[]。");
        assert_eq!(shown("1.分为① 和② ,共(1) ;(2) 。"), "分为①[]和②[],共(1)[];(2)[]。");
        assert_eq!(shown("1.它把水留住, 养分,这叫做 "), "它把水留住,[]养分,这叫做[]");
    }

    #[test]
    fn other_spaces_are_none() {
        for (source, expected) in [
            ("1. 土壤肥力包括 pH 值。 有机质是基础。", "<>土壤肥力包括<>pH<>值。有机质是基础。"),
            ("1.分为① 氮肥;② 磷肥。", "分为①氮肥;②磷肥。"),
            ("1.施肥 量在 2019年为 30 千克,\n 增产明显。", "施肥[]量在<>2019年为<>30<>千克,<>增产明显。"),
            ("1.用main()函数", "用main()函数"),
        ] {
            assert_eq!(shown(source), expected, "{source}");
        }
    }

    #[test]
    fn drawn_blanks_swallow_the_spaces_beside_them() {
        assert_eq!(shown("1.氮肥有 ____ 和（　　）、( )三类，占____\n____左右。"), "氮肥有[]和[]、[]三类，占[]左右。");
    }

    #[test]
    fn line_ends_hide_blanks() {
        assert_eq!(shown("1.植物从土壤里得到的是水和\n,其次是氧。"), "植物从土壤里得到的是水和[],其次是氧。");
        assert_eq!(shown("1.植物从土壤里得到的是水 \n其次是氧。"), "植物从土壤里得到的是水[]其次是氧。");
    }
}
