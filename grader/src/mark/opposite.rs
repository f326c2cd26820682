//! Words that turn a meaning around: an answer that differs from the key by one of them is wrong, not close.

use std::sync::LazyLock;

use super::character::{CONTRARY, CONTRARY_WORD, Chars, NEGATION, class, is_chinese, sound};
use super::contrary::{CONTRARY_CHARACTERS, CONTRARY_WORDS, ENGLISH_NEGATIONS, NEGATIONS};

/// Both directions of [`CONTRARY_WORDS`].
static WORD_PAIRS: LazyLock<Vec<(Chars, Chars)>> = LazyLock::new(|| {
    let both = CONTRARY_WORDS.iter().flat_map(|&(one, other)| [(one, other), (other, one)]);
    both.map(|(own, given)| (own.chars().collect(), given.chars().collect())).collect()
});

/// Whether one text says the contrary of the other; both folded.
pub(super) fn contrary(key: &[char], answer: &[char]) -> bool {
    let prefix = key.iter().zip(answer).take_while(|(a, b)| a == b).count();
    let suffix = key[prefix..].iter().rev().zip(answer[prefix..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (own, given) = (&key[prefix..key.len() - suffix], &answer[prefix..answer.len() - suffix]);
    are_contrary(own, given)
        || exchanges(own, given)
        || denies(own, given)
        || denies(given, own)
        || negates(own, given, key, prefix)
        || negates(given, own, answer, prefix)
        || contrary_words(key, answer, prefix, suffix)
}

fn are_contrary(own: &[char], given: &[char]) -> bool {
    let ([one], [other]) = (own, given) else { return false };
    if class(*one) & class(*other) & CONTRARY == 0 {
        return false;
    }
    CONTRARY_CHARACTERS.iter().any(|pair| one != other && pair.contains(*one) && pair.contains(*other))
}

/// Whether a negation stands in the place of what is none: 不变 and 改变. A slip in writing would sound alike.
fn denies(own: &[char], given: &[char]) -> bool {
    let ([one], [other]) = (own, given) else { return false };
    let negates = |c: &char| "不无非".contains(*c);
    negates(one)
        && !negates(other)
        && class(*other) & NEGATION == 0
        && sound(*one) != sound(*other)
        && is_chinese(*other)
}

/// Whether contraries of one kind stand in each other's place and nothing else differs: 自西向东 and 自东向西. Side by side
/// (阴阳, 阳阴) their order says nothing, and two kinds exchanged (西高东低, 东低西高) may come to the same.
fn exchanges(own: &[char], given: &[char]) -> bool {
    let differing = || own.iter().zip(given).filter(|(a, b)| a != b);
    let Some((first, second)) = differing().next() else { return false };
    let one_kind = |(a, b): (&char, &char)| (a, b) == (first, second) || (b, a) == (first, second);
    own.len() == given.len()
        && own.len() > 2
        && differing().count() > 1
        && are_contrary(&[*first], &[*second])
        && differing().all(one_kind)
}

/// Whether `more` is `less` with a negation before it; both stand at `at` in texts that agree elsewhere.
fn negates(less: &[char], more: &[char], text: &[char], at: usize) -> bool {
    let Some(&first) = more.first() else { return false };
    if !first.is_ascii_alphabetic() && class(first) & NEGATION == 0 {
        return false;
    }
    let at_word_start = at == 0 || !text[at - 1].is_ascii_alphabetic();
    let with_rest = |negation: &&str| {
        let length = negation.chars().count();
        more.iter().copied().take(length).eq(negation.chars()) && more[length..] == *less
    };
    NEGATIONS.iter().any(&with_rest) || at_word_start && ENGLISH_NEGATIONS.iter().any(with_rest)
}

/// The differing parts, widened to whole words, are a contrary pair.
fn contrary_words(key: &[char], answer: &[char], prefix: usize, suffix: usize) -> bool {
    (0..=prefix.min(2)).any(|back| {
        let (own_start, given_start) = (&key[prefix - back..], &answer[prefix - back..]);
        let (Some(&own_first), Some(&given_first)) = (own_start.first(), given_start.first()) else { return false };
        let begins = |c: char| c.is_ascii_alphabetic() || class(c) & CONTRARY_WORD != 0;
        begins(own_first)
            && begins(given_first)
            && WORD_PAIRS.iter().any(|(own, given)| {
                own[0] == own_first
                    && given[0] == given_first
                    && own_start.starts_with(own)
                    && given_start.starts_with(given)
                    && own_start[own.len()..] == given_start[given.len()..]
                    && own_start.len() - own.len() <= suffix
            })
    })
}

/// Whether these added characters hold a negation.
pub(super) fn holds_negation(added: &[char]) -> bool {
    let chinese = added.iter().any(|c| "不非未无没勿莫否反禁".contains(*c));
    let english = added.split(|c| !c.is_ascii_alphabetic()).any(|word| {
        ["not", "no", "non", "never", "without", "t"].iter().any(|negation| word.iter().copied().eq(negation.chars()))
    });
    chinese || english
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says_contrary(key: &str, answer: &str) -> bool {
        contrary(&key.chars().collect::<Vec<_>>(), &answer.chars().collect::<Vec<_>>())
    }

    #[test]
    fn contraries_are_seen() {
        for (key, answer) in [
            ("生命周期短", "生命周期长"),
            ("等于", "不等于"),
            ("不等于", "等于"),
            ("空", "非空"),
            ("冗余", "无冗余"),
            ("提高效率", "降低效率"),
            ("上升", "下降"),
            ("可以转让", "不可以转让"),
            ("买方市场", "卖方市场"),
            ("correct", "incorrect"),
            ("a cat", "not a cat"),
            ("逻辑独立性", "物理独立性"),
            ("true", "false"),
            ("订阅号", "不是订阅号"),
            ("主属性", "非主属性"),
            ("增强黏性", "减弱黏性"),
        ] {
            assert!(says_contrary(key, answer), "{key} {answer}");
        }
    }

    #[test]
    fn other_differences_are_not_contraries() {
        for (key, answer) in [
            ("订阅号", "服务号"),
            ("自然", "大自然"),
            ("客户资源", "客户的资源"),
            ("概念模式", "概念模型"),
            ("数据", "书局"),
            ("a", "b"),
        ] {
            assert!(!says_contrary(key, answer), "{key} {answer}");
        }
    }
}
