//! Whatever is written is read back as it was, and no input makes the reader panic.

use grader::Language;
use grader::assignment::{
    Alternative, Assignment, Blank, Comments, MatchKind, Points, Question, QuestionKind, Share, fill_placeholders,
    parse, segments, surroundings, with_placeholders, write,
};
use grader::diagnostic;
use proptest::prelude::*;

/// Text between blanks that means nothing to Markdown or to the file.
fn words() -> impl Strategy<Value = String> {
    "[字号每天a-c0-9，。① ]{1,8}"
        .prop_map(|words| words.trim().to_owned())
        .prop_filter("not empty", |words| !words.is_empty())
}

/// A key as a file can state it: any characters, no line break, no space at its ends.
fn key_text() -> impl Strategy<Value = String> {
    prop_oneof!["[字一%{}|\\[\\]\\\\a-c0-9 .]{1,6}", "[^\\n\\r]{1,6}"]
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("not empty", |text| !text.is_empty())
}

fn word() -> impl Strategy<Value = String> {
    "[甲乙a-z0-9\"} \\\\=]{1,5}"
        .prop_map(|word| word.trim().to_owned())
        .prop_filter("not empty", |word| !word.is_empty())
}

fn blank() -> impl Strategy<Value = Blank> {
    let alternative = (key_text(), prop_oneof![Just(Share::WHOLE), (1u32..1_000_000).prop_map(Share)])
        .prop_map(|(text, share)| Alternative { text, share });
    let match_kind = prop_oneof![Just(MatchKind::Auto), Just(MatchKind::Exact)];
    (
        proptest::collection::vec(alternative, 0..4),
        any::<bool>(),
        proptest::option::of(word()),
        (0i64..5_000_000).prop_map(Points),
        proptest::option::of(word()),
        match_kind,
        proptest::option::of(word()),
    )
        .prop_map(|(key, confirmed, group, points, unit, match_kind, hint)| Blank {
            confirmed: confirmed || key.is_empty(),
            key,
            group,
            points,
            unit,
            match_kind,
            hint,
            ..Blank::default()
        })
}

fn blanks_question() -> impl Strategy<Value = Question> {
    (proptest::collection::vec((words(), blank()), 1..5), words()).prop_map(|(parts, tail)| {
        let mut text = String::new();
        let mut blanks = Vec::new();
        for (index, (words, blank)) in parts.into_iter().enumerate() {
            text.push_str(&format!("{words}{{{}}}", index + 1));
            blanks.push(blank);
        }
        text.push_str(&tail);
        for (blank, around) in blanks.iter_mut().zip(surroundings(&text)) {
            blank.surroundings = around;
        }
        let points = Points(blanks.iter().map(|blank| blank.points.0).sum());
        Question { number: String::new(), kind: QuestionKind::Blanks, text, points, rubric: None, blanks }
    })
}

fn essay() -> impl Strategy<Value = Question> {
    let kind = prop_oneof![Just(QuestionKind::Essay), Just(QuestionKind::Project)];
    (kind, words(), words(), 0i64..50_000_000, proptest::option::of(words())).prop_map(
        |(kind, first, second, points, rubric)| {
            let text = format!("{first}\n\n- {second}");
            Question { number: String::new(), kind, text, points: Points(points), rubric, blanks: Vec::new() }
        },
    )
}

fn assignment() -> impl Strategy<Value = Assignment> {
    let question = prop_oneof![3 => blanks_question(), 1 => essay()];
    let title = "[^\\x00-\\x1f\\x7f-\\x9f]{1,20}"
        .prop_map(|title| title.trim().to_owned())
        .prop_filter("not empty", |t| !t.is_empty());
    (
        proptest::option::of("[a-z][a-z0-9-]{0,9}"),
        proptest::option::of("[0-9]{1,3}"),
        title,
        proptest::collection::vec(question, 1..6),
    )
        .prop_map(|(course, chapter, title, mut questions)| {
            for (index, question) in questions.iter_mut().enumerate() {
                question.number = (index * 3 + 1).to_string();
            }
            Assignment { course, chapter, title, questions }
        })
}

/// Pieces of which plausible and implausible files are made.
fn file() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n".to_owned()),
        Just("1. ".to_owned()),
        Just("   ".to_owned()),
        Just("\t".to_owned()),
        Just("[[".to_owned()),
        Just("]]".to_owned()),
        Just("[[天|%50%日]]".to_owned()),
        Just("[[天]]".to_owned()),
        Just("{group=g}".to_owned()),
        Just("{essay points=2}".to_owned()),
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("`".to_owned()),
        Just("```\n".to_owned()),
        Just("<!--".to_owned()),
        Just("-->".to_owned()),
        Just("\\".to_owned()),
        Just("| a | b |\n|---|---|\n".to_owned()),
        Just("# 甲\n".to_owned()),
        Just("![甲](a.png)".to_owned()),
        Just("\r\n".to_owned()),
        (2usize..9).prop_map(|number| format!("\n{number}. ")),
        "\\PC{1,4}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

#[test]
fn backticks_before_a_fence_stay_out_of_it() {
    let parsed =
        parse("---\ntitle: 作业\n---\n1. 甲[[乙]]```\n```\n```\n", Language::Chinese).expect("the fence is closed");
    assert_eq!(parsed.assignment.questions[0].text, "甲{1}\\`\\`\\`\n```\n```");
    let again =
        parse(&write(&parsed.assignment, &Comments::default()), Language::Chinese).expect("what is written is read");
    assert_eq!(again.assignment, parsed.assignment);
}

