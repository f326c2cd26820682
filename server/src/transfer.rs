//! What a student takes along to another class. Attempts go into the assignment of the same course, chapter and title, as
//! copies: the old class's record stays as it is. Answers are marked by the new class's keys; what does not fit stays behind
//! and is said, before anybody confirms.

mod blanks;
mod work;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::app::App;
use crate::error::{Message, Result};
use crate::marks::{self, Earned};
use crate::points;
use crate::store::assignment::{Assignment, Form};
use crate::store::roster::transfer::{self as store, Attempt, Carry, Move, Record};

use blanks::pair;
use work::{Work, earned};

/// What a move takes along, for people and for the database.
#[derive(Debug)]
pub struct Plan {
    /// What becomes of each assignment that the student worked on in the old class.
    pub fates: Vec<Fate>,
    /// What is written.
    pub carry: Carry,
}

/// What becomes of a student's work on an assignment.
#[derive(Debug)]
pub struct Fate {
    /// Title in the old class.
    pub title: String,
    /// Whether something of it is in the new class afterwards.
    pub goes: bool,
    /// The mark in the old class, if it was handed in.
    pub before: Option<Standing>,
    /// The mark in the new class afterwards.
    pub after: Option<Standing>,
    /// What goes along, what stays and why.
    pub notes: Vec<Message>,
}

/// A mark and what it is out of, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Points.
    pub points: i64,
    /// Out of.
    pub of: i64,
}

impl Plan {
    /// Fates of which something goes along.
    pub fn goes(&self) -> usize {
        self.fates.iter().filter(|fate| fate.goes).count()
    }

    /// Fates that stay behind.
    pub fn stays(&self) -> usize {
        self.fates.len() - self.goes()
    }
}

/// Works out what moves would take along, read only. The number of queries depends on the classes' assignments alone.
pub async fn plans(app: &App, moves: &[Move]) -> Result<Vec<Plan>> {
    // Read first: whatever changes after this makes the plan refused.
    let versions = store::versions(&app.db, moves).await?;
    let record = store::read(&app.db, moves).await?;
    let now = app.clock.now();
    let worked_on: HashSet<Uuid> = record.attempts.iter().map(|attempt| attempt.assignment_id).collect();
    let mut forms: HashMap<Uuid, Arc<Form>> = HashMap::new();
    for assignment in &record.assignments {
        let is_needed = worked_on.contains(&assignment.id)
            || record.assignments.iter().any(|other| worked_on.contains(&other.id) && is_same(other, assignment));
        if is_needed {
            forms.insert(assignment.id, app.forms.find(&app.db, assignment).await?);
        }
    }
    let plans = moves.iter().zip(versions);
    Ok(plans.map(|(moved, version)| plan(*moved, version, &record, &forms, now)).collect())
}

/// Whether two assignments of different classes are one: same course and chapter, and the title in whatever width and spacing.
fn is_same(one: &Assignment, other: &Assignment) -> bool {
    let plain = |title: &str| -> String {
        title.nfkc().filter(|character| !character.is_whitespace()).flat_map(char::to_lowercase).collect()
    };
    (&one.course, &one.chapter) == (&other.course, &other.chapter) && plain(&one.title) == plain(&other.title)
}

fn plan(moved: Move, version: String, record: &Record, forms: &HashMap<Uuid, Arc<Form>>, now: DateTime<Utc>) -> Plan {
    let mut carry = Carry {
        moved,
        version,
        assignments: Vec::new(),
        attempts: Vec::new(),
        renumbered: Vec::new(),
        answers: Vec::new(),
        essays: Vec::new(),
        marks: Vec::new(),
        overrides: Vec::new(),
        settled: Vec::new(),
        drafts: Vec::new(),
        files: Vec::new(),
        inquiries: Vec::new(),
        detail: String::new(),
    };
    let mut fates = Vec::new();
    for old in record.assignments.iter().filter(|assignment| assignment.class_id == moved.from) {
        let tries = of_student(record, old.id, moved.person_id);
        let Some(old_form) = forms.get(&old.id).filter(|_| !tries.is_empty()) else { continue };
        carry.assignments.push(old.id);
        let there = |assignment: &&Assignment| assignment.class_id == moved.to && is_same(assignment, old);
        let exact = |assignment: &&Assignment| there(assignment) && assignment.title == old.title;
        let new = record.assignments.iter().find(exact).or_else(|| record.assignments.iter().find(there));
        let before = standing(old, old_form, &earned(record, &record.marks, old_form, &tries));
        let Some((new, new_form)) = new.and_then(|new| Some((new, forms.get(&new.id)?))) else {
            let notes = vec![Message::new("roster-transfer-no-assignment")];
            fates.push(Fate { title: old.title.clone(), goes: false, before, after: None, notes });
            continue;
        };
        carry.assignments.push(new.id);
        let mut work = Work {
            moved,
            record,
            new,
            new_form,
            pairs: pair(old_form, new_form),
            tries,
            there: of_student(record, new.id, moved.person_id),
            attempts: HashMap::new(),
            after: Vec::new(),
            notes: Vec::new(),
        };
        let goes = work.carry(&mut carry, now);
        let after = if goes { standing(new, new_form, &work.after) } else { None };
        fates.push(Fate { title: old.title.clone(), goes, before, after, notes: work.notes });
    }
    let goes = fates.iter().filter(|fate| fate.goes).count();
    carry.detail = format!("{goes} assignments, {} attempts, {} stay", carry.attempts.len(), fates.len() - goes);
    Plan { fates, carry }
}

fn of_student(record: &Record, assignment: Uuid, person: Uuid) -> Vec<&Attempt> {
    let is_theirs = |attempt: &&Attempt| attempt.assignment_id == assignment && attempt.person_id == person;
    record.attempts.iter().filter(is_theirs).collect()
}

fn standing(assignment: &Assignment, form: &Form, earned: &[Earned]) -> Option<Standing> {
    let chosen = marks::counting(assignment.rules.counting, earned)?;
    Some(Standing { points: chosen.total(), of: form.points() })
}

/// A mark for people: `17.5 / 20`.
pub fn shown(standing: Standing) -> String {
    format!("{} / {}", points::shown(standing.points), points::shown(standing.of))
}
