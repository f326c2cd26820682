//! Divides what a list of answers prints: into the answers of questions, and an answer into the keys of its blanks.

use std::sync::LazyLock;

use regex::Regex;

use super::{PRINTED, PrintedKey};
use crate::textbook::characters::{fold, marker_number, trim};
use crate::textbook::page::Proposal;

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[\s　;；。])[(（]?([0-9０-９]{1,3})(?:[.．、]|[)）][.．、]?)")
        .expect("the pattern is a constant that tests use")
});
static RUN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\s　]*[(（]?([0-9]{1,3})[)）]?[\s　]*[-–—~～至][\s　]*[(（]?([0-9]{1,3})[)）]?[\s　.．、:：]*([A-Ha-h√×✓✗对错\s　]+)[\s　。]*$")
        .expect("the pattern is a constant that tests use")
});

/// The answers of a text by their numbers, which follow each other; text before the first one has none.
pub(super) fn numbered(text: &str) -> Vec<(String, String)> {
    if RUN.is_match(text) {
        return vec![(String::new(), text.to_owned())];
    }
    let mut found: Vec<(String, String)> = Vec::new();
    let (mut last, mut from, mut number) = (None, 0, String::new());
    for captures in NUMBER.captures_iter(text) {
        let (Some(whole), Some(digits)) = (captures.get(0), captures.get(1)) else { continue };
        let digits: String = digits.as_str().chars().map(fold).collect();
        let Ok(value) = digits.parse::<u32>() else { continue };
        // "3.5" within an answer is none.
        let quantity = text[whole.end()..].starts_with(|c: char| c.is_ascii_digit()) && last.is_some();
        if last.is_some_and(|last| value != last + 1) || last.is_none() && whole.start() > 0 || quantity {
            continue;
        }
        if from > 0 {
            found.push((std::mem::take(&mut number), text[from..whole.start()].to_owned()));
        }
        (last, from, number) = (Some(value), whole.end(), digits);
    }
    found.push((number, text[from..].to_owned()));
    found
}

/// One letter for each question where a run of numbers is printed with a run of letters: `1～5 BACDB`.
pub(super) fn runs(entry: (String, String)) -> Vec<(String, String)> {
    let (number, text) = &entry;
    let Some(found) = RUN.captures(text).filter(|_| number.is_empty()) else { return vec![entry] };
    let bounds = (found[1].parse::<u32>(), found[2].parse::<u32>());
    let letters: Vec<char> = found[3].chars().filter(|c| !c.is_whitespace()).collect();
    match bounds {
        (Ok(first), Ok(last)) if last >= first && (last - first + 1) as usize == letters.len() => {
            (first..=last).zip(letters).map(|(number, letter)| (number.to_string(), letter.to_string())).collect()
        }
        _ => vec![entry],
    }
}

/// The proposals of a printed answer, if it divides into as many keys as the question has blanks.
pub(in crate::textbook) fn proposals(key: &PrintedKey, blanks: usize) -> Option<Vec<Proposal>> {
    if blanks == 0 {
        return None;
    }
    let body = key.text.trim_end_matches(['。', '.', ';', '；']);
    let divided = |dividers: &[char]| -> Vec<String> {
        let parts = body
            .split(dividers)
            .map(|part| trim(part.trim_start_matches(|c: char| marker_number(c).is_some())).to_owned());
        parts.filter(|part| !part.is_empty()).collect()
    };
    let whole = || vec![trim(body).to_owned()];
    let ways = [
        if blanks == 1 { whole() } else { Vec::new() },
        divided(&[';', '；']),
        divided(&['、']),
        divided(&[',', '，']),
        divided(&[' ', '\u{3000}', '\t']),
        divided(&[';', '；', ',', '，', '、', ' ', '\u{3000}', '\t']),
    ];
    let parts = ways.into_iter().find(|parts| {
        parts.len() == blanks && parts.iter().all(|part| part.chars().count() <= 40 && !part.contains('\n'))
    })?;
    let unknown = |part: &String| matches!(part.trim_matches(['(', ')', '（', '）']), "略" | "");
    if parts.iter().any(unknown) {
        return None;
    }
    Some(parts.into_iter().map(|answer| Proposal { answer, confidence: PRINTED, source: key.source.clone() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::textbook::page::Source;

    fn key(text: &str) -> PrintedKey {
        PrintedKey { text: text.to_owned(), source: Source { section: String::new(), quote: String::new(), line: 1 } }
    }

    #[test]
    fn answers_divide_into_as_many_keys_as_there_are_blanks() {
        for (text, blanks, expected) in [
            ("氮、磷、钾。", 3, Some("氮|磷|钾")),
            ("氮、磷；钾", 2, Some("氮、磷|钾")),
            ("四 ①氮 ②磷", 3, Some("四|氮|磷")),
            ("氮、磷", 1, Some("氮、磷")),
            ("氮", 2, None),
            ("略", 1, None),
        ] {
            let found = proposals(&key(text), blanks)
                .map(|found| found.into_iter().map(|p| p.answer).collect::<Vec<_>>().join("|"));
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn answers_divide_by_the_numbers_that_follow_each_other() {
        let shown = |text: &str| -> String {
            let entries = numbered(text).into_iter().flat_map(runs);
            entries.map(|(number, text)| format!("{number}={}", trim(&text))).collect::<Vec<_>>().join("|")
        };
        for (text, expected) in [
            ("1.B 2.A　3．C", "1=B|2=A|3=C"),
            ("4. 约3.5 吨", "4=约3.5 吨"),
            ("1～5 BACDB", "1=B|2=A|3=C|4=D|5=B"),
            ("1-3：√×√", "1=√|2=×|3=√"),
            ("1-3：AB", "=1-3：AB"),
            ("（1）氮；（2）磷", "1=氮|2=磷"),
            ("氮，见2. 节", "=氮，见2. 节"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