#[test]
fn a_comment_before_a_fence_does_not_hide_it() {
    let source = "---\ntitle: 作业\n---\n1. 甲[[乙]]\n   <!-- x -->```\n   [[丙]]\n   ```\n";
    let parsed = parse(source, Language::Chinese).expect("the fence is closed");
    assert_eq!(parsed.assignment.questions[0].text, "甲{1}\n```\n[[丙]]\n```");
    let endless =
        parse("---\ntitle: 作业\n---\n1. 甲[[乙]]\n<!---->```\n", Language::Chinese).expect_err("it has no end");
    assert_eq!(endless[0].code, "unclosed-fence");
}

#[test]
fn a_backslash_at_the_end_does_not_hide_what_follows() {
    let parsed = parse("---\ntitle: 作业\n---\n1. 甲\\\n{essay points=2}\n", Language::Chinese).expect("an essay");
    assert_eq!(parsed.assignment.questions[0].text, "甲\\\\");
    let again =
        parse(&write(&parsed.assignment, &Comments::default()), Language::Chinese).expect("what is written is read");
    assert_eq!(again.assignment, parsed.assignment);
}

#[test]
fn a_kind_does_not_hide_the_end_of_a_fence() {
    let source = "---\ntitle: 作业\n---\n1. 甲\n   ```\n   ```\n   {essay points=2}\n";
    let parsed = parse(source, Language::Chinese).expect("the fence is closed");
    let again =
        parse(&write(&parsed.assignment, &Comments::default()), Language::Chinese).expect("what is written is read");
    assert_eq!(again.assignment, parsed.assignment);
}

#[test]
fn a_title_may_have_any_character() {
    let parsed = parse("---\ntitle: 作业\n---\n1. 甲[[乙]]\n", Language::Chinese).expect("a file").assignment;
    for c in [
        '\u{85}',
        '\u{AD}',
        '\u{2028}',
        '\u{2029}',
        '\u{FEFF}',
        '\u{FFFD}',
        '\u{FFFE}',
        '\u{FFFF}',
        '\u{1FFFE}',
        '\u{10FFFF}',
    ] {
        let assignment = Assignment { title: format!("作{c}业"), ..parsed.clone() };
        let file = write(&assignment, &Comments::default());
        match parse(&file, Language::Chinese) {
            Ok(again) => assert_eq!(again.assignment, assignment, "{file:?}"),
            Err(found) => assert!(c.is_control(), "{file:?}: {found:?}"),
        }
    }
}

/// Each file has marks that look like code once the comment is gone, and a blank between them.
#[test]
fn marks_that_a_comment_kept_apart_do_not_hide_a_blank() {
    for (behind, text) in [
        ("`<!--\n\n-->[[丙]]`", "甲{1}\\`{2}\\`"),
        ("\n   ```<!--`-->\n   [[丙]]\n   ```\n   ```\n", "甲{1}\n\\`\\`\\`\n{2}\n```\n```"),
    ] {
        let parsed = parse(&format!("---\ntitle: 作业\n---\n1. 甲[[乙]]{behind}"), Language::Chinese).expect("a file");
        assert_eq!(parsed.assignment.questions[0].text, text);
        let file = write(&parsed.assignment, &Comments::default());
        assert_eq!(parse(&file, Language::Chinese).expect("what is written is read").assignment, parsed.assignment);
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(assignment in assignment()) {
        let comments = Comments { top: vec!["来自 --> 教材 -".to_owned()], questions: vec![vec!["空 1：依据 3.1“甲”\n续".to_owned()]; 2] };
        let file = write(&assignment, &comments);
        let parsed = parse(&file, Language::English).map_err(|found| TestCaseError::fail(format!("{file}\n{found:#?}")))?;
        prop_assert_eq!(&parsed.assignment, &assignment, "{}", file);
    }

    #[test]
    fn a_file_that_is_understood_is_understood_the_same_when_written_anew(text in file()) {
        if let Ok(parsed) = parse(&format!("---\ntitle: 作业\n---\n1. 甲[[乙]]{text}"), Language::Chinese) {
            let file = write(&parsed.assignment, &Comments::default());
            let again = parse(&file, Language::Chinese).map_err(|found| TestCaseError::fail(format!("{file}\n{found:#?}")))?;
            prop_assert_eq!(&again.assignment, &parsed.assignment, "{}", file);
        }
    }

    #[test]
    fn no_file_makes_the_reader_panic(text in file(), front in any::<String>()) {
        for source in [text.clone(), format!("---\n{front}\n---\n{text}")] {
            let found = match parse(&source, Language::Chinese) {
                Ok(parsed) => parsed.diagnostics,
                Err(found) => found,
            };
            for diagnostic in &found {
                prop_assert!(diagnostic.line >= 1 && diagnostic.column >= 1 && diagnostic.width >= 1);
                prop_assert!(diagnostic.line <= source.split('\n').count());
            }
            diagnostic::render(&found, &source, "a.md", false, Language::Chinese);
        }
    }

    #[test]
    fn every_text_can_be_shown(text in any::<String>()) {
        segments(&text);
        surroundings(&text);
        fill_placeholders(&with_placeholders(&text), |number| number.to_string());
    }
}
