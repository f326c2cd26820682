//! Milestones on the way: when each was reached, and when the next one comes at the present pace.

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::number::grouped;
use crate::series::Series;

/// The milestones of any account; the goal is one too. At 100,000 the platform raises some of its daily limits.
const LEVELS: [i64; 10] = [100, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 500_000];
/// The longest wait that is told: what would take years says nothing.
const LONGEST: i64 = 366;

/// A milestone and the first day at whose end it was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// Followers.
    pub level: i64,
    /// Day; none: still to come.
    pub day: Option<NaiveDate>,
}

/// The milestones reached, in their order, and the next one.
pub fn milestones(series: &Series, goal: i64) -> Vec<Milestone> {
    let mut levels: Vec<i64> = LEVELS.into_iter().filter(|level| *level < goal).chain([goal]).collect();
    levels.sort_unstable();
    let start = series.days.first().map_or(0, |day| day.total - day.figure().map_or(0, |figure| figure.net()));
    let ahead = levels.into_iter().filter(|level| *level > start);
    let mut found = Vec::new();
    for level in ahead {
        let day = series.days.iter().find(|day| day.total >= level).map(|day| day.day);
        found.push(Milestone { level, day });
        if day.is_none() {
            break;
        }
    }
    found
}

/// For a template.
pub fn shown(series: &Series, goal: i64, pace: Option<i64>, today: NaiveDate) -> Value {
    let total = series.last().map_or(0, |day| day.total);
    let one = |milestone: &Milestone| {
        let wait = pace.filter(|pace| *pace > 0).map(|pace| (milestone.level - total + pace - 1) / pace);
        let coming = wait.filter(|wait| milestone.day.is_none() && (1..=LONGEST).contains(wait));
        let coming = coming.and_then(|wait| today.checked_add_days(Days::new(wait.unsigned_abs())));
        json!({
            "level": grouped(milestone.level),
            "day": milestone.day.map(day::shown),
            "coming": coming.map(day::shown),
        })
    };
    milestones(series, goal).iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::{Figure, Reading, Source};

    #[test]
    fn a_milestone_is_reached_once_and_the_next_is_waited_for() {
        let reading = |day: &str, total| Reading {
            day: day.parse().unwrap(),
            source: Source::Typed,
            figure: Figure { gained: 0, lost: 0, total: Some(total) },
            person: None,
            at: None,
        };
        let series = Series::new(&[
            reading("2026-10-01", 90),
            reading("2026-10-02", 600),
            reading("2026-10-03", 400),
            reading("2026-10-04", 700),
        ]);
        let second = Some("2026-10-02".parse().unwrap());
        let reached = |level, day| Milestone { level, day };
        assert_eq!(milestones(&series, 800), [reached(100, second), reached(500, second), reached(800, None)]);
        let shown = shown(&series, 800, Some(30), "2026-10-04".parse().unwrap());
        assert_eq!(shown[2]["coming"]["iso"], "2026-10-08");
    }
}
