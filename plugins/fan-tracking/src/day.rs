//! Days of a class: what a day is, its time zone decides.

use plugin_sdk::chrono::{Datelike as _, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

/// Figures are of the last two years: an older day is a slip of the hand.
pub const OLDEST: TimeDelta = TimeDelta::days(731);

/// A day as a form has it and a table keeps it.
pub fn parse(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()
}

/// A day for a template, which puts it into words.
pub fn shown(day: NaiveDate) -> Value {
    json!({ "iso": day.to_string(), "month": day.month(), "day": day.day() })
}

/// A moment as people say it: month, day and time.
pub fn moment(host: &Host, moment: DateTime<Utc>) -> String {
    host.local(moment).format("%m-%d %H:%M").to_string()
}
