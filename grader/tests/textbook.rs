//! Printed chapters of our own writing, in the state in which text extraction leaves them, read as a teacher's would be.

use std::fmt::Write as _;

use grader::Language;
use grader::assignment::{QuestionKind, parse};
use grader::textbook::{self, Page, SURE, read};
use proptest::prelude::*;

/// A chapter and what a person found in it: per question its kind and its keys, `?` for one that the book lacks.
struct Chapter {
    name: &'static str,
    source: &'static str,
    expected: &'static str,
}

macro_rules! chapter {
    ($name:literal) => {
        Chapter {
            name: $name,
            source: include_str!(concat!("textbook/", $name, ".txt")),
            expected: include_str!(concat!("textbook/", $name, ".expected")),
        }
    };
}

/// Bare spaces and running heads; underscores, brackets and a table of contents; spaces, form feeds and CR LF; questions
/// that put the book's sentences in other words; definitions asked from either end; a programming
/// language among Chinese, contents without page numbers, judgements and choices.
///
/// The others were printed as a book is and read out of the PDF by four programs: underlines that leave nothing but early
/// line ends; two columns side by side, keys at the end; radicals instead of characters, brackets; a full-width underline,
/// pairs to be matched; leaders for blanks, justified lines set wide; two columns and Latin words; lines of one character.
const CHAPTERS: [Chapter; 13] = [
    chapter!("storage"),
    chapter!("network"),
    chapter!("food"),
    chapter!("news"),
    chapter!("insurance"),
    chapter!("python"),
    chapter!("photo"),
    chapter!("accounting"),
    chapter!("firstaid"),
    chapter!("tea"),
    chapter!("consumer"),
    chapter!("database"),
    chapter!("video"),
];

/// How the proposals of a page compare with the keys.
#[derive(Debug, Default)]
struct Tally {
    blanks: usize,
    in_book: usize,
    right: usize,
    wrong: usize,
    sure_right: usize,
    sure_wrong: usize,
    mistakes: String,
}

impl Tally {
    fn add(&mut self, place: &str, keys: &str, page: &Page, question: usize, blank: usize) {
        self.blanks += 1;
        self.in_book += usize::from(keys != "?");
        let Some(proposal) = page.exercises[question].proposals[blank].first() else { return };
        let right = keys.split('|').any(|key| key == proposal.answer);
        let sure = proposal.confidence >= SURE;
        self.right += usize::from(right);
        self.wrong += usize::from(!right);
        self.sure_right += usize::from(right && sure);
        self.sure_wrong += usize::from(!right && sure);
        if !right {
            let _ = writeln!(
                self.mistakes,
                "{place}: {} {:.2}, not {keys} <- {}",
                proposal.answer, proposal.confidence, page.exercises[question].question.text
            );
        }
    }
}

#[test]
fn every_exercise_is_found_with_its_kind_and_its_blanks() {
    for chapter in &CHAPTERS {
        assert!(textbook::is_textbook(chapter.source), "{}", chapter.name);
        let page = read(chapter.source, Language::Chinese);
        let found: Vec<(String, QuestionKind, usize)> = page
            .exercises
            .iter()
            .map(|exercise| (exercise.question.number.clone(), exercise.question.kind, exercise.question.blanks.len()))
            .collect();
        let expected: Vec<(String, QuestionKind, usize)> = chapter
            .expected
            .lines()
            .map(|line| {
                let mut fields = line.split('\t');
                let number = fields.next().unwrap().to_owned();
                let kind = match fields.next().unwrap() {
                    "blanks" => QuestionKind::Blanks,
                    "essay" => QuestionKind::Essay,
                    _ => QuestionKind::Project,
                };
                (number, kind, fields.count())
            })
            .collect();
        assert_eq!(found, expected, "{}", chapter.name);
    }
}

