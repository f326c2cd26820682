//! What facts are worth: as typed, or as kept from the last time.

use plugin_protocol::manifest::Words;
use uuid::Uuid;

use super::Work;
use crate::app::App;
use crate::error::{Message, Result};
use crate::plugins::fact::Rate;
use crate::points;
use crate::store::plugin;
use crate::store::project;

/// The form as it was sent, or as it was kept.
pub(super) struct Typed {
    pub(super) question: Option<Uuid>,
    /// One for each fact of each tool.
    pub(super) rates: Vec<TypedRate>,
    /// What was kept the last time.
    pub(super) kept: Vec<project::Rate>,
    /// What is wrong with the whole.
    pub(super) mistake: Option<Message>,
    /// A tool whose facts are to count, and which does not say what it counted.
    pub(super) missing: Option<Words>,
}

/// What a fact is worth.
pub(super) struct TypedRate {
    pub(super) each: String,
    pub(super) each_error: Option<Message>,
    pub(super) most: String,
    pub(super) most_error: Option<Message>,
    /// None: it counts nothing, or is wrong.
    pub(super) rate: Option<Rate>,
}

impl Typed {
    /// Reads the form. What was not sent is what was kept; the only project need not be chosen.
    pub(super) async fn read(app: &App, work: &Work, pairs: &[(String, String)]) -> Result<Self> {
        let find = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
        let question = match (find("question"), &work.projects[..]) {
            (Some(id), projects) => {
                projects.iter().map(|project| project.question_id).find(|known| id.parse() == Ok(*known))
            }
            (None, [only]) => Some(only.question_id),
            (None, _) => None,
        };
        let kept = match question {
            Some(question) => project::rates(&app.db, work.class.id, question).await?,
            None => Vec::new(),
        };
        let is_typed = pairs.iter().any(|(key, _)| key.starts_with("each."));
        let rates: Vec<TypedRate> = work
            .facts()
            .map(|(tool, fact)| {
                let name = format!("{}.{}", tool.manifest.id, fact.id);
                let known = kept.iter().find(|rate| rate.plugin_id == tool.manifest.id && rate.fact == fact.id);
                match (is_typed, known) {
                    (true, _) => {
                        let one = |what: &str| find(&format!("{what}.{name}")).unwrap_or_default();
                        TypedRate::read(&fact.id, one("each"), one("most"))
                    }
                    (false, Some(known)) => {
                        let most = known.most_points.map(points::exact).unwrap_or_default();
                        TypedRate::read(&fact.id, &points::exact(known.each_points), &most)
                    }
                    (false, None) => TypedRate::read(&fact.id, "", ""),
                }
            })
            .collect();
        let is_empty = rates.iter().all(|rate| rate.each.is_empty());
        let mistake = match question {
            None if is_typed => Some(Message::new("plugin-marks-no-project")),
            Some(_) if is_typed && is_empty && kept.is_empty() => Some(Message::new("plugin-marks-no-rate")),
            _ => None,
        };
        let silent = work.facts().zip(&rates).find(|((tool, _), rate)| tool.counted.is_none() && rate.rate.is_some());
        let mut missing = silent.map(|((tool, _), _)| tool.manifest.title.clone());
        // A tool of which not even the manifest is known has no field either.
        for rate in &kept {
            let is_known = work.tools.iter().any(|tool| tool.manifest.id == rate.plugin_id);
            if !is_known && plugin::class::uses(&app.db, work.class.id, &rate.plugin_id).await? {
                missing = Some(Words { zh: rate.plugin_id.clone(), en: rate.plugin_id.clone() });
            }
        }
        Ok(Self { question, rates, kept, mistake, missing })
    }

    /// Whether something has to be typed anew.
    pub(super) fn has_mistakes(&self) -> bool {
        self.mistake.is_some() || self.rates.iter().any(|rate| rate.each_error.is_some() || rate.most_error.is_some())
    }

    /// Whether shares can be reckoned: something was typed or kept, nothing is wrong, and every tool answers.
    pub(super) fn is_ready(&self) -> bool {
        !self.has_mistakes() && self.missing.is_none()
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
