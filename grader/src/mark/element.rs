//! Chemical formulas as far as their letters go: which letters are symbols of elements.

use super::character::Chars;

/// The symbols of the elements, in the order of the periodic table.
const SYMBOLS: &[&str] = &[
    "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar", "K", "Ca",
    "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr", "Rb", "Sr", "Y",
    "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I", "Xe", "Cs", "Ba", "La", "Ce",
    "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf", "Ta", "W", "Re", "Os", "Ir",
    "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th", "Pa", "U",
];

/// A text made of symbols of elements, with figures, brackets and charges.
pub(super) struct Formula {
    letters: Chars,
    symbols: usize,
    /// Whether a figure stands behind a symbol.
    indexed: bool,
}

/// The length of the symbol at the start of a text as it is written, the longer one first.
pub(super) fn symbol(text: &[char]) -> Option<usize> {
    let is = |length: usize| {
        text.len() >= length && SYMBOLS.iter().any(|symbol| symbol.chars().eq(text[..length].iter().copied()))
    };
    if is(2) { Some(2) } else { is(1).then_some(1) }
}

/// Reads a text with its capitals as a chemical formula. Capitals alone are rather an abbreviation (GDP is none, but CPU would be one).
pub(super) fn formula(cased: &[char]) -> Option<Formula> {
    let (mut at, mut indexed, mut small, mut symbols) = (0, false, false, 0);
    while at < cased.len() {
        match cased[at] {
            c if c.is_ascii_digit() => indexed |= at > 0,
            '(' | ')' | '[' | ']' => {}
            '+' | '-' if at > 0 && cased[at..].iter().all(|c| matches!(c, '+' | '-')) => {}
            _ => {
                let length = symbol(&cased[at..])?;
                small |= length == 2;
                symbols += 1;
                at += length - 1;
            }
        }
        at += 1;
    }
    let letters = cased.iter().copied().filter(char::is_ascii_alphabetic).collect();
    (symbols > 0 && (indexed || small)).then_some(Formula { letters, symbols, indexed })
}

impl Formula {
    /// Whether its letters, all written small, could be no other formula: nacl is NaCl, cocl2 may be two things.
    pub(super) fn is_only_reading(&self) -> bool {
        let small: Chars = self.letters.iter().map(char::to_ascii_lowercase).collect();
        let mut readings = 0;
        self.read(&small, 0, &mut readings);
        readings == 1
    }

    fn read(&self, small: &[char], symbols: usize, readings: &mut u32) {
        let Some(first) = small.first() else {
            // Beside a compound, one element with a figure behind it is none: co2 is no Co₂.
            *readings += u32::from(symbols > 1 || !self.indexed || self.symbols == 1);
            return;
        };
        if *readings > 1 {
            return;
        }
        let mut word: Chars = Chars::from_slice(&[first.to_ascii_uppercase()]);
        if symbol(&word) == Some(1) {
            self.read(&small[1..], symbols + 1, readings);
        }
        if let Some(second) = small.get(1) {
            word.push(*second);
            if symbol(&word) == Some(2) {
                self.read(&small[2..], symbols + 1, readings);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_as_elements() {
        let read = |text: &str| formula(&text.chars().collect::<Vec<_>>()).map(|formula| formula.is_only_reading());
        for (text, only) in [
            ("NaCl", true),
            ("H2O", true),
            ("CO2", true),
            ("Fe3+", true),
            ("CoCl2", false),
            ("COCl2", false),
            ("N2", true),
        ] {
            assert_eq!(read(text), Some(only), "{text}");
        }
        for text in ["GDP", "CPU", "WiFi", "SaaS", "F=ma", "abc"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