#[test]
fn keys_are_proposed_from_the_book() {
    let mut tally = Tally::default();
    for chapter in &CHAPTERS {
        let page = read(chapter.source, Language::Chinese);
        for (question, line) in chapter.expected.lines().enumerate() {
            for (blank, keys) in line.split('\t').skip(2).enumerate() {
                tally.add(chapter.name, keys, &page, question, blank);
            }
        }
    }
    assert!(tally.in_book >= 170, "{tally:?}");
    assert!(tally.right * 100 >= tally.in_book * 90, "recall: {tally:?}");
    assert!(tally.sure_right * 100 >= (tally.sure_right + tally.sure_wrong) * 97, "precision of the sure: {tally:?}");
    assert!(tally.wrong * 100 <= tally.blanks * 4, "{tally:?}");
}

#[test]
fn parts_of_the_chapter_are_told_apart() {
    let page = read(CHAPTERS[0].source, Language::Chinese);
    assert_eq!((page.title.as_str(), page.chapter.as_deref()), ("仓储管理", Some("5")));
    assert_eq!(page.keywords, ["仓库", "入库", "保管", "先进先出", "安全库存"]);
    let numbers: Vec<&str> = page.sections.iter().filter_map(|section| section.number.as_deref()).collect();
    assert_eq!(
        numbers,
        ["5.1", "5.1.1", "5.1.2", "5.1.3", "5.2", "5.3", "5.3.1", "5.3.2", "5.3.3", "5.4", "1", "2", "3", "5.5"]
    );
    assert_eq!(page.questions_and_answers.len(), 2);
    assert_eq!(page.questions_and_answers[1].question, "库存为零是不是最好?");
    assert_eq!(page.key_terms[1].term, "货位");
    assert_eq!(page.summary.iter().map(|entry| entry.title.as_str()).collect::<Vec<_>>(), ["仓储的作用", "入库与在库"]);
    let text: String =
        page.sections.iter().flat_map(|section| &section.paragraphs).map(|paragraph| paragraph.text.as_str()).collect();
    assert!(!text.contains('◆') && !text.contains("物流管理基础"), "running heads are dropped");
    assert!(
        text.contains("许多农产品一年只收一季,而人们天天要吃;羽绒服冬天才好卖,工厂却要从夏天做起。"),
        "lines are joined"
    );
    let page = read(CHAPTERS[1].source, Language::Chinese);
    assert_eq!((page.title.as_str(), page.chapter.as_deref()), ("计算机网络", Some("三")));
    assert_eq!(page.keywords.len(), 4);
    let titled = page.sections.iter().filter(|section| !section.title.is_empty()).count();
    assert_eq!(titled, 13, "the table of contents adds none");
}

#[test]
fn lists_become_groups_and_ordered_ones_do_not() {
    let groups = |chapter: &Chapter, question: usize| -> Vec<Option<String>> {
        let page = read(chapter.source, Language::Chinese);
        page.exercises[question].question.blanks.iter().map(|blank| blank.group.clone()).collect()
    };
    let a = || Some("a".to_owned());
    assert_eq!(groups(&CHAPTERS[0], 0), [None, a(), a(), a(), a()]);
    assert_eq!(groups(&CHAPTERS[0], 2), [a(), a(), a(), a()]);
    assert_eq!(groups(&CHAPTERS[0], 3), [None, None, None]);
    assert_eq!(groups(&CHAPTERS[1], 3), [a(), a(), a(), None]);
    assert_eq!(groups(&CHAPTERS[2], 4), [None, None, None, None], "steps have an order");
}

#[test]
fn proposals_name_their_source() {
    let page = read(CHAPTERS[0].source, Language::Chinese);
    for exercise in &page.exercises {
        for proposal in exercise.proposals.iter().flatten() {
            assert!((0.0..=1.0).contains(&proposal.confidence));
            assert!(proposal.source.quote.contains(&proposal.answer) || proposal.answer == "四", "{proposal:?}");
            let line = CHAPTERS[0].source.lines().nth(proposal.source.line - 1).unwrap();
            let start: String = proposal.source.quote.chars().take(3).collect();
            let near = proposal.answer.chars().next().is_some_and(|c| line.contains(c)) || line.contains(&start);
            assert!(near || proposal.answer == "四", "{proposal:?}: {line}");
        }
    }
}

