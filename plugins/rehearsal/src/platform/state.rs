//! What the platform remembers of its API's callers, beside people.

use chrono::{DateTime, Utc};

use super::codes::Codes;
use super::deed::Parcel;
use super::library::Library;
use super::mass::Mass;
use super::quota::Quota;
use super::tags::Tags;
use super::tokens::Tokens;
use crate::options::Options;

/// What the API remembers beside people.
pub struct State {
    pub tokens: Tokens,
    pub quota: Quota,
    pub tags: Tags,
    pub codes: Codes,
    pub library: Library,
    pub mass: Mass,
    /// How many followers a list has at most.
    pub page: usize,
    /// What a call brought about and is still to be done.
    pub after: Vec<After>,
    last_message: i64,
}

impl State {
    pub fn new(options: &Options) -> Self {
        Self {
            tokens: Tokens::new(options),
            quota: Quota::default(),
            tags: Tags::default(),
            codes: Codes::default(),
            library: Library::default(),
            mass: Mass::default(),
            page: 10_000,
            after: Vec::new(),
            last_message: 0,
        }
    }

    /// A new message's number: as long as the platform's, rising, none twice.
    pub fn number_message(&mut self, at: DateTime<Utc>) -> i64 {
        let by_time = at.timestamp().max(0) * 10_000_000;
        self.last_message = by_time.max(self.last_message + 1);
        self.last_message
    }
}

/// What a call brings about after its answer.
#[derive(Clone, Debug)]
pub enum After {
    /// The account is told that a job is over.
    Tell(Parcel),
    /// People read a publication, and some come.
    Read { publication: u64 },
}
