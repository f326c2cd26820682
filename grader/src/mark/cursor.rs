//! Reading a quantity from left to right, word by word.

use super::character::begins_with;
use super::number::Number;
use super::numeral;
use super::quantity::Bound;
use super::unit::Unit;

/// Words before a number that say how exact it is.
pub(super) const BOUNDS_BEFORE: &[(&str, Bound)] = &[
    ("大约", Bound::About),
    ("大概", Bound::About),
    ("约为", Bound::About),
    ("约", Bound::About),
    ("近", Bound::About),
    ("将近", Bound::About),
    ("接近", Bound::About),
    ("不少于", Bound::AtLeast),
    ("不低于", Bound::AtLeast),
    ("至少", Bound::AtLeast),
    ("最少", Bound::AtLeast),
    (">=", Bound::AtLeast),
    ("大于等于", Bound::AtLeast),
    ("大于或等于", Bound::AtLeast),
    ("=>", Bound::AtLeast),
    ("不小于", Bound::AtLeast),
    ("超过", Bound::More),
    ("大于", Bound::More),
    ("多于", Bound::More),
    ("高于", Bound::More),
    (">", Bound::More),
    ("不超过", Bound::AtMost),
    ("不多于", Bound::AtMost),
    ("不高于", Bound::AtMost),
    ("不大于", Bound::AtMost),
    ("最多", Bound::AtMost),
    ("至多", Bound::AtMost),
    ("<=", Bound::AtMost),
    ("小于等于", Bound::AtMost),
    ("小于或等于", Bound::AtMost),
    ("=<", Bound::AtMost),
    ("不到", Bound::Less),
    ("不足", Bound::Less),
    ("少于", Bound::Less),
    ("小于", Bound::Less),
    ("低于", Bound::Less),
    ("<", Bound::Less),
];
/// The same behind a number.
pub(super) const BOUNDS_BEHIND: &[(&str, Bound)] = &[
    ("左右", Bound::About),
    ("上下", Bound::About),
    ("以上", Bound::AtLeast),
    ("及以上", Bound::AtLeast),
    ("多", Bound::More),
    ("余", Bound::More),
    ("以下", Bound::AtMost),
    ("以内", Bound::AtMost),
    ("之内", Bound::AtMost),
    ("内", Bound::AtMost),
    ("及以下", Bound::AtMost),
];

/// Reads a text from left to right.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a [char],
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [char]) -> Cursor<'a> {
        Cursor { text, at: 0 }
    }

    pub(super) fn take(&mut self, word: &str) -> bool {
        let found = begins_with(&self.text[self.at..], word);
        self.at += found.unwrap_or(0);
        found.is_some()
    }

    pub(super) fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(word))
    }

    pub(super) fn take_bound(&mut self, bounds: &[(&str, Bound)]) -> Option<Bound> {
        let rest = &self.text[self.at..];
        let found = bounds.iter().filter_map(|(word, bound)| Some((begins_with(rest, word)?, *bound)));
        let (length, bound) = found.max_by_key(|(length, _)| *length)?;
        self.at += length;
        Some(bound)
    }

    pub(super) fn number(&mut self) -> Option<Number> {
        let (number, end) = numeral::read(self.text, self.at)?;
        self.at = end;
        Some(number)
    }

    pub(super) fn signed_number(&mut self) -> Option<Number> {
        let negative = self.take_any(&["-", "负", "零下"]);
        if !negative {
            self.take("+");
        }
        let number = self.number()?;
        Some(if negative { number.negated() } else { number })
    }

    pub(super) fn integer(&mut self, range: std::ops::RangeInclusive<i128>) -> Option<i128> {
        self.number()?.as_integer().filter(|value| range.contains(value))
    }

    pub(super) fn unit(&mut self) -> Option<Unit> {
        let (unit, length) = Unit::leading(&self.text[self.at..])?;
        self.at += length;
        Some(unit)
    }

    pub(super) fn rest(&self) -> &[char] {
        &self.text[self.at..]
    }

    pub(super) fn is_done(&self) -> bool {
        self.at == self.text.len()
    }
}