#[test]
fn the_assignment_file_is_read_back() {
    for chapter in &CHAPTERS {
        for language in [Language::Chinese, Language::English] {
            let page = read(chapter.source, language);
            let file = textbook::to_assignment_file(&page, Some("course"), Some("chapter"), language);
            let parsed = parse(&file, language).unwrap_or_else(|errors| panic!("{}: {errors:?}\n{file}", chapter.name));
            let expected = textbook::assignment(&page, Some("course"), Some("chapter"), language);
            assert_eq!(parsed.assignment.questions.len(), expected.questions.len());
            for (read, written) in parsed.assignment.questions.iter().zip(&expected.questions) {
                assert_eq!((&read.number, read.kind, &read.text), (&written.number, written.kind, &written.text));
                let keys = |question: &grader::assignment::Question| -> Vec<_> {
                    question
                        .blanks
                        .iter()
                        .map(|blank| (blank.key.clone(), blank.confirmed, blank.group.clone()))
                        .collect()
                };
                assert_eq!(keys(read), keys(written));
            }
            let open = page
                .exercises
                .iter()
                .flat_map(|exercise| &exercise.proposals)
                .filter(|proposals| proposals.is_empty())
                .count();
            assert!(file.matches("[[]]").count() >= open && (open > 0 || chapter.name == "accounting"));
            assert!(file.matches("<!--").count() > open);
        }
    }
}

#[test]
fn the_chapter_draft_has_every_part() {
    let page = read(CHAPTERS[0].source, Language::Chinese);
    let draft = textbook::chapter_draft(&page);
    for line in [
        "title: 仓储管理",
        "number: 5",
        "keywords: [仓库, 入库, 保管, 先进先出, 安全库存]",
        "## 5.1 仓储的作用",
        "### 5.1.1 调节供需",
        "### 1. ABC分类法",
        "## 问答",
        "### 2. 库存为零是不是最好？",
        "## 主要知识点",
        "货位",
        ": 仓库里存放货物的具体位置，一般用号码表示。",
        "## 本章小结",
        "### 5.3 入库与在库",
        "2. 货垛与墙的距离不小于0.5m，与照明灯的距离不小于0.5m。",
    ] {
        assert!(draft.lines().any(|other| other == line), "{line}\n{draft}");
    }
}

#[test]
fn what_is_uncertain_is_said_in_both_languages() {
    for (language, words) in [(Language::Chinese, "书里没有找到答案"), (Language::English, "does not contain the key")]
    {
        let page = read(CHAPTERS[0].source, language);
        let open =
            page.diagnostics.iter().filter(|diagnostic| diagnostic.code == "key-not-in-book").collect::<Vec<_>>();
        assert_eq!(open.len(), 2);
        assert!(open[0].message.contains(words) && open[0].line > 100 && open[0].column > 1, "{open:?}");
        assert!(page.diagnostics.iter().any(|diagnostic| diagnostic.code == "page-lines"));
        assert!(page.diagnostics.iter().all(|diagnostic| !diagnostic.message.starts_with("textbook-")));
    }
}

#[test]
fn keys_that_the_book_prints_are_taken_and_not_shown() {
    let source = format!("{}\n参考答案\n1.四；普通仓库；冷藏仓库；恒温仓库；危险品仓库\n6.细心\n", CHAPTERS[0].source);
    let page = read(&source, Language::Chinese);
    assert_eq!(page.exercises.len(), 12);
    let sixth = &page.exercises[5].proposals[0][0];
    assert_eq!((sixth.answer.as_str(), sixth.source.section.as_str()), ("细心", "参考答案"));
    let source = CHAPTERS[1].source.replace("简述交换机与路由器的区别。", "交换机认识的是____地址。\n【答案】MAC");
    let page = read(&source, Language::Chinese);
    let question = &page.exercises[13];
    assert_eq!(question.question.text, "交换机认识的是{1}地址。");
    assert_eq!(question.proposals[0][0].answer, "MAC");
}

