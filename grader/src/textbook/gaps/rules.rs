//! Which spaces are blanks.

use super::Certainty;
use super::noise::{NOISY, Noise};
use super::tokens::Token;
use crate::textbook::characters::{COUNTED, closes, divides_clauses, ends_sentence, is_han, is_latin, opens};

/// What stands beside a run of spaces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Side {
    Edge,
    Gap,
    Marker,
    Character(char),
}

/// A run of spaces and line ends, or nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Run {
    /// Columns, without the line's indentation.
    pub width: usize,
    /// Spaces before the line end.
    pub trailing: usize,
    /// Spaces behind the line end.
    pub leading: usize,
    pub line_end: bool,
    /// Whether the line end comes before the line is full.
    pub cut: bool,
    /// Whether it may come too early.
    pub doubtful: bool,
}

impl Run {
    pub fn spaces(&self) -> usize {
        self.width + self.trailing + self.leading
    }
}

/// What surrounds a run of spaces.
pub(super) struct Context<'a> {
    pub noise: &'a Noise,
    pub tokens: &'a [Token],
    /// The token behind the run.
    pub at: usize,
    /// The run's first token.
    pub start: usize,
    /// Whether the run stands directly behind the question's number.
    pub first: bool,
    pub number_space: (usize, bool),
    pub choices: bool,
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
pub(super) fn decide(left: Side, right: Side, run: Run, context: &Context<'_>) -> Option<Certainty> {
    use Certainty::{Likely, Sure, Unlikely};
    let noise = context.noise;
    let unless = |noisy: f64, certainty| Some(if noisy > NOISY { Unlikely } else { certainty });
    let spaces = run.spaces();
    match (left, right) {
        (Side::Gap, _) | (_, Side::Gap) => None,
        (Side::Edge, Side::Character(r)) => {
            if !context.first || spaces == 0 && !run.line_end {
                return None;
            }
            let words = context.words_behind(2);
            let subject_missing = words.starts_with("是指")
                || (words.starts_with('是') && words != "是否")
                || words.starts_with('的')
                || words == "属于"
                || words == "包括"
                || divides_clauses(r)
                || ends_sentence(r);
            let wider = run.width > context.number_space.0
                && (context.number_space.1 || run.width >= context.number_space.0 + 2 && run.width >= 3);
            if subject_missing || wider && (is_han(r) || opens(r)) {
                Some(Likely)
            } else {
                (is_han(r) && (run.width > context.number_space.0 || run.line_end)).then_some(Unlikely)
            }
        }
        (Side::Edge, _) => None,
        (Side::Marker, Side::Edge | Side::Marker) => {
            // "A.①②" names items in an answer to choose.
            if spaces == 0 && context.choices {
                None
            } else {
                Some(if spaces > 0 || run.line_end { Sure } else { Likely })
            }
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
    let mut words: Vec<char> =
        context.tokens[..context.start].iter().rev().map_while(Token::character).take(3).collect();
    words.reverse();
    let words: String = words.into_iter().collect();
    ["称为", "是", "叫做", "叫作", "转变为", "变成", "分为", "包括", "即", "就是", "成为", "至", "等于"]
        .iter()
        .any(|word| words.ends_with(word))
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
    (ends
        && (COUNTED.contains(&words.as_str())
            || matches!(words.as_str(), "元" | "天" | "年" | "人" | "次" | "倍" | "性" | "法" | "化" | "权" | "力")))
    .then_some(Likely)
}

fn between(l: char, r: char, run: Run, context: &Context<'_>) -> Option<Certainty> {
    use Certainty::{Likely, Sure, Unlikely};
    let noise = context.noise;
    let unless = |noisy: f64, certainty| Some(if noisy > NOISY { Unlikely } else { certainty });
    let stop = |c| ends_sentence(c) || divides_clauses(c);
    if run.spaces() == 0 && run.cut && !ends_sentence(l) {
        let bound = stop(r) || closes(r) || matches!(r, '%' | '％' | '‰' | '℃' | '°');
        return Some(if bound { Sure } else { Likely });
    }
    if run.spaces() == 0 && run.line_end && l == '、' && "和与及或".contains(r) {
        return Some(Likely);
    }
    if run.spaces() == 0 && run.doubtful && !ends_sentence(l) && !(stop(r) || closes(r)) {
        return Some(Certainty::Doubtful);
    }
    if run.spaces() == 0 {
        // A line never begins with a comma, unless an underline stood before it.
        let kinsoku = run.line_end && (stop(r) || closes(r)) && !ends_sentence(l);
        return if kinsoku {
            unless(noise.punctuation_first, Likely)
        } else {
            (run.line_end && is_han(l) && is_han(r)).then_some(Certainty::Unseen)
        };
    }
    if ends_sentence(l) {
        return stop(r).then_some(Likely);
    }
    if matches!(r, '%' | '％' | '‰' | '℃' | '°') && is_han(l) {
        return Some(Sure);
    }
    // Brackets around Latin words and behind the names of functions go with them.
    let inside = |at: Option<usize>| at.and_then(|at| context.tokens.get(at)).and_then(Token::character);
    let latin_bracket = closes(l) && inside(context.start.checked_sub(2)).is_some_and(|c| is_latin(c) || opens(c))
        || opens(r) && inside(Some(context.at + 1)).is_some_and(is_latin);
    if is_latin(l) || is_latin(r) || matches!(l, '%' | '％') || latin_bracket {
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
        return match particle || noise.leading <= NOISY + 0.04 {
            true => Some(Likely),
            false => Some(Certainty::Doubtful),
        };
    }
    if context.is_set_wide() {
        return Some(Unlikely);
    }
    unless(noise.between_han, Sure)
}
