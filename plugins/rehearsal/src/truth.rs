//! What really happened, kept so that others can be held against it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::people::Stay;

/// Everything that happened. As JSON at `/truth.json`; times in UTC, days in +08:00.
#[derive(Clone, Debug, Serialize)]
pub struct Truth {
    /// The account's `gh_…`.
    pub account: String,
    /// The seed of the people.
    pub seed: u64,
    /// The platform's clock now.
    pub now: DateTime<Utc>,
    /// How many follow now.
    pub following: usize,
    /// Every day from the first with an event to today.
    pub days: Vec<Day>,
    /// What each scene brought.
    pub scenes: BTreeMap<String, Scene>,
    /// Everybody who ever appeared.
    pub followers: Vec<Follower>,
    /// Every message and event, in order, and what became of it.
    pub letters: Vec<Letter>,
    /// What was published.
    pub publications: Vec<Publication>,
    /// Every call of the API: how often it went well, how often with which code.
    pub calls: BTreeMap<String, Calls>,
    /// Messages that came too late because something happened while they were under way: their follower left, whether or
    /// not they have come back, or the story's clock was moved on.
    pub overtaken: usize,
}

/// A day's figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Day {
    /// The day in +08:00.
    pub date: NaiveDate,
    /// How many followed.
    pub gained: usize,
    /// How many left.
    pub lost: usize,
    /// How many followed at its end.
    pub total: usize,
    /// The same by the number of the source.
    pub sources: BTreeMap<u16, Source>,
}

/// A source's share of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Source {
    /// How many came this way.
    pub gained: usize,
    /// How many left who had come this way.
    pub lost: usize,
}

/// What a scene brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scene {
    /// Follows through its code.
    pub followed: usize,
    /// Of these, first follows of a person.
    pub first: usize,
    /// Of these, still following without a break.
    pub staying: usize,
}

/// A person and their stays.
#[derive(Clone, Debug, Serialize)]
pub struct Follower {
    /// The person's number.
    pub number: usize,
    /// Their name towards the account.
    pub openid: String,
    /// Whether they follow now.
    pub following: bool,
    /// Every time they followed.
    pub stays: Vec<Stay>,
}

/// A message or event and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    /// From 0, in order.
    pub number: usize,
    /// When, as the platform shows it.
    pub at: DateTime<Utc>,
    /// Who sent it; absent for what the platform tells by itself.
    pub openid: Option<String>,
    /// `text`, `image`, … or an event's name.
    pub what: String,
    /// Words, scene or key.
    pub text: String,
    /// The platform's number of a message.
    pub message: Option<i64>,
    /// What a message was written for.
    pub purpose: Option<Purpose>,
    /// How often the request was made.
    pub tries: usize,
    /// What became of it.
    pub outcome: Outcome,
    /// What the follower read at once.
    pub reply: Option<String>,
    /// What they read later, until their next message.
    pub later: Vec<String>,
    /// What was wrong with the answer, in English.
    pub problem: Option<String>,
}

/// What a message was written for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Purpose {
    /// A question about what the account is for.
    Question {
        /// The same for all ways of asking the same.
        topic: String,
    },
    /// Something the account is not for.
    OffTopic,
    /// A claim word.
    Claim {
        /// The word.
        word: String,
    },
    /// Asks for the answer that waits.
    Pull,
    /// A greeting, thanks, a sticker.
    Chat,
    /// Written by whoever plays the person.
    Played,
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// On its way.
    Waiting,
    /// Answered with a message.
    Replied,
    /// Taken, with nothing to say.
    Taken,
    /// No answer in time, however often.
    Unanswered,
    /// An answer that the platform refuses.
    Refused,
    /// No server is connected.
    NotConnected,
}

/// A publication.
#[derive(Clone, Debug, Serialize)]
pub struct Publication {
    /// Its number.
    pub id: u64,
    /// When it went out.
    pub at: DateTime<Utc>,
    /// Its title.
    pub title: String,
    /// `mass` to followers or `publish` without telling them.
    pub how: &'static str,
    /// How many got it.
    pub recipients: usize,
}

/// How the calls of one address went.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Calls {
    /// Went well.
    pub good: u64,
    /// By error code.
    pub refused: BTreeMap<i32, u64>,
}