#[test]
fn other_files_are_no_textbooks() {
    for source in [
        "",
        "---\ntitle: 第五章作业\n---\n\n1. 仓库有[[四]]种。\n",
        "::题1:: 仓库有几种? {=四}",
        "<?xml version=\"1.0\"?><quiz></quiz>",
        "题号,题目,答案\n1,仓库有____种,四\n",
        "1. 仓库有____种。\n2. 货位用____表示。\n答案\n1. 四\n2. 号码\n",
        "今天去仓库看了看。\n东西很多。\n",
    ] {
        assert!(!textbook::is_textbook(source), "{source}");
    }
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Sentences of a chapter's text with some words taken out, others changed as an examiner changes them. `None` where the
/// sentence does not serve.
fn examiner(sentence: &str, random: &mut Random) -> Option<(String, String)> {
    let mut characters: Vec<char> = sentence.chars().collect();
    if !(14..=80).contains(&characters.len()) || characters[0].is_ascii_digit() {
        return None;
    }
    let length = 2 + random.below(4);
    let from = 2 + random.below(characters.len() - length - 3);
    let key: String = characters[from..from + length].iter().collect();
    let plain = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    if !key.chars().all(plain) {
        return None;
    }
    // Changes keep away from the blank's edges, as a careful examiner's would.
    for _ in 0..random.below(4) {
        let at = random.below(characters.len());
        if at + 4 < from || at > from + length + 3 {
            characters[at] = ['所', '常', '此', '可'][random.below(4)];
        }
    }
    // Sometimes only the last clauses are asked.
    let clauses: Vec<usize> = (1..=from).filter(|at| matches!(characters[at - 1], ',' | '，' | ';' | '；')).collect();
    let start = if clauses.is_empty() || random.below(2) == 0 { 0 } else { clauses[random.below(clauses.len())] };
    let question: String =
        characters[start..from].iter().chain(&['_', '_', '_', '_']).chain(&characters[from + length..]).collect();
    Some((question, key))
}

fn sentences(page: &Page) -> Vec<String> {
    let texts = page.sections.iter().flat_map(|section| &section.paragraphs).map(|paragraph| paragraph.text.as_str());
    texts.flat_map(|text| text.split_inclusive('。')).map(str::to_owned).collect()
}

/// A chapter with other exercises in place of its own.
fn with_exercises(chapter: &Chapter, questions: &[(String, String)]) -> String {
    let end = [
        "【作业】",
        "习题三\n",
        "思考与练习",
        "练习与思考",
        "[课后练习]",
        "2.5 习题",
        "【课后练习】",
        "复习思考题",
        "5.5 习题",
        "课后作业",
    ]
    .iter()
    .filter_map(|heading| chapter.source.rfind(heading))
    .max()
    .expect("every chapter has exercises");
    let mut source = format!("{}【作业】\n", &chapter.source[..end]);
    for (number, (question, _)) in questions.iter().enumerate() {
        let _ = writeln!(source, "{}.{}", number + 1, question.trim_end_matches('。'));
        source.truncate(source.trim_end().len());
        source.push_str("。\n");
    }
    source
}

#[test]
fn confidence_means_what_it_says() {
    let mut random = Random(7);
    let mut tally = Tally::default();
    // The text of two columns cannot be cut at a heading.
    for chapter in CHAPTERS.iter().filter(|chapter| !["accounting", "database"].contains(&chapter.name)) {
        let page = read(chapter.source, Language::Chinese);
        for _ in 0..3 {
            let questions: Vec<(String, String)> =
                sentences(&page).iter().filter_map(|sentence| examiner(sentence, &mut random)).collect();
            let page = read(&with_exercises(chapter, &questions), Language::Chinese);
            assert_eq!(page.exercises.len(), questions.len(), "{}", chapter.name);
            for (index, (question, key)) in questions.iter().enumerate() {
                if page.exercises[index].question.blanks.len() == 1 {
                    tally.add(question, key, &page, index, 0);
                }
            }
        }
    }
    eprintln!("{tally:?}");
    assert!(tally.blanks >= 150, "{tally:?}");
    assert!(tally.sure_right * 100 >= tally.blanks * 70, "recall of the sure: {tally:?}");
    assert!(tally.sure_wrong * 100 <= (tally.sure_right + tally.sure_wrong) * 3, "precision of the sure: {tally:?}");
}

#[test]
fn questions_of_another_book_get_no_keys() {
    let mut random = Random(11);
    let (mut asked, mut sure, mut proposed) = (0, String::new(), 0);
    for (chapter, other) in [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0)] {
        let foreign = read(CHAPTERS[other].source, Language::Chinese);
        let questions: Vec<(String, String)> =
            sentences(&foreign).iter().filter_map(|sentence| examiner(sentence, &mut random)).collect();
        let page = read(&with_exercises(&CHAPTERS[chapter], &questions), Language::Chinese);
        for exercise in &page.exercises {
            for proposal in exercise.proposals.iter().filter_map(|proposals| proposals.first()) {
                proposed += 1;
                if proposal.confidence >= SURE {
                    let _ = writeln!(sure, "{} <- {}", proposal.answer, exercise.question.text);
                }
            }
            asked += 1;
        }
    }
    assert!(asked >= 60, "{asked}");
    assert!(sure.is_empty() && proposed * 20 <= asked, "{proposed} of {asked}: {sure}");
}

