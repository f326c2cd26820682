//! What a page's text holds that an assignment has no place for: it is named, and nothing is lost.

use grader::Language;
use grader::assignment::QuestionKind;
use grader::textbook::{self, Page, read};

/// A chapter's text with these exercises behind it.
fn chapter_with(exercises: &str) -> String {
    format!(
        "第二章 土壤与肥料\n2.1 肥料\n氮肥促进叶的生长，磷肥促进根的生长。\n施肥要看天、看地、看苗。\n【作业】\n{exercises}"
    )
}

fn codes(page: &Page) -> Vec<(&'static str, usize)> {
    let named = ["kind-unsupported", "exercise-line", "more-chapters", "key-count", "key-left", "key-unnumbered"];
    let found = page.diagnostics.iter().filter(|found| named.contains(&found.code));
    found.map(|found| (found.code, found.line)).collect()
}

#[test]
fn the_title_has_the_words_that_the_book_counts_with() {
    for (chapter, chinese, english) in [
        ("第二章", "第二章作业", "Chapter 二: assignment"),
        ("模块三", "模块三作业", "模块三: assignment"),
        ("第4讲", "第4讲作业", "第4讲: assignment"),
    ] {
        let source = chapter_with("1.氮肥促进____的生长。\n").replace("第二章", chapter).replace("2.1 ", "");
        for (language, title) in [(Language::Chinese, chinese), (Language::English, english)] {
            assert_eq!(textbook::assignment(&read(&source, language), None, None, language).title, title);
        }
    }
}

#[test]
fn what_an_assignment_has_no_form_for_is_named() {
    let source = chapter_with(
        "请同学们独立完成。\n一、填空题\n1.氮肥促进____的生长。\n二、连线题\n1.把肥料和它促进的部分连起来。\n氮肥    根\n磷肥    叶\n",
    );
    for (language, kind) in [(Language::Chinese, "“连线题”"), (Language::English, "“连线题”")] {
        let page = read(&source, language);
        assert_eq!(codes(&page), [("exercise-line", 6), ("kind-unsupported", 10)]);
        let found = page.diagnostics.iter().find(|found| found.code == "kind-unsupported").unwrap();
        assert!(found.message.contains(kind) && found.message.contains('2') && found.help.is_some(), "{found:?}");
        let question = &page.exercises[1].question;
        assert_eq!((question.kind, question.blanks.len()), (QuestionKind::Essay, 0), "{question:?}");
    }
}

#[test]
fn a_list_of_answers_that_does_not_fit_is_shown_and_not_used() {
    let source = chapter_with(
        "1.氮肥促进____的生长。\n2.施肥要看____、看____、看____。\n3.什么是肥料？\n参考答案\n1.叶\n2.天、地\n3.能供给养分的物质。\n9.氮\n",
    );
    let page = read(&source, Language::Chinese);
    assert_eq!(codes(&page), [("key-count", 11), ("key-left", 13)]);
    assert_eq!(page.exercises[0].proposals[0][0].answer, "叶");
    assert_eq!(page.exercises[1].printed.as_deref(), Some("天、地"));
    let second: Vec<&str> =
        page.exercises[1].proposals.iter().flatten().map(|proposal| proposal.answer.as_str()).collect();
    assert_eq!(second, ["天", "地", "苗"], "the question says 看 before each blank");
    let file = textbook::to_assignment_file(&page, None, None, Language::Chinese);
    assert!(file.contains("<!-- 书上印的答案：能供给养分的物质。 -->"), "{file}");
}

#[test]
fn what_stands_before_the_chapter_is_kept() {
    let page = read(&format!("土壤知识丛书。\n{}", chapter_with("1.氮肥促进____的生长。\n")), Language::Chinese);
    assert_eq!(page.sections[0].paragraphs[0].text, "土壤知识丛书。");
    assert_eq!((page.title.as_str(), page.exercises.len()), ("土壤与肥料", 1));
}

#[test]
fn two_chapters_in_one_file_keep_all_their_questions() {
    let second =
        "第三章 灌溉\n3.1 方式\n灌溉的方式有漫灌和滴灌。\n【作业】\n1.灌溉的方式有____和____。\n2.什么是滴灌？\n";
    let page =
        read(&format!("{}{second}", chapter_with("1.氮肥促进____的生长。\n2.什么是肥料？\n")), Language::Chinese);
    assert_eq!(codes(&page), [("more-chapters", 8)]);
    let numbers: Vec<(&str, usize)> = page
        .exercises
        .iter()
        .map(|exercise| (exercise.question.number.as_str(), exercise.question.blanks.len()))
        .collect();
    assert_eq!(numbers, [("1", 1), ("2", 0), ("3", 2), ("4", 0)]);
    assert!(page.sections.iter().any(|section| section.title == "灌溉"));
}
