//! What may differ in writing without differing in meaning: width, case, spaces, punctuation, script.
//!
//! [`Text::new`] brings an answer or a key into one form; two texts are equal when their forms are.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, is_combining_mark};

use super::character::{self, Chars, is_chinese};
use super::punctuation;
use super::reason::Steps;
use super::script;

/// A text in the form in which texts are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    /// After folding, numerals as they were written.
    pub(super) folded: Chars,
    /// After folding, with numerals that count something as digits; `None` when the same as `folded`.
    numbered: Option<Chars>,
    /// Which of the letters were capitals, the first letter in the lowest bit; of a long text the first 64.
    capitals: u64,
    /// What the folding changed.
    pub(super) steps: Steps,
    /// Whether a digit or a numeral occurs.
    pub(super) has_number: bool,
    /// The sounds of all characters of the form, see [`character::sound_bit`].
    pub(super) sounds: u128,
}

/// Characters beyond which a text is not compared by sound.
const MOST_SOUNDS: usize = 80;

/// What occurs in a text, so that most texts skip most of the work.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) steps: Steps,
    class: u8,
    space: bool,
    punctuation: bool,
    scripted: bool,
    digit: bool,
    fraction: bool,
}

impl Text {
    /// Brings a text into the form in which texts are compared.
    pub(super) fn new(text: &str) -> Text {
        let mut seen = Seen::default();
        let mut characters = Chars::new();
        for character in text.chars() {
            fold(character, &mut characters, &mut seen);
        }
        if seen.class & character::TRADITIONAL != 0 {
            let before = characters.clone();
            character::simplified(&mut characters);
            seen.steps.set(Steps::SCRIPT, before != characters);
        }
        if seen.scripted {
            script::spell_out(&mut characters);
        }
        if seen.space || seen.punctuation {
            punctuation::tidy(&mut characters, &mut seen.steps);
        }
        Text::from_folded(characters, seen)
    }

    /// A part of this text, for what is left when printed words are taken off; `of` is its folded text or its form.
    pub(super) fn part(&self, of: &[char], range: Range<usize>) -> Text {
        let mut seen = Seen { steps: self.steps, ..Seen::default() };
        let mut part = Chars::from_slice(&of[range.clone()]);
        punctuation::trim(&mut part);
        for &character in &part {
            seen.class |= character::class(character);
            seen.digit |= character.is_ascii_digit();
            seen.fraction |= !character.is_ascii() && !is_chinese(character);
        }
        let before = of[..range.start].iter().filter(|&&c| has_case(c)).count();
        let capitals = self.capitals.checked_shr(before as u32).unwrap_or(0);
        Text { capitals, ..Text::from_folded(part, seen) }
    }

    fn from_folded(mut folded: Chars, seen: Seen) -> Text {
        let capitals = if seen.steps.has(Steps::CASE) { lower(&mut folded) } else { 0 };
        let has_numeral = seen.class & character::NUMERAL != 0 || folded.contains(&'〇');
        let numbered = (has_numeral || (seen.digit && folded.contains(&',')))
            .then(|| super::counted::count_in_digits(&folded))
            .filter(|numbered| *numbered != folded);
        let form = numbered.as_ref().unwrap_or(&folded);
        let sounds = form.iter().take(MOST_SOUNDS).fold(0, |all, &c| all | character::sound_bit(c));
        let has_number = has_numeral || seen.digit || seen.fraction;
        Text { folded, numbered, capitals, steps: seen.steps, has_number, sounds }
    }

    /// Whether the letters are capitals where those of the other text are; both have the same form.
    pub(super) fn has_case_of(&self, other: &Text) -> bool {
        let letters = self.form().iter().filter(|&&c| has_case(c)).count().min(64) as u32;
        let mask = 1_u64.checked_shl(letters).map_or(u64::MAX, |bit| bit - 1);
        (self.capitals ^ other.capitals) & mask == 0
    }

    /// Whether the letters are all small or all capitals.
    pub(super) fn is_of_one_case(&self) -> bool {
        // π is π even among capitals.
        let mut letters = self.cased().into_iter().filter(|&c| has_case(c) && c != 'π').map(char::is_uppercase);
        let first = letters.next();
        letters.all(|capital| Some(capital) == first)
    }

    /// The folded text with its capitals.
    pub(super) fn cased(&self) -> Chars {
        let mut letter = 0;
        let restore = |&c: &char| {
            if !has_case(c) {
                return c;
            }
            let capital = self.capitals.checked_shr(letter).unwrap_or(0) & 1 == 1;
            letter += 1;
            if capital { c.to_uppercase().next().unwrap_or(c) } else { c }
        };
        self.folded.iter().map(restore).collect()
    }

    /// The form that decides equality.
    pub(super) fn form(&self) -> &[char] {
        self.numbered.as_ref().unwrap_or(&self.folded)
    }
}

/// Without the usual spaces and line ends around it.
pub(super) fn trimmed(answer: &str) -> &str {
    answer.trim_matches(|c: char| c.is_whitespace() || c.is_control())
}

/// Whether a character is a letter that may be a capital.
fn has_case(character: char) -> bool {
    character.is_ascii_alphabetic() || !character.is_ascii() && (character.is_lowercase() || character.is_uppercase())
}

