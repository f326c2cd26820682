//! Hand-written pairs of key and answer with the verdict of a fair teacher (`pairs.tsv`, `fresh.tsv`, `symbols.tsv`).

use grader::assignment::{Alternative, Blank, MatchKind, Share, Surroundings};
use grader::mark::{Key, Verdict, mark_question};

struct Pair {
    line: usize,
    blank: Blank,
    answer: String,
    expected: Verdict,
}

fn read(table: &str) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (number, line) in table.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let mut columns = line.split('\t');
        let mut column = || columns.next().unwrap_or_else(|| panic!("line {}: four columns", number + 1));
        let (key, context, verdict, answers) = (column(), column(), column(), column());
        let blank = read_blank(key, context);
        let expected = serde_json::from_value(serde_json::Value::String(verdict.to_string()))
            .unwrap_or_else(|_| panic!("line {}: verdict {verdict:?}", number + 1));
        for answer in answers.split(" ¦ ") {
            pairs.push(Pair { line: number + 1, blank: blank.clone(), answer: answer.to_string(), expected });
        }
    }
    pairs
}

fn read_blank(key: &str, context: &str) -> Blank {
    let mut blank = Blank { surroundings: Surroundings::default(), ..Blank::default() };
    for setting in context.split(';').filter(|setting| !setting.is_empty()) {
        let (name, value) = setting.split_once('=').expect("name=value");
        match name {
            "before" => blank.surroundings.before = value.to_string(),
            "after" => blank.surroundings.after = value.to_string(),
            "marker" => blank.surroundings.marker = Some(value.to_string()),
            "unit" => blank.unit = Some(value.to_string()),
            "match" => {
                blank.match_kind = match value {
                    "exact" => MatchKind::Exact,
                    "number" => MatchKind::Number,
                    "regex" => MatchKind::Regex,
                    other => panic!("match={other}"),
                }
            }
            other => panic!("unknown context {other}"),
        }
    }
    let whole_pattern = blank.match_kind == MatchKind::Regex;
    // A bar that belongs to the key is written \|, as in an assignment file.
    let key = key.replace(r"\|", "\0");
    let alternatives = if whole_pattern { vec![&*key] } else { key.split('|').collect() };
    let literal = alternatives.into_iter().map(|text| text.replace('\0', "|"));
    blank.key = literal.filter(|text| !text.is_empty()).map(|text| alternative(&text)).collect();
    blank
}

fn alternative(text: &str) -> Alternative {
    let (share, text) = match text.strip_prefix('%').and_then(|rest| rest.split_once('%')) {
        Some((share, text)) => (Share(share.parse::<u32>().expect("a share") * 10_000), text),
        None => (Share::WHOLE, text),
    };
    Alternative { text: text.to_string(), share }
}

fn check(table: &str, at_least: usize) {
    let pairs = read(table);
    assert!(pairs.len() >= at_least, "{} pairs", pairs.len());
    let mut wrong = Vec::new();
    for pair in &pairs {
        let key = Key::compile(&pair.blank).expect("a usable key");
        let mark = mark_question(std::slice::from_ref(&key), &[&pair.answer]).remove(0);
        if mark.verdict != pair.expected {
            let keys: Vec<&str> = pair.blank.key.iter().map(|key| key.text.as_str()).collect();
            wrong.push(format!(
                "line {}: {keys:?} ← {:?}: expected {:?}, got {:?} ({:?})",
                pair.line, pair.answer, pair.expected, mark.verdict, mark.reason
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} pairs:\n{}", wrong.len(), pairs.len(), wrong.join("\n"));
}

#[test]
fn a_fair_teacher_agrees() {
    check(include_str!("pairs.tsv"), 1_000);
}

#[test]
fn a_fair_teacher_agrees_on_fresh_pairs() {
    check(include_str!("fresh.tsv"), 400);
}

#[test]
fn a_fair_teacher_agrees_on_symbols() {
    check(include_str!("symbols.tsv"), 500);
}

#[test]
fn a_fair_teacher_agrees_on_signs() {
    check(include_str!("signs.tsv"), 400);
}

#[test]
fn a_fair_teacher_agrees_in_the_humanities() {
    check(include_str!("humanities.tsv"), 500);
}

#[test]
fn a_fair_teacher_agrees_in_the_sciences() {
    check(include_str!("sciences.tsv"), 500);
}

#[test]
fn a_fair_teacher_agrees_in_the_professions() {
    check(include_str!("professions.tsv"), 600);
}

#[test]
fn a_fair_teacher_agrees_whatever_the_phrasing() {
    check(include_str!("phrasing.tsv"), 300);
}
