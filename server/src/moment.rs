//! A moment as a page shows it: on the class's clock to the second (whole minutes without), for machines, and from now.

use chrono::{DateTime, SecondsFormat, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::error::Message;
use crate::i18n::{self, Language};

/// A moment, ready for a template.
#[derive(Clone, Debug, Serialize)]
pub struct Moment {
    /// `2026-11-22 14:05:09` in the class's time zone.
    pub text: String,
    /// The same for `<time datetime>` and the script.
    pub iso: String,
    /// From now: 还有 2 天 3 小时, or 5 分钟前.
    pub relative: String,
    /// Whether it has passed.
    pub past: bool,
}

impl Moment {
    /// Prepares a moment.
    pub fn new(at: DateTime<Utc>, zone: Tz, now: DateTime<Utc>, language: Language) -> Self {
        Self {
            text: local(at, zone),
            iso: at.to_rfc3339_opts(SecondsFormat::Millis, true),
            relative: i18n::sentence(language, &distance(at - now)),
            past: at <= now,
        }
    }
}

/// The time zone where no class says otherwise.
pub const DEFAULT_ZONE: &str = "Asia/Shanghai";

/// A time without its distance from now: `<time datetime="{{ at.iso }}">{{ at.text }}</time>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// `2026-11-22 14:05:09` in the time zone.
    pub text: String,
    /// The same instant for machines, in UTC.
    pub iso: String,
}

impl Stamp {
    /// A time in the zone of this IANA name.
    pub fn new(at: DateTime<Utc>, zone: &str) -> Self {
        Self { text: local(at, crate::rules::zone(zone)), iso: at.to_rfc3339_opts(SecondsFormat::Secs, true) }
    }
}

/// `2026-11-22 14:05:09` in this time zone; a whole minute, as deadlines are, is `2026-11-22 22:00`.
pub fn local(at: DateTime<Utc>, zone: Tz) -> String {
    let at = at.with_timezone(&zone);
    let pattern = if at.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    at.format(pattern).to_string()
}

fn distance(from_now: TimeDelta) -> Message {
    let (key, rest) = if from_now >= TimeDelta::zero() { ("left", from_now) } else { ("ago", -from_now) };
    let (days, hours, minutes, seconds) =
        (rest.num_days(), rest.num_hours() % 24, rest.num_minutes() % 60, rest.num_seconds() % 60);
    let message = |left: &'static str, ago: &'static str| Message::new(if key == "left" { left } else { ago });
    if days > 0 {
        message("assignment-left-days", "assignment-ago-days").with("days", days).with("hours", hours)
    } else if rest.num_hours() > 0 {
        message("assignment-left-hours", "assignment-ago-hours").with("hours", hours).with("minutes", minutes)
    } else {
        message("assignment-left-minutes", "assignment-ago-minutes").with("minutes", minutes).with("seconds", seconds)
    }
}
