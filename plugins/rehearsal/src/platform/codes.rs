//! QR codes with a scene.

use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use sha1::{Digest, Sha1};

/// So many codes may last for ever.
const MOST_PERMANENT: usize = 100_000;

/// All codes that were made.
#[derive(Clone, Default)]
pub struct Codes {
    made: Vec<Code>,
}

#[derive(Clone)]
struct Code {
    scene: String,
    number: bool,
    ticket: String,
    until: Option<DateTime<Utc>>,
}

impl Codes {
    /// The ticket of the newest code with a scene that is still good.
    pub fn ticket_of(&self, scene: &str, now: DateTime<Utc>) -> Option<String> {
        let good = |code: &&Code| code.scene == scene && code.until.is_none_or(|until| now <= until);
        self.made.iter().rev().find(good).map(|code| code.ticket.clone())
    }

    /// The scene of a ticket.
    pub fn scene_of(&self, ticket: &str, now: DateTime<Utc>) -> Option<&str> {
        let code = self.made.iter().find(|code| code.ticket == ticket)?;
        code.until.is_none_or(|until| now <= until).then_some(code.scene.as_str())
    }

    /// All scenes with a code that is still good.
    pub fn scenes(&self, now: DateTime<Utc>) -> Vec<&str> {
        let good = self.made.iter().filter(|code| code.until.is_none_or(|until| now <= until));
        let mut scenes: Vec<_> = good.map(|code| code.scene.as_str()).collect();
        scenes.sort_unstable();
        scenes.dedup();
        scenes
    }

    /// Whether a scene was given as a number.
    pub fn is_number(&self, scene: &str) -> bool {
        self.made.iter().rev().any(|code| code.scene == scene && code.number)
    }

    /// Whether no more codes may last for ever.
    pub fn is_full(&self) -> bool {
        self.made.iter().filter(|code| code.until.is_none()).count() >= MOST_PERMANENT
    }

    /// Makes a code; `until: None` lasts for ever. The same permanent scene has the same code.
    pub fn make(&mut self, scene: &str, number: bool, until: Option<DateTime<Utc>>) -> String {
        let known = self.made.iter().find(|code| until.is_none() && code.until.is_none() && code.scene == scene);
        if let Some(code) = known {
            return code.ticket.clone();
        }
        let hash = Sha1::digest(format!("{}/{scene}", self.made.len()));
        let ticket = format!("gQ{}", BASE64.encode(&[&hash[..], &hash[..10]].concat()));
        self.made.push(Code { scene: scene.to_owned(), number, ticket: ticket.clone(), until });
        ticket
    }
}
