//! The clock on the wall of a class.

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, Utc};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;

/// Where a class has none, or one that nobody knows.
const OTHERWISE: &str = "Asia/Shanghai";

/// A time zone.
///
/// `jiff` keeps the rules of all zones as bytes. In `chrono-tz` they are tables of pointers, which the loader writes anew
/// into each process: a MiB in every worker.
pub(crate) struct Zone(TimeZone);

impl Zone {
    /// The zone with a name such as `Asia/Shanghai`.
    pub(crate) fn named(name: Option<&str>) -> Self {
        let found = name.and_then(|name| TimeZone::get(name).ok());
        Self(found.or_else(|| TimeZone::get(OTHERWISE).ok()).unwrap_or(TimeZone::UTC))
    }

    /// What the clock says at a moment.
    pub(crate) fn local(&self, moment: DateTime<Utc>) -> DateTime<FixedOffset> {
        let offset = Timestamp::from_second(moment.timestamp()).map_or(0, |known| self.0.to_offset(known).seconds());
        moment.with_timezone(&FixedOffset::east_opt(offset).unwrap_or(chrono::Offset::fix(&Utc)))
    }

    /// When the clock says so: the first of two times, and as long after a leap as it is behind its beginning.
    pub(crate) fn moment(&self, local: NaiveDateTime) -> DateTime<Utc> {
        let said =
            Timestamp::from_second(local.and_utc().timestamp()).map(|said| jiff::tz::Offset::UTC.to_datetime(said));
        let found = said.ok().and_then(|said: civil::DateTime| self.0.to_ambiguous_timestamp(said).compatible().ok());
        let fraction = TimeDelta::nanoseconds(local.and_utc().timestamp_subsec_nanos().into());
        found
            .and_then(|found| DateTime::from_timestamp(found.as_second(), 0))
            .map_or_else(|| local.and_utc(), |found| found + fraction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_class_has_the_clock_of_its_zone() {
        let noon = moment("2026-11-28T12:00:00.5Z");
        for (zone, expected) in [
            (Some("Asia/Shanghai"), "2026-11-28T20:00:00.500+08:00"),
            (Some("Asia/Kathmandu"), "2026-11-28T17:45:00.500+05:45"),
            (Some("Asia/Urumqi"), "2026-11-28T18:00:00.500+06:00"),
            (Some("America/New_York"), "2026-11-28T07:00:00.500-05:00"),
            (Some("Nowhere/Such"), "2026-11-28T20:00:00.500+08:00"),
            (None, "2026-11-28T20:00:00.500+08:00"),
        ] {
            assert_eq!(Zone::named(zone).local(noon).to_rfc3339(), expected, "{zone:?}");
            assert_eq!(Zone::named(zone).moment(Zone::named(zone).local(noon).naive_local()), noon, "{zone:?}");
        }
    }

    #[test]
    fn a_time_that_is_there_twice_or_never_has_one_moment() {
        let berlin = Zone::named(Some("Europe/Berlin"));
        assert_eq!(berlin.moment(local("2026-10-25T02:30:00")), moment("2026-10-25T00:30:00Z"));
        assert_eq!(berlin.moment(local("2026-03-29T02:30:00")), moment("2026-03-29T01:30:00Z"));
        // China had summer time in these years.
        assert_eq!(Zone::named(None).moment(local("1988-07-01T12:00:00")), moment("1988-07-01T03:00:00Z"));
    }
}
