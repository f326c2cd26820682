//! How far the goal is, and what each day must bring.

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::figure::{self, Figure};

/// The goal where no setting says another.
const GOAL: i64 = 100_000;
/// The days whose pace is compared with what is needed.
pub const RECENT: u64 = 14;

/// What there is to say about the way to the goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Nothing is known yet.
    Unknown,
    /// It is reached.
    Reached,
    /// Nobody has said when the term ends.
    NoEnd,
    /// The term is over.
    Over,
    /// Every day left must bring so many, those who leave taken off.
    Needs {
        /// Net for each day.
        each_day: i64,
        /// Days left.
        days: i64,
    },
}

/// The way from the last known day to the goal.
pub fn way(latest: Option<&Figure>, goal: i64, end: Option<NaiveDate>, today: NaiveDate) -> Way {
    let Some(latest) = latest else { return Way::Unknown };
    let missing = goal - latest.total;
    if missing <= 0 {
        return Way::Reached;
    }
    let Some(end) = end else { return Way::NoEnd };
    // Today can still bring something until its own figures are known.
    let last_spent = if latest.day >= today { today } else { today - Days::new(1) };
    match (end - last_spent).num_days() {
        days if days > 0 => Way::Needs { each_day: (missing + days - 1) / days, days },
        _ => Way::Over,
    }
}

/// The mean net of a day, of the days that are known; none: no day is.
pub fn pace(figures: &[Figure]) -> Option<i64> {
    let days = i64::try_from(figures.len()).ok().filter(|days| *days > 0)?;
    let net: i64 = figures.iter().map(Figure::net).sum();
    // To the nearest whole number, also below zero.
    Some((2 * net + days).div_euclid(2 * days))
}

/// All of it, for a template.
pub fn shown(host: &Host) -> Result<Value> {
    let today = day::today(host)?;
    let goal = host.setting::<i64>("goal").filter(|goal| *goal > 0).unwrap_or(GOAL);
    let end = host.setting::<String>("end_of_term").and_then(|text| day::parse(&text));
    let latest = figure::latest(host)?;
    let recent = figure::between(host, today - Days::new(RECENT - 1), today)?;
    let figures: Vec<Figure> = recent.iter().map(|recorded| recorded.figure).collect();
    let way = way(latest.as_ref(), goal, end, today);
    let (each_day, days) = match way {
        Way::Needs { each_day, days } => (Some(each_day), Some(days)),
        _ => (None, None),
    };
    let word = match way {
        Way::Unknown => "way-unknown",
        Way::Reached => "way-reached",
        Way::NoEnd => "way-no-end",
        Way::Over => "way-over",
        Way::Needs { .. } => "way-needs",
    };
    let total = latest.map_or(0, |latest| latest.total);
    Ok(json!({
        "total": total,
        "goal": goal,
        "reached": total.min(goal),
        "until": latest.map(|latest| day::shown(latest.day)),
        "way": word,
        "each_day": each_day,
        "days": days,
        "pace": pace(&figures),
        "is_enough": pace(&figures).zip(each_day).map(|(pace, each_day)| pace >= each_day),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> NaiveDate {
        day::parse(text).unwrap()
    }

    fn figure(day: &str, net: i64, total: i64) -> Figure {
        Figure { day: on(day), gained: net.max(0), lost: (-net).max(0), total }
    }

    #[test]
    fn every_day_left_brings_its_part_rounded_up() {
        let (today, end) = (on("2026-10-12"), Some(on("2026-10-22")));
        let needs = |each_day, days| Way::Needs { each_day, days };
        assert_eq!(way(Some(&figure("2026-10-12", 0, 0)), 100, end, today), needs(10, 10));
        assert_eq!(way(Some(&figure("2026-10-11", 0, 0)), 100, end, today), needs(10, 11));
        assert_eq!(way(Some(&figure("2026-09-01", 0, 99)), 100, end, today), needs(1, 11));
        assert_eq!(way(Some(&figure("2026-10-21", 0, 0)), 100, end, on("2026-10-22")), needs(100, 1));
    }

    #[test]
    fn nothing_is_needed_where_nothing_can_be_said() {
        let (today, end) = (on("2026-10-12"), Some(on("2026-10-12")));
        assert_eq!(way(None, 100, end, today), Way::Unknown);
        assert_eq!(way(Some(&figure("2026-10-12", 0, 100)), 100, None, today), Way::Reached);
        assert_eq!(way(Some(&figure("2026-10-12", 0, 99)), 100, None, today), Way::NoEnd);
        assert_eq!(way(Some(&figure("2026-10-12", 0, 99)), 100, end, today), Way::Over);
        assert_eq!(way(Some(&figure("2026-10-12", 0, 99)), 100, end, on("2026-12-01")), Way::Over);
    }

    #[test]
    fn the_pace_is_the_mean_of_the_days_that_are_known() {
        assert_eq!(pace(&[]), None);
        assert_eq!(pace(&[figure("2026-10-12", 5, 0), figure("2026-10-10", 2, 0)]), Some(4));
        assert_eq!(pace(&[figure("2026-10-12", -5, 0), figure("2026-10-10", -2, 0)]), Some(-3));
        assert_eq!(pace(&[figure("2026-10-12", -4, 0), figure("2026-10-10", 0, 0)]), Some(-2));
    }
}
