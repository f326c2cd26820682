//! Days of a class: what a day is, its time zone decides.

use chrono_tz::Tz;
use plugin_sdk::chrono::{Datelike as _, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

/// Today.
pub fn today(host: &Host) -> Result<NaiveDate> {
    Ok(local(host, host.now())?.date_naive())
}

/// A moment as the clock in the class shows it.
pub fn local(host: &Host, moment: DateTime<Utc>) -> Result<DateTime<Tz>> {
    let zone: Tz = host.class()?.time_zone.parse()?;
    Ok(moment.with_timezone(&zone))
}

/// A day as a form or a setting has it and a table keeps it.
pub fn parse(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()
}

/// A day for a template, which puts it into words.
pub fn shown(day: NaiveDate) -> Value {
    json!({ "iso": day.to_string(), "month": day.month(), "day": day.day() })
}

/// A moment as people say it: month, day and time.
pub fn moment(host: &Host, moment: DateTime<Utc>) -> Result<String> {
    Ok(local(host, moment)?.format("%m-%d %H:%M").to_string())
}
