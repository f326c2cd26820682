//! Answers that resemble a key without being equal to it. Nothing here ever credits an answer; it decides what a teacher should see.

use super::character::{Chars, confusable, is_chinese, is_word, look_alike, sound};
use super::difference::{bare, is_formula, lacks_power_sign, other_label, other_number, other_operator, same_number};
use super::opposite::{contrary, holds_negation};
use super::reason::Resemblance;

/// What a comparison of two unequal texts shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Nothing in common that matters.
    None,
    /// The same text with another number in it.
    OtherNumber,
    /// The contrary.
    Opposite,
    /// Alike.
    Alike(Resemblance),
}

/// Characters that add little to a meaning, so that a one-character key with one of them is still worth a look.
const LIGHT: &str = "的地得了着过是为叫即指有在等和与及各每该其之者性化类型式一个们儿子等号气更较变成呈向边侧色朝代方";

/// Longest text that is compared character by character.
const LONGEST: usize = 64;

/// How an answer resembles a key; both are folded and not equal.
pub(super) fn likeness(key: &[char], answer: &[char]) -> Likeness {
    let (n, m) = (key.len(), answer.len());
    if n == 0 || m == 0 || m > LONGEST || n > LONGEST || m > 3 * n + 8 {
        return Likeness::None;
    }
    if !shares_enough(key, answer) {
        return Likeness::None;
    }
    if contrary(key, answer) {
        return Likeness::Opposite;
    }
    if other_number(key, answer) {
        return Likeness::OtherNumber;
    }
    if lacks_power_sign(key, answer) || lacks_power_sign(answer, key) {
        return Likeness::Alike(Resemblance::Punctuation);
    }
    if other_operator(key, answer) || other_label(key, answer) {
        return Likeness::None;
    }
    let latin = !key.iter().chain(answer).copied().any(is_chinese);
    match if latin { like_latin(key, answer) } else { like_chinese(key, answer) } {
        Some(resemblance) => Likeness::Alike(resemblance),
        None => Likeness::None,
    }
}

/// A cheap look that lets most wrong answers go: one sound, one character or one look-alike in common.
fn shares_enough(key: &[char], answer: &[char]) -> bool {
    answer.iter().any(|&given| {
        key.iter().any(|&own| {
            own == given
                || (sound(own) != 0 && sound(own) == sound(given))
                || (own.is_ascii() || given.is_ascii()) && confusable(own) == confusable(given)
        })
    }) || key.len() == 1 && answer.len() == 1 && look_alike(key[0], answer[0])
}

fn like_chinese(key: &[char], answer: &[char]) -> Option<Resemblance> {
    let (n, m) = (key.len(), answer.len());
    if n == m && key.iter().zip(answer).all(|(&a, &b)| a == b || (sound(a) != 0 && sound(a) == sound(b))) {
        return Some(Resemblance::Sound);
    }
    if n == m && key.iter().zip(answer).all(|(&a, &b)| look_alike(a, b) || a == b) {
        return Some(Resemblance::Shape);
    }
    // 从西往东 for 自西向东
    let direction = |c: char| match c {
        '从' | '由' => '自',
        '往' | '朝' => '向',
        other => other,
    };
    if n == m && n > 2 && key.iter().zip(answer).all(|(&a, &b)| direction(a) == direction(b)) {
        return Some(Resemblance::Character);
    }
    // 3查7对 for 三查七对
    if n == m && key.iter().zip(answer).all(|(&a, &b)| a == b || same_number(&[a], &[b])) {
        return Some(Resemblance::Form);
    }
    let has_marks = key.iter().chain(answer).any(|&c| !is_word(c));
    if has_marks {
        let (own, given) = (bare(key), bare(answer));
        if own == given && !own.is_empty() {
            return Some(Resemblance::Punctuation);
        }
        if sorted(&own) == sorted(&given) && own.len() > 1 {
            return Some(Resemblance::Order);
        }
        let heard = |(&a, &b): (&char, &char)| a == b || (sound(a) != 0 && sound(a) == sound(b));
        if own.len() == given.len() && own.len() > 1 && own.iter().zip(&given).all(heard) {
            return Some(Resemblance::Sound);
        }
    }
    if n == 1 || m == 1 {
        return like_single(key, answer);
    }
    if n == m && sorted(key) == sorted(answer) {
        return Some(Resemblance::Order);
    }
    if let Some(resemblance) = contained(key, answer) {
        return Some(resemblance);
    }
    let most = if n.min(m) >= 7 { 2 } else { 1 };
    let (distance, common) = distance_and_common(key, answer);
    if distance <= most {
        return Some(match n.cmp(&m) {
            std::cmp::Ordering::Equal => {
                let alike = key
                    .iter()
                    .zip(answer)
                    .all(|(&a, &b)| a == b || look_alike(a, b) || (sound(a) != 0 && sound(a) == sound(b)));
                if alike { Resemblance::Shape } else { Resemblance::Character }
            }
            std::cmp::Ordering::Greater => Resemblance::Missing,
            std::cmp::Ordering::Less => Resemblance::Added,
        });
    }
    let long_enough = n.min(m) >= 5 && common * 4 >= n.max(m) * 3;
    long_enough.then_some(Resemblance::Character)
}

