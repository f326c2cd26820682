//! How long it takes to find the entries that are like a question, among 66 and 500 entries, and to make the index anew.

#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use qa_inbox::similarity::{Index, Synonyms, Text};
use qa_inbox::starter;

const ASKED: [&str; 4] =
    ["咋投稿嘞", "订月号和服务号有什么区别", "我关注了可是最近都收不到你们的消息", "今天食堂的红烧肉好咸"];

/// The starter set, again and again with other words before it.
fn entries(count: usize) -> Vec<(Vec<String>, String)> {
    let all = starter::entries();
    let entry = |number: usize| {
        let (starter, round) = (&all[number % all.len()], number / all.len());
        let start: String = if round == 0 { String::new() } else { format!("第{round}组") };
        let questions = std::iter::once(&starter.question).chain(&starter.variants);
        (questions.map(|question| format!("{start}{question}")).collect(), starter.answer.clone())
    };
    (0..count).map(entry).collect()
}

fn index(entries: &[(Vec<String>, String)]) -> Index {
    let texts: Vec<Text<'_>> = entries
        .iter()
        .map(|(questions, answer)| Text { questions: questions.iter().map(String::as_str).collect(), answer })
        .collect();
    Index::new(&texts, Synonyms::new("食堂=饭堂"))
}

fn suggestion(criterion: &mut Criterion) {
    for count in [66, 500] {
        let entries = entries(count);
        let made = index(&entries);
        assert_eq!(made.nearest(ASKED[0], 3).len(), 3);
        criterion.bench_with_input(BenchmarkId::new("suggestion", count), &made, |bencher, made| {
            let mut number = 0;
            bencher.iter(|| {
                number += 1;
                made.nearest(ASKED[number % ASKED.len()], 3)
            });
        });
        criterion.bench_with_input(BenchmarkId::new("index", count), &entries, |bencher, entries| {
            bencher.iter(|| index(entries));
        });
    }
}

criterion_group!(benches, suggestion);
criterion_main!(benches);
