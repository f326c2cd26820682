//! Entries for every class to begin with, about running a public account and the course's subject.

use std::sync::LazyLock;

use plugin_sdk::uuid::Uuid;
use serde::Deserialize;

/// An entry of the starter set.
#[derive(Clone, Debug)]
pub struct Starter {
    /// Its id in every class.
    pub id: Uuid,
    /// Short name.
    pub key: String,
    /// How it is asked most plainly.
    pub question: String,
    /// Other ways to ask it.
    pub variants: Vec<String>,
    /// What is answered.
    pub answer: String,
}

#[derive(Deserialize)]
struct Line {
    key: String,
    question: String,
    variants: String,
    answer: String,
}

static ENTRIES: LazyLock<Vec<Starter>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(include_bytes!("starter/starter.csv").as_slice());
    let lines = reader.deserialize::<Line>().map(|line| line.expect("the file is part of the program and tested"));
    lines.enumerate().map(|(place, line)| entry(place, line)).collect()
});

/// All entries.
pub fn entries() -> &'static [Starter] {
    &ENTRIES
}

fn entry(place: usize, line: Line) -> Starter {
    Starter {
        // Ids of this kind are made nowhere else: they have no version.
        id: Uuid::from_u128(0xfa00_0000_0000_0000 + place as u128),
        key: line.key,
        question: line.question,
        variants: line.variants.split('|').map(str::to_owned).collect(),
        answer: line.answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_wordings_and_an_answer_that_fits_a_message() {
        let keys: std::collections::HashSet<&str> = entries().iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!(keys.len(), entries().len());
        assert!(keys.len() >= 30);
        for entry in entries() {
            let length = entry.answer.chars().count();
            assert!(entry.variants.len() >= 3 && (20..=300).contains(&length), "{}", entry.key);
        }
    }
}
