//! What other tools know: the channel to the platform, the rota, the inbox. Each may be away; the pages then say less.

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::reading::{self, Figure, Source};

/// Days of platform figures that are asked for again each morning: the channel makes up for so many.
const ASKED: i64 = 28;
/// Days that are asked for once, when there are none yet.
const ASKED_FIRST: i64 = 399;

/// What the account may do on the platform.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// `0`, `U`, `S` or `F`.
    pub name: String,
    /// What the channel says about it.
    pub told: Value,
}

impl Tier {
    /// As it is now; without a channel, nothing is connected.
    pub fn of(host: &Host) -> Self {
        let told: Value = host.service("channel.tier/1", json!({})).unwrap_or_default();
        let name = told["tier"].as_str().filter(|name| ["U", "S", "F"].contains(name)).unwrap_or("0").to_owned();
        Self { name, told }
    }

    /// For a template: key of the words, and what the channel says in the reader's language.
    pub fn shown(&self, host: &Host) -> Value {
        let words = |name: &str| self.told[name][tongue(host)].as_str().map(str::to_owned);
        json!({
            "key": format!("tier-{}", self.name.to_lowercase()),
            "name": words("name"),
            "found_by": words("found_by"),
            "next": words("next"),
        })
    }
}

/// Takes the platform's own figures of the last days; returns for how many days something changed.
pub fn reconcile(host: &Host) -> Result<usize> {
    let today = host.today();
    let asked = if reading::has_channel(host)? { ASKED } else { ASKED_FIRST };
    let (from, to) = (today - TimeDelta::days(asked), today - TimeDelta::days(1));
    let asked = json!({ "from": from.to_string(), "to": to.to_string() });
    let told: Value = match host.service("channel.daily_figures/1", asked) {
        Ok(told) => told,
        Err(error) => {
            log::info!("no figures of the platform: {}", error.0.message);
            return Ok(0);
        }
    };
    let mut changed = 0;
    for told in told["days"].as_array().into_iter().flatten() {
        match read(told).filter(|(day, _)| (from..=to).contains(day)) {
            Some((day, figure)) => changed += usize::from(reading::record(host, day, Source::Channel, &figure)?),
            None => log::warn!("the channel tells figures that cannot be read: {told}"),
        }
    }
    Ok(changed)
}

fn read(told: &Value) -> Option<(NaiveDate, Figure)> {
    let count = |name: &str| told[name].as_i64().filter(|count| *count >= 0);
    let figure = Figure { gained: count("gained")?, lost: count("lost")?, total: count("total") };
    Some((told["date"].as_str()?.parse().ok()?, figure))
}

/// What a student's QR code draws; the words of why there is none.
pub fn scene_code(host: &Host, scene: &str) -> Result<String, Option<String>> {
    let told: Value = host.service("channel.scene_code/1", json!({ "scene": scene })).map_err(|_| None)?;
    match (told["available"].as_bool(), told["url"].as_str()) {
        (Some(true), Some(url)) => Ok(url.to_owned()),
        _ => Err(told["why"][tongue(host)].as_str().map(str::to_owned)),
    }
}

/// Who was on duty and what was published, by day.
pub fn rota(host: &Host, from: NaiveDate, to: NaiveDate) -> Value {
    host.service("rota.days/1", json!({ "from": from.to_string(), "to": to.to_string() })).unwrap_or_default()
}

/// Questions asked and answered, by day.
pub fn inbox(host: &Host, from: NaiveDate, to: NaiveDate) -> Value {
    host.service("inbox.daily/1", json!({ "from": from.to_string(), "to": to.to_string() })).unwrap_or_default()
}

fn tongue(host: &Host) -> &'static str {
    if host.context().language.starts_with("en") { "en" } else { "zh" }
}
