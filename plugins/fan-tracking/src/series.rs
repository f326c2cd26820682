//! The days in a row: of several sources for a day one counts, the others are held against it; totals are carried on
//! where no source tells them.

use plugin_sdk::chrono::{Days, NaiveDate};

use crate::reading::{Figure, Reading};

/// A day of the curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    /// Day.
    pub day: NaiveDate,
    /// What counts; none where nothing is known.
    pub reading: Option<Reading>,
    /// What other sources say that is something else.
    pub others: Vec<Reading>,
    /// How many there were at its end.
    pub total: i64,
    /// How many more there are than the day before and this day's net make.
    pub off: Option<i64>,
    /// Net for the curve: that of the reading, or where none is known an even part of what came in the gap.
    pub net: f64,
    /// Whether anything is known of it: a source speaks of it, or the totals around it do.
    pub is_known: bool,
}

/// All days from the first that is known to the last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Without gaps.
    pub days: Vec<Day>,
    /// Whether any source ever told a total; if none did, counting began at 0.
    pub has_total: bool,
}

impl Series {
    /// Puts the readings, sorted by day and trust, into a row.
    pub fn new(readings: &[Reading]) -> Self {
        let mut days: Vec<Day> = Vec::new();
        for reading in readings {
            match days.last_mut() {
                Some(day) if day.day == reading.day => add(day, reading),
                last => {
                    let next = last.map_or(reading.day, |day| day.day + Days::new(1));
                    days.extend(next.iter_days().take_while(|day| *day < reading.day).map(unknown));
                    days.push(Day { reading: Some(reading.clone()), ..unknown(reading.day) });
                }
            }
        }
        let has_total = days.iter().any(|day| told(day).is_some());
        let start = beginning(&days);
        carry(&mut days, start);
        Self { days, has_total }
    }

    /// The last day.
    pub fn last(&self) -> Option<&Day> {
        self.days.last()
    }

    /// A day.
    pub fn on(&self, day: NaiveDate) -> Option<&Day> {
        let first = self.days.first()?.day;
        usize::try_from((day - first).num_days()).ok().and_then(|index| self.days.get(index))
    }

    /// The days whose figures are complete: today's are still to grow.
    pub fn complete(&self, today: NaiveDate) -> &[Day] {
        let count = self.days.iter().take_while(|day| day.day < today).count();
        &self.days[..count]
    }
}

impl Day {
    /// Figures that count.
    pub fn figure(&self) -> Option<&Figure> {
        self.reading.as_ref().map(|reading| &reading.figure)
    }
}

fn unknown(day: NaiveDate) -> Day {
    Day { day, reading: None, others: Vec::new(), total: 0, off: None, net: 0.0, is_known: false }
}

fn add(day: &mut Day, reading: &Reading) {
    let counts = day.reading.as_ref();
    if counts.is_some_and(|counts| !counts.figure.agrees(&reading.figure)) {
        day.others.push(reading.clone());
    }
    // The most trusted source need not tell a total; another that says the same may.
    if let Some(counts) = &mut day.reading
        && counts.figure.total.is_none()
        && counts.figure.agrees(&reading.figure)
    {
        counts.figure.total = reading.figure.total;
    }
}

fn told(day: &Day) -> Option<i64> {
    day.figure().and_then(|figure| figure.total)
}

fn net(day: &Day) -> i64 {
    day.figure().map_or(0, Figure::net)
}

/// The total before the first day, from the first total that is told.
fn beginning(days: &[Day]) -> i64 {
    let Some(place) = days.iter().position(|day| told(day).is_some()) else { return 0 };
    let later: i64 = days[..=place].iter().map(net).sum();
    (told(&days[place]).unwrap_or_default() - later).max(0)
}

fn carry(days: &mut [Day], start: i64) {
    let mut before = start;
    // Days in a row of which nothing is known, up to this one.
    let mut gap = 0;
    for index in 0..days.len() {
        let (net, told) = (net(&days[index]), told(&days[index]));
        let is_known = days[index].reading.is_some();
        let carried = before + net;
        let total = told.unwrap_or(carried).max(0);
        let difference = total - carried;
        days[index].total = total;
        days[index].net = net as f64;
        days[index].is_known = is_known;
        if !is_known {
            gap += 1;
        } else if gap > 0 {
            // What came while nobody looked is no mistake of this day.
            let part = difference as f64 / f64::from(gap);
            let start = before as f64;
            for (place, day) in (1..).zip(&mut days[index - gap as usize..index]) {
                day.net = part;
                day.total = (start + part * f64::from(place)).round() as i64;
                day.is_known = told.is_some();
            }
            gap = 0;
        } else if index > 0 && difference != 0 {
            days[index].off = Some(difference);
        }
        before = total;
    }
}

#[cfg(test)]
mod tests;
