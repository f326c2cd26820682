//! Days of the class and hours of duty, at +08:00.

use plugin_sdk::chrono::{FixedOffset, NaiveDate, NaiveTime};
use plugin_sdk::prelude::*;

/// China has one zone and no summer time.
const OFFSET_SECONDS: i64 = 8 * 3_600;

/// The day of a moment, such as 2026-10-12.
pub fn day(at: DateTime<Utc>) -> String {
    date(at).format("%Y-%m-%d").to_string()
}

/// The date of a moment.
pub fn date(at: DateTime<Utc>) -> NaiveDate {
    (at + TimeDelta::seconds(OFFSET_SECONDS)).date_naive()
}

/// Midnight at the beginning of a day.
pub fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(OFFSET_SECONDS)
}

/// A moment as people of the class write it: the time today, else the day too.
pub fn shown(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let local = FixedOffset::east_opt(8 * 3_600).map(|zone| at.with_timezone(&zone));
    let format = if date(at) == date(now) { "%H:%M" } else { "%m-%d %H:%M" };
    local.map(|local| local.format(format).to_string()).unwrap_or_default()
}

/// When questions are to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// First hour.
    pub from: i64,
    /// Hour in which it ends.
    pub to: i64,
}

/// The end of a shift, as people say it: the midnight to come is 24:00.
pub fn end(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let tomorrow = date(now).succ_opt().map(midnight);
    if Some(at) == tomorrow { "24:00".to_owned() } else { shown(at, now) }
}

impl Hours {
    /// As the teacher has set them; all day where they make no sense.
    pub fn of(host: &Host) -> Self {
        let (from, to) = (host.setting("duty_from").unwrap_or(8), host.setting("duty_to").unwrap_or(22));
        if from < to { Self { from, to } } else { Self { from: 0, to: 24 } }
    }

    /// The seconds of duty between two moments.
    pub fn seconds(self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        let (mut on, last, mut sum) = (date(from), date(to), 0);
        while on <= last {
            let start = midnight(on);
            let (begins, ends) = (start + TimeDelta::hours(self.from), start + TimeDelta::hours(self.to));
            sum += (to.min(ends) - from.max(begins)).num_seconds().max(0);
            let Some(next) = on.succ_opt() else { break };
            on = next;
        }
        sum
    }

    /// The same, only of the shift in which the second moment lies. A shift is a day; a night belongs to the day before
    /// its hours begin.
    pub fn own_seconds(self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        self.seconds(from.max(midnight(date(to))), to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("2026-10-{text}:00+08:00")).unwrap().to_utc()
    }

    #[test]
    fn only_hours_of_duty_count() {
        let hours = Hours { from: 8, to: 22 };
        let cases = [
            ("12T09:00", "12T09:40", 40, 40),
            ("12T07:50", "12T08:10", 10, 10),
            ("12T21:50", "13T08:20", 30, 20),
            ("12T23:10", "13T06:00", 0, 0),
            ("12T20:00", "14T09:00", 120 + 14 * 60 + 60, 60),
            ("12T23:10", "12T23:20", 0, 0),
        ];
        for (from, to, waited, own) in cases {
            assert_eq!(hours.seconds(at(from), at(to)), waited * 60, "{from} {to}");
            assert_eq!(hours.own_seconds(at(from), at(to)), own * 60, "{from} {to}");
        }
        assert_eq!(day(at("12T00:00")), "2026-10-12");
        assert_eq!(shown(at("12T00:05"), at("12T23:00")), "00:05");
        assert_eq!(shown(at("11T23:05"), at("12T00:05")), "10-11 23:05");
        assert_eq!(end(at("13T00:00"), at("12T18:05")), "24:00");
        assert_eq!(end(at("12T22:00"), at("12T18:05")), "22:00");
        assert_eq!(end(at("14T00:00"), at("12T18:05")), "10-14 00:00");
    }
}
