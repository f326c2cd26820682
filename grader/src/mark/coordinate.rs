//! Longitudes and latitudes: `东经120度`, `E120°` and `120°E` are one.

use super::character::begins_with;

const NAMES: [(&str, char); 4] = [("东经", 'e'), ("西经", 'w'), ("北纬", 'n'), ("南纬", 's')];

/// A folded text as a coordinate in one way of writing.
pub(super) fn read(text: &[char]) -> Option<String> {
    let named = NAMES.iter().find(|(name, _)| begins_with(text, name).is_some());
    let (letter, body) = match (named, text) {
        (Some((_, letter)), _) => (*letter, &text[2..]),
        (None, [letter @ ('e' | 'w' | 'n' | 's'), body @ ..] | [body @ .., letter @ ('e' | 'w' | 'n' | 's')]) => {
            (*letter, body)
        }
        _ => return None,
    };
    if !body.first()?.is_ascii_digit() {
        return None;
    }
    let mut out = String::new();
    for &character in body {
        out.push(match character {
            '度' => '°',
            '分' => '\'',
            '0'..='9' | '.' | '°' | '\'' => character,
            _ => return None,
        });
    }
    // A name says that degrees are meant; a letter alone does not.
    match out.split_once('°') {
        None if named.is_some() => out.push('°'),
        None => return None,
        // At the end of an answer the sign of minutes goes with other marks that end it.
        Some((_, minutes)) if minutes.ends_with(|c: char| c.is_ascii_digit()) => out.push('\''),
        Some(_) => {}
    }
    out.push(letter);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_is_written_in_many_ways() {
        let of = |text: &str| read(&text.chars().collect::<Vec<_>>());
        for text in ["东经120度", "120°e", "e120°", "120度e", "东经120"] {
            assert_eq!(of(text).as_deref(), Some("120°e"), "{text}");
        }
        assert_eq!(of("北纬23度26分"), of("23°26'n"));
        for text in ["120e", "n", "s12", "east", "120°"] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
