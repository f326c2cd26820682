//! Departures that were told before their time: events come out of order.

use plugin_sdk::prelude::*;

/// Departures that the tools have heard of before the platform told them.
#[derive(Clone, Debug, Default)]
pub struct Early {
    count: i64,
    /// When they were said to have been.
    times: Vec<DateTime<Utc>>,
}

impl Early {
    /// From the row of a follower or a departure.
    pub fn read(row: &Row<'_>) -> Result<Self> {
        let times = row.get::<Option<String>>("told_early_at")?.unwrap_or_default();
        let times = times.split_whitespace().filter_map(|time| time.parse().ok());
        Ok(Self { count: row.get("told_early")?, times: times.collect() })
    }

    /// Whether there is any.
    pub fn is_any(&self) -> bool {
        self.count > 0
    }

    /// One more, said to have been at this time.
    pub fn and(mut self, at: DateTime<Utc>) -> Self {
        self.count += 1;
        self.times.push(at);
        self
    }

    /// The platform has told one: which time was said, and those that are left. Which of several it was makes no
    /// difference in the end.
    pub fn without_one(mut self) -> (Option<DateTime<Utc>>, Self) {
        self.count = (self.count - 1).max(0);
        (self.times.pop(), self)
    }

    /// How many, for a row.
    pub fn count(&self) -> i64 {
        self.count
    }

    /// Their times, for a row.
    pub fn times(&self) -> String {
        let times: Vec<String> = self.times.iter().map(DateTime::to_rfc3339).collect();
        times.join(" ")
    }
}
