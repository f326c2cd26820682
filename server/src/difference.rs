//! What an imported assignment file would change in a class: pure, so that the preview, the command and the browser
//! say the same, and tests need no database.
//!
//! Questions are matched by their number. Blanks keep their identity (and so their answers) where their key stayed the
//! same; the others are paired in order. Where that would move answers from one gap of an unchanged text to another,
//! the teacher is asked.

mod blanks;
mod words;

use grader::assignment::{Assignment, Blank, Question};
use serde::Serialize;
use std::collections::HashMap;
use uuid::Uuid;

pub use words::{Change, Kind, describe};

/// A question as the class has it.
#[derive(Clone, Debug)]
pub struct CurrentQuestion {
    /// Id.
    pub id: Uuid,
    /// The question, its blanks with the keys in force.
    pub question: Question,
    /// Ids of the blanks, in the order of the text.
    pub blanks: Vec<CurrentBlank>,
}

/// A blank as the class has it.
#[derive(Clone, Debug)]
pub struct CurrentBlank {
    /// Id.
    pub id: Uuid,
    /// Version of the key in force.
    pub version: i64,
    /// How many answers were given to it.
    pub answers: i64,
}

/// What an import would leave behind.
#[derive(Clone, Debug)]
pub struct Plan {
    /// All questions in their new order.
    pub questions: Vec<PlannedQuestion>,
    /// Questions that are no longer in the file; their answers stay.
    pub removed: Vec<Uuid>,
    /// The differences, for people.
    pub changes: Vec<Change>,
    /// What only the teacher can know.
    pub asked: Vec<Asked>,
}

/// A question after the import.
#[derive(Clone, Debug)]
pub struct PlannedQuestion {
    /// Id of the question that stays; `None` for a new one.
    pub id: Option<Uuid>,
    /// The question as the file has it, with the classroom's decisions kept in its blanks.
    pub question: Question,
    /// What becomes of each blank of the text.
    pub blanks: Vec<PlannedBlank>,
    /// Blanks that are no longer in the text; their answers stay.
    pub removed: Vec<Uuid>,
}

/// A blank after the import.
#[derive(Clone, Debug)]
pub struct PlannedBlank {
    /// Id and key version of the blank that stays; `None` for a new one.
    pub current: Option<(Uuid, i64)>,
    /// Whether marking may differ, so that the key gets a new version.
    pub key_changed: bool,
}

/// A question to the teacher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Name for the answer: `question-3`.
    pub id: String,
    /// Number of the question it is about.
    pub question: String,
    /// The possible answers; the first is taken where nobody is asked.
    pub options: Vec<Choice>,
}

/// How answers follow when the same keys stand in other gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// The keys were wrong: answers stay in their gaps, the keys change.
    Gap,
    /// The gaps were moved: answers follow their keys.
    Key,
}

/// Compares a class's assignment with a file. `answers` holds the teacher's answers to earlier [`Asked`] by id.
pub fn plan(current: &[CurrentQuestion], file: &Assignment, answers: &HashMap<String, String>) -> Plan {
    let mut plan = Plan { questions: Vec::new(), removed: Vec::new(), changes: Vec::new(), asked: Vec::new() };
    let mut left: Vec<&CurrentQuestion> = current.iter().collect();
    for question in &file.questions {
        let found = left.iter().position(|old| old.question.number == question.number);
        match found.map(|index| left.remove(index)) {
            Some(old) => plan.keep(old, question, answers),
            None => plan.add(question),
        }
    }
    for old in left {
        let answers = old.blanks.iter().map(|blank| blank.answers).max().unwrap_or(0);
        plan.changes.push(Change::question(Kind::Removed, &old.question).with_answers(answers));
        plan.removed.push(old.id);
    }
    plan
}

impl Plan {
    /// Whether the class already has exactly this.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    fn add(&mut self, question: &Question) {
        self.changes.push(Change::question(Kind::Added, question));
        self.questions.push(PlannedQuestion {
            id: None,
            question: question.clone(),
            blanks: vec![PlannedBlank { current: None, key_changed: true }; question.blanks.len()],
            removed: Vec::new(),
        });
    }

    fn keep(&mut self, old: &CurrentQuestion, new: &Question, answers: &HashMap<String, String>) {
        let mut question = new.clone();
        if old.question.kind != new.kind {
            self.changes.push(Change::question(Kind::Kind, new));
        }
        if old.question.text != new.text {
            self.changes.push(Change::question(Kind::Text, new).values(old.question.text.clone(), new.text.clone()));
        }
        if old.question.rubric != new.rubric {
            self.changes.push(
                Change::question(Kind::Rubric, new)
                    .values(old.question.rubric.clone().unwrap_or_default(), new.rubric.clone().unwrap_or_default()),
            );
        }
        if new.blanks.is_empty() && old.question.points != new.points {
            self.changes.push(Change::points(new, None, old.question.points, new.points));
        }
        let paired = blanks::pair(old, new, answers);
        self.asked.extend(paired.asked);
        let mut planned = Vec::with_capacity(new.blanks.len());
        for (index, pair) in paired.pairs.iter().enumerate() {
            let place = index + 1;
            let Some(from) = *pair else {
                self.changes.push(
                    Change::blank(Kind::BlankAdded, new, place).values(String::new(), words::key(&new.blanks[index])),
                );
                planned.push(PlannedBlank { current: None, key_changed: true });
                continue;
            };
            let (old_blank, known) = (&old.question.blanks[from], &old.blanks[from]);
            let blank = &mut question.blanks[index];
            blank.decided.clone_from(&old_blank.decided);
            self.changes.extend(blanks::changes(new, place, old_blank, blank));
            planned.push(PlannedBlank {
                current: Some((known.id, known.version)),
                key_changed: marks_differently(old_blank, blank),
            });
        }
        for from in &paired.removed {
            self.changes.push(
                Change::blank(Kind::BlankRemoved, &old.question, from + 1)
                    .values(words::key(&old.question.blanks[*from]), String::new())
                    .with_answers(old.blanks[*from].answers),
            );
        }
        let removed = paired.removed.iter().map(|from| old.blanks[*from].id).collect();
        self.questions.push(PlannedQuestion { id: Some(old.id), question, blanks: planned, removed });
    }
}

/// Whether anything that marking looks at is different.
fn marks_differently(old: &Blank, new: &Blank) -> bool {
    old.key != new.key
        || old.group != new.group
        || old.unit != new.unit
        || old.match_kind != new.match_kind
        || old.surroundings != new.surroundings
        || old.confirmed != new.confirmed
}

#[cfg(test)]
mod tests;
