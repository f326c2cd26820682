//! The settings of a class, read.

use plugin_sdk::chrono::{NaiveDate, NaiveTime};
use plugin_sdk::prelude::*;

use crate::day;
use crate::planning::POINT;
use crate::shift::POSTS;

/// The settings of a class.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The posts that are planned, of [`POSTS`].
    pub posts: Vec<&'static str>,
    /// Days from one shift of a person to the next, at least.
    pub gap: i32,
    /// What a weekend shift counts.
    pub weekend: i64,
    /// What a holiday shift counts.
    pub holiday: i64,
    /// Who joins late makes up for what was before.
    pub catches_up: bool,
    /// When duty begins and ends.
    pub hours: (NaiveTime, NaiveTime),
    /// When check-in opens.
    pub check_in_from: NaiveTime,
    /// Whether checking in takes the day's code.
    pub needs_code: bool,
    /// Whether a teacher agrees to swaps.
    pub needs_approval: bool,
    /// How long an offer to swap stands.
    pub swap_time: TimeDelta,
    /// When the day's publication must be approved.
    pub publication_due: NaiveTime,
    /// The first week of timetables is that of this day; none: that of the term's first day.
    pub weeks_from: Option<NaiveDate>,
}

impl Rules {
    /// Those of the call's class. A time that nobody can read is the default one.
    pub fn of(host: &Host) -> Self {
        let number = |name: &str, default: i64| host.setting::<i64>(name).unwrap_or(default);
        let time = |name: &str, hour: u32| {
            let set = host.setting::<String>(name).and_then(|text| day::parse_time(&text));
            set.or(NaiveTime::from_hms_opt(hour, 0, 0)).unwrap_or_default()
        };
        let is_on = |name: &str| host.setting::<bool>(name).unwrap_or(false);
        let choice = |name: &str| host.setting::<String>(name).unwrap_or_default();
        let count = match choice("posts").as_str() {
            "chief" => 1,
            "chief-deputy" => 2,
            _ => POSTS.len(),
        };
        let (from, until) = (time("duty_from", 18), time("duty_until", 22));
        Self {
            posts: POSTS[..count].to_vec(),
            gap: i32::try_from(number("gap_days", 5)).unwrap_or(5),
            weekend: number("weight_weekend", POINT * 3 / 2),
            holiday: number("weight_holiday", POINT * 2),
            catches_up: choice("late_joiners") == "catch-up",
            hours: (from, if until > from { until } else { NaiveTime::from_hms_opt(23, 59, 0).unwrap_or(from) }),
            check_in_from: time("check_in_from", 7),
            needs_code: is_on("check_in_code"),
            needs_approval: is_on("swap_approval"),
            swap_time: TimeDelta::days(number("swap_days", 3)),
            publication_due: time("publication_due", 18),
            weeks_from: day::parse(&choice("weeks_from")),
        }
    }

    /// The first day that can still be planned: once duty is over for today, nobody can come to it any more.
    pub fn first_to_plan(&self, host: &Host) -> NaiveDate {
        let today = host.today();
        if day::clock(host) < self.hours.1 { today } else { today.succ_opt().unwrap_or(today) }
    }

    /// What is set as a time of day and is none, as it was typed.
    pub fn unreadable(host: &Host) -> Vec<String> {
        let names = ["duty_from", "duty_until", "check_in_from", "publication_due"];
        let set = names.into_iter().filter_map(|name| host.setting::<String>(name));
        set.filter(|text| !text.trim().is_empty() && day::parse_time(text).is_none()).collect()
    }
}
