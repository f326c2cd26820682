//! How often a call may be made in a day.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::clock::day_of;
use crate::failure::Failure;

/// So often a month an account may set its counters back.
const CLEARINGS_A_MONTH: u32 = 10;

/// What was used.
#[derive(Default)]
pub struct Quota {
    day: Option<NaiveDate>,
    used: HashMap<&'static str, u64>,
    limits: HashMap<String, u64>,
    clearings: (i32, u32, u32),
}

impl Quota {
    /// Another limit than the usual one.
    pub fn set(&mut self, path: &str, daily: u64) {
        self.limits.insert(path.to_owned(), daily);
    }

    /// Counts a call of an address with this usual limit, or refuses it. The day ends at midnight in +08:00.
    pub fn take(&mut self, path: &'static str, daily: u64, now: DateTime<Utc>) -> Result<(), Failure> {
        let day = day_of(now);
        if self.day != Some(day) {
            self.day = Some(day);
            self.used.clear();
        }
        let limit = self.limits.get(path).copied().unwrap_or(daily);
        let used = self.used.entry(path).or_default();
        if *used >= limit {
            return Err(Failure::new(45009));
        }
        *used += 1;
        Ok(())
    }

    /// Sets all counters back, as often as that is allowed.
    pub fn clear(&mut self, day: NaiveDate) -> Result<(), Failure> {
        if (self.clearings.0, self.clearings.1) != (day.year(), day.month()) {
            self.clearings = (day.year(), day.month(), 0);
        }
        if self.clearings.2 >= CLEARINGS_A_MONTH {
            return Err(Failure::new(48006));
        }
        self.clearings.2 += 1;
        self.used.clear();
        Ok(())
    }
}
