//! The forecast for a page: the bands of the days to come in words, and what earlier forecasts were worth.

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::forecast::{self, Band, FIRST, Trial};
use crate::number::{grouped, rounded};
use crate::progress::Progress;
use crate::series::{Day, Series};

/// Trials on the page.
const SHOWN: usize = 6;

/// What may come until the end of the term, day by day; empty where nothing is foretold.
pub fn bands(series: &Series, progress: &Progress) -> Vec<(NaiveDate, Band)> {
    let complete = series.complete(progress.today);
    let Some((last, end)) = complete.last().zip(progress.end) else { return Vec::new() };
    if read(complete) < FIRST {
        return Vec::new();
    }
    let days = usize::try_from((end - last.day).num_days()).unwrap_or_default();
    let net: Vec<f64> = complete.iter().map(|day| day.net).collect();
    let to_come = last.day.iter_days().skip(1);
    to_come.zip(forecast::forecast(&net, last.total as f64, days)).collect()
}

/// Days of which a source speaks; an even part of a gap says nothing of how much days differ.
fn read(complete: &[Day]) -> usize {
    complete.iter().filter(|day| day.reading.is_some()).count()
}

/// For a template.
pub fn shown(series: &Series, progress: &Progress, bands: &[(NaiveDate, Band)]) -> Value {
    let complete = series.complete(progress.today);
    let known = read(complete);
    let net: Vec<f64> = complete.iter().map(|day| day.net).collect();
    let totals: Vec<f64> = complete.iter().map(|day| day.total as f64).collect();
    let trials = if known < FIRST { Vec::new() } else { forecast::trials(&net, &totals) };
    let inside = trials.iter().filter(|trial| trial.is_inside()).count();
    let last = bands.last().map(|(day, band)| {
        json!({
            "day": day::shown(*day),
            "low": rounded(band.low),
            "middle": rounded(band.middle),
            "high": rounded(band.high),
            "reaches": if band.low >= progress.goal as f64 { "outlook-sure" }
                else if band.high >= progress.goal as f64 { "outlook-open" } else { "outlook-short" },
        })
    });
    let first = complete.first().map(|day| day.day);
    let trial = |trial: &Trial| {
        let on = |count: usize| first.map(|first| day::shown(first + Days::new(count.saturating_sub(1) as u64)));
        json!({
            "made": on(trial.known),
            "day": on(trial.day),
            "low": rounded(trial.band.low),
            "high": rounded(trial.band.high),
            "truth": rounded(trial.truth),
            "is_inside": trial.is_inside(),
        })
    };
    let every: Vec<Value> = bands
        .iter()
        .enumerate()
        .filter(|(index, _)| (index + 1).is_multiple_of(7) || index + 1 == bands.len())
        .map(|(_, (day, band))| {
            json!({ "day": day::shown(*day), "low": rounded(band.low), "middle": rounded(band.middle), "high": rounded(band.high) })
        })
        .collect();
    json!({
        "missing": FIRST.saturating_sub(known),
        "first": FIRST,
        "last": last,
        "weeks": every,
        "trials": trials.iter().take(SHOWN).map(trial).collect::<Vec<_>>(),
        "inside": grouped(inside as i64),
        "tried": grouped(trials.len() as i64),
    })
}
