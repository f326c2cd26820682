//! An answer, and what is worked out about it without looking at a key.

use std::cell::OnceCell;

use super::case::Case;
use super::fold::{Text, trimmed};
use super::prepared::{MAX_PREPARED, hash};
use super::reading;

/// Longest answer that is marked, in characters. Longer ones are to be refused before they get here; marking calls them incorrect.
pub const MAX_ANSWER: usize = 1_000;

/// An answer; what has to be worked out about it is worked out once, however many keys it is held against.
#[derive(Clone, Debug)]
pub(super) struct Given<'a> {
    /// Without the spaces and line ends around it.
    pub(super) answer: &'a str,
    /// Of the answer, for finding it among what is prepared with a key.
    pub(super) hash: u64,
    text: OnceCell<Box<Text>>,
    pub(super) too_long: bool,
}

impl<'a> Given<'a> {
    pub(super) fn new(answer: &'a str) -> Given<'a> {
        let answer = trimmed(answer);
        // Longer answers are never prepared.
        let hash = if answer.len() > MAX_PREPARED { 0 } else { hash(answer.as_bytes()) };
        Given { answer, hash, text: OnceCell::new(), too_long: is_too_long(answer) }
    }

    /// The answer in the form in which texts are compared.
    pub(super) fn text(&self) -> &Text {
        self.text.get_or_init(|| Box::new(Text::new(self.answer)))
    }
}

/// Counting stops early; most answers have fewer bytes than that.
fn is_too_long(answer: &str) -> bool {
    answer.len() > MAX_ANSWER && answer.chars().nth(MAX_ANSWER).is_some()
}

/// A fixed way to write an answer, under which answers that are equal (without looking at a key) come together.
pub fn normal_form(answer: &str) -> String {
    if is_too_long(answer) {
        return answer.chars().take(MAX_ANSWER).collect();
    }
    let text = Text::new(answer);
    match reading::readings(&text.folded).as_slice() {
        [only] => only.standard(),
        _ => match Case::of(&text) {
            Case::Free => text.form().iter().collect(),
            Case::OneForAll if text.is_of_one_case() => text.form().iter().collect(),
            _ => text.cased().iter().collect(),
        },
    }
}
