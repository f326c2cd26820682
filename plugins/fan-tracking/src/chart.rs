//! Charts as numbers for the templates, which draw them as SVG. Each is there twice, for a phone and for a desk, so that
//! words keep their size.

mod plot;

use std::collections::BTreeMap;

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::forecast::Band;
use crate::number::grouped;
use crate::publication::Published;
use crate::series::Day;
use plot::{Panel, Plot, SIZES, Size, point};

/// The total so far, where it may go, and the goal.
pub fn total(days: &[Day], bands: &[(NaiveDate, Band)], goal: i64, end: Option<NaiveDate>) -> Value {
    let Some((first, last)) = days.first().zip(days.last()) else { return Value::Null };
    let until = bands.last().map(|(day, _)| *day).or(end).unwrap_or(last.day).max(last.day);
    let highest =
        days.iter().map(|day| day.total as f64).chain(bands.iter().map(|(_, band)| band.high)).fold(1.0, f64::max);
    // A goal far above would press the curve flat; then it is said in words.
    let has_goal = goal as f64 <= highest * 4.0;
    let highest = if has_goal { highest.max(goal as f64) } else { highest };
    let one = |size: &Size| {
        let plot = Plot::new(size, size.height, first.day, until);
        let panel = Panel::new(plot.top, plot.bottom(), 0.0, highest, size.values);
        let path = |points: &mut dyn Iterator<Item = (NaiveDate, f64)>| -> String {
            let points: Vec<String> = points.map(|(day, value)| point(plot.x(day), panel.y(value))).collect();
            line(&points)
        };
        let area = |low: fn(&Band) -> f64, high: fn(&Band) -> f64| -> String {
            let at = |day: NaiveDate, value: f64| point(plot.x(day), panel.y(value));
            // The fan opens where what is known ends.
            let start = at(last.day, last.total as f64);
            let upper = bands.iter().map(|(day, band)| at(*day, high(band)));
            let lower = bands.iter().rev().map(|(day, band)| at(*day, low(band)));
            let points: Vec<String> = std::iter::once(start).chain(upper).chain(lower).collect();
            format!("{}Z", line(&points))
        };
        let middle = &mut std::iter::once((last.day, last.total as f64))
            .chain(bands.iter().map(|(day, band)| (*day, band.middle)));
        json!({
            "class": size.class,
            "frame": plot.frame(),
            "days": plot.days(size),
            "values": panel.values(),
            "total": if days.len() > 1 { path(&mut days.iter().map(|day| (day.day, day.total as f64))) } else {
                // A single day would draw nothing.
                let (x, y) = (plot.x(last.day), panel.y(last.total as f64));
                line(&[point(x, y), point(x + 6.0, y)])
            },
            "goal": has_goal.then(|| tenth(panel.y(goal as f64))),
            "wide_band": (!bands.is_empty()).then(|| area(|band| band.low, |band| band.high)),
            "narrow_band": (!bands.is_empty()).then(|| area(|band| band.low_half, |band| band.high_half)),
            "middle": (!bands.is_empty()).then(|| path(middle)),
            "now": tenth(plot.x(last.day)),
        })
    };
    json!({
        "sizes": SIZES.iter().map(one).collect::<Vec<_>>(),
        "from": day::shown(first.day),
        "to": day::shown(last.day),
        "start": grouped(first.total),
        "last": grouped(last.total),
        "has_goal": has_goal,
    })
}

/// One curve, three stories: the total, each day's net with what was published, and questions answered.
pub fn stories(days: &[Day], published: &Published, answered: &BTreeMap<NaiveDate, i64>) -> Value {
    let Some((first, last)) = days.first().zip(days.last()) else { return Value::Null };
    let lowest_total = days.iter().map(|day| day.total).min().unwrap_or_default() as f64;
    let highest_total = days.iter().map(|day| day.total).max().unwrap_or_default() as f64;
    let nets = days.iter().map(|day| day.net);
    let (lowest, highest) = nets.fold((0.0, 1.0), |(low, high): (f64, f64), net| (low.min(net), high.max(net)));
    let most_answered = answered.values().copied().max().unwrap_or_default();
    let one = |size: &Size| {
        let plot = Plot::new(size, size.tall, first.day, last.day).with_bars();
        let inner = plot.bottom() - plot.top;
        let upper = Panel::new(plot.top, plot.top + inner * 0.4, lowest_total, highest_total, 3);
        let middle = Panel::new(plot.top + inner * 0.5, plot.top + inner * 0.82, lowest, highest, 3);
        let lower = Panel::new(plot.top + inner * 0.9, plot.bottom(), 0.0, most_answered.max(1) as f64, 1);
        let width = (plot.step() * 0.7).clamp(1.0, 14.0);
        let bar = |day: NaiveDate, value: f64, panel: &Panel| {
            let (from, to) = (panel.y(0.0), panel.y(value));
            json!({
                "x": tenth(plot.x(day) - width / 2.0), "y": tenth(from.min(to)), "width": tenth(width),
                "height": tenth((from - to).abs().max(0.5)), "is_loss": value < 0.0,
            })
        };
        let points: Vec<String> = days.iter().map(|day| point(plot.x(day.day), upper.y(day.total as f64))).collect();
        let marks = published.iter().enumerate().filter(|(_, (day, _))| (first.day..=last.day).contains(*day));
        let marks: Vec<Value> = marks
            .map(|(index, (day, titles))| {
                json!({ "x": tenth(plot.x(*day)), "number": index + 1, "titles": titles.join("；") })
            })
            .collect();
        json!({
            "class": size.class,
            "frame": plot.frame(),
            "days": plot.days(size),
            "totals": upper.values(),
            "nets": middle.values(),
            "total": line(&points),
            "bars": days.iter().map(|day| bar(day.day, day.net, &middle)).collect::<Vec<_>>(),
            "zero": tenth(middle.y(0.0)),
            "answered": answered.iter().filter(|(day, count)| **count > 0 && (first.day..=last.day).contains(*day))
                .map(|(day, count)| bar(*day, *count as f64, &lower)).collect::<Vec<_>>(),
            "floor": tenth(lower.y(0.0)),
            "most": tenth(lower.y(most_answered.max(1) as f64)),
            "marks": marks,
            "net_label": tenth(plot.top + inner * 0.5 - 6.0),
            "answered_label": tenth(plot.top + inner * 0.9 - 4.0),
        })
    };
    json!({
        "sizes": SIZES.iter().map(one).collect::<Vec<_>>(),
        "from": day::shown(first.day),
        "to": day::shown(last.day),
        "start": grouped(first.total),
        "last": grouped(last.total),
        "most_answered": most_answered,
        "publications": published.len(),
    })
}

fn line(points: &[String]) -> String {
    if points.is_empty() { String::new() } else { format!("M{}", points.join("L")) }
}

/// To a tenth of a pixel, so that a page stays short.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
