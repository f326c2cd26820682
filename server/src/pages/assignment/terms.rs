//! The times and rules of an assignment in sentences a student understands.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::error::Message;
use crate::moment::{Moment, local};
use crate::rules::{BellRule, Counting, RevealKeys};
use crate::store::assignment::Standing;
use crate::view::View;

/// Times and rules, ready for a template.
#[derive(Clone, Debug, Serialize)]
pub struct Terms {
    /// Opening.
    pub opens: Option<Moment>,
    /// Due; left out where it is the closing.
    pub due: Option<Moment>,
    /// Closing.
    pub closes: Option<Moment>,
    /// What may be different for this student alone.
    pub extended: bool,
    /// Name of the time zone.
    pub zone: String,
    /// What lateness and the bell do, in sentences.
    pub brief: Vec<String>,
    /// Sentences.
    pub rules: Vec<String>,
}

/// Times and rules as they hold for one student. `used`: how many attempts are used up.
pub fn terms(standing: &Standing, used: i64, now: DateTime<Utc>, view: &View) -> Terms {
    let times = &standing.times;
    let moment = |at: Option<DateTime<Utc>>| at.map(|at| Moment::new(at, standing.zone, now, view.language()));
    Terms {
        opens: moment(times.opens_at),
        due: moment(times.due_at.filter(|due| times.closes_at != Some(*due))),
        closes: moment(times.closes_at),
        extended: standing.extended,
        zone: standing.zone.name().to_owned(),
        brief: brief(standing).iter().map(|message| view.sentence(message)).collect(),
        rules: rules(standing, used).iter().map(|message| view.sentence(message)).collect(),
    }
}

fn brief(standing: &Standing) -> Vec<Message> {
    let rules = &standing.assignment.rules;
    let mut sentences = Vec::new();
    match (rules.late_per_day, standing.times.due_at) {
        (Some(per_day), Some(_)) if rules.late_floor > 0 => sentences
            .push(Message::new("assignment-rule-late-floor").with("per-day", per_day).with("floor", rules.late_floor)),
        (Some(per_day), Some(_)) => sentences.push(Message::new("assignment-rule-late").with("per-day", per_day)),
        (None, Some(_)) => sentences.push(Message::new("assignment-rule-not-late")),
        _ => {}
    }
    if standing.times.closes_at.is_some() {
        sentences.push(Message::new(match rules.bell_rule {
            BellRule::HandIn => "assignment-rule-bell",
            BellRule::None => "assignment-rule-no-bell",
        }));
    }
    sentences
}

fn rules(standing: &Standing, used: i64) -> Vec<Message> {
    let rules = &standing.assignment.rules;
    let mut sentences = vec![match rules.attempts_allowed {
        None => Message::new("assignment-rule-attempts-any"),
        Some(allowed) => Message::new("assignment-rule-attempts")
            .with("allowed", allowed)
            .with("left", rules.attempts_left(used).unwrap_or(0)),
    }];
    if rules.attempts_allowed != Some(1) {
        sentences.push(Message::new(match rules.counting {
            Counting::Best => "assignment-rule-best",
            Counting::Last => "assignment-rule-last",
            Counting::First => "assignment-rule-first",
        }));
    }
    if !rules.show_verdicts {
        sentences.push(Message::new("assignment-rule-verdicts-later"));
    }
    sentences.push(match (rules.reveal_keys, standing.closes_for_all) {
        (RevealKeys::Never, _) | (RevealKeys::Closed, None) => Message::new("assignment-rule-keys-never"),
        (RevealKeys::Closed, Some(at)) => {
            Message::new("assignment-rule-keys-closed").with("at", local(at, standing.zone))
        }
        (RevealKeys::HandedIn, _) => Message::new("assignment-rule-keys-handed-in"),
        (RevealKeys::Always, _) => Message::new("assignment-rule-keys-always"),
    });
    sentences
}
