//! The assignment file: what it states, what is wrong in it, and that writing and reading agree.

use grader::Language;
use grader::assignment::{
    Assignment, MatchKind, Parsed, Points, QuestionKind, Segment, Share, fill_placeholders, parse, segments,
    with_placeholders,
};

fn body(body: &str) -> String {
    format!("---\ntitle: 作业\n---\n{body}")
}

fn read(source: &str) -> Parsed {
    parse(source, Language::Chinese).unwrap_or_else(|found| panic!("{source}\n{found:#?}"))
}

fn questions(text: &str) -> Assignment {
    read(&body(text)).assignment
}

fn key(assignment: &Assignment, question: usize, blank: usize) -> Vec<&str> {
    assignment.questions[question].blanks[blank].key.iter().map(|alternative| alternative.text.as_str()).collect()
}

#[test]
fn the_file_of_the_manual_is_understood() {
    let parsed = read(include_str!("data/assignment.md"));
    let assignment = &parsed.assignment;
    assert_eq!(assignment.course.as_deref(), Some("network-marketing"));
    assert_eq!(assignment.chapter.as_deref(), Some("wechat-platform"));
    assert_eq!(assignment.title, "第三章作业");
    let numbers: Vec<_> = assignment.questions.iter().map(|question| question.number.as_str()).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "12"]);
    assert_eq!(assignment.questions[0].text, "订阅号每{1}可以群发{2}条消息。");
    assert_eq!(key(assignment, 0, 1), ["1", "一"]);
    assert_eq!(assignment.questions[0].blanks[1].surroundings.after, "条消息");
    assert_eq!(assignment.questions[1].blanks[0].surroundings.marker.as_deref(), Some("①"));
    assert_eq!(assignment.questions[1].blanks[1].group.as_deref(), Some("kind"));
    assert_eq!(assignment.questions[2].blanks[0].unit.as_deref(), Some("元"));
    assert_eq!(assignment.questions[2].points, Points(2_000_000));
    assert_eq!(assignment.questions[3].kind, QuestionKind::Essay);
    assert_eq!(assignment.questions[3].points, Points(10_000_000));
    assert_eq!(assignment.questions[4].kind, QuestionKind::Project);
    assert_eq!(
        assignment.questions[4].rubric.as_deref(),
        Some("- 主题明确：5 分\n- 有图有文：5 分\n\n数据以学期末为准。")
    );
    assert_eq!(parsed.diagnostics, []);
    assert_eq!(parsed.places[1].line, 9);
    assert_eq!((parsed.places[1].blanks[1].line, parsed.places[1].blanks[1].column), (9, 36));
    assert_eq!(parsed.places[1].blanks[1].width, 7);
}

#[test]
fn a_key_says_what_it_accepts() {
    let assignment = questions(
        "1. [[用户|%50%资源|%12.5%\\%5%客]]、[[a\\|b\\]]]、[[\\{x}\\\\d \\d]]、[[]]{hint=\"两个字\"}、[[ ]]。",
    );
    let blanks = &assignment.questions[0].blanks;
    assert_eq!(key(&assignment, 0, 0), ["用户", "资源", "%5%客"]);
    let shares: Vec<u32> = blanks[0].key.iter().map(|alternative| alternative.share.0).collect();
    assert_eq!(shares, [Share::WHOLE.0, 500_000, 125_000]);
    assert_eq!(key(&assignment, 0, 1), ["a|b]"]);
    assert_eq!(key(&assignment, 0, 2), ["{x}\\d \\d"]);
    assert!(blanks[3].key.is_empty() && blanks[3].hint.as_deref() == Some("两个字"));
    assert!(blanks[4].key.is_empty());
}

#[test]
fn attributes_are_read_as_a_teacher_types_them() {
    let assignment = questions(
        "1. [[a]]{group=甲 points=0.5}[[b]]{group=甲，points＝2}[[c]]{?}{match=exact hint=“一 个}词”}\\{x} {y}",
    );
    let blanks = &assignment.questions[0].blanks;
    assert_eq!(blanks[0].points, Points(500_000));
    assert_eq!(blanks[1].points, Points(2_000_000));
    assert_eq!(blanks[1].group.as_deref(), Some("甲"));
    assert!(blanks[1].confirmed && !blanks[2].confirmed);
    assert_eq!(blanks[2].match_kind, MatchKind::Exact);
    assert_eq!(blanks[2].hint.as_deref(), Some("一 个}词"));
    assert_eq!(assignment.questions[0].text, "{1}{2}{3}\\{{x}} {{y}}");
    assert_eq!(assignment.questions[0].points, Points(3_500_000));
}