/// A key or answer of one character: with light characters around it, it is worth a look.
fn like_single(key: &[char], answer: &[char]) -> Option<Resemblance> {
    let (short, long) = if key.len() == 1 { (key[0], answer) } else { (answer[0], key) };
    // 选B, B项
    if short.is_ascii_alphanumeric() && key.len() == 1 {
        let choice = long.len() <= 4 && long.iter().filter(|c| **c == short).count() == 1;
        let only_chinese = long.iter().all(|&c| c == short || is_chinese(c));
        return (choice && only_chinese && !holds_negation(long)).then_some(Resemblance::Added);
    }
    if !is_chinese(short) || long.len() > 3 || !long.contains(&short) {
        return None;
    }
    let light = long.iter().all(|c| *c == short || LIGHT.contains(*c));
    match key.len() {
        1 if light => Some(Resemblance::Added),
        // 女 for 女性.
        2 if light => Some(Resemblance::Missing),
        _ => None,
    }
}

/// One text within the other, whole or with gaps.
fn contained(key: &[char], answer: &[char]) -> Option<Resemblance> {
    let (short, long, resemblance) =
        if key.len() < answer.len() { (key, answer, Resemblance::Added) } else { (answer, key, Resemblance::Missing) };
    let whole = long.windows(short.len()).any(|window| window == short);
    let abbreviation = resemblance == Resemblance::Missing && !whole && short[0] == long[0];
    let slack = match () {
        () if abbreviation => short.len(),
        () if whole && resemblance == Resemblance::Added => 2,
        () => 0,
    };
    // 通胀 for 通货膨胀 is an abbreviation; 货胀 is not.
    let abbreviates = whole || short.len() >= 3 || short[0] == long[0];
    if long.len() > 2 * short.len() + slack || !abbreviates {
        return None;
    }
    let mut rest = short.iter();
    let mut wanted = rest.next();
    let mut added = Chars::new();
    for character in long {
        if Some(character) == wanted {
            wanted = rest.next();
        } else {
            added.push(*character);
        }
    }
    if wanted.is_some() || (holds_negation(&added) && resemblance == Resemblance::Added) {
        return None;
    }
    Some(resemblance)
}

