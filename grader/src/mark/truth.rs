//! Blanks that are to say whether a statement holds: √ and ×, 对 and 错.

use super::character::begins_with;

const TRUE: &[&str] = &["√", "对", "正确", "对的", "正确的", "是对的", "是正确的", "没错", "t", "true", "v"];
const FALSE: &[&str] =
    &["*", "错", "错误", "错的", "错误的", "是错的", "是错误的", "不对", "不正确", "f", "false", "x"];

/// What a folded answer says of a statement.
pub(super) fn says(text: &[char]) -> Option<bool> {
    let among = |words: &[&str]| words.iter().any(|word| begins_with(text, word) == Some(text.len()));
    match text.len() {
        0 | 6.. => None,
        _ if among(TRUE) => Some(true),
        _ if among(FALSE) => Some(false),
        _ => None,
    }
}

/// What a key says of a statement, if that is all it does: every alternative says the same, and one is a sign or word for it. A letter alone
/// (`F`, `x`) may be anything, and `*` is an operator.
pub(super) fn of_key<'a>(alternatives: impl Iterator<Item = (&'a str, &'a [char])> + Clone) -> Option<bool> {
    let holds = alternatives.clone().next().and_then(|(_, folded)| says(folded))?;
    let agree = alternatives.clone().all(|(_, folded)| says(folded) == Some(holds));
    (agree && alternatives.clone().any(|(raw, _)| is_plain(raw))).then_some(holds)
}

fn is_plain(raw: &str) -> bool {
    let mut characters = raw.chars().filter(|c| *c != '\u{FE0F}');
    let first = characters.next();
    let sign = first.is_some_and(|c| "√✓✔☑✅×✕✖✗✘❌╳".contains(c)) && characters.next().is_none();
    sign || matches!(raw, "对" | "错" | "正确" | "错误")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_mark_or_a_word_for_one() {
        let key = |texts: &[&str]| {
            let folded: Vec<Vec<char>> =
                texts.iter().map(|text| text.to_lowercase().replace('×', "*").chars().collect()).collect();
            of_key(texts.iter().copied().zip(folded.iter().map(Vec::as_slice)))
        };
        assert_eq!(key(&["√"]), Some(true));
        assert_eq!(key(&["对"]), Some(true));
        assert_eq!(key(&["错误", "×", "错"]), Some(false));
        assert_eq!(key(&["F", "错"]), Some(false));
        for texts in [&["F"][..], &["x"], &["*"], &["√", "错"], &["对", "右"], &["true"], &["正确答案"]] {
            assert_eq!(key(texts), None, "{texts:?}");
        }
    }
}
