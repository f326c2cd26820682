use grader::assignment::{Alternative, Points, QuestionKind};

use grader::Language;

use super::*;

fn blank(key: &str) -> Blank {
    let key = key
        .split('|')
        .filter(|text| !text.is_empty())
        .map(|text| Alternative { text: text.into(), share: grader::assignment::Share::WHOLE })
        .collect();
    Blank { key, ..Blank::default() }
}

fn question(number: &str, text: &str, keys: &[&str]) -> Question {
    Question {
        number: number.into(),
        kind: QuestionKind::Blanks,
        text: text.into(),
        points: Points(keys.len() as i64 * Points::ONE.0),
        rubric: None,
        blanks: keys.iter().map(|key| blank(key)).collect(),
    }
}

fn file(questions: Vec<Question>) -> Assignment {
    Assignment { course: None, chapter: None, title: "t".into(), questions }
}

/// The class's questions with one answer in each blank.
fn class(questions: Vec<Question>) -> Vec<CurrentQuestion> {
    questions
        .into_iter()
        .map(|question| CurrentQuestion {
            id: Uuid::now_v7(),
            blanks: question
                .blanks
                .iter()
                .map(|_| CurrentBlank { id: Uuid::now_v7(), version: 1, answers: 1 })
                .collect(),
            question,
        })
        .collect()
}

fn kinds(plan: &Plan) -> Vec<Kind> {
    plan.changes.iter().map(|change| change.kind).collect()
}

fn origin(plan: &Plan, current: &[CurrentQuestion], index: usize) -> Option<usize> {
    let id = plan.questions[0].blanks[index].current?.0;
    current[0].blanks.iter().position(|blank| blank.id == id)
}

#[test]
fn the_same_file_changes_nothing() {
    let questions = vec![question("1", "a {1} b {2}", &["x", "y|z"]), question("2", "c {1}", &[""])];
    let plan = plan(&class(questions.clone()), &file(questions), &HashMap::new());
    assert!(plan.is_empty() && plan.asked.is_empty(), "{:?}", plan.changes);
}

#[test]
fn a_changed_key_is_a_new_version_of_the_same_blank() {
    let current = class(vec![question("1", "a {1} b {2}", &["x", "y"])]);
    let plan = plan(&current, &file(vec![question("1", "a {1} b {2}", &["x", "y|Y2"])]), &HashMap::new());
    assert_eq!(kinds(&plan), [Kind::Key]);
    assert_eq!((plan.changes[0].before.as_str(), plan.changes[0].after.as_str()), ("y", "y|Y2"));
    assert_eq!(origin(&plan, &current, 1), Some(1));
    assert!(!plan.questions[0].blanks[0].key_changed && plan.questions[0].blanks[1].key_changed);
}

#[test]
fn a_blank_put_in_front_leaves_the_others_their_answers() {
    let current = class(vec![question("1", "a {1} b {2}", &["x", "y"])]);
    let plan = plan(&current, &file(vec![question("1", "n {1} a {2} b {3}", &["new", "x", "y"])]), &HashMap::new());
    assert_eq!(origin(&plan, &current, 0), None);
    assert_eq!(origin(&plan, &current, 1), Some(0));
    assert_eq!(origin(&plan, &current, 2), Some(1));
}

#[test]
fn a_removed_blank_keeps_its_answers_and_says_so() {
    let current = class(vec![question("1", "a {1} b {2}", &["x", "y"])]);
    let plan = plan(&current, &file(vec![question("1", "b {1}", &["y"])]), &HashMap::new());
    assert_eq!(kinds(&plan), [Kind::Text, Kind::BlankRemoved]);
    assert_eq!(plan.questions[0].removed, [current[0].blanks[0].id]);
    assert_eq!(plan.changes[1].answers, 1);
    let text = describe(Language::Chinese, &plan.changes[1]);
    assert!(text.contains('1') && !text.contains("import-"), "{text}");
}

#[test]
fn swapped_keys_in_an_unchanged_text_are_asked_about() {
    let current = class(vec![question("3", "a {1} b {2}", &["x", "y"])]);
    let swapped = file(vec![question("3", "a {1} b {2}", &["y", "x"])]);
    let unclear = plan(&current, &swapped, &HashMap::new());
    assert_eq!(unclear.asked.len(), 1);
    assert_eq!(unclear.asked[0].id, "question-3");
    let answered = |value: &str| plan(&current, &swapped, &HashMap::from([("question-3".into(), value.into())]));
    let gap = answered("gap");
    assert!(gap.asked.is_empty());
    assert_eq!((origin(&gap, &current, 0), kinds(&gap)), (Some(0), vec![Kind::Key, Kind::Key]));
    let moved = answered("key");
    assert_eq!(origin(&moved, &current, 0), Some(1));
}

#[test]
fn an_unknown_key_that_is_filled_in_stays_the_same_blank() {
    let current = class(vec![question("1", "a {1} b {2}", &["", "y"])]);
    let plan = plan(&current, &file(vec![question("1", "a {1} b {2}", &["x", "y"])]), &HashMap::new());
    assert_eq!(kinds(&plan), [Kind::Key]);
    assert_eq!(origin(&plan, &current, 0), Some(0));
}

#[test]
fn decisions_of_the_class_survive_an_import() {
    let mut old = question("1", "a {1}", &["x"]);
    let decided = Alternative { text: "ex".into(), share: grader::assignment::Share::WHOLE };
    old.blanks[0].decided.push(decided.clone());
    let plan = plan(&class(vec![old]), &file(vec![question("1", "a {1}", &["x|xx"])]), &HashMap::new());
    assert_eq!(plan.questions[0].question.blanks[0].decided, [decided]);
}

#[test]
fn every_kind_has_words_in_both_languages() {
    let sample = question("1", "a", &["x"]);
    for kind in [
        Kind::Added,
        Kind::Removed,
        Kind::Text,
        Kind::Kind,
        Kind::Rubric,
        Kind::Points,
        Kind::Key,
        Kind::Group,
        Kind::Unit,
        Kind::Match,
        Kind::Hint,
        Kind::Confirmed,
        Kind::BlankAdded,
        Kind::BlankRemoved,
    ] {
        for language in [Language::Chinese, Language::English] {
            let text = describe(language, &Change::blank(kind, &sample, 1).values("p".into(), "q".into()));
            assert!(!text.contains("import-"), "{kind:?}: {text}");
        }
    }
}
