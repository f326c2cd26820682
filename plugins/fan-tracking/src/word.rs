//! Claim words (口令): each student has one, such as A073. The last digit checks the others, so that a slip of the finger
//! credits nobody else.

use plugin_sdk::prelude::*;

use crate::number::narrow;

/// What a claim word begins with.
const LETTER: char = 'A';
/// What makes a word speak of the sender's own account.
const OWN: [&str; 3] = ["本人", "我是", "ME"];
/// What the name of a QR scene of this tool begins with.
const SCENE: &str = "fans-";
/// The most students with a word.
const MOST: i64 = 9_999;

/// Damm's quasigroup: finds every wrong digit and every exchange of two neighbours.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The number of a student who brought the sender.
    Claim(i64),
    /// The number of the student who is the sender.
    Own(i64),
    /// A word with a slip in it.
    Slip,
    /// Nothing of the kind.
    Nothing,
}

/// The word of a number.
pub fn word(number: i64) -> String {
    let digits = format!("{number:02}");
    let check = digits.bytes().fold(0, step);
    format!("{LETTER}{digits}{check}")
}

/// The number of a word.
pub fn number(text: &str) -> Option<i64> {
    match said(text) {
        Said::Claim(number) => Some(number),
        _ => None,
    }
}

/// The scene of a student's QR code.
pub fn scene(number: i64) -> String {
    format!("{SCENE}{}", word(number))
}

/// The number of the student whose QR code has this scene.
pub fn of_scene(scene: &str) -> Option<i64> {
    scene.strip_prefix(SCENE).and_then(number)
}

/// Reads a message: the word alone, in either case and width, with spaces or 口令 around it.
pub fn said(text: &str) -> Said {
    let plain: String = text.chars().map(narrow).filter(|sign| !sign.is_whitespace()).collect();
    let plain = plain.to_uppercase();
    let plain =
        plain.trim_start_matches("口令").trim_start_matches([':', '"', '“']).trim_end_matches(['.', '。', '"', '”']);
    let (is_own, rest) = match OWN.iter().find_map(|own| plain.strip_prefix(own)) {
        Some(rest) => (true, rest),
        None => (false, plain),
    };
    let Some(digits) = rest.strip_prefix(LETTER) else { return Said::Nothing };
    if !(3..=5).contains(&digits.len()) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Said::Nothing;
    }
    if digits.bytes().fold(0, step) != 0 {
        return Said::Slip;
    }
    match digits[..digits.len() - 1].parse::<i64>() {
        Ok(number) if number > 0 && is_own => Said::Own(number),
        Ok(number) if number > 0 => Said::Claim(number),
        _ => Said::Slip,
    }
}

/// The numbers of the students, who get one when they have none yet.
pub fn numbers(host: &Host, students: &[Person]) -> Result<Vec<(Uuid, i64)>> {
    let class = host.class()?.id;
    let known = || -> Result<Vec<(Uuid, i64)>> {
        let rows = host.query("select person_id, number from claim_word where class_id = $1", params![class])?;
        rows.iter().map(|row| Ok((row.get("person_id")?, row.get("number")?))).collect()
    };
    let mut numbers = known()?;
    let is_new = |person: &&Person| !numbers.iter().any(|(known, _)| *known == person.id);
    let new: Vec<Uuid> = students.iter().filter(is_new).map(|person| person.id).collect();
    if !new.is_empty() {
        let mut batch = host.batch();
        for person in new.iter().take(900) {
            // Two who open the page at once count on from the same number: one of them is left out here and gets
            // their word the next time.
            batch = batch.add(
                "insert into claim_word (class_id, person_id, number)
                 select $1, $2, last + 1
                 from (select coalesce(max(number), 0) as last from claim_word where class_id = $1) as known
                 where last < $3 on conflict do nothing",
                params![class, *person, MOST],
            );
        }
        batch.run()?;
        numbers = known()?;
    }
    Ok(numbers)
}

/// The student with this number.
pub fn student(host: &Host, number: i64) -> Result<Option<Uuid>> {
    let found = host.query(
        "select person_id from claim_word where class_id = $1 and number = $2",
        params![host.class()?.id, number],
    )?;
    found.first().map(|row| row.get("person_id")).transpose()
}

fn step(interim: u8, digit: u8) -> u8 {
    DAMM[usize::from(interim)][usize::from(digit.saturating_sub(b'0').min(9))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_back_however_it_is_typed() {
        for number in [1, 7, 42, 99, 100, 1_234] {
            let word = word(number);
            assert_eq!(said(&word), Said::Claim(number), "{word}");
            assert_eq!(said(&format!(" 口令：{} ", word.to_lowercase())), Said::Claim(number));
            assert_eq!(said(&format!("本人 {word}。")), Said::Own(number));
            assert_eq!(of_scene(&scene(number)), Some(number));
        }
        assert_eq!(said("ａ０７９"), said("A079"), "full width");
        for other in ["", "A", "你好", "A12", "A123456", "报名什么时候截止？", "A07 怎么走", "B079"] {
            assert_eq!(said(other), Said::Nothing, "{other}");
        }
    }

    #[test]
    fn every_slip_of_one_digit_or_two_neighbours_is_found() {
        for number in 1..200 {
            let word = word(number).into_bytes();
            for place in 1..word.len() {
                for digit in b'0'..=b'9' {
                    let mut slip = word.clone();
                    slip[place] = digit;
                    let expected = if digit == word[place] { Said::Claim(number) } else { Said::Slip };
                    assert_eq!(said(std::str::from_utf8(&slip).unwrap()), expected);
                }
                let mut swapped = word.clone();
                if place + 1 < word.len() && word[place] != word[place + 1] {
                    swapped.swap(place, place + 1);
                    assert_eq!(said(std::str::from_utf8(&swapped).unwrap()), Said::Slip);
                }
            }
        }
    }
}
