//! One character for one: full width to half width, capitals to small letters, traditional to simplified. The number of
//! characters never changes, so that a place in the folded text is a place in the text.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

static SIMPLIFY: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());

/// The common Chinese characters: those of the two blocks that textbooks use.
const FIRST: char = '\u{3400}';
const LAST: char = '\u{9FFF}';

/// What Chinese characters become. Only those that occur in the corpus are looked up when it is made; others when they
/// come in a query.
#[derive(Default)]
pub(super) struct Folding {
    /// For each character from [`FIRST`] to [`LAST`] what it becomes; `\0` where that is not known yet.
    simplified: Vec<char>,
}

impl Folding {
    /// Learns the characters of these texts.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut seen = vec![false; place(LAST) + 1];
        texts.flat_map(str::chars).filter(|c| is_common(*c)).for_each(|c| seen[place(c)] = true);
        let known: BTreeSet<char> = (FIRST..=LAST).filter(|c| seen[place(*c)]).collect();
        let mut simplified = vec!['\0'; place(LAST) + 1];
        for (from, to) in simplify(&known) {
            simplified[place(from)] = to;
        }
        Self { simplified }
    }

    /// The text, folded.
    pub(super) fn fold(&self, text: &str) -> String {
        let known = |c: char| self.simplified.get(place(c)).copied().filter(|to| *to != '\0');
        let unknown: BTreeSet<char> = text.chars().filter(|c| is_common(*c) && known(*c).is_none()).collect();
        let further = if unknown.is_empty() { Vec::new() } else { simplify(&unknown) };
        let look_up = |c: char| further.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
        let mut folded = String::with_capacity(text.len());
        folded.extend(text.chars().map(|c| match c {
            c if is_common(c) => known(c).unwrap_or_else(|| look_up(c)),
            '\u{3000}' | '\n' | '\t' | '\u{A0}' => ' ',
            '“' | '”' => '"',
            '‘' | '’' => '\'',
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).map_or(c, small),
            c => small(c),
        }));
        folded
    }
}

fn is_common(c: char) -> bool {
    (FIRST..=LAST).contains(&c)
}

fn place(c: char) -> usize {
    (u32::from(c) - u32::from(FIRST)) as usize
}

fn small(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// What each character becomes, by itself, so that no phrase rule interferes.
fn simplify(characters: &BTreeSet<char>) -> Vec<(char, char)> {
    let same = || characters.iter().map(|c| (*c, *c)).collect();
    let Some(converter) = SIMPLIFY.as_ref() else { return same() };
    let list: String = characters.iter().flat_map(|c| [*c, '\n']).collect();
    let converted = converter.convert(&list);
    characters
        .iter()
        .zip(converted.lines())
        .map(|(from, line)| {
            let mut to = line.chars();
            match (to.next(), to.next()) {
                (Some(one), None) => (*from, one),
                _ => (*from, *from),
            }
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
            ("\u{20000}ÀΣ", "\u{20000}àσ"),
        ] {
            for folding in [&folding, &Folding::default()] {
                assert_eq!(folding.fold(text), folded);
                assert_eq!(folding.fold(text).chars().count(), text.chars().count());
            }
        }
    }
}