/// Makes all letters small and says which of them were capitals.
fn lower(characters: &mut Chars) -> u64 {
    let (mut capitals, mut bit) = (0_u64, 1_u64);
    for character in characters.iter_mut().filter(|c| has_case(**c)) {
        let small = if character.is_ascii() {
            character.to_ascii_lowercase()
        } else {
            character.to_lowercase().next().unwrap_or(*character)
        };
        if small != *character {
            capitals |= bit;
            *character = small;
        }
        bit <<= 1;
    }
    capitals
}

impl Seen {
    fn mark(&mut self, step: Steps) {
        self.steps.set(step, true);
    }
}

/// Folds one character and appends what remains of it.
fn fold(character: char, out: &mut Chars, seen: &mut Seen) {
    match character {
        'a'..='z' => out.push(character),
        '0'..='9' => {
            seen.digit = true;
            out.push(character);
        }
        '\u{4E00}'..='\u{9FFF}' => {
            seen.class |= character::class(character);
            out.push(character);
        }
        'A'..='Z' => {
            seen.mark(Steps::CASE);
            out.push(character);
        }
        ' ' | '\t' | '\r' | '\n' => {
            seen.space = true;
            out.push(' ');
        }
        '!'..='~' => {
            seen.punctuation = true;
            out.push(if character == '`' { '\'' } else { character });
        }
        '\0'..='\u{7F}' => seen.mark(Steps::INVISIBLE),
        _ => fold_other(character, out, seen),
    }
}

fn fold_other(character: char, out: &mut Chars, seen: &mut Seen) {
    match character {
        '\u{AD}'
        | '\u{61C}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{E0000}'..='\u{E01EF}' => seen.mark(Steps::INVISIBLE),
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => {
            seen.space = true;
            out.push(' ');
        }
        '¼'..='¾' | '⅐'..='⅞' | '↉' => {
            seen.fraction = true;
            out.push(character);
        }
        '○' | '〇' => out.push('〇'),
        _ if script::is_scripted(character) => {
            seen.scripted = true;
            out.push(character);
        }
        _ => match punctuation::ascii_form(character) {
            Some(form) => {
                seen.mark(Steps::PUNCTUATION);
                seen.punctuation = true;
                out.extend(form.chars());
            }
            None if is_combining_mark(character) => match out.last().and_then(|&last| compose(last, character)) {
                Some(composed) => *out.last_mut().expect("it was just looked at") = composed,
                None => out.push(character),
            },
            None => compatible(character, out, seen),
        },
    }
}

/// Unicode compatibility folding of everything that has no rule of its own.
fn compatible(character: char, out: &mut Chars, seen: &mut Seen) {
    if let Some(unified) = punctuation::radical(character) {
        return fold(unified, out, seen);
    }
    for part in std::iter::once(character).nfkc() {
        if part == character {
            seen.steps.set(Steps::CASE, part.is_uppercase());
            out.push(part);
        } else {
            seen.mark(Steps::WIDTH);
            // A square unit such as ㎡ holds a plain digit that was raised.
            fold(part, out, seen);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> String {
        Text::new(text).form().iter().collect()
    }

    #[track_caller]
    fn equal(one: &str, other: &str) {
        assert_eq!(form(one), form(other), "{one:?} and {other:?}");
    }

    #[track_caller]
    fn different(one: &str, other: &str) {
        assert_ne!(form(one), form(other), "{one:?} and {other:?}");
    }

    #[test]
    fn width_and_case_do_not_count() {
        equal("ＳＱＬ", "sql");
        equal("１００", "100");
        equal("Ⅲ型", "III型");
        equal("⼀⼈", "一人");
        equal("㎡", "m²");
        equal("cafe\u{301}", "café");
    }

    #[test]
    fn raised_and_lowered_digits_keep_their_meaning() {
        different("10²", "102");
        different("x²", "x2");
        different("½", "12");
        different("log₂8", "log28");
        equal("10²", "10^2");
        equal("H₂O", "H2O");
        equal("Ca²⁺", "Ca2+");
        equal("10⁻³", "10^-3");
    }

    #[test]
    fn invisible_characters_do_not_count() {
        equal("订\u{200B}阅\u{AD}号", "订阅号");
        equal("\u{FEFF}订阅号", "订阅号");
    }

    #[test]
    fn spaces_count_only_between_words() {
        equal(" 订 阅　号 ", "订阅号");
        equal("SQL 语言", "SQL语言");
        equal("primary  key", "primary key");
        different("primarykey", "primary key");
        equal("1 : n", "1:n");
    }

    #[test]
    fn punctuation_has_one_form() {
        equal("１：ｎ", "1:n");
        equal("“订阅号”。", "订阅号");
        equal("《红楼梦》", "红楼梦");
        equal("马克·吐温", "马克吐温");
        equal("点赞，评论", "点赞、评论");
        equal("（订阅号）", "订阅号");
        different("C++", "C");
        different("C#", "C");
        different("(1,2)", "[1,2]");
        different("5!", "5");
    }

    #[test]
    fn scripts_are_converted_by_phrase() {
        equal("乾淨", "干净");
        equal("數據庫", "数据库");
        equal("看著", "看着");
        different("乾", "干");
        assert_eq!(form("乾坤"), "乾坤");
        assert_eq!(form("著名"), "著名");
        assert_eq!(form("显著"), "显著");
    }
}
