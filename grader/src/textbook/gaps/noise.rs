//! How much the spaces of a chapter mean: what its own text has without meaning says nothing in a question either.

use super::breaks::printed_width;
use crate::textbook::characters::{
    closes, divides_clauses, ends_sentence, is_han, is_invisible, is_latin, is_space, opens,
};
use crate::textbook::headings;
use crate::textbook::lines::Line;

/// How often the chapter's own text has spaces that mean nothing, as a share of its lines.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::textbook) struct Noise {
    pub between_han: f64,
    pub before_punctuation: f64,
    pub after_divider: f64,
    pub beside_wrapping: f64,
    pub wide_beside_latin: f64,
    pub trailing: f64,
    pub leading: f64,
    pub punctuation_first: f64,
    /// Lines that end in the middle of a sentence although they are not full.
    pub early_ends: f64,
    /// The width of a full line in print, in columns.
    pub printed_width: usize,
}

/// More than this share of lines with a space of some kind, and that kind of space says nothing.
pub(in crate::textbook) const NOISY: f64 = 0.06;

impl Noise {
    /// Measures the lines of the text around the exercises; `full_width` is the width of a full one.
    pub fn measure<'a>(lines: impl Iterator<Item = &'a Line>, full_width: usize) -> Noise {
        let mut noise = Noise::default();
        let mut count = 0.0;
        let mut widths = Vec::new();
        for line in lines {
            let trimmed = line.trimmed();
            if headings::is_numbered(trimmed) || headings::part(trimmed).is_some() || line.width() < 24 {
                continue;
            }
            count += 1.0;
            widths.push(printed_width(trimmed, 1));
            noise.early_ends += f64::from(u8::from(!line.is_complete() && line.width() * 5 < full_width * 4));
            noise.trailing += f64::from(u8::from(line.text.ends_with(is_space)));
            noise.leading += f64::from(u8::from(line.text.starts_with(is_space)));
            noise.punctuation_first +=
                f64::from(u8::from(trimmed.starts_with(|c| ends_sentence(c) || divides_clauses(c) || closes(c))));
            let characters: Vec<char> = trimmed.chars().filter(|c| !is_invisible(*c)).collect();
            if is_set_wide(trimmed) {
                continue;
            }
            // A kind of space counts once for each line.
            let before = noise;
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
                } else if left == '】' {
                    // Behind a term that is set apart.
                    continue;
                } else if opens(left) || closes(left) || opens(right) || closes(right) {
                    &mut noise.beside_wrapping
                } else if is_han(left) && is_han(right) {
                    &mut noise.between_han
                } else {
                    continue;
                };
                *kind += 1.0;
            }
            for (now, before) in [
                (&mut noise.between_han, before.between_han),
                (&mut noise.before_punctuation, before.before_punctuation),
                (&mut noise.after_divider, before.after_divider),
                (&mut noise.beside_wrapping, before.beside_wrapping),
                (&mut noise.wide_beside_latin, before.wide_beside_latin),
            ] {
                *now = now.min(before + 1.0);
            }
        }
        widths.sort_unstable();
        noise.printed_width = widths.get(widths.len() * 4 / 5).copied().unwrap_or(0);
        let count = f64::max(count, 40.0);
        for rate in [
            &mut noise.between_han,
            &mut noise.before_punctuation,
            &mut noise.after_divider,
            &mut noise.beside_wrapping,
            &mut noise.wide_beside_latin,
            &mut noise.trailing,
            &mut noise.leading,
            &mut noise.punctuation_first,
            &mut noise.early_ends,
        ] {
            *rate /= count;
        }
        noise
    }
}

/// Whether the line is a title whose characters print sets apart.
fn is_set_wide(line: &str) -> bool {
    let words: Vec<&str> = line.split(is_space).filter(|word| !word.is_empty()).collect();
    let single = words.iter().filter(|word| word.chars().count() == 1).count();
    single >= 3 && single * 3 >= words.len() * 2
}
