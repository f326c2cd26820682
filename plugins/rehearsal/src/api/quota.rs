//! How often a call may be made in a day.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::{Value, json};

use super::{Address, Call, Failure};
use crate::clock::day_of;
use crate::platform::Platform;

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

    /// Counts a call, or refuses it. The day ends at midnight in +08:00.
    pub fn take(&mut self, address: &Address, now: DateTime<Utc>) -> Result<(), Failure> {
        let day = day_of(now);
        if self.day != Some(day) {
            self.day = Some(day);
            self.used.clear();
        }
        let limit = self.limits.get(address.path).copied().unwrap_or(address.daily);
        let used = self.used.entry(address.path).or_default();
        if *used >= limit {
            return Err(Failure::new(45009));
        }
        *used += 1;
        Ok(())
    }
}

/// `POST /cgi-bin/clear_quota`
pub fn clear(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    if call.text("appid")? != platform.account.appid {
        return Err(Failure::new(40013));
    }
    let (day, quota) = (day_of(call.now), &mut platform.state.quota);
    if (quota.clearings.0, quota.clearings.1) != (day.year(), day.month()) {
        quota.clearings = (day.year(), day.month(), 0);
    }
    if quota.clearings.2 >= CLEARINGS_A_MONTH {
        return Err(Failure::new(48006));
    }
    quota.clearings.2 += 1;
    quota.used.clear();
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}