#[test]
fn blanks_stand_in_tables_lists_and_emphasis() {
    let assignment = questions(
        "1. 填表：\n\n   | 号 | 每月 |\n   | --- | --- |\n   | 服务号 | [[4|四]]条 |\n\n   1. 其一**[[甲]]**\n   2. 其二[[乙]]\n\n7、第七题[[x]]\n",
    );
    assert_eq!(
        assignment.questions[0].text,
        "填表：\n\n| 号 | 每月 |\n| --- | --- |\n| 服务号 | {1}条 |\n\n1. 其一**{2}**\n2. 其二{3}"
    );
    assert_eq!(assignment.questions[1].number, "7");
    let html = {
        let markdown = with_placeholders(&assignment.questions[0].text);
        let mut html = String::new();
        let options = pulldown_cmark::Options::ENABLE_TABLES;
        pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(&markdown, options));
        fill_placeholders(&html, |number| format!("<input name=\"{number}\">"))
    };
    assert!(html.contains("<td><input name=\"1\">条</td>"), "{html}");
    assert!(html.contains("<strong><input name=\"2\"></strong>"), "{html}");
}

#[test]
fn code_and_comments_hold_no_blanks_and_no_questions() {
    let parsed = read(&body(
        "<!-- 给自己：\n1. 不是题[[x]] -->\n1. 写出`a[[0]]`的值：[[1]]<!-- [[y]] -->。\n   <!-- 整行 -->\n   ```\n2. x = [[1]]\n   ```\n2. `` ` ``与\\`[[b]]\n",
    ));
    let questions = &parsed.assignment.questions;
    assert_eq!(questions.len(), 2);
    assert_eq!(questions[0].text, "写出`a[[0]]`的值：{1}。\n```\n2. x = [[1]]\n```");
    assert_eq!(questions[1].text, "`` ` ``与\\`{1}");
    let codes: Vec<_> = parsed.diagnostics.iter().map(|found| (found.code, found.line)).collect();
    assert_eq!(codes, [("blank-in-code", 6), ("blank-in-code", 9)]);
}

#[test]
fn line_ends_marks_and_headings_of_other_editors_are_fine() {
    let parsed = read("\u{FEFF}# 第一章\r\n\r\n１．甲[[a]]\r\n\r\n   续\r\n## 二\r\n2. 乙[[b]]\r\n");
    assert_eq!(parsed.assignment.title, "第一章");
    assert_eq!(parsed.assignment.questions[0].number, "1");
    assert_eq!(parsed.assignment.questions[0].text, "甲{1}\n\n续");
    assert_eq!(parsed.assignment.questions[1].text, "乙{1}");
    assert_eq!(parsed.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), ["heading"]);
}

#[test]
fn segments_and_placeholders_agree() {
    assert_eq!(
        segments("a{{1}}{1}b}c{12}"),
        [Segment::Text("a{1}".into()), Segment::Blank(1), Segment::Text("b}c".into()), Segment::Blank(12)]
    );
    let markdown = with_placeholders("x{1}\u{E000}7\u{E001}{{2}}");
    let filled = fill_placeholders(&format!("<p title=\"{markdown}>\">{markdown}</p>"), |number| format!("<{number}>"));
    assert_eq!(filled, "<p title=\"x7{2}>\">x<1>7{2}</p>");
}

