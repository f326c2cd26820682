//! Chemical formulas and equations: species and charges as they are typed, with the sides of an equation in any order of their parts.

use std::collections::BTreeMap;

use super::super::character::is_chinese;
use super::super::element;
use super::token::plain;

/// Species with how often they are taken, on each side; one side if it is no equation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reaction {
    pub(super) sides: Vec<BTreeMap<String, String>>,
    /// Whether it runs both ways.
    reversible: bool,
    /// What is written at the sign between the sides.
    pub(super) condition: String,
    /// Arrows for gas and precipitate.
    pub(super) arrows: usize,
}

/// Reads a text as a chemical formula or equation; `None` if it is none.
pub(super) fn read(text: &str) -> Option<Reaction> {
    let text = plain(text)?;
    let (left, right, condition, reversible) = match split(&text) {
        Some(parts) => (parts.0, Some(parts.1), parts.2, parts.3),
        None => (&text[..], None, String::new(), false),
    };
    let mut arrows = 0;
    let mut sides = vec![side(left, &mut arrows)?];
    if let Some(right) = right {
        sides.push(side(right, &mut arrows)?);
    }
    // Capitals alone may be anything; a figure behind a symbol, a small letter or a charge make it chemistry.
    let telling = sides.iter().flat_map(BTreeMap::keys).any(|species| {
        species.chars().any(|c| c.is_ascii_lowercase() || matches!(c, '+' | '-'))
            || species.chars().any(|c| c.is_ascii_digit() && c != '1')
    });
    telling.then_some(Reaction { sides, reversible, condition, arrows })
}

/// The sides of an equation and what stands at its sign: `=`, `→`, `==`, `=点燃=`, `—点燃→`.
fn split(text: &[char]) -> Option<(&[char], &[char], String, bool)> {
    let line = |c: &char| matches!(c, '=' | '→' | '>' | '⇌' | '⇄');
    let first = text.iter().enumerate().position(|(at, c)| {
        let condition = |c: &char| is_chinese(*c) || *c == '△';
        let opens = *c == '-'
            && (text.get(at + 1) == Some(&'>') || text[at + 1..].iter().find(|c| **c != '-').is_some_and(condition));
        line(c) || opens
    })?;
    let last = text.iter().rposition(line)?.max(first);
    let inside: String = text[first..=last].iter().filter(|c| !line(c) && !matches!(c, '-' | '(' | ')')).collect();
    let plain_condition = inside.chars().all(|c| is_chinese(c) || matches!(c, '△' | '、' | ','));
    let reversible = text[first..=last].iter().any(|c| matches!(c, '⇌' | '⇄'));
    (plain_condition && first > 0 && last + 1 < text.len())
        .then(|| (&text[..first], &text[last + 1..], inside, reversible))
}

