//! Days of a class: what a day is, its time zone decides.

use chrono_tz::Tz;
use plugin_sdk::chrono::{Datelike as _, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

/// The day in the class at a moment.
pub fn at(host: &Host, moment: DateTime<Utc>) -> Result<NaiveDate> {
    let zone: Tz = host.class()?.time_zone.parse()?;
    Ok(moment.with_timezone(&zone).date_naive())
}

/// Today.
pub fn today(host: &Host) -> Result<NaiveDate> {
    at(host, host.now())
}

/// A day as a form sends it and a table keeps it.
pub fn parse(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()
}

/// A day for a template, which puts it into words.
pub fn shown(day: NaiveDate) -> Value {
    json!({
        "iso": day.to_string(),
        "month": day.month(),
        "day": day.day(),
        "weekday": format!("weekday-{}", day.weekday().number_from_monday()),
    })
}