fn like_latin(key: &[char], answer: &[char]) -> Option<Resemblance> {
    let (n, m) = (key.len(), answer.len());
    let (own, given) = (bare(key), bare(answer));
    // C, C++ and C# are three languages.
    if own == given && own.len() > 1 {
        return Some(Resemblance::Punctuation);
    }
    if n == m && key.iter().zip(answer).all(|(&a, &b)| confusable(a) == confusable(b)) {
        return Some(Resemblance::Shape);
    }
    let has_brackets = key.iter().chain(answer).any(|c| "^([{".contains(*c));
    if !has_brackets && let Some(resemblance) = contained_words(key, answer) {
        return Some(resemblance);
    }
    if own.len() < 3 || given.len() < 2 {
        return None;
    }
    // SLQ is a slip for SQL; C2B is not one for B2C.
    if sorted(&own) == sorted(&given) && (own.len() > 3 || distance_and_common(&own, &given).0 == 1) {
        return Some(Resemblance::Order);
    }
    if own.len() == given.len() && is_formula(key) && is_formula(answer) {
        return None;
    }
    // Formulas and codes: CO2 is not CO, 0x1f not 0x1e.
    let digits = |text: &[char]| sorted(&text.iter().copied().filter(char::is_ascii_digit).collect::<Chars>());
    if digits(&own) != digits(&given) || !digits(&own).is_empty() && own.len() <= 6 {
        return None;
    }
    let shorter = own.len().min(given.len());
    let most = match shorter {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    let (distance, _) = distance_and_common(&own, &given);
    if distance > most {
        return stem(&own, &given);
    }
    Some(match own.len().cmp(&given.len()) {
        std::cmp::Ordering::Equal => Resemblance::Character,
        std::cmp::Ordering::Greater => Resemblance::Missing,
        std::cmp::Ordering::Less => Resemblance::Added,
    })
}

/// One word with another ending: index and indexes, insert and inserting.
fn stem(own: &[char], given: &[char]) -> Option<Resemblance> {
    let common = own.iter().zip(given).take_while(|(a, b)| a == b).count();
    let (short, long) = (own.len().min(given.len()), own.len().max(given.len()));
    (common >= 4 && short - common <= 2 && long - common <= 3).then_some(if given.len() > own.len() {
        Resemblance::Added
    } else {
        Resemblance::Missing
    })
}

/// One text within the other, at word boundaries: SQL and SQL Server.
fn contained_words(key: &[char], answer: &[char]) -> Option<Resemblance> {
    let words = |text: &[char]| {
        text.split(|&c| !is_word(c)).filter(|w| !w.is_empty()).map(Chars::from_slice).collect::<Vec<_>>()
    };
    let (own, given) = (words(key), words(answer));
    let within = |short: &[Chars], long: &[Chars]| {
        !short.is_empty() && short.len() < long.len() && long.windows(short.len()).any(|w| w == short)
    };
    if within(&own, &given) {
        return (given.len() <= own.len() + 3 && !holds_negation(answer)).then_some(Resemblance::Added);
    }
    (within(&given, &own) && own.len() < 2 * given.len()).then_some(Resemblance::Missing)
}

fn sorted(text: &[char]) -> Chars {
    let mut sorted = Chars::from_slice(text);
    sorted.sort_unstable();
    sorted
}

/// Edits between two texts (insert, delete, replace, swap neighbours) and the length of their longest common subsequence.
fn distance_and_common(one: &[char], other: &[char]) -> (usize, usize) {
    const WIDTH: usize = LONGEST + 1;
    let mut rows = [[0_u8; WIDTH]; 3];
    let mut common = [[0_u8; WIDTH]; 2];
    for (column, cell) in rows[0].iter_mut().enumerate().take(other.len() + 1) {
        *cell = column as u8;
    }
    for (i, &a) in one.iter().enumerate() {
        let (now, last, before) = ((i + 1) % 3, i % 3, (i + 2) % 3);
        rows[now][0] = i as u8 + 1;
        for (j, &b) in other.iter().enumerate() {
            let replaced = rows[last][j] + u8::from(a != b);
            let mut best = replaced.min(rows[last][j + 1] + 1).min(rows[now][j] + 1);
            if i > 0 && j > 0 && a == other[j - 1] && one[i - 1] == b {
                best = best.min(rows[before][j - 1] + 1);
            }
            rows[now][j + 1] = best;
            common[(i + 1) % 2][j + 1] =
                if a == b { common[i % 2][j] + 1 } else { common[i % 2][j + 1].max(common[(i + 1) % 2][j]) };
        }
    }
    (usize::from(rows[one.len() % 3][other.len()]), usize::from(common[one.len() % 2][other.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(key: &str, answer: &str) -> Likeness {
        likeness(&key.chars().collect::<Vec<_>>(), &answer.chars().collect::<Vec<_>>())
    }

    #[test]
    fn what_a_teacher_wants_to_see() {
        use Resemblance::*;
        for (key, answer, expected) in [
            ("数据", "书局", Sound),
            ("实体", "试题", Sound),
            ("候选码", "后选码", Sound),
            ("概念模式", "概念模型", Character),
            ("客户资源", "客户的资源", Added),
            ("流量包", "流量的包", Added),
            ("关系模型", "模型关系", Order),
            ("自然", "大自然", Added),
            ("数据库管理系统", "数据管理系统", Missing),
            ("insert", "inser", Missing),
            ("insert", "inesrt", Order),
            ("己", "已", Shape),
            ("sql", "sql server", Added),
            ("database", "data base", Punctuation),
            ("天", "每天", Added),
            ("primary key", "primary keys", Added),
        ] {
            assert_eq!(of(key, answer), Likeness::Alike(expected), "{key} {answer}");
        }
    }

    #[test]
    fn what_is_plainly_wrong() {
        for (key, answer) in [
            ("订阅号", "服务号"),
            ("天", "周"),
            ("cat", "catastrophe"),
            ("dog", "hotdog"),
            ("ddl", "dml"),
            ("b2b", "b2c"),
            ("关系模型", "网状"),
        ] {
            assert!(
                matches!(of(key, answer), Likeness::None | Likeness::OtherNumber),
                "{key} {answer} {:?}",
                of(key, answer)
            );
        }
        assert_eq!(of("第3范式", "第2范式"), Likeness::OtherNumber);
        assert_eq!(of("5g", "4g"), Likeness::OtherNumber);
        assert_eq!(of("web2.0", "web3.0"), Likeness::OtherNumber);
        assert_eq!(of("生命周期短", "生命周期长"), Likeness::Opposite);
        assert_eq!(of("cat", "not a cat"), Likeness::Opposite);
    }
}
