//! Where days and values stand in a drawing.

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use super::{grouped, tenth};
use crate::day;

/// A drawing for a width of screen.
pub(super) struct Size {
    /// Class that shows it on that screen only.
    pub(super) class: &'static str,
    pub(super) width: f64,
    pub(super) height: f64,
    /// Height of a drawing with several panels.
    pub(super) tall: f64,
    /// Days with a label.
    pub(super) labels: i64,
    /// Values with a label.
    pub(super) values: usize,
}

pub(super) const SIZES: [Size; 2] = [
    Size { class: "fans-phone", width: 320.0, height: 220.0, tall: 340.0, labels: 4, values: 4 },
    Size { class: "fans-desk", width: 760.0, height: 300.0, tall: 420.0, labels: 8, values: 5 },
];

/// Left of it are the values' labels, below it the days'.
const LEFT: f64 = 58.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 18.0;
const BELOW: f64 = 24.0;
/// Room that the label of a day takes.
const LABEL: f64 = 40.0;

pub(super) struct Plot {
    width: f64,
    height: f64,
    pub(super) top: f64,
    first: NaiveDate,
    /// Days from the first to the last.
    span: f64,
    /// Left free at both ends, for half a bar.
    inset: f64,
}

impl Plot {
    pub(super) fn new(size: &Size, height: f64, first: NaiveDate, last: NaiveDate) -> Self {
        let span = (last - first).num_days().max(1) as f64;
        Self { width: size.width, height, top: TOP, first, span, inset: 0.0 }
    }

    /// With room for a bar on every day, the first and the last one too.
    pub(super) fn with_bars(self) -> Self {
        Self { inset: (self.width - LEFT - RIGHT) / (self.span + 1.0) / 2.0, ..self }
    }

    pub(super) fn x(&self, day: NaiveDate) -> f64 {
        LEFT + self.inset + (day - self.first).num_days() as f64 * self.step()
    }

    pub(super) fn bottom(&self) -> f64 {
        self.height - BELOW
    }

    /// From a day to the next.
    pub(super) fn step(&self) -> f64 {
        (self.width - LEFT - RIGHT - 2.0 * self.inset) / self.span
    }

    pub(super) fn frame(&self) -> Value {
        json!({
            "width": self.width, "height": self.height, "left": LEFT, "right": self.width - RIGHT,
            "top": self.top, "bottom": self.bottom(),
        })
    }

    /// Days with a label, evenly apart.
    pub(super) fn days(&self, size: &Size) -> Vec<Value> {
        let span = self.span as i64;
        let step = ((span + size.labels - 1) / size.labels).max(1);
        // Weeks apart where there is room for it, so that the labels are the same day of the week.
        let step = if step > 4 { (step + 6) / 7 * 7 } else { step };
        let days = (0..=span).step_by(usize::try_from(step).unwrap_or(1));
        days.filter_map(|days| {
            let on = self.first.checked_add_days(Days::new(days.unsigned_abs()))?;
            let x = self.x(on);
            // A label at the edge stays inside, where the one before leaves it room.
            let is_last = x > self.width - RIGHT - 20.0;
            if is_last && days > 0 && x - self.x(on - Days::new(step.unsigned_abs())) < LABEL * 1.5 {
                return None;
            }
            let anchor = if is_last { "end" } else { "middle" };
            Some(json!({ "x": tenth(x), "day": day::shown(on), "anchor": anchor }))
        })
        .collect()
    }
}

/// A part of a plot with its own values.
pub(super) struct Panel {
    top: f64,
    bottom: f64,
    low: f64,
    high: f64,
    labels: Vec<f64>,
}

impl Panel {
    pub(super) fn new(top: f64, bottom: f64, lowest: f64, highest: f64, labels: usize) -> Self {
        let labels = ticks(lowest, highest, labels);
        let low = labels.first().copied().unwrap_or(lowest).min(lowest);
        let high = labels.last().copied().unwrap_or(highest).max(highest);
        Self { top, bottom, low, high: if high > low { high } else { low + 1.0 }, labels }
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)
    }

    pub(super) fn values(&self) -> Vec<Value> {
        let one = |value: &f64| json!({ "y": tenth(self.y(*value)), "label": grouped(value.round() as i64) });
        self.labels.iter().map(one).collect()
    }
}

/// Round values, about so many steps apart, that take in all between the lowest and the highest.
pub(super) fn ticks(lowest: f64, highest: f64, steps: usize) -> Vec<f64> {
    let rough = ((highest - lowest) / steps.max(1) as f64).max(1.0);
    let power = 10.0_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|part| part * power).find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * power);
    let (from, to) = ((lowest / step).floor() as i64, (highest / step).ceil() as i64);
    (from..=to).map(|count| count as f64 * step).collect()
}

pub(super) fn point(x: f64, y: f64) -> String {
    format!("{} {}", tenth(x), tenth(y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_round_and_take_in_everything() {
        assert_eq!(ticks(0.0, 100_000.0, 4), [0.0, 50_000.0, 100_000.0]);
        assert_eq!(ticks(0.0, 3.0, 4), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(ticks(-30.0, 210.0, 3), [-100.0, 0.0, 100.0, 200.0, 300.0]);
        assert_eq!(ticks(5.0, 5.0, 3), [5.0]);
    }

    #[test]
    fn days_and_values_are_inside_the_drawing() {
        let (first, last): (NaiveDate, NaiveDate) = ("2026-09-01".parse().unwrap(), "2027-01-15".parse().unwrap());
        for size in &SIZES {
            let plot = Plot::new(size, size.height, first, last);
            assert!(plot.x(first) >= 0.0 && plot.x(last) <= size.width);
            let panel = Panel::new(plot.top, plot.bottom(), 0.0, 93_000.0, 4);
            assert_eq!((panel.y(0.0), panel.y(100_000.0)), (plot.bottom(), plot.top));
            assert!(plot.days(size).len() as i64 <= size.labels + 1);
            let bars = Plot::new(size, size.height, first, last).with_bars();
            let half = bars.step() / 2.0;
            assert!(bars.x(first) - half >= LEFT - 0.01 && bars.x(last) + half <= size.width - RIGHT + 0.01);
        }
        let one = Plot::new(&SIZES[0], 200.0, first, first);
        assert!(one.x(first).is_finite() && one.step().is_finite());
    }
}
