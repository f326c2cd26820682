//! How far the goal is, what each day must bring, and what the last days brought.

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::number::grouped;
use crate::reading::{self, Source};
use crate::series::{Day, Series};

/// The goal where no setting says another.
const GOAL: i64 = 100_000;
/// The days whose pace is compared with what is needed.
pub const RECENT: u64 = 14;

/// The way to the goal.
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

/// Where the account stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Today.
    pub today: NaiveDate,
    /// The last day of which something is known.
    pub until: Option<NaiveDate>,
    /// Followers.
    pub total: i64,
    /// How many there are to be.
    pub goal: i64,
    /// Last day of the term.
    pub end: Option<NaiveDate>,
    /// The way there.
    pub way: Way,
    /// Mean net of the last days.
    pub pace: Option<i64>,
}

impl Progress {
    /// From the days that are known.
    pub fn of(host: &Host, series: &Series) -> Result<Self> {
        let today = host.today();
        let goal = host.setting::<i64>("goal").filter(|goal| *goal > 0).unwrap_or(GOAL);
        let end = end_of_term(host)?;
        let last = series.last();
        Ok(Self {
            today,
            until: last.map(|day| day.day),
            total: last.map_or(0, |day| day.total),
            goal,
            end,
            way: way(last, goal, end, today),
            pace: pace(series.complete(today), today),
        })
    }

    /// Net that each day must bring, where that can be said.
    pub fn needed(&self) -> Option<i64> {
        match self.way {
            Way::Needs { each_day, .. } => Some(each_day),
            _ => None,
        }
    }

    /// For a template.
    pub fn shown(&self) -> Value {
        let (word, each_day, days) = match self.way {
            Way::Unknown => ("way-unknown", None, None),
            Way::Reached => ("way-reached", None, None),
            Way::NoEnd => ("way-no-end", None, None),
            Way::Over => ("way-over", None, None),
            Way::Needs { each_day, days } => ("way-needs", Some(each_day), Some(days)),
        };
        json!({
            "total": self.total,
            "total_text": grouped(self.total),
            "goal": self.goal,
            "goal_text": grouped(self.goal),
            "reached": self.total.clamp(0, self.goal),
            "until": self.until.map(day::shown),
            "way": word,
            "each_day": each_day,
            "each_day_text": each_day.map(grouped),
            "days": days,
            "end": self.end.map(day::shown),
            "pace": self.pace,
            "pace_text": self.pace.map(grouped),
            "is_enough": self.pace.zip(each_day).map(|(pace, each_day)| pace >= each_day),
        })
    }
}

/// What other tools are told.
pub fn service(host: &Host) -> Result<Value> {
    let progress = Progress::of(host, &Series::new(&reading::all(host)?))?;
    Ok(json!({
        "date": progress.until.map(|day| day.to_string()),
        "total": progress.until.map(|_| progress.total),
        "goal": progress.goal,
        "needed_per_day": progress.needed(),
        "pace_per_day": progress.pace,
    }))
}

/// The last day of the term, if anybody said it.
pub fn end_of_term(host: &Host) -> Result<Option<NaiveDate>> {
    if let Some(set) = host.setting::<NaiveDate>("end_of_term") {
        return Ok(Some(set));
    }
    let kept = host.query("select ends from term where class_id = $1", params![host.class()?.id])?;
    Ok(kept.first().and_then(|row| row.get::<String>("ends").ok()).and_then(|text| day::parse(&text)))
}

/// The way from the last known day to the goal.
fn way(last: Option<&Day>, goal: i64, end: Option<NaiveDate>, today: NaiveDate) -> Way {
    let Some(last) = last else { return Way::Unknown };
    let missing = goal - last.total;
    if missing <= 0 {
        return Way::Reached;
    }
    let Some(end) = end else { return Way::NoEnd };
    // Today can still bring something until its own figures are told; events are counted all day.
    let is_told = last.reading.as_ref().is_some_and(|reading| reading.source != Source::Live);
    let last_spent = if last.day >= today && is_told { today } else { today - Days::new(1) };
    match (end - last_spent).num_days() {
        days if days > 0 => Way::Needs { each_day: (missing + days - 1) / days, days },
        _ => Way::Over,
    }
}

/// The mean net of the last days before today of which anything is known, to the nearest whole number; none: of none is.
fn pace(complete: &[Day], today: NaiveDate) -> Option<i64> {
    let is_recent = |day: &&Day| day.is_known && day.day >= today - Days::new(RECENT);
    let recent: Vec<&Day> = complete.iter().filter(is_recent).collect();
    let count = recent.len();
    let net: f64 = recent.iter().map(|day| day.net).sum();
    (count > 0).then(|| (net / count as f64).round() as i64)
}

#[cfg(test)]
mod tests;
