//! In what two unequal texts differ, where that alone tells whether they can be alike: numbers, operators, labels, light marks.

use super::character::{Chars, is_chinese, is_numeral};
use super::numeral;

/// Whether only numbers differ: 第二范式 and 第三范式, 4g and 5g.
pub(super) fn other_number(key: &[char], answer: &[char]) -> bool {
    let prefix = key.iter().zip(answer).take_while(|(a, b)| a == b).count();
    let suffix = key[prefix..].iter().rev().zip(answer[prefix..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (own, given) = (&key[prefix..key.len() - suffix], &answer[prefix..answer.len() - suffix]);
    let digits = |text: &[char]| text.iter().all(|c| c.is_ascii_digit() || *c == '.');
    let numerals = |text: &[char]| text.iter().all(|&c| is_numeral(c) || c.is_ascii_digit());
    let touches = |text: &[char]| {
        let before = prefix > 0 && text[prefix - 1].is_ascii_digit();
        before || suffix > 0 && text[text.len() - suffix].is_ascii_digit()
    };
    match (own.is_empty(), given.is_empty()) {
        (false, false) => {
            (digits(own) && digits(given)) || (numerals(own) && numerals(given) && !same_number(own, given))
        }
        (true, false) => digits(given) && touches(key),
        (false, true) => digits(own) && touches(key),
        (true, true) => false,
    }
}

/// Whether only an operator differs: a=b and a!=b, C++ and C.
pub(super) fn other_operator(key: &[char], answer: &[char]) -> bool {
    let prefix = key.iter().zip(answer).take_while(|(a, b)| a == b).count();
    let suffix = key[prefix..].iter().rev().zip(answer[prefix..].iter().rev()).take_while(|(a, b)| a == b).count();
    let mut differing = key[prefix..key.len() - suffix].iter().chain(&answer[prefix..answer.len() - suffix]).peekable();
    // A lone hyphen may be one of spelling.
    let telling = differing.clone().any(|c| "+*=<>!^#".contains(*c));
    telling && differing.all(|c| "+-*=<>!^#".contains(*c))
}

/// Whether `typed` is `printed` without the sign of a power behind a letter: x2 for x^2.
pub(super) fn lacks_power_sign(printed: &[char], typed: &[char]) -> bool {
    let sign = |at: usize| printed[at] == '^' && at > 0 && printed[at - 1].is_ascii_alphabetic();
    printed.len() > typed.len()
        && printed.contains(&'^')
        && (0..printed.len()).filter(|&at| !sign(at)).map(|at| printed[at]).eq(typed.iter().copied())
}

/// Whether only a letter differs that stands by itself as a label: 维生素A and 维生素B, O型 and A型.
pub(super) fn other_label(key: &[char], answer: &[char]) -> bool {
    let prefix = key.iter().zip(answer).take_while(|(a, b)| a == b).count();
    if key.len() != answer.len() || prefix == key.len() || key[prefix + 1..] != answer[prefix + 1..] {
        return false;
    }
    let letter = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
    let alone = !letter(prefix.checked_sub(1).and_then(|at| key.get(at))) && !letter(key.get(prefix + 1));
    alone && letter(key.get(prefix)) && letter(answer.get(prefix)) && key.iter().copied().any(is_chinese)
}

/// Whether it is a formula of single letters and short names, in which another letter is another quantity.
pub(super) fn is_formula(text: &[char]) -> bool {
    text.iter().any(|c| "=+*/^()[]{}<>√|'".contains(*c))
        && text.split(|c| !c.is_ascii_alphabetic()).all(|letters| letters.len() <= 3)
}

/// Marks that may be forgotten without another meaning; brackets, operators and symbols may not.
fn is_light_mark(character: char) -> bool {
    " ,.;:'\"·-_~/()《》".contains(character)
}

/// The text without light marks; what stands beside a digit or before a formula is a sign of its own.
pub(super) fn bare(text: &[char]) -> Chars {
    let means = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_digit() || "√π^([".contains(*c));
    let is_light = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        let after = text.get(at + 1);
        match text[at] {
            '-' | '/' if means(before) || means(after) => false,
            '.' | ',' | ':' if means(before) && means(after) => false,
            '-' if before.is_none() => false,
            '/' | '-'
                if before.is_some_and(char::is_ascii_alphabetic) && after.is_some_and(char::is_ascii_alphabetic) =>
            {
                let single =
                    |at: Option<usize>| at.and_then(|at| text.get(at)).is_none_or(|c| !c.is_ascii_alphabetic());
                !(single(at.checked_sub(2)) && single(Some(at + 2)))
            }
            mark => is_light_mark(mark),
        }
    };
    (0..text.len()).filter(|&at| !is_light(at)).map(|at| text[at]).collect()
}

/// 三 and 3 are the same number in a word that is not counted in figures.
pub(super) fn same_number(own: &[char], given: &[char]) -> bool {
    matches!((numeral::read(own, 0), numeral::read(given, 0)), (Some((one, _)), Some((other, _))) if one.same_size(&other))
}
