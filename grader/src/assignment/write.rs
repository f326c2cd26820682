//! Writes an assignment as a file that [`parse`](super::parse) reads back.

use super::attributes::decimal;
use super::text::{Segment, canonical, escape_braces, segments};
use super::{Assignment, Blank, MatchKind, Points, Question, QuestionKind, Share, blank};

/// Remarks for the people who read the file; they never reach a student.
#[derive(Clone, Debug, Default)]
pub struct Comments {
    /// At the top of the file.
    pub top: Vec<String>,
    /// Below each question, in the order of the questions; missing ones are empty.
    pub questions: Vec<Vec<String>>,
}

/// The assignment as a file: [`parse`](super::parse) gives back an equal assignment.
///
/// Titles and keys are expected without line breaks and without spaces at their ends, numbers as up to three digits, as
/// the file can state them.
pub fn write(assignment: &Assignment, comments: &Comments) -> String {
    let mut file = String::from("---\n");
    for (name, value) in [
        ("course", assignment.course.as_deref()),
        ("chapter", assignment.chapter.as_deref()),
        ("title", Some(assignment.title.as_str())),
    ] {
        if let Some(value) = value {
            file.push_str(&format!("{name}: {}\n", scalar(value)));
        }
    }
    file.push_str("---\n");
    if !comments.top.is_empty() {
        file.push('\n');
    }
    for comment in &comments.top {
        file.push_str(&format!("<!-- {} -->\n", harmless(comment)));
    }
    for (index, question) in assignment.questions.iter().enumerate() {
        file.push('\n');
        write_question(question, &mut file);
        for comment in comments.questions.get(index).into_iter().flatten() {
            let indentation = " ".repeat(question.number.len() + 2);
            file.push_str(&format!("{indentation}<!-- {} -->\n", harmless(comment)));
        }
    }
    file
}

fn write_question(question: &Question, file: &mut String) {
    let mut content = String::new();
    for segment in segments(&canonical(&question.text)) {
        match segment {
            Segment::Text(plain) => content.push_str(&plain),
            Segment::Blank(number) => match number.checked_sub(1).and_then(|index| question.blanks.get(index)) {
                Some(blank) => content.push_str(&blank_text(&key_text(blank), &attributes_text(blank))),
                None => content.push_str("[[]]"),
            },
        }
    }
    // Behind the marks that close a fence nothing else may stand.
    let last_line = content.rsplit('\n').next().unwrap_or_default().trim_start();
    if question.kind != QuestionKind::Blanks && (last_line.starts_with("```") || last_line.starts_with("~~~")) {
        content.push('\n');
    }
    match question.kind {
        QuestionKind::Blanks => {}
        QuestionKind::Essay => content.push_str(&format!("{{essay points={}}}", decimal(question.points.0))),
        QuestionKind::Project => content.push_str(&format!("{{project points={}}}", decimal(question.points.0))),
    }
    if let Some(rubric) = &question.rubric {
        let rubric: String = segments(&canonical(&escape_braces(rubric)))
            .into_iter()
            .filter_map(|segment| match segment {
                Segment::Text(plain) => Some(plain),
                Segment::Blank(_) => None,
            })
            .collect();
        content.push_str("\n\n");
        content.push_str(&rubric);
    }
    let indentation = " ".repeat(question.number.len() + 2);
    for (index, line) in content.split('\n').enumerate() {
        match index {
            0 => file.push_str(&format!("{}. ", question.number)),
            _ if line.is_empty() => {}
            _ => file.push_str(&indentation),
        }
        file.push_str(line);
        file.push('\n');
    }
}

/// A blank as the file has it, of its key and its attributes.
pub fn blank_text(key: &str, attributes: &str) -> String {
    match attributes.trim() {
        "" => format!("[[{key}]]"),
        attributes => format!("[[{key}]]{{{attributes}}}"),
    }
}

/// A blank's key as it stands between the brackets; empty when it is not known.
pub fn key_text(blank: &Blank) -> String {
    let alternatives: Vec<String> = blank
        .key
        .iter()
        .map(|alternative| match alternative.share {
            Share::WHOLE => blank::escape(&alternative.text),
            share => format!("%{}%{}", decimal(i64::from(share.0) * 100), blank::escape(&alternative.text)),
        })
        .collect();
    alternatives.join("|")
}

/// A blank's attributes as they stand between the braces; empty when it has none.
pub fn attributes_text(blank: &Blank) -> String {
    let mut attributes = Vec::new();
    if !blank.confirmed {
        attributes.push("?".to_owned());
    }
    if let Some(group) = &blank.group {
        attributes.push(format!("group={}", word(group)));
    }
    if blank.points != Points::ONE {
        attributes.push(format!("points={}", decimal(blank.points.0)));
    }
    if let Some(unit) = &blank.unit {
        attributes.push(format!("unit={}", word(unit)));
    }
    match blank.match_kind {
        MatchKind::Auto => {}
        MatchKind::Exact => attributes.push("match=exact".to_owned()),
        MatchKind::Number => attributes.push("match=number".to_owned()),
        MatchKind::Regex => attributes.push("match=regex".to_owned()),
    }
    if let Some(hint) = &blank.hint {
        attributes.push(format!("hint={}", quoted(hint)));
    }
    attributes.join(" ")
}

/// An attribute's value, quoted where it must be.
fn word(value: &str) -> String {
    let plain = value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '%' | '℃' | '°'));
    if plain { value.to_owned() } else { quoted(value) }
}

fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A YAML scalar: plain where nothing in it means anything to YAML.
fn scalar(value: &str) -> String {
    const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let plain = value.starts_with(char::is_alphabetic)
        && !value.ends_with(' ')
        && !WORDS.contains(&value.to_lowercase().as_str())
        && value.chars().all(|c| c.is_alphanumeric() || "-_ .，。、；：？！（）《》“”".contains(c));
    if plain {
        return value.to_owned();
    }
    // YAML has no place for these but as numbers.
    let mut text = String::new();
    for c in quoted(value).chars() {
        match c {
            '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => {
                text.push_str(&format!("\\u{:04X}", c as u32))
            }
            c => text.push(c),
        }
    }
    text
}

/// A comment's text that cannot end the comment.
fn harmless(comment: &str) -> String {
    let comment = comment.replace("-->", "-- >").replace('\n', " ");
    if comment.ends_with('-') { format!("{comment} ") } else { comment }
}
