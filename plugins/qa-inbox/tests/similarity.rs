//! The starter set against texts that were written before it: first-year students, parents, typing slips, dialect.

#![allow(missing_docs, clippy::unwrap_used)]

use qa_inbox::similarity::{Index, Synonyms, Text};
use qa_inbox::starter::{self, Starter};

const PARAPHRASES: &str = include_str!("similarity/paraphrases.tsv");

fn text(entry: &Starter) -> Text<'_> {
    let questions = std::iter::once(&entry.question).chain(&entry.variants).map(String::as_str).collect();
    Text { questions, answer: &entry.answer }
}

#[test]
fn paraphrases_find_their_entry() {
    let entries = starter::entries();
    let mut texts: Vec<Text<'_>> = entries.iter().map(text).collect();
    // As in the inbox: everyday talk is one more entry.
    texts.push(Text { questions: include_str!("../src/faq/everyday.txt").lines().collect(), answer: "" });
    let index = Index::new(&texts, Synonyms::new(""));
    let (mut all, mut first, mut third, mut missed) = (0, 0, 0, Vec::new());
    for (key, asked) in PARAPHRASES.lines().filter_map(|line| line.split_once('\t')) {
        let mut hits = index.nearest(asked, 4);
        hits.retain(|hit| hit.entry < entries.len());
        hits.truncate(3);
        let place = hits.iter().position(|hit| entries[hit.entry].key == key);
        all += 1;
        first += usize::from(place == Some(0));
        third += usize::from(place.is_some());
        if place != Some(0) {
            let got: Vec<&str> = hits.iter().map(|hit| entries[hit.entry].key.as_str()).collect();
            missed.push(format!("{asked}: {key}, but {got:?}"));
        }
    }
    println!("first {first}, among three {third} of {all}\n{}", missed.join("\n"));
    assert!(all >= 100);
    assert!(third * 100 >= all * 95, "{third} of {all}\n{}", missed.join("\n"));
    assert!(first * 100 >= all * 85, "{first} of {all}\n{}", missed.join("\n"));
}
