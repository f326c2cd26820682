//! Marks answers anew after keys changed: after an import, after a decision. Marking is a pure function of answers and keys,
//! so a regrade may be repeated, or broken off and started again, without harm. What a teacher changed by hand stays.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use uuid::Uuid;

use crate::app::App;
use crate::db::Db;
use crate::error::Result;
use crate::marking::{self, Marked};
use crate::marks;
use crate::store::assignment::{self, Assignment, Form};
use crate::store::attempt;
use crate::store::regrade::{self as store, Given};

/// Attempts marked and written together: other writers wait no longer than this takes.
const AT_ONCE: usize = 100;

/// What a regrade did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Regraded {
    /// Attempts whose answers were marked anew.
    pub attempts: usize,
    /// Answers whose verdict or points are different now.
    pub changed: usize,
}

/// One student whose mark would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shift {
    /// The student's name.
    pub student: String,
    /// The mark as it is, in millionths.
    pub before: i64,
    /// The mark as it would be, in millionths.
    pub after: i64,
    /// The answers that make the difference, as written, each once.
    pub answers: Vec<String>,
}

/// Marks every handed-in answer of an assignment whose key has a newer version.
pub async fn assignment(app: &App, id: Uuid) -> Result<Regraded> {
    let Some(assignment) = assignment::find(&app.db, id).await? else { return Ok(Regraded::default()) };
    let form = app.forms.find(&app.db, &assignment).await?;
    let mut done = Regraded::default();
    loop {
        let given = store::stale(&app.db, id, AT_ONCE as i64).await?;
        if given.is_empty() {
            return Ok(done);
        }
        let marked: Vec<(Uuid, Marked)> = by_attempt(&given)
            .into_iter()
            .map(|(attempt, answers)| (attempt, only_given(mark(&form, &answers), &answers)))
            .collect();
        done.attempts += marked.len();
        done.changed += changed(&given, &marked);
        store::write(&app.db, assignment.class_id, marked).await?;
    }
}

/// Whose mark in the assignment would change if its questions and keys were these.
pub async fn preview(db: &Db, assignment: &Assignment, form: &Form) -> Result<Vec<Shift>> {
    let attempts = attempt::list_of_assignment(db, assignment.id).await?;
    let given = store::all(db, assignment.id).await?;
    let overridden = store::overrides(db, assignment.id).await?;
    let answers = by_attempt(&given);
    let asked: HashSet<Uuid> = form.blanks().map(|blank| blank.id).collect();
    let mut people: BTreeMap<Uuid, (Vec<marks::Earned>, Vec<marks::Earned>, Vec<String>)> = BTreeMap::new();
    for attempt in &attempts {
        let Some(before) = attempt.earned() else { continue };
        let mut after = before;
        let person = people.entry(attempt.person_id).or_default();
        if let Some(answers) = answers.get(&attempt.id) {
            let marked = only_given(mark(form, answers), answers);
            let points = |answer: &marking::MarkedAnswer| {
                overridden.get(&(attempt.id, answer.blank_id)).copied().unwrap_or(answer.points)
            };
            after.blanks_points =
                marked.answers.iter().filter(|answer| asked.contains(&answer.blank_id)).map(points).sum();
            let new: HashMap<Uuid, i64> =
                marked.answers.iter().map(|answer| (answer.blank_id, points(answer))).collect();
            for given in answers {
                let key = (attempt.id, given.blank_id);
                let is_changed = new.get(&given.blank_id).is_some_and(|points| *points != given.points);
                if is_changed && !overridden.contains_key(&key) && !person.2.contains(&given.text) {
                    person.2.push(given.text.clone());
                }
            }
        }
        person.0.push(before);
        person.1.push(after);
    }
    let names = store::names(db, assignment.class_id).await?;
    let rule = assignment.rules.counting;
    let total = |earned: &[marks::Earned]| marks::counting(rule, earned).map_or(0, marks::Earned::total);
    let mut shifts: Vec<Shift> = people
        .into_iter()
        .map(|(person, (before, after, answers))| Shift {
            answers,
            student: names.get(&person).cloned().unwrap_or_default(),
            before: total(&before),
            after: total(&after),
        })
        .filter(|shift| shift.before != shift.after)
        .collect();
    shifts.sort_by(|a, b| a.student.cmp(&b.student));
    Ok(shifts)
}

fn by_attempt(given: &[Given]) -> BTreeMap<Uuid, Vec<&Given>> {
    let mut attempts: BTreeMap<Uuid, Vec<&Given>> = BTreeMap::new();
    for answer in given {
        attempts.entry(answer.attempt_id).or_default().push(answer);
    }
    attempts
}

fn mark(form: &Form, answers: &[&Given]) -> Marked {
    let texts: HashMap<Uuid, &str> = answers.iter().map(|answer| (answer.blank_id, answer.text.as_str())).collect();
    marking::mark(form, |blank| texts.get(&blank).copied().unwrap_or_default().to_owned())
}

/// A blank that came later was never asked in an earlier attempt.
fn only_given(mut marked: Marked, answers: &[&Given]) -> Marked {
    let given: HashSet<Uuid> = answers.iter().map(|answer| answer.blank_id).collect();
    marked.answers.retain(|answer| given.contains(&answer.blank_id));
    marked
}

fn changed(given: &[Given], marked: &[(Uuid, Marked)]) -> usize {
    let before: HashMap<(Uuid, Uuid), &Given> =
        given.iter().map(|answer| ((answer.attempt_id, answer.blank_id), answer)).collect();
    let is_changed = |attempt: Uuid, answer: &marking::MarkedAnswer| {
        before
            .get(&(attempt, answer.blank_id))
            .is_some_and(|old| old.points != answer.points || old.verdict != answer.verdict_name())
    };
    marked
        .iter()
        .flat_map(|(attempt, marked)| marked.answers.iter().filter(|answer| is_changed(*attempt, answer)))
        .count()
}
