//! Days as a table shows them: the figures, where they come from, and what does not fit.

use std::collections::HashMap;

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::number::{grouped, signed};
use crate::people;
use crate::reading::{self, Reading, Source};
use crate::series::{Day, Series};

/// The page of all days, the latest first.
pub fn show(host: &Host) -> Result<Response> {
    let series = Series::new(&reading::all(host)?);
    let days: Vec<&Day> = series.days.iter().rev().collect();
    let odd = days.iter().filter(|day| day.off.is_some() || !day.others.is_empty()).count();
    let values = json!({
        "days": lines(host, &days)?,
        "odd": odd,
        "may_enter": host.person()?.is_operator() && !host.class()?.archived,
    });
    Ok(page("days.html", values).title("all-days"))
}

/// Lines of a table.
pub fn lines(host: &Host, days: &[&Day]) -> Result<Vec<Value>> {
    let names = people::names(host)?;
    days.iter().map(|day| line(host, day, &names)).collect()
}

/// A line for a day of which nothing is known.
pub fn unknown(on: plugin_sdk::chrono::NaiveDate) -> Value {
    json!({ "day": day::shown(on), "figure": null, "others": [] })
}

fn line(host: &Host, day: &Day, names: &HashMap<Uuid, String>) -> Result<Value> {
    let Some(reading) = &day.reading else { return Ok(unknown(day.day)) };
    let others: Vec<Value> = day.others.iter().map(|other| from(host, other, names)).collect::<Result<_>>()?;
    let mut figure = from(host, reading, names)?;
    figure["total"] = grouped(day.total).into();
    figure["off"] = day.off.map(signed).into();
    Ok(json!({ "day": day::shown(day.day), "figure": figure, "others": others }))
}

/// Figures of a source with its name and time.
fn from(host: &Host, reading: &Reading, names: &HashMap<Uuid, String>) -> Result<Value> {
    let figure = &reading.figure;
    Ok(json!({
        "gained": grouped(figure.gained),
        "lost": grouped(figure.lost),
        "net": signed(figure.net()),
        "total": figure.total.map(grouped),
        "source": format!("source-{}", reading.source.name()),
        "is_live": reading.source == Source::Live,
        "name": reading.person.and_then(|person| names.get(&person)),
        "at": reading.at.map(|at| day::moment(host, at)),
    }))
}
