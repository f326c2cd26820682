//! The assignment file of a class as it holds now: the teacher's own file, comments and all, in which every blank that
//! was changed in the browser since (confirmed, given another key) is written anew.

use std::ops::Range;

use grader::Language;
use grader::assignment::{self, Assignment, Blank, Comments, Surroundings};

use crate::store::import::Held;

/// The file in force.
pub fn in_force(held: &Held) -> String {
    adapted(held).unwrap_or_else(|| written_anew(held))
}

/// The kept file with what is different in it; `None` when it does not read as what the class has.
fn adapted(held: &Held) -> Option<String> {
    let parsed = assignment::parse(&held.source, Language::English).ok()?;
    let (current, questions) = (&held.current.questions, &parsed.assignment.questions);
    if current.len() != questions.len() {
        return None;
    }
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for ((current, question), place) in current.iter().zip(questions).zip(&parsed.places) {
        let (holds, stands) = (&current.question.blanks, &question.blanks);
        if current.question.number != question.number || holds.len() != stands.len() {
            return None;
        }
        for ((holds, stands), span) in holds.iter().zip(stands).zip(&place.spans) {
            if stated(holds) != stated(stands) {
                changes.push((span.clone(), notation(holds)));
            }
        }
    }
    Some(replaced(&held.source, &changes))
}

fn written_anew(held: &Held) -> String {
    let assignment = Assignment {
        course: Some(held.name.course.clone()),
        chapter: Some(held.name.chapter.clone()),
        title: held.name.title.clone(),
        questions: held.current.questions.iter().map(|current| current.question.clone()).collect(),
    };
    assignment::write(&assignment, &Comments::default())
}

/// What a file states of a blank.
pub(super) fn stated(blank: &Blank) -> Blank {
    Blank { surroundings: Surroundings::default(), decided: Vec::new(), ..blank.clone() }
}

/// A blank as a file has it.
pub fn notation(blank: &Blank) -> String {
    assignment::blank_text(&assignment::key_text(blank), &assignment::attributes_text(blank))
}

/// A text with these places of it, in rising order, replaced.
pub(super) fn replaced(text: &str, changes: &[(Range<usize>, String)]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for (place, new) in changes {
        result.push_str(&text[done..place.start]);
        result.push_str(new);
        done = place.end;
    }
    result.push_str(&text[done..]);
    result
}
