//! Sends to followers and their quota, and publications.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, Utc};

use crate::clock::{china, day_of};
use crate::failure::Failure;

/// A 服务号 reaches a follower at most so often in a calendar month; a 订阅号 sends once a day.
const MONTHLY: usize = 4;

/// Sends and publications.
#[derive(Default)]
pub struct Mass {
    last: u64,
    sent_at: Vec<DateTime<Utc>>,
    received: HashMap<usize, Vec<DateTime<Utc>>>,
    client_ids: HashMap<String, u64>,
    published: HashMap<u64, String>,
}

impl Mass {
    /// The next job's number.
    pub fn number(&mut self) -> u64 {
        self.last += 1;
        1_000_000_000 + self.last
    }

    /// Counts a send to those of the chosen whom the quota lets it reach; gives its number and them.
    pub fn take(
        &mut self,
        monthly: bool,
        chosen: Vec<usize>,
        now: DateTime<Utc>,
    ) -> Result<(u64, Vec<usize>), Failure> {
        let today = day_of(now);
        if !monthly && self.sent_at.iter().any(|at| day_of(*at) == today) {
            return Err(Failure::new(45028));
        }
        let month = |at: DateTime<Utc>| (at.with_timezone(&china()).year(), at.with_timezone(&china()).month());
        let total = chosen.len();
        let reached: Vec<_> = chosen
            .into_iter()
            .filter(|number| {
                let received = self.received.get(number).map_or(&[][..], Vec::as_slice);
                !monthly || received.iter().filter(|at| month(**at) == month(now)).count() < MONTHLY
            })
            .collect();
        if total > 0 && reached.is_empty() {
            return Err(Failure::new(45028));
        }
        self.sent_at.push(now);
        for number in &reached {
            self.received.entry(*number).or_default().push(now);
        }
        Ok((self.number(), reached))
    }

    /// The job to which a caller gave this id.
    pub fn job_of(&self, client_id: &str) -> Option<u64> {
        self.client_ids.get(client_id).copied()
    }

    /// Writes down a caller's id of a job.
    pub fn name(&mut self, client_id: String, job: u64) {
        self.client_ids.insert(client_id, job);
    }

    /// Writes down the article of a publication.
    pub fn publish(&mut self, publication: u64, article: String) {
        self.published.insert(publication, article);
    }

    /// The article of a publication.
    pub fn article_of(&self, publication: u64) -> Option<&str> {
        self.published.get(&publication).map(String::as_str)
    }
}