fn side(text: &[char], arrows: &mut usize) -> Option<BTreeMap<String, String>> {
    let mut species = BTreeMap::new();
    let mut at = 0;
    loop {
        while text.get(at) == Some(&' ') {
            at += 1;
        }
        let digits = text[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        let count: String = if digits == 0 { "1".to_string() } else { text[at..at + digits].iter().collect() };
        let (name, length) = one_species(&text[at + digits..], arrows)?;
        if species.insert(name, count).is_some() {
            return None;
        }
        at += digits + length;
        while text.get(at) == Some(&' ') {
            at += 1;
        }
        match text.get(at) {
            None => return Some(species),
            Some('+') => at += 1,
            Some(_) => return None,
        }
    }
}

/// One species without marks that are only written for the eye; charges keep figure and sign.
fn one_species(text: &[char], arrows: &mut usize) -> Option<(String, usize)> {
    let (mut name, mut at, mut open) = (String::new(), 0, 0);
    while let Some(&character) = text.get(at) {
        let rest = &text[at..];
        match character {
            '+' | '-' if is_charge(rest) && !name.is_empty() => {
                name.push(character);
                at += 1;
                break;
            }
            // A bond: CH3-CH2-OH.
            '-' if !name.is_empty() && rest.get(1).is_some_and(char::is_ascii_uppercase) => at += 1,
            '^' | '_' if !name.is_empty() => {
                let braces = usize::from(matches!(rest.get(1), Some('{' | '(')));
                let inside =
                    rest[1 + braces..].iter().take_while(|c| c.is_ascii_digit() || matches!(c, '+' | '-')).count();
                if inside == 0 || braces == 1 && !matches!(rest.get(1 + braces + inside), Some('}' | ')')) {
                    return None;
                }
                let script: String = rest[1 + braces..1 + braces + inside].iter().collect();
                // A raised number without a sign is a power.
                let charged = script.ends_with(['+', '-']);
                if (character == '^') != charged {
                    return None;
                }
                name.push_str(&script);
                at += 1 + inside + 2 * braces;
                if charged {
                    break;
                }
            }
            // Fe(3+)
            '(' if rest.iter().skip(1).take_while(|c| c.is_ascii_digit() || matches!(c, '+' | '-')).count() > 0
                && rest.get(1).is_some_and(|c| c.is_ascii_digit() || matches!(c, '+' | '-')) =>
            {
                let inside = rest[1..].iter().position(|c| *c == ')')?;
                let charge: String = rest[1..=inside].iter().collect();
                if name.is_empty() || !charge.ends_with(['+', '-']) {
                    return None;
                }
                name.push_str(&charge);
                at += inside + 2;
                break;
            }
            '(' | '[' => {
                open += 1;
                name.push('(');
                at += 1;
            }
            ')' | ']' if open > 0 => {
                open -= 1;
                name.push(')');
                at += 1;
            }
            '·' | '*' if !name.is_empty() && open == 0 => {
                name.push('·');
                at += 1;
            }
            '↑' | '↓' if !name.is_empty() => {
                *arrows += 1;
                at += 1;
                break;
            }
            // SO4 2-
            ' ' if rest.iter().skip(1).take_while(|c| c.is_ascii_digit()).count() > 0
                && is_charge(&rest[1 + rest.iter().skip(1).take_while(|c| c.is_ascii_digit()).count()..]) =>
            {
                at += 1
            }
            digit if digit.is_ascii_digit() && !name.is_empty() => {
                name.push(digit);
                at += 1;
            }
            _ => match element::symbol(rest) {
                Some(length) => {
                    name.extend(&rest[..length]);
                    at += length;
                }
                None => break,
            },
        }
    }
    while matches!(text.get(at), Some('↑' | '↓')) {
        *arrows += 1;
        at += 1;
    }
    (open == 0 && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '(')).then_some((name, at))
}

/// A sign that ends a species rather than joining it to the next.
fn is_charge(rest: &[char]) -> bool {
    matches!(rest.first(), Some('+' | '-'))
        && matches!(rest.iter().skip(1).find(|c| **c != ' '), None | Some('+' | ',' | ')' | '↑' | '↓'))
}

impl Reaction {
    /// Whether it is an equation rather than one formula.
    pub(super) fn is_equation(&self) -> bool {
        self.sides.len() == 2
    }

    /// Whether the other takes a multiple of every species, as 4 and 2 for 2 and 1.
    pub(super) fn is_multiple_of(&self, other: &Reaction) -> bool {
        let counts = |reaction: &Reaction| -> Option<Vec<u32>> {
            reaction.sides.iter().flat_map(BTreeMap::values).map(|count| count.parse().ok()).collect()
        };
        let species = |reaction: &Reaction| -> Vec<String> {
            reaction.sides.iter().flat_map(|side| side.keys().cloned().chain([String::new()])).collect()
        };
        let (Some(own), Some(others)) = (counts(self), counts(other)) else { return false };
        let proportional = own
            .iter()
            .zip(&others)
            .all(|(one, two)| u64::from(*one) * u64::from(others[0]) == u64::from(*two) * u64::from(own[0]));
        species(self) == species(other) && proportional
    }

    /// Whether both say that the same becomes the same.
    pub(super) fn same(&self, other: &Reaction) -> bool {
        self.sides == other.sides && self.reversible == other.reversible
    }
}
