//! Where letter case makes another meaning: AA is not aa, Co is not CO, V is not v, mW is not MW.

use super::choice;
use super::element;
use super::fold::Text;

/// Whether a key may be written in another case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// In any: GDP is gdp, and WiFi is wifi.
    Free,
    /// All in small letters or all in capitals, as one types who does not care: nacl for NaCl, but not NaCL.
    OneForAll,
    /// As it stands; another case means, or may mean, something else.
    Kept,
}

/// Texts that differ in case alone and mean different things. Beside a number and all in small letters they are taken as either.
const APART: &[&[&str]] = &[
    &["CO", "Co"],
    &["HF", "Hf"],
    &["mW", "MW"],
    &["mV", "MV"],
    &["mA", "MA"],
    &["mJ", "MJ"],
    &["mPa", "MPa"],
    &["Kb", "KB", "kB"],
    &["Mb", "MB"],
    &["Gb", "GB"],
    &["Mbps", "MBps"],
];

/// Names of two equal letters; other doubled letters may be a genotype.
const DOUBLED_NAMES: &[&str] = &["QQ", "II", "XX"];

/// Whether the letters of both are known to mean different things.
pub(super) fn means_another(key: &str, answer: &str) -> bool {
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphabetic).take(8).collect::<String>();
    let (own, given) = (letters(key), letters(answer));
    own != given && APART.iter().any(|group| group.contains(&own.as_str()) && group.contains(&given.as_str()))
}

impl Case {
    /// What the writing of a text says about its case.
    pub(super) fn of(text: &Text) -> Case {
        let cased = text.cased();
        match cased[..] {
            [only] if choice::is_letter(only) => return Case::Free,
            [only] if is_letter(only) => return Case::Kept,
            [one, other] if is_letter(one) && is_letter(other) && one.is_uppercase() != other.is_uppercase() => {
                return Case::Kept;
            }
            _ => {}
        }
        let whole: String = cased.iter().collect();
        if APART.iter().any(|group| group.contains(&whole.as_str())) {
            return Case::Kept;
        }
        let runs = || cased.split(|&c| !is_letter(c)).filter(|run| !run.is_empty());
        let is_name = |run: &[char]| DOUBLED_NAMES.iter().any(|name| name.chars().eq(run.iter().copied()));
        let genotypes = runs().any(|run| is_genotype(run) && !is_name(run));
        let capitals = cased.iter().filter(|c| c.is_uppercase()).count();
        let symbols = runs().all(is_symbol) || capitals > 1 && runs().all(|run| run.len() <= 4);
        if runs().all(is_symbol) && genotypes || symbols && has_letter_in_both_cases(&cased) {
            return Case::Kept;
        }
        if let Some(formula) = element::formula(&cased) {
            return if formula.is_only_reading() { Case::OneForAll } else { Case::Kept };
        }
        let operators = cased.iter().any(|c| "=+-*/^<>√∩∪()".contains(*c));
        let symbols = runs().all(|run| run.len() <= 3)
            && cased.iter().all(|c| c.is_ascii() || !c.is_alphabetic() || is_letter(*c));
        if operators && symbols { Case::OneForAll } else { Case::Free }
    }

    /// Whether the answer may stand in its case for the key; their forms are the same.
    pub(super) fn allows(self, key: &Text, answer: &Text) -> bool {
        match self {
            Case::Free => true,
            _ if key.has_case_of(answer) => true,
            Case::OneForAll => answer.is_of_one_case(),
            Case::Kept => false,
        }
    }
}

fn is_letter(character: char) -> bool {
    character.is_lowercase() || character.is_uppercase()
}

/// A letter or two, or a genotype, rather than a word.
fn is_symbol(run: &[char]) -> bool {
    run.len() <= 2 || is_genotype(run)
}

/// Pairs of one letter each, small or capital: Aa, aabb.
fn is_genotype(run: &[char]) -> bool {
    run.len().is_multiple_of(2)
        && run.len() <= 12
        && run.chunks(2).all(|pair| pair[0].eq_ignore_ascii_case(&pair[1]) && pair[0].is_ascii())
}

fn has_letter_in_both_cases(cased: &[char]) -> bool {
    cased.iter().any(|c| c.is_ascii_uppercase() && cased.contains(&c.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_counts_where_it_carries_meaning() {
        let of = |text: &str| Case::of(&Text::new(text));
        for text in
            ["V", "v", "Km", "Na", "CO", "Co", "Pa", "aa", "AA", "aabb", "AaBb", "XᴴXʰ", "X^HX^h", "Aa×aa", "Ω", "mW"]
        {
            assert_eq!(of(text), Case::Kept, "{text}");
        }
        for text in ["NaCl", "H₂O", "CO₂", "F=ma", "x²+C", "f(x)", "1/x", "A∩B", "O(n)", "B2C"] {
            assert_eq!(of(text), Case::OneForAll, "{text}");
        }
        for text in [
            "GDP",
            "WiFi",
            "QQ",
            "SQL",
            "A",
            "ABD",
            "App",
            "select",
            "O型",
            "维生素A",
            "5G",
            "3NF",
            "1:n",
            "iPhone",
            "mRNA",
        ] {
            assert_eq!(of(text), Case::Free, "{text}");
        }
    }
}
