//! Building a book of 400 chapters, and searching it. `cargo bench -p server --bench content`
//!
//! The goals: at least three times mdBook's chapters a second (265–305 without and 158–164 with its search index, on two
//! cores), and every search answered in less than 20 ms.

#![allow(missing_docs)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use server::content::{Content, Source};
use tempfile::TempDir;

const CHAPTERS: usize = 400;

/// Sentences that chapters are made of.
const SENTENCES: [&str; 12] = [
    "店里的客人先在门口停一停，再决定要不要走进来。",
    "一条消息写得再好，发错了时间也没有人看。",
    "粉丝的数量容易看见，粉丝的信任要过很久才看得出来。",
    "老师把全班分成四组，每组照看一个公众号，每天有人值班。",
    "价格可以改，名声很难改；先想清楚自己要卖什么。",
    "他把每天的订阅人数记在一张表里，月底画成一条折线。",
    "WeChat上的一篇文章，开头三行决定读者留不留下来。",
    "有人问为什么不多发几条，答案是读者的耐心只有这么多。",
    "做活动以前先算账：花多少钱，带来多少人，留下多少人。",
    "客人留言要当天回答，答不上来也要先说一声收到了。",
    "同一张图片放在手机上看，字要大，话要少。",
    "一学期结束的时候，他们数了数，一共写了一百二十篇文章。",
];

/// A source of numbers that is the same in every run.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % limit
    }

    fn sentences(&mut self, count: usize) -> String {
        (0..count).map(|_| SENTENCES[self.below(SENTENCES.len())]).collect()
    }
}

fn chapter(number: usize, numbers: &mut Sequence) -> String {
    let mut text = format!(
        "---\ntitle: 第{number}课\nnumber: {number}\nkeywords: [粉丝, 值班]\nsummary: 一家小店的一年。\n---\n\n{}\n\n",
        numbers.sentences(4)
    );
    for section in 1..=7 {
        writeln!(text, "## {number}.{section} 第{section}件事\n").expect("writes to a string");
        for part in 1..=3 {
            writeln!(text, "### {number}.{section}.{part} 怎样做\n").expect("writes to a string");
            for _ in 0..3 {
                writeln!(text, "{}**要紧的话**。{}\n", numbers.sentences(3), numbers.sentences(2))
                    .expect("writes to a string");
            }
        }
        writeln!(text, "- {}\n- {}[^{section}]\n", numbers.sentences(1), numbers.sentences(1))
            .expect("writes to a string");
        writeln!(text, "| 项目 | 花费 |\n|---|--:|\n| 海报 | 30 |\n| 奖品 | 200 |\n").expect("writes to a string");
        writeln!(text, "[^{section}]: {}\n", numbers.sentences(1)).expect("writes to a string");
    }
    text.push_str("## 问答\n\n");
    for question in 1..=6 {
        writeln!(text, "### {question}. 为什么？\n\n{}\n", numbers.sentences(3)).expect("writes to a string");
    }
    text.push_str(
        "## 主要知识点\n\n粉丝\n: 关注账号的人。\n\n公众号\n: 发布内容的账号。\n\n值班\n: 轮流照看账号。\n\n",
    );
    writeln!(text, "## 本章小结\n\n{}", numbers.sentences(5)).expect("writes to a string");
    text
}

fn book(root: &Path) -> usize {
    let mut numbers = Sequence(2026);
    let slugs: Vec<String> = (1..=CHAPTERS).map(|number| format!("lesson-{number}")).collect();
    let course = root.join("shop");
    fs::create_dir_all(&course).expect("a temporary folder is writable");
    let header = format!("---\ntitle: 小店一年\nchapters: [{}]\n---\n\n四百课。\n", slugs.join(", "));
    fs::write(course.join("course.md"), header).expect("a temporary folder is writable");
    let mut characters = 0;
    for (index, slug) in slugs.iter().enumerate() {
        let folder = course.join(slug);
        fs::create_dir(&folder).expect("a temporary folder is writable");
        let text = chapter(index + 1, &mut numbers);
        characters += text.chars().count();
        fs::write(folder.join("chapter.md"), text).expect("a temporary folder is writable");
        let exercises = format!(
            "---\ncourse: shop\nchapter: {slug}\ntitle: 作业\n---\n\n1. 每天[[一]]个人值班，答案当[[天]]给。\n\n2. 谈谈你的店。{{essay points=10}}\n"
        );
        fs::write(folder.join("assignment.md"), exercises).expect("a temporary folder is writable");
    }
    characters
}

fn open(folder: &TempDir) -> std::sync::Arc<Content> {
    Content::open(Source::Directory(folder.path().to_owned()))
}

fn bench(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let characters = book(folder.path());
    println!("a book of {CHAPTERS} chapters, {} characters each", characters / CHAPTERS);
    let library = open(&folder).library();
    assert_eq!(library.courses[0].chapters.len(), CHAPTERS);
    let problems: Vec<String> =
        library.problems.iter().map(|problem| problem.render(server::i18n::Language::English)).collect();
    assert_eq!(problems, Vec::<String>::new());

    let mut group = criterion.benchmark_group("book");
    group.sample_size(10).measurement_time(Duration::from_secs(8)).throughput(Throughput::Elements(CHAPTERS as u64));
    group.bench_function("build", |bencher| {
        bencher.iter(|| {
            let library = open(&folder).library();
            assert_eq!(library.courses[0].chapters.len(), CHAPTERS);
        });
    });
    let content = open(&folder);
    let first = folder.path().join("shop/lesson-1/chapter.md");
    let text = fs::read_to_string(&first).expect("just written");
    let mut edits = 0;
    group.bench_function("reload after one edit", |bencher| {
        bencher.iter(|| {
            edits += 1;
            fs::write(&first, format!("{text}\n{edits}\n")).expect("a temporary folder is writable");
            assert!(content.reload());
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("search");
    for (name, query, least) in [
        ("one character that is everywhere", "的", 400),
        ("two characters", "粉丝", 400),
        ("three words", "粉丝 值班 海报", 1),
        ("a phrase", "每组照看一个公众号", 100),
        ("nothing at all", "宇宙飞船发动机", 0),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let found = library.search.search(query);
                assert!(found.total >= least, "{query}: {}", found.total);
                found
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
