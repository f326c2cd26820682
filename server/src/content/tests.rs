use std::fs;
use std::path::Path;

use super::*;
use crate::i18n::Language;
use grader::diagnostic::Severity;
use tempfile::TempDir;

const COURSE: &str = "---\ntitle: 网络营销\nchapters: [wechat, basics]\n---\n\n这门课讲**营销**。\n";
const CHAPTER: &str = "---
title: 微信平台
number: 3
keywords: [公众号]
---

开头一段。

## 3.1 平台的特点

### 3.1.1 信息多样

公众号能发消息[^a]，公众号也能收消息。见[下一章](../basics/chapter.md#s1-1)。

[^a]: 每天一条。

![码](figures/code.svg \"图 3-1 码\")

## 问答

### 1. 什么是公众号？

一种账号。

## 主要知识点

公众号
: 在平台上发布内容的账号。

## 本章小结

### 3.1 平台的特点

小结。
";
const ASSIGNMENT: &str =
    "---\ncourse: marketing\nchapter: wechat\ntitle: 第三章作业\n---\n\n1. 公众号每[[天]]可以群发[[1]]条。\n";

fn write(directory: &Path, path: &str, text: &str) {
    let path = directory.join(path);
    fs::create_dir_all(path.parent().expect("has a folder")).expect("creates");
    fs::write(path, text).expect("writes");
}

fn course() -> TempDir {
    let directory = tempfile::tempdir().expect("creates");
    let root = directory.path();
    write(root, "README.md", "not a course");
    write(root, "marketing/course.md", COURSE);
    write(root, "marketing/wechat/chapter.md", CHAPTER);
    write(root, "marketing/wechat/figures/code.svg", "<svg viewBox=\"0 0 20 10\"/>");
    write(root, "marketing/wechat/assignment.md", ASSIGNMENT);
    write(root, "marketing/basics/chapter.md", "---\ntitle: 基础\nnumber: 1\n---\n\n## 1.1 起点\n\n文字。\n");
    directory
}

fn open(directory: &TempDir) -> Arc<Content> {
    Content::open(Source::Directory(directory.path().to_owned()))
}

fn chapter(content: &Content) -> Arc<Chapter> {
    Arc::clone(content.library().chapter("marketing", "wechat").expect("is served"))
}

#[test]
fn a_good_course_is_read_without_a_word() {
    let directory = course();
    let content = open(&directory);
    let library = content.library();
    let messages: Vec<String> = library.problems.iter().map(|problem| problem.render(Language::English)).collect();
    assert_eq!(messages, Vec::<String>::new());
    let course = library.course("marketing").expect("is there");
    assert_eq!(course.introduction, "<p>这门课讲<strong>营销</strong>。</p>\n");
    assert_eq!(course.chapters.iter().map(|chapter| chapter.slug.as_str()).collect::<Vec<_>>(), ["wechat", "basics"]);
}

#[test]
fn a_chapter_is_rendered_with_ids_folds_terms_notes_and_pictures() {
    let directory = course();
    let chapter = chapter(&open(&directory));
    for part in [
        "<h2 id=\"s3-1\"><a class=\"heading-number\" href=\"#s3-1\">3.1</a> 平台的特点</h2>",
        "<h3 id=\"s3-1-1\">",
        "<p><a class=\"term\" href=\"#term-公众号\">公众号</a>能发消息<sup class=\"footnote-reference\"><a id=\"mention-1\" \
         href=\"#note-1\" role=\"doc-noteref\">1</a></sup>，公众号也能收消息。",
        "<a href=\"/courses/marketing/chapters/basics#s1-1\">下一章</a>",
        "<img src=\"/courses/marketing/chapters/wechat/figures/code.svg?v=",
        "width=\"20\" height=\"10\"",
        "<figcaption>图 3-1 码</figcaption>",
        "<details class=\"qa\"><summary>1. 什么是公众号？</summary><div class=\"qa-answer\" id=\"question-1\">",
        "<dl class=\"terms\">\n<dt id=\"term-公众号\">公众号</dt>",
        "<section class=\"summary\">\n<h2 id=\"summary\">本章小结</h2>\n<h3 id=\"summary-3-1\">",
    ] {
        assert!(chapter.html.contains(part), "{part}\nis not in\n{}", chapter.html);
    }
    assert_eq!(chapter.footnotes, [Footnote { number: 1, html: "<p>每天一条。</p>\n".into(), mentions: 1 }]);
    let anchors: Vec<&str> = chapter.sections.iter().map(|section| section.anchor.as_str()).collect();
    assert_eq!(anchors, ["", "s3-1", "s3-1-1", "questions", "question-1", "terms", "summary", "summary-3-1"]);
    assert!(["s3-1-1", "notes", "exercises"].iter().all(|anchor| chapter.has_anchor(anchor)));
    assert!(!["", "nowhere"].iter().any(|anchor| chapter.has_anchor(anchor)));
}

#[test]
fn exercises_have_gaps_and_no_keys() {
    let directory = course();
    let chapter = chapter(&open(&directory));
    let exercises = chapter.exercises.as_ref().expect("are there");
    assert_eq!(
        exercises.questions[0].html(|number| format!("<i>{number}</i>")),
        "<p>公众号每<i>1</i>可以群发<i>2</i>条。</p>\n"
    );
    assert!(!format!("{exercises:?}").contains('天'));
}

#[test]
fn a_mistake_is_shown_with_its_place_and_the_last_good_version_stays() {
    let directory = course();
    let content = open(&directory);
    let before = chapter(&content);
    let broken = CHAPTER.replace("keywords:", "keyword:").replace("开头一段", "新的开头");
    write(directory.path(), "marketing/wechat/chapter.md", &broken);
    assert!(content.reload());
    assert!(Arc::ptr_eq(&chapter(&content), &before));
    let library = content.library();
    let [problem] = library.problems.as_slice() else { panic!("one problem expected") };
    let diagnostic = problem.diagnostic(Language::Chinese);
    assert_eq!((diagnostic.line, diagnostic.column, diagnostic.width), (4, 1, 7));
    assert_eq!(problem.severity(), Severity::Error);
    let text = problem.render(Language::Chinese);
    for part in ["marketing/wechat/chapter.md:4:1", "keyword: [公众号]", "keywords", "━━━━━━━"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    write(directory.path(), "marketing/wechat/chapter.md", &broken.replace("keyword:", "keywords:"));
    assert!(content.reload());
    assert!(chapter(&content).html.contains("新的开头"));
    assert!(content.library().problems.is_empty());
}

#[test]
fn broken_exercises_do_not_take_the_text_away() {
    let directory = course();
    let content = open(&directory);
    write(directory.path(), "marketing/wechat/assignment.md", &ASSIGNMENT.replace("[[1]]", "[[1"));
    write(directory.path(), "marketing/wechat/chapter.md", &CHAPTER.replace("开头一段", "新的开头"));
    assert!(content.reload());
    let chapter = chapter(&content);
    assert!(chapter.html.contains("新的开头"));
    assert_eq!(chapter.exercises.as_ref().map(|exercises| exercises.questions.len()), Some(1));
    assert!(content.library().problems.iter().any(|problem| problem.file.ends_with("assignment.md")));
}

#[test]
fn what_did_not_change_is_not_rendered_again() {
    let directory = course();
    let content = open(&directory);
    let before = chapter(&content);
    assert!(!content.reload());
    write(directory.path(), "marketing/basics/chapter.md", "---\ntitle: 新\nnumber: 1\n---\n\n新。\n");
    assert!(content.reload());
    assert!(Arc::ptr_eq(&chapter(&content), &before));
    assert_eq!(content.library().chapter("marketing", "basics").expect("is served").title, "新");
}

#[test]
fn the_version_depends_on_the_files_alone() {
    let (one, two) = (course(), course());
    assert_eq!(open(&one).library().version, open(&two).library().version);
}

#[test]
fn mistakes_of_every_kind_are_named() {
    for (from, to, code) in [
        ("figures/code.svg", "figures/none.svg", "picture"),
        ("../basics/chapter.md#s1-1", "../nowhere/chapter.md", "link"),
        ("开头一段。", "开头**“一段。”**完", "emphasis"),
        ("开头一段。", "<b>开头</b>", "html"),
        ("开头一段。", "# 开头", "heading-one"),
        ("开头一段。", "见[这里](#nowhere)。", "link"),
        ("## 问答", "## 3.1 又一节", "number-twice"),
        ("## 问答", "## 作业", "exercises-here"),
        ("消息[^a]", "消息", "footnote-unused"),
        ("number: 3\n", "", "missing-key"),
        ("---\ntitle", "title", "front-matter-missing"),
    ] {
        let directory = course();
        assert!(CHAPTER.contains(from), "{from}");
        write(directory.path(), "marketing/wechat/chapter.md", &CHAPTER.replacen(from, to, 1));
        let library = open(&directory);
        let library = library.library();
        let codes: Vec<&str> =
            library.problems.iter().map(|problem| problem.diagnostic(Language::English).code).collect();
        assert!(codes.contains(&code), "{code} is not in {codes:?}");
        for problem in &library.problems {
            for language in [Language::Chinese, Language::English] {
                let diagnostic = problem.diagnostic(language);
                assert!(!diagnostic.message.contains("chapter-problem"), "{diagnostic:?}");
                assert!(
                    diagnostic.help.as_ref().is_some_and(|help| !help.contains("chapter-problem")),
                    "{diagnostic:?}"
                );
            }
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_with_the_place() {
    let directory = course();
    fs::write(directory.path().join("marketing/basics/chapter.md"), b"---\ntitle: \xB5\xE7\n---\n").expect("writes");
    let library = open(&directory).library();
    assert!(library.chapter("marketing", "basics").is_none());
    let english = library.problems[0].diagnostic(Language::English);
    assert_eq!(english.code, "encoding");
    assert!(english.message.contains("11"), "{}", english.message);
}

#[test]
fn a_folder_that_disappears_changes_nothing() {
    let directory = course();
    let content = open(&directory);
    let root = directory.path().to_owned();
    drop(directory);
    assert!(!root.exists());
    assert!(content.reload());
    assert!(content.library().chapter("marketing", "wechat").is_some());
    assert_eq!(content.library().problems.len(), 1);
}

#[test]
fn a_change_is_noticed_by_itself() {
    let directory = course();
    let content = open(&directory);
    content.watch();
    let before = content.library().version.clone();
    // The watcher starts on its own thread; writing again is harmless until the change was seen.
    let seen = (0..100).any(|round| {
        write(
            directory.path(),
            "marketing/basics/chapter.md",
            &format!("---\ntitle: 新\nnumber: 1\n---\n\n第{round}次。\n"),
        );
        std::thread::sleep(std::time::Duration::from_millis(400));
        content.library().version != before
    });
    assert!(seen);
}

#[test]
fn the_built_in_courses_are_good() {
    let library = Content::open(Source::BuiltIn).library();
    let errors: Vec<String> = library
        .problems
        .iter()
        .filter(|problem| problem.severity() == Severity::Error)
        .map(|problem| problem.render(Language::English))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    assert!(!library.courses.is_empty());
}
