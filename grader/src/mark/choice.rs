//! Letters of a multiple choice: `ABD`, `A、B、D`, `选ABD`.

use super::character::begins_with;

/// The letters that a text chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letters {
    /// One bit each.
    set: u8,
    count: u32,
    /// Written in the order of the alphabet.
    in_order: bool,
    /// With marks or words between the letters.
    apart: bool,
}

/// How an answer to a choice compares with its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    Same,
    /// BA for AB, which may be two directions of one line.
    Reversed,
    Others,
}

const OPENINGS: &[&str] = &["答案是", "答案为", "答案选", "答案:", "答案", "应选", "故选", "选项", "选择", "选"];
const ENDINGS: &[&str] = &["选项", "项"];

/// Whether a character as it is written names a choice.
pub(super) fn is_letter(character: char) -> bool {
    matches!(character, 'A'..='H')
}

impl Letters {
    /// Reads a key: capital letters in the order of the alphabet, as the choices of a question are keyed.
    pub(super) fn of_key(cased: &[char]) -> Option<Letters> {
        if cased.iter().any(|c| c.is_alphabetic() && !is_letter(*c)) {
            return None;
        }
        let letters = Letters::read(cased)?;
        letters.in_order.then_some(letters)
    }

    /// Reads a folded answer.
    pub(super) fn of_answer(text: &[char]) -> Option<Letters> {
        let opening = OPENINGS.iter().find_map(|opening| begins_with(text, opening)).unwrap_or(0);
        let text = &text[opening..];
        let ends = |ending: &&&str| {
            text.len() >= ending.chars().count()
                && ending.chars().rev().eq(text.iter().rev().take(ending.chars().count()).copied())
        };
        let ending = ENDINGS.iter().find(ends).map_or(0, |ending| ending.chars().count());
        Letters::read(&text[..text.len() - ending])
    }

    fn read(text: &[char]) -> Option<Letters> {
        let mut letters = Letters { set: 0, count: 0, in_order: true, apart: false };
        if text.len() > 24 || !text.first()?.is_ascii_alphabetic() || !text.last()?.is_ascii_alphabetic() {
            return None;
        }
        for character in text {
            match character.to_ascii_lowercase() {
                letter @ 'a'..='h' => {
                    let bit = 1 << (letter as u8 - b'a');
                    if letters.set & bit != 0 {
                        return None;
                    }
                    letters.in_order &= letters.set < bit;
                    letters.set |= bit;
                    letters.count += 1;
                }
                ',' | ';' | '.' | '/' | ' ' | '和' | '与' => letters.apart = true,
                _ => return None,
            }
        }
        Some(letters)
    }

    /// Holds the letters of an answer against those of the key.
    pub(super) fn compare(self, answer: Letters) -> Chosen {
        match () {
            () if self.set != answer.set => Chosen::Others,
            () if self.count == 2 && !answer.in_order && !answer.apart => Chosen::Reversed,
            () => Chosen::Same,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_chosen_in_any_order() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let compare = |key: &str, answer: &str| {
            let key = Letters::of_key(&chars(key)).expect("letters of a choice");
            Letters::of_answer(&chars(answer)).map(|answer| key.compare(answer))
        };
        for answer in ["abd", "a,b,d", "bad", "dba", "a b d", "a/b/d", "a b和d", "选abd", "abd项", "选项abd"] {
            assert_eq!(compare("ABD", answer), Some(Chosen::Same), "{answer}");
        }
        for answer in ["ab", "abc", "abcd", "a"] {
            assert_eq!(compare("ABD", answer), Some(Chosen::Others), "{answer}");
        }
        for answer in ["bread", "aabd", "a>b", ""] {
            assert_eq!(compare("ABD", answer), None, "{answer}");
        }
        assert_eq!(compare("AB", "ba"), Some(Chosen::Reversed));
        assert_eq!(compare("AB", "b,a"), Some(Chosen::Same));
        for key in ["BA", "Abd", "ABI", "AA", "abd"] {
            assert_eq!(Letters::of_key(&chars(key)), None, "{key}");
        }
    }
}
