//! The starter set against texts of people who had not read its wordings: first-year students, parents, typing slips,
//! dialect; in `messages.tsv` most avoid the entry's own word.

#![allow(missing_docs, clippy::unwrap_used)]

use qa_inbox::similarity::{Index, Synonyms, Text};
use qa_inbox::starter::{self, Starter};

const SETS: [(&str, &str); 4] = [
    ("paraphrases", include_str!("similarity/paraphrases.tsv")),
    ("messages", include_str!("similarity/messages.tsv")),
    ("plain", include_str!("similarity/plain.tsv")),
    // Nothing was changed after these were read for the first time.
    ("held out", include_str!("similarity/held_out.tsv")),
];

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
    for (name, set) in SETS {
        let (mut all, mut first, mut third, mut missed) = (0, 0, 0, Vec::new());
        for (key, asked) in set.lines().filter_map(|line| line.split_once('\t')) {
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
        println!("{name}: first {first}, among three {third} of {all}\n{}", missed.join("\n"));
        assert!(all >= 100);
        assert!(third * 100 >= all * 95, "{name}: {third} of {all}\n{}", missed.join("\n"));
        assert!(first * 100 >= all * 85, "{name}: {first} of {all}\n{}", missed.join("\n"));
    }
}
