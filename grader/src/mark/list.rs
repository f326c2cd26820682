//! Keys that list several things: with which marks they are set apart does not matter, and some of them are better than none.

use smallvec::SmallVec;

use super::character::{begins_with, is_chinese};

/// What stands between two things of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Separator {
    /// A mark; who leaves it out has still written the same.
    Mark,
    /// 和 and words like it.
    And,
    /// 或
    Or,
}

const WORDS: &[(&str, Separator)] = &[
    ("以及", Separator::And),
    ("和", Separator::And),
    ("与", Separator::And),
    ("及", Separator::And),
    ("跟", Separator::And),
    ("或者", Separator::Or),
    ("或", Separator::Or),
];

/// A separator at `at`, and its length.
fn separator(text: &[char], at: usize) -> Option<(Separator, usize)> {
    let before = *text.get(at.checked_sub(1)?)?;
    if before.is_ascii_alphabetic() {
        let single = |at: Option<usize>| at.and_then(|at| text.get(at)).is_none_or(|c| !c.is_ascii_alphanumeric());
        let next_is_letter = text.get(at + 1).is_some_and(char::is_ascii_alphabetic);
        let lone = next_is_letter && single(at.checked_sub(2)) && single(Some(at + 2));
        return (matches!(text[at], ',' | ';') && lone).then_some((Separator::Mark, 1));
    }
    if !is_chinese(before) {
        return None;
    }
    let (kind, length) = match text[at] {
        '-' if text.get(at + 1) == Some(&'>') => (Separator::Mark, 2),
        '-' | '~' => (Separator::Mark, text[at..].iter().take_while(|c| **c == text[at]).count()),
        ',' | ';' | '!' | '?' | '/' | '|' | '\\' | '·' => (Separator::Mark, 1),
        _ => {
            let (kind, length) =
                WORDS.iter().find_map(|(word, kind)| Some((*kind, begins_with(&text[at..], word)?)))?;
            // 共和国, 参与: there a word has two characters on either side, and 与 is an operation among others in logic.
            let around = |text: &[char]| text.iter().take(2).filter(|&&c| is_chinese(c)).count() == 2;
            let before: SmallVec<[char; 2]> = text[..at].iter().rev().take(2).copied().collect();
            let behind = &text[at + length..];
            let operation = text[..at].ends_with(&['逻', '辑']) || behind.starts_with(&['运', '算']);
            (around(&before) && around(behind) && !operation).then_some((kind, length))?
        }
    };
    text.get(at + length).is_some_and(|&c| is_chinese(c)).then_some((kind, length))
}

/// Whether a folded text lists several things.
pub(super) fn is_list(text: &[char]) -> bool {
    (1..text.len()).any(|at| separator(text, at).is_some())
}

/// Whether the answer lists the same things as the key in the same order, however they are set apart.
pub(super) fn same(key: &[char], answer: &[char]) -> bool {
    let (mut own, mut given) = (0, 0);
    while own < key.len() && given < answer.len() {
        match (separator(key, own), separator(answer, given)) {
            (Some((one, own_length)), Some((other, given_length))) => {
                if (one == Separator::Or) != (other == Separator::Or) {
                    return false;
                }
                own += own_length;
                given += given_length;
                // ", 和" is one separator.
                if let Some((_, more)) = separator_behind(answer, given) {
                    given += more;
                }
            }
            (Some((Separator::Mark, length)), None) => own += length,
            _ if key[own] == answer[given] => {
                own += 1;
                given += 1;
            }
            _ => return false,
        }
    }
    own == key.len() && given == answer.len()
}

/// A word that follows a mark: 、和.
fn separator_behind(text: &[char], at: usize) -> Option<(Separator, usize)> {
    let found = WORDS.iter().find_map(|(word, kind)| Some((*kind, begins_with(text.get(at..)?, word)?)));
    found.filter(|(kind, length)| *kind == Separator::And && !is_chinese(text[at - 1]) && text.len() > at + length)
}

/// Whether the answer lists the same things as the key in another order.
pub(super) fn is_reordered(key: &[char], answer: &[char]) -> bool {
    let (mut own, mut given) = (parts(key), parts(answer));
    own.sort_unstable();
    given.sort_unstable();
    own.len() > 1 && own == given
}

/// Whether the answer gives at least half of the things that the key lists, and nothing else.
pub(super) fn is_part(key: &[char], answer: &[char]) -> bool {
    let (own, given) = (parts(key), parts(answer));
    own.len() > 1
        && given.len() < own.len()
        && given.len() * 2 >= own.len()
        && given.iter().all(|part| own.contains(part))
}

fn parts(text: &[char]) -> SmallVec<[&[char]; 8]> {
    let (mut parts, mut start, mut at) = (SmallVec::new(), 0, 0);
    while at < text.len() {
        match separator(text, at) {
            Some((_, length)) => {
                parts.push(&text[start..at]);
                at += length;
                start = at;
            }
            None => at += 1,
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn how_things_are_set_apart_does_not_matter() {
        for (key, answer) in [
            ("望,闻,问,切", "望闻问切"),
            ("供给和需求", "供给与需求"),
            ("供给和需求", "供给,需求"),
            ("富强,民主,文明", "富强/民主,文明"),
            ("访谈,观察,文献", "访谈,观察和文献"),
            ("减轻或者免除", "减轻或免除"),
            ("秦岭-淮河", "秦岭,淮河"),
            ("a,t,c,g", "atcg"),
        ] {
            assert!(same(&chars(key), &chars(answer)), "{key} {answer}");
        }
    }

    #[test]
    fn other_lists_are_other_lists() {
        for (key, answer) in [
            ("供给和需求", "供给或需求"),
            ("供给和需求", "供给需求"),
            ("供给和需求", "需求和供给"),
            ("望,闻,问,切", "望,闻,问"),
            ("共和国", "共与国"),
            ("逻辑与运算", "逻辑和运算"),
            ("1,2", "12"),
            ("辛亥革命", "辛,亥革命"),
        ] {
            assert!(!same(&chars(key), &chars(answer)), "{key} {answer}");
        }
        assert!(is_reordered(&chars("之前或者同时"), &chars("同时或之前")));
        assert!(!is_reordered(&chars("风,雅,颂"), &chars("颂,雅")));
        assert!(is_part(&chars("比喻,拟人"), &chars("比喻")));
        assert!(!is_part(&chars("风,雅,颂"), &chars("风")));
        assert!(!is_part(&chars("风,雅,颂"), &chars("风,赋")));
    }
}
