//! The first page: what each day must bring, the way to the goal, the form for a day, the last days.

use std::collections::HashMap;

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::channel::Tier;
use crate::day;
use crate::number::typed;
use crate::progress::{Progress, RECENT};
use crate::reading::{self, Figure, Reading, Source};
use crate::series::Series;
use crate::{chart, days, milestone, outlook};

/// More followers than any account has.
const MOST: i64 = 2_000_000_000;

/// The form, and what is wrong with each field of it.
#[derive(Default)]
struct Form {
    day: String,
    gained: String,
    lost: String,
    total: String,
    errors: HashMap<&'static str, &'static str>,
}

impl Form {
    fn is_empty(&self) -> bool {
        self.gained.is_empty() && self.lost.is_empty() && self.total.is_empty()
    }
}

/// The page; a day that was asked for is in the form.
pub fn show(host: &Host, asked: &str) -> Result<Response> {
    let today = host.today();
    let readings = reading::all(host)?;
    // Those of yesterday come next: the platform tells them in the morning, and those of today are still to grow.
    let on = day::parse(asked).filter(|on| *on <= today).unwrap_or(today - Days::new(1));
    board(host, &of_day(&readings, on), &readings)
}

/// Takes the figures of a day.
pub fn enter(host: &Host, request: &Page) -> Result<Response> {
    let field = |name: &str| request.form(name).trim().to_owned();
    let (day, gained, lost, total) = (field("day"), field("gained"), field("lost"), field("total"));
    let mut form = Form { day, gained, lost, total, errors: HashMap::new() };
    // Whoever empties the form of a day takes back what was typed.
    if let (Some(on), true) = (day::parse(&form.day), form.is_empty())
        && reading::take_back(host, on)?
    {
        return Ok(redirect("/").notice("figures-removed"));
    }
    match read(&mut form, host.today()) {
        None => Ok(board(host, &form, &reading::all(host)?)?.status(422)),
        Some((on, figure)) => {
            reading::record(host, on, Source::Typed, &figure)?;
            Ok(redirect("/").notice("figures-saved"))
        }
    }
}

fn read(form: &mut Form, today: NaiveDate) -> Option<(NaiveDate, Figure)> {
    let on = match day::parse(&form.day) {
        Some(on) if on > today => Err("day-future"),
        Some(on) if on < today - day::OLDEST => Err("day-old"),
        Some(on) => Ok(on),
        None => Err("day-wrong"),
    };
    let on = on.map_err(|error| form.errors.insert("day", error)).ok();
    let mut number = |name, text: &str| {
        let read = typed(text, MOST);
        if read.is_none() {
            form.errors.insert(name, "number-wrong");
        }
        read
    };
    let gained = number("gained", &form.gained);
    let lost = number("lost", &form.lost);
    // The total may be left out: it is carried on from the last one that is known.
    let total = if form.total.is_empty() { Some(None) } else { number("total", &form.total).map(Some) };
    Some((on?, Figure { gained: gained?, lost: lost?, total: total? }))
}

/// What is known of the day, to be corrected or confirmed.
fn of_day(readings: &[Reading], on: NaiveDate) -> Form {
    let known = readings.iter().find(|reading| reading.day == on && reading.source == Source::Typed);
    let text = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let figure = known.map(|reading| reading.figure);
    Form {
        day: on.to_string(),
        gained: text(figure.map(|figure| figure.gained)),
        lost: text(figure.map(|figure| figure.lost)),
        total: text(figure.and_then(|figure| figure.total)),
        errors: HashMap::new(),
    }
}

fn board(host: &Host, form: &Form, readings: &[Reading]) -> Result<Response> {
    let class = host.class()?;
    let person = host.person()?;
    let series = Series::new(readings);
    let progress = Progress::of(host, &series)?;
    let bands = outlook::bands(&series, &progress);
    let field = |name: &str, value: &String| json!({ "value": value, "error": form.errors.get(name) });
    let tier = Tier::of(host);
    let values = json!({
        "progress": progress.shown(),
        "tier": tier.shown(host),
        "has_total": series.has_total || series.days.is_empty(),
        "chart": chart::total(series.complete(progress.today), &bands, progress.goal, progress.end),
        "outlook": outlook::shown(&series, &progress, &bands),
        "milestones": milestone::shown(&series, progress.goal, progress.pace, progress.today),
        "days": recent(host, &series, progress.today)?,
        "may_enter": person.is_operator() && !class.archived,
        "is_teacher": person.is_teacher(),
        "today": progress.today.to_string(),
        "is_wrong": !form.errors.is_empty(),
        "form": {
            "day": field("day", &form.day),
            "gained": field("gained", &form.gained),
            "lost": field("lost", &form.lost),
            "total": field("total", &form.total),
        },
    });
    Ok(page("board.html", values))
}

/// The last days, the latest first, with those of which nothing is known.
fn recent(host: &Host, series: &Series, today: NaiveDate) -> Result<Vec<Value>> {
    let on: Vec<NaiveDate> = (0..RECENT).map(|number| today - Days::new(number)).collect();
    let known: Vec<_> = on.iter().filter_map(|on| series.on(*on)).collect();
    let mut lines = days::lines(host, &known)?;
    for (index, on) in on.iter().enumerate() {
        if series.on(*on).is_none() {
            lines.insert(index.min(lines.len()), days::unknown(*on));
        }
    }
    Ok(lines)
}
