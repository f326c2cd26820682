//! One character for one: full width to half width, capitals to small letters, traditional to simplified. The number of
//! characters never changes, so that a place in the folded text is a place in the text.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

static SIMPLIFY: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());

/// The foldings of the Chinese characters that occur in the corpus; others are looked up when they come.
#[derive(Default)]
pub(super) struct Folding {
    simplified: HashMap<char, char>,
    known: BTreeSet<char>,
}

impl Folding {
    /// Learns the characters of these texts.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let known: BTreeSet<char> = texts.flat_map(str::chars).filter(|c| is_han(*c)).collect();
        let simplified = simplify(&known);
        Self { simplified, known }
    }

    /// The text, folded.
    pub(super) fn fold(&self, text: &str) -> String {
        let unknown: BTreeSet<char> = text.chars().filter(|c| is_han(*c) && !self.known.contains(c)).collect();
        let further = if unknown.is_empty() { HashMap::new() } else { simplify(&unknown) };
        text.chars()
            .map(|c| match c {
                '\u{3000}' | '\n' | '\t' | '\u{A0}' => ' ',
                '“' | '”' => '"',
                '‘' | '’' => '\'',
                '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).map_or(c, small),
                c if is_han(c) => *self.simplified.get(&c).or_else(|| further.get(&c)).unwrap_or(&c),
                c => small(c),
            })
            .collect()
    }
}

fn small(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The characters that change, with what they become; each by itself, so that no phrase rule interferes.
fn simplify(characters: &BTreeSet<char>) -> HashMap<char, char> {
    let Some(converter) = SIMPLIFY.as_ref() else { return HashMap::new() };
    let mut list = String::with_capacity(characters.len() * 4);
    for c in characters {
        list.push(*c);
        list.push('\n');
    }
    let converted = converter.convert(&list);
    characters
        .iter()
        .zip(converted.lines())
        .filter_map(|(from, line)| {
            let mut to = line.chars();
            let first = to.next()?;
            (to.next().is_none() && first != *from).then_some((*from, first))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_script_do_not_count_and_the_length_stays() {
        let folding = Folding::of(["微信公众號"].into_iter());
        for (text, folded) in [
            ("ＷｅＣｈａｔ　微信", "wechat 微信"),
            ("公眾號", "公众号"),
            ("（１）“爽”", "(1)\"爽\""),
            ("İstanbul", "İstanbul"),
        ] {
            assert_eq!(folding.fold(text), folded);
            assert_eq!(folding.fold(text).chars().count(), text.chars().count());
        }
    }
}
