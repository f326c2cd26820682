//! The shares that come out of what facts are worth.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::typed::Typed;
use super::{Work, kept};
use crate::app::App;
use crate::error::{Error, Result};
use crate::marks;
use crate::store::project::{self, Counted, NewShare, Project, Put, Rate};

/// What would be put into the gradebook.
pub(super) struct Draft {
    pub(super) project: Project,
    pub(super) put: Put,
    /// Whether anything differs from what is kept.
    pub(super) is_new: bool,
    /// By student.
    pub(super) earned: HashMap<Uuid, Earned>,
}

/// What a student's facts earn.
pub(super) struct Earned {
    /// Their own share.
    pub(super) own: i64,
    /// With the class's mark.
    pub(super) together: i64,
    /// The share in force.
    pub(super) now: Option<i64>,
}

/// The shares that come out; none as long as something is missing or wrong.
pub(super) async fn draft(app: &App, work: &Work, typed: &Typed) -> Result<Option<Draft>> {
    let project = work.projects.iter().find(|project| Some(project.question_id) == typed.question);
    let Some(project) = project.filter(|_| typed.is_ready()) else { return Ok(None) };
    let (class_id, question_id) = (work.class.id, project.question_id);
    let given = project::shares(&app.db, class_id, Some(question_id)).await?;
    let rates: Vec<Rate> = work
        .facts()
        .zip(&typed.rates)
        .filter_map(|((tool, _), typed)| Some(kept(typed.rate.as_ref()?, &tool.manifest.id)))
        .collect();
    // Nothing counts and nothing ever did: there is nothing to show.
    if rates.is_empty() && given.is_empty() {
        return Ok(None);
    }
    let mut put = Put { class_id, question_id, rates, shares: Vec::new() };
    let mut earned = HashMap::new();
    for student in &work.students {
        let facts = facts(work, typed, student.id);
        let sum = facts.iter().fold(0_i64, |sum, fact| sum.saturating_add(fact.points));
        let own = sum.min(project.worth);
        let facts = serde_json::to_string(&facts).map_err(Error::internal)?;
        let last = given.get(&(question_id, student.id));
        let together = marks::of_project(project.worth, project.points, Some(own)).unwrap_or(own);
        earned.insert(student.id, Earned { own, together, now: last.map(|share| share.points) });
        if last.is_none_or(|last| last.points != own || last.facts != facts) {
            let seen = last.map(|share| share.id);
            put.shares.push(NewShare { person_id: student.id, points: own, facts, seen });
        }
    }
    let (mut before, mut after) = (typed.kept.clone(), put.rates.clone());
    for rates in [&mut before, &mut after] {
        rates.sort_by(|a, b| (&a.plugin_id, &a.fact).cmp(&(&b.plugin_id, &b.fact)));
    }
    let is_new = !put.shares.is_empty() || before != after;
    Ok(Some(Draft { project: project.clone(), put, is_new, earned }))
}

impl Draft {
    /// Tells one preview from another, so that nobody gives shares that they have not seen.
    pub(super) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(format!("{} {:?}\0{:?}\0", self.put.question_id, self.project.points, self.put.rates));
        for share in &self.put.shares {
            hash.update(format!("{} {} {:?} {}\0", share.person_id, share.points, share.seen, share.facts));
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The facts of a student that count, as they will read them.
fn facts(work: &Work, typed: &Typed, student: Uuid) -> Vec<Counted> {
    let counting = work.facts().zip(&typed.rates).filter_map(|(fact, typed)| Some((fact, typed.rate.as_ref()?)));
    counting
        .map(|((tool, fact), rate)| {
            let amount = tool.amount(student, &fact.id).unwrap_or_default();
            Counted {
                plugin: tool.manifest.id.clone(),
                tool: tool.manifest.title.clone(),
                fact: fact.id.clone(),
                title: fact.title.clone(),
                amount,
                each: rate.each,
                most: rate.most,
                points: rate.points(amount),
            }
        })
        .collect()
}