/// A file, the code of its first finding, and the line, column and width of it.
const MISTAKES: &[(&str, &str, (usize, usize, usize))] = &[
    ("1. [[a]]", "missing-title", (1, 1, 1)),
    ("---\ntitle: x\n---\n", "no-questions", (4, 1, 1)),
    ("---\ntitle: x\n1. [[a]]", "unclosed-front-matter", (1, 1, 3)),
    ("---\ntitle: \"x\n---\n1. [[a]]", "bad-front-matter", (3, 1, 1)),
    ("---\ntitle: [x]\n---\n1. [[a]]", "bad-value", (2, 8, 1)),
    ("---\ntitle: x\ntitle: y\n---\n1. [[a]]", "duplicate-name", (3, 1, 1)),
    ("---\ntitle: x\n章节: y\n---\n1. [[a]]", "unknown-name", (3, 1, 2)),
    ("---\ntitel: x\n---\n1. [[a]]", "misspelt-name", (2, 1, 5)),
    ("---\ntitle: \"x\\ny\"\n---\n1. [[a]]", "control-in-value", (2, 8, 3)),
    ("---\ntitle: x\ncourse: 网络 营销\n---\n1. [[a]]", "bad-address", (3, 9, 5)),
    ("1. 甲[[a]]\n1. 乙[[b]]", "duplicate-number", (5, 1, 2)),
    ("2. 甲[[a]]\n1. 乙[[b]]", "question-order", (5, 1, 2)),
    ("1.\n2. 乙[[b]]", "empty-question", (4, 1, 2)),
    ("1. 甲", "no-blank", (4, 1, 2)),
    ("1. 甲{esay points=3}", "misspelt-kind", (4, 6, 4)),
    ("1. 甲[[a]]乙{essay points=3}", "blank-in-essay", (4, 5, 5)),
    ("1. 甲{essay points=3}\n\n   [[a]]", "blank-in-essay", (6, 4, 5)),
    ("1. 甲{essay points=3}{essay}", "two-kinds", (4, 21, 7)),
    ("1. 甲{project}", "no-points", (4, 5, 9)),
    ("1. 甲{essay points=3}乙", "text-behind-kind", (4, 21, 1)),
    ("1. ![甲[[a]]](a.png)", "invisible-blank", (4, 7, 5)),
    ("1. <div>[[a]]</div>", "invisible-blank", (4, 9, 5)),
    ("1. [[a]]{group=g}", "group-of-one", (4, 4, 5)),
    ("1. [[a]]{group=g}[[a|b]]{group=g}", "group-same-key", (4, 18, 7)),
    ("甲\n1. [[a]]", "stray-text", (4, 1, 1)),
    ("1. [[a]]\n   ```\n2. [[b]]", "unclosed-fence", (5, 4, 3)),
    ("1. `[[a]]`[[b]]", "blank-in-code", (4, 5, 2)),
    ("1. [[a]]<!-- \n2. [[b]]", "unclosed-comment", (4, 9, 4)),
    ("1. [[a]]和【【b】】", "full-width-brackets", (4, 10, 2)),
    ("1. [[a]]｛?}", "full-width-brackets", (4, 9, 1)),
    ("1. 甲[[天", "unclosed-blank", (4, 5, 2)),
    ("1. 甲[[天 乙[[b]]", "unclosed-blank", (4, 5, 2)),
    ("1. [[a[1]]]", "bracket-behind-blank", (4, 11, 1)),
    ("1. [[a|a]]", "duplicate-alternative", (4, 8, 1)),
    ("1. [[a｜b]]", "full-width-bar", (4, 6, 3)),
    ("1. [[{x|1<x<3}]]", "bar-within-brackets", (4, 6, 9)),
    ("1. [[%50%a]]", "no-whole-alternative", (4, 4, 9)),
    ("1. [[a|%150%b]]", "bad-share", (4, 8, 6)),
    ("1. [[a|%0%b]]", "bad-share", (4, 8, 4)),
    ("1. [[a| ]]", "empty-alternative", (4, 8, 1)),
    ("1. [[|]]", "empty-alternative", (4, 4, 5)),
    ("1. [[]]{?}", "unconfirmed-open", (4, 9, 1)),
    ("1. [[a|b]]{match=regex}", "regex-alternatives", (4, 18, 5)),
    ("1. [[(a]]{match=regex}", "bad-regex", (4, 4, 6)),
    ("1. [[a)(b]]{match=regex}", "bad-regex", (4, 4, 8)),
    ("1. [[a]]{group=x", "unclosed-attributes", (4, 9, 1)),
    ("1. [[a]]{hint=\"x}", "unclosed-attributes", (4, 9, 1)),
    ("1. [[a]]{gruop=x}", "misspelt-attribute", (4, 10, 5)),
    ("1. [[a]]{颜色=x}", "unknown-attribute", (4, 10, 2)),
    ("1. [[a]]{=x}", "unknown-attribute", (4, 10, 1)),
    ("1. [[a]]{points=1 points=2}", "duplicate-attribute", (4, 19, 6)),
    ("1. [[a]]{unit=}", "empty-attribute", (4, 10, 4)),
    ("1. [[a]]{points=-1}", "bad-points", (4, 17, 2)),
    ("1. [[a]]{points=0.1234567}", "bad-points", (4, 17, 9)),
    ("1. [[a]]{match=regexp}", "misspelt-match", (4, 16, 6)),
    ("1. [[a]]{match=fuzzy}", "bad-match", (4, 16, 5)),
    ("1. [[很多]]{match=number}", "not-a-number", (4, 4, 6)),
    ("1. [[甲]][[.*]]{match=regex}", "wide-pattern", (4, 9, 6)),
    ("1. [[逻辑独立性]][[逻辑独立型]]", "near-keys", (4, 13, 9)),
];