/// Pieces that pages are made of, in any order.
fn scrap() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            Just("第3章 ".to_owned()),
            Just("【作业】\n".to_owned()),
            Just("【主要知识点】".to_owned()),
            Just("\n".to_owned()),
            Just("\r\n \u{3000}".to_owned()),
            Just("\u{c}".to_owned()),
            Just("① ② ".to_owned()),
            Just("____".to_owned()),
            Just("（　　）".to_owned()),
            Just("(1)".to_owned()),
            Just("3.1 ".to_owned()),
            Just("一、填空题\n".to_owned()),
            Just("有以下 种:".to_owned()),
            Just("、 和 等。".to_owned()),
            Just("。".to_owned()),
            Just("36   ◆".to_owned()),
            Just("{}[[]]\\".to_owned()),
            "[0-9]{1,3}[.、]",
            "[仓库货物网络协议的是]{1,12}",
            "\\PC{0,6}",
            any::<String>().prop_map(|text| text.chars().take(8).collect()),
        ],
        0..120,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_and_what_is_written_is_read_back(source in scrap()) {
        textbook::is_textbook(&source);
        let page = read(&source, Language::English);
        for exercise in &page.exercises {
            prop_assert_eq!(exercise.proposals.len(), exercise.question.blanks.len());
            for blank in 0..exercise.question.blanks.len() {
                let placeholder = format!("{{{}}}", blank + 1);
                prop_assert!(exercise.question.text.contains(&placeholder), "{}", exercise.question.text);
            }
        }
        let lines = source.split(['\n', '\r', '\u{c}']).count();
        prop_assert!(page.diagnostics.iter().all(|diagnostic| (1..=lines.max(1)).contains(&diagnostic.line)));
        textbook::chapter_draft(&page);
        let file = textbook::to_assignment_file(&page, None, None, Language::Chinese);
        let assignment = textbook::assignment(&page, None, None, Language::Chinese);
        if !assignment.questions.is_empty() && assignment.questions.iter().all(|question| !question.text.trim().is_empty() && question.number.len() <= 3) {
            let parsed = parse(&file, Language::Chinese);
            prop_assert!(parsed.is_ok(), "{:?}\n{}", parsed.err(), file);
            prop_assert_eq!(parsed.unwrap().assignment.questions.len(), assignment.questions.len());
        }
    }
}

#[test]
fn a_long_text_is_read_in_bounded_time() {
    // The same chapter again and again, and questions that fit everywhere in it.
    let text = CHAPTERS[0].source.split("【作业】").next().unwrap_or_default();
    let mut source = text.repeat(1 + 512 * 1024 / text.len());
    source.push_str("【作业】\n");
    for number in 1..=40 {
        let _ = writeln!(source, "{number}.仓管员先核对送货单和 ,再清点 ,最后检查外观和质量,要当场请 签字确认。");
    }
    let started = std::time::Instant::now();
    let page = read(&source, Language::Chinese);
    assert_eq!(page.exercises.len(), 40);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    let same = "一".repeat(200_000);
    assert!(read(&format!("{same}\n【作业】\n1.{}", "一 ".repeat(3_000)), Language::Chinese).exercises.len() <= 1);
    assert!(started.elapsed().as_secs() < 90, "{:?}", started.elapsed());
}
