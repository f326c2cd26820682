//! Finds the blanks of a question in what text extraction left of the underlines.

mod breaks;
mod noise;
mod rules;
mod tokens;

use super::characters::{divides_clauses, ends_sentence, is_han, is_latin, marker_number};
use super::kinds::Answering;
use super::lines::Line;
use super::questions::RawQuestion;
use rules::{Context, Run, Side, decide};
use tokens::{CUT, DOUBTFUL, Token, cells, tokens};

pub(super) use breaks::Measure;
use noise::NOISY;
pub(super) use noise::Noise;

/// How sure it is that a place is a blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// A line end without any space: extraction may have cut a blank off there.
    Unseen,
    /// A space that is probably none, unless the book has words there.
    Unlikely,
    /// A blank if the book has words there.
    Doubtful,
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
    Character {
        character: char,
        line: usize,
    },
    Gap(Gap),
    /// A new paragraph.
    Break,
}

/// A question's pieces, and whether its first line is a title.
pub(super) struct Found {
    pub pieces: Vec<Piece>,
    pub titled: bool,
    /// Whether it lists answers to choose from.
    pub choices: bool,
}

/// How the exercises of a chapter are set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// The width of a full line, in columns.
    pub full_width: usize,
    /// What usually stands between a number and its question, in columns, and whether nearly all questions have that.
    pub number_space: (usize, bool),
    pub print: Measure,
}

/// Finds the blanks of a question.
pub(super) fn find(question: &RawQuestion, noise: &Noise, layout: &Layout) -> Found {
    let &Layout { full_width, number_space, .. } = layout;
    let titled = is_titled(question, full_width);
    let cuts = noise.early_ends <= NOISY && matches!(question.answering(), None | Some(Answering::Blanks));
    let cells = cells(question, titled, full_width, cuts.then_some(layout.print));
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
                c @ ('\n' | CUT | DOUBTFUL) => {
                    run.line_end = true;
                    run.cut |= c == CUT;
                    run.doubtful |= c == DOUBTFUL;
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
        if in_choice
            && run.spaces() > 0
            && left != Side::Edge
            && right != Side::Edge
            && let Some(place) = place
        {
            // Each choice stands on a line of its own.
            let letters: String = tokens[at..].iter().map_while(Token::character).take(2).collect();
            pieces.push(match is_choice(&letters) {
                true => Piece::Break,
                false => Piece::Character { character: ' ', line: place.line },
            });
        }
        if asks && certainty > Some(Certainty::Unlikely) && question.answering() != Some(Answering::Blanks) {
            certainty = Some(Certainty::Unlikely);
        }
        if matches!(question.answering(), Some(Answering::Written | Answering::Other)) {
            certainty = None;
        }
        if let (Some(certainty), Some(place)) = (certainty, place) {
            let beside_latin = [left, right].iter().any(|side| matches!(side, Side::Character(c) if is_latin(*c)));
            pieces.push(Piece::Gap(Gap { certainty, line: place.line, column: place.column, beside_latin }));
        } else if !in_choice && (run.spaces() > 0 || run.line_end) {
            let latin = |side| matches!(side, Side::Character(c) if is_latin(c) && !is_han(c));
            let beside = match (left, right) {
                (Side::Character(a), Side::Character(b)) => {
                    run.line_end && !(a.is_ascii_alphabetic() && b.is_ascii_alphabetic())
                }
                _ => true,
            };
            if !beside
                && (latin(left) || latin(right))
                && let Some(place) = place
            {
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
                pieces.push(Piece::Gap(Gap {
                    certainty: Certainty::Sure,
                    line: cell.line,
                    column: cell.column,
                    beside_latin: false,
                }));
                left = Side::Gap;
                first = false;
            }
            Some(Token::Marker(marker)) => {
                pieces
                    .extend(marker.iter().map(|cell| Piece::Character { character: cell.character, line: cell.line }));
                left = Side::Marker;
                first = false;
            }
            Some(Token::Character(cell)) => {
                let opens_choice = matches!(cell.character, 'A' | 'Ａ')
                    && tokens
                        .get(at + 1)
                        .and_then(Token::character)
                        .is_some_and(|c| matches!(c, '.' | '．' | '、' | ')' | '）'))
                    && !matches!(left, Side::Character(c) if c.is_ascii_alphanumeric());
                if choices && !in_choice && opens_choice {
                    in_choice = true;
                    pieces.push(Piece::Break);
                }
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
    ["请", "试", "简述", "论述", "谈谈", "阐述", "概述", "简要", "什么是", "为什么"]
        .iter()
        .any(|word| first.starts_with(word))
        || last.ends_with(['?', '？'])
}

/// No title ends with these.
const OPEN_WORDS: [char; 16] =
    ['用', '是', '为', '叫', '作', '在', '有', '把', '被', '和', '与', '由', '的', '以', '从', '到'];

/// Whether the first line is a title above the question's text.
fn is_titled(question: &RawQuestion, full_width: usize) -> bool {
    let [first, second, ..] = question.lines.as_slice() else { return false };
    let title = first.trimmed();
    // A line that a blank cuts off is none.
    let cut = question.answering() == Some(Answering::Blanks) || title.ends_with(OPEN_WORDS);
    let plain = !title.is_empty()
        && !cut
        && title.chars().count() <= 20
        && !title.chars().any(|c| {
            ends_sentence(c) || divides_clauses(c) || matches!(c, '_' | '＿' | '(' | '（') || marker_number(c).is_some()
        });
    plain
        && first.width() * 2 < full_width
        && !is_choice(second.trimmed())
        && !second.trimmed().starts_with(|c| ends_sentence(c) || divides_clauses(c) || matches!(c, '_' | '＿'))
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

#[cfg(test)]
mod tests {
    use super::super::{lines, questions};
    use super::*;

    /// The question with `[]` for blanks that are likely at least, `<>` for the others.
    fn shown(source: &str) -> String {
        let layout = Layout { full_width: 80, number_space: (0, false), print: Measure { full: 10, blank: 8 } };
        let question = &questions::split(&lines::split(source), &[])[0];
        let found = find(question, &Noise::default(), &layout);
        found
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Character { character, .. } => character.to_string(),
                Piece::Gap(gap) if gap.certainty < Certainty::Likely => "<>".to_owned(),
                Piece::Gap(_) => "[]".to_owned(),
                Piece::Break => "/".to_owned(),
            })
            .collect()
    }

    #[test]
    fn spaces_between_chinese_and_before_punctuation_are_blanks() {
        assert_eq!(
            shown("1.土壤由矿物质、 、水和 组成,其中 ,最多的是 。"),
            "土壤由矿物质、[]、水和[]组成,其中[],最多的是[]。"
        );
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
    fn ruled_lines_below_an_essay_are_none() {
        assert_eq!(shown("1.比较氮肥和磷肥。\n__________________\n__________________"), "比较氮肥和磷肥。");
        assert_eq!(shown("1.氮肥的作用是\n__________________。"), "氮肥的作用是[]。");
    }

    #[test]
    fn line_ends_hide_blanks() {
        assert_eq!(shown("1.植物从土壤里得到的是水和\n,其次是氧。"), "植物从土壤里得到的是水和[],其次是氧。");
        assert_eq!(shown("1.植物从土壤里得到的是水 \n其次是氧。"), "植物从土壤里得到的是水[]其次是氧。");
    }
}
