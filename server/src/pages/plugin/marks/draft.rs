//! What a teacher typed, and the marks that come out of it.

use std::collections::HashMap;

use plugin_protocol::manifest::Manifest;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Work;
use crate::app::App;
use crate::error::{Message, Result};
use crate::plugins::fact::{self, Rate};
use crate::points;
use crate::store::assignment::Kind;
use crate::store::mark::{Given, HandIn, NewMark, many};
use crate::view::View;

/// The longest comment of a mark, in characters.
const LONGEST_COMMENT: usize = 4_000;

/// The form as it was sent.
pub(super) struct Typed {
    pub(super) question: Option<Uuid>,
    /// One for each fact of the manifest.
    pub(super) rates: Vec<TypedRate>,
    /// What is wrong with the whole.
    pub(super) mistake: Option<Message>,
}

/// What a fact is worth, as typed.
pub(super) struct TypedRate {
    pub(super) each: String,
    pub(super) each_error: Option<Message>,
    pub(super) most: String,
    pub(super) most_error: Option<Message>,
    /// None: it counts nothing, or is wrong.
    rate: Option<Rate>,
}

/// The marks that would be given.
pub(super) struct Draft {
    pub(super) assignment_id: Uuid,
    pub(super) marks: Vec<NewMark>,
    /// By student; empty for a project.
    pub(super) earned: HashMap<Uuid, Earned>,
    /// What the class earns together, for a project.
    pub(super) of_class: Option<i64>,
}

/// What a student's facts earn, and the mark in force.
pub(super) struct Earned {
    pub(super) points: i64,
    pub(super) now: Option<i64>,
}

impl Typed {
    /// Reads the form; one that was not sent asks for nothing.
    pub(super) fn read(manifest: &Manifest, pairs: &[(String, String)]) -> Self {
        let one = |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
        let rates: Vec<TypedRate> = manifest
            .facts
            .iter()
            .map(|fact| TypedRate::read(&fact.id, one(&format!("each.{}", fact.id)), one(&format!("most.{}", fact.id))))
            .collect();
        let question = one("question").parse().ok();
        let is_sent = pairs.iter().any(|(key, _)| key == "question");
        let is_empty = rates.iter().all(|rate| rate.each.is_empty());
        let mistake = match (is_sent, question) {
            (true, None) => Some(Message::new("plugin-marks-no-question")),
            (true, Some(_)) if is_empty => Some(Message::new("plugin-marks-no-rate")),
            _ => None,
        };
        Self { question, rates, mistake }
    }

    /// Whether something has to be typed anew.
    pub(super) fn has_mistakes(&self) -> bool {
        self.mistake.is_some() || self.rates.iter().any(|rate| rate.each_error.is_some() || rate.most_error.is_some())
    }

    /// The marks that come out; none as long as something is missing or wrong.
    pub(super) async fn draft(&self, view: &View, app: &App, work: &Work) -> Result<Option<Draft>> {
        let pile = work.piles.iter().find(|pile| Some(pile.question.id) == self.question);
        let Some(pile) = pile.filter(|_| !self.has_mistakes()) else { return Ok(None) };
        let question = &pile.question;
        let given = many::in_force(&app.db, work.class.id, question.id).await?;
        let rates: Vec<&Rate> = self.rates.iter().filter_map(|rate| rate.rate.as_ref()).collect();
        let mut draft =
            Draft { assignment_id: question.assignment_id, marks: Vec::new(), earned: HashMap::new(), of_class: None };
        for hand_in in &pile.hand_ins {
            let is_project = question.kind == Kind::Project;
            // A project is the class's: what all have done together counts.
            let amount = |fact: &str| match is_project {
                true => work.students.iter().fold(0, |sum: i64, one| sum.saturating_add(work.amount(one.id, fact))),
                false => work.amount(hand_in.person_id, fact),
            };
            let (points, comment) = worth(view, work, &rates, question.points, amount);
            let last = given.get(&hand_in.attempt_id);
            if is_project {
                draft.of_class = Some(points);
            } else {
                draft.earned.insert(hand_in.person_id, Earned { points, now: last.map(|mark| mark.points) });
            }
            draft.marks.extend(mark(work, question.id, hand_in, points, comment, last));
        }
        Ok(Some(draft))
    }
}

impl TypedRate {
    fn read(fact: &str, each: &str, most: &str) -> Self {
        let wrong = || Some(Message::new("gradebook-points-malformed"));
        let parsed = |text: &str| if text.is_empty() { Ok(None) } else { points::parse(text).map(Some).ok_or(()) };
        let (of_each, of_most) = (parsed(each), parsed(most));
        Self {
            each: each.to_owned(),
            each_error: of_each.is_err().then(wrong).flatten(),
            most: most.to_owned(),
            most_error: of_most.is_err().then(wrong).flatten(),
            rate: match (of_each, of_most) {
                (Ok(Some(each)), Ok(most)) => Some(Rate { fact: fact.to_owned(), each, most }),
                _ => None,
            },
        }
    }
}

impl Draft {
    /// Tells one preview from another, so that nobody gives marks that they have not seen.
    pub(super) fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for mark in &self.marks {
            hash.update(format!("{} {} {:?} ", mark.question_id, mark.attempt_id, mark.seen));
            hash.update(format!("{} {}\0", mark.points, mark.comment));
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Work {
    /// How much of a fact a student has, in millionths.
    pub(super) fn amount(&self, student: Uuid, fact: &str) -> i64 {
        let values = self.facts.students.iter().find(|one| one.person == student).map(|one| &one.values);
        values.map_or(0, |values| fact::amount(values, fact))
    }
}

/// What amounts are worth, and the note that says so to the student.
fn worth(view: &View, work: &Work, rates: &[&Rate], of: i64, amount: impl Fn(&str) -> i64) -> (i64, String) {
    let language = view.language().tag();
    let mut sum = 0_i64;
    let mut lines = Vec::new();
    for rate in rates {
        let amount = amount(&rate.fact);
        let points = rate.points(amount);
        sum = sum.saturating_add(points);
        let title = work.manifest.facts.iter().find(|fact| fact.id == rate.fact);
        let key = if rate.most == Some(points) { "plugin-marks-line-most" } else { "plugin-marks-line" };
        let line = Message::new(key)
            .with("fact", title.map_or(rate.fact.as_str(), |fact| fact.title.in_language(language)))
            .with("amount", points::exact(amount))
            .with("each", points::exact(rate.each))
            .with("points", points::exact(points));
        lines.push(view.sentence(&line));
    }
    if sum > of {
        lines.push(view.sentence(&Message::new("plugin-marks-line-worth").with("most", points::exact(of))));
    }
    lines.push(view.sentence(&Message::new("plugin-marks-from").with("tool", work.manifest.title_in(language))));
    (sum.min(of), lines.join("\n").chars().take(LONGEST_COMMENT).collect())
}

/// The mark to give; none where it stands already.
fn mark(
    work: &Work,
    question_id: Uuid,
    hand_in: &HandIn,
    points: i64,
    comment: String,
    last: Option<&Given>,
) -> Option<NewMark> {
    if last.is_some_and(|last| last.points == points && last.comment == comment) {
        return None;
    }
    Some(NewMark {
        class_id: work.class.id,
        question_id,
        attempt_id: hand_in.attempt_id,
        points,
        comment,
        seen: last.map(|last| last.id),
    })
}
