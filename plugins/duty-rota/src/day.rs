//! Days and times of day of a class: what a day is, its time zone decides.

use plugin_sdk::chrono::{Datelike as _, NaiveDate, NaiveTime};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

/// The time of day in the class now.
pub fn clock(host: &Host) -> NaiveTime {
    host.local(host.now()).time()
}

/// The moment of a time of day in the class.
pub fn moment(host: &Host, on: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    host.moment(on.and_time(time))
}

/// A day as a form sends it and a table keeps it.
pub fn parse(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()
}

/// A time of day such as `19:00`, with either colon; the midnight that ends a day is its last minute.
pub fn parse_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim().replace('：', ":");
    if text == "24:00" {
        return NaiveTime::from_hms_opt(23, 59, 0);
    }
    NaiveTime::parse_from_str(&text, "%H:%M").ok()
}

/// Whether a day is a Saturday or Sunday.
pub fn is_weekend(on: NaiveDate) -> bool {
    on.weekday().number_from_monday() > 5
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

/// A moment for a template: the day in the class, and the time of day.
pub fn shown_moment(host: &Host, moment: DateTime<Utc>) -> Value {
    let local = host.local(moment);
    let mut value = shown(local.date_naive());
    value["iso"] = local.to_rfc3339().into();
    value["time"] = local.format("%H:%M").to_string().into();
    value
}