#[test]
fn every_mistake_has_its_place_and_its_remedy_in_both_languages() {
    let mut misplaced = Vec::new();
    for (text, code, place) in MISTAKES {
        let source = if text.starts_with("---") || *code == "missing-title" { (*text).to_owned() } else { body(text) };
        for language in [Language::Chinese, Language::English] {
            let found = match parse(&source, language) {
                Ok(parsed) => parsed.diagnostics,
                Err(found) => found,
            };
            let Some(first) = found.iter().find(|found| found.code == *code) else {
                misplaced.push(format!("{code}: not found in {text:?}: {found:?}"));
                continue;
            };
            let at = (first.line, first.column, first.width);
            if at != *place {
                misplaced.push(format!("{code}: {at:?} in {text:?}"));
            }
            let help = first.help.as_deref().expect("every finding says how to mend it");
            for words in [first.message.as_str(), help] {
                assert!(
                    !words.contains("Unknown localization") && !words.contains("{ $") && !words.is_empty(),
                    "{words}"
                );
            }
        }
    }
    assert!(misplaced.is_empty(), "{misplaced:#?}");
}

#[test]
fn limits_are_kept() {
    let long = "字".repeat(501);
    let many_questions: String = (0..501).map(|number| format!("{number}. [[a]]\n")).collect();
    for (text, code) in [
        (format!("1. [[{long}]]"), "long-alternative"),
        (format!("1. [[a]]{{hint=\"{long}\"}}"), "long-attribute"),
        (format!("1. [[{}a]]", "a|".repeat(50)), "too-many-alternatives"),
        (format!("1. {}", "[[a]]".repeat(101)), "too-many-blanks"),
        (many_questions, "too-many-questions"),
        (format!("1. [[a]]{}", "字".repeat(1 << 19)), "large-file"),
        (format!("1. [[{}]]{{match=regex}}", "(a{1,99}){1,99}".repeat(9)), "bad-regex"),
    ] {
        let found = parse(&body(&text), Language::English).expect_err(code);
        assert!(found.iter().any(|found| found.code == code), "{code}: {found:#?}");
        assert!(found.len() <= 101);
    }
}

#[test]
fn hostile_files_are_read_in_bounded_time() {
    let size = 1 << 17;
    for unit in [
        " ",
        "<!---->",
        "`",
        "` ",
        "~~~a\n",
        "```\n",
        "<!--",
        "[[",
        "[[a]]",
        "{essay ",
        "1. [[a]]\n",
        "\\",
        "`` ` ``` ",
        "![",
        "[a](",
        "* ",
        "> ",
    ] {
        let text = format!("1. 甲[[乙]]\n{}甲", unit.repeat(size / unit.len()));
        let started = std::time::Instant::now();
        let _ = parse(&body(&text), Language::Chinese);
        assert!(started.elapsed().as_secs() < 20, "{unit:?} took {:?}", started.elapsed());
    }
}
