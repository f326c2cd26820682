//! Days as the platform counts them: in +08:00.

use plugin_sdk::chrono::{FixedOffset, NaiveDate};
use plugin_sdk::prelude::*;

/// The day of a moment.
pub fn of(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone()).date_naive()
}

/// Date and minute for a page.
pub fn minute(at: DateTime<Utc>) -> String {
    at.with_timezone(&zone()).format("%m-%d %H:%M").to_string()
}

fn zone() -> FixedOffset {
    FixedOffset::east_opt(8 * 3_600).expect("eight hours are less than a day")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_sixteen_hundred_in_utc() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(of(at("2026-10-11T15:59:59Z")).to_string(), "2026-10-11");
        assert_eq!(of(at("2026-10-11T16:00:00Z")).to_string(), "2026-10-12");
        assert_eq!(minute(at("2026-10-11T16:00:00Z")), "10-12 00:00");
    }
}
