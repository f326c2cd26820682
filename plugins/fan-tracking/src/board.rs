//! The page: the way to the goal, the form for a day, the last days.

use std::collections::HashMap;

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::figure::{self, Figure, Recorded};
use crate::progress::{self, RECENT};

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

/// The page; a day that was asked for is in the form.
pub fn show(host: &Host, asked: &str) -> Result<Response> {
    let today = day::today(host)?;
    let form = match day::parse(asked).filter(|on| *on <= today) {
        Some(on) => of_day(host, on)?,
        None => of_day(host, next_day(host, today)?)?,
    };
    board(host, &form)
}

/// Takes the figures of a day.
pub fn enter(host: &Host, request: &Page) -> Result<Response> {
    let field = |name: &str| request.form(name).trim().to_owned();
    let (day, gained, lost, total) = (field("day"), field("gained"), field("lost"), field("total"));
    let mut form = Form { day, gained, lost, total, errors: HashMap::new() };
    match read(&mut form, day::today(host)?) {
        None => Ok(board(host, &form)?.status(422)),
        Some(entered) => {
            let known = figure::between(host, entered.day, entered.day)?;
            // Sent twice is no change: the first who entered it stays, and nobody is told again.
            if known.first().map(|known| known.figure) != Some(entered) {
                figure::record(host, &entered)?;
            }
            Ok(redirect("/").notice("figures-saved"))
        }
    }
}

fn read(form: &mut Form, today: NaiveDate) -> Option<Figure> {
    let on = match day::parse(&form.day) {
        Some(on) if on > today => Err("day-future"),
        Some(on) => Ok(on),
        None => Err("day-wrong"),
    };
    let day = on.map_err(|error| form.errors.insert("day", error)).ok();
    let mut number = |name, text: &str| {
        let read = text.replace([',', '，'], "").parse().ok().filter(|number| (0..=MOST).contains(number));
        if read.is_none() {
            form.errors.insert(name, "number-wrong");
        }
        read
    };
    let gained = number("gained", &form.gained);
    let lost = number("lost", &form.lost);
    let total = number("total", &form.total);
    Some(Figure { day: day?, gained: gained?, lost: lost?, total: total? })
}

/// The day whose figures come next: yesterday's if they are missing, for the platform tells them in the morning.
fn next_day(host: &Host, today: NaiveDate) -> Result<NaiveDate> {
    let yesterday = today - Days::new(1);
    let is_known = !figure::between(host, yesterday, yesterday)?.is_empty();
    Ok(if is_known { today } else { yesterday })
}

fn of_day(host: &Host, on: NaiveDate) -> Result<Form> {
    let known = figure::between(host, on, on)?;
    let empty = Form { day: on.to_string(), ..Form::default() };
    Ok(known.first().map_or(empty, |Recorded { figure, .. }| Form {
        day: on.to_string(),
        gained: figure.gained.to_string(),
        lost: figure.lost.to_string(),
        total: figure.total.to_string(),
        errors: HashMap::new(),
    }))
}

fn board(host: &Host, form: &Form) -> Result<Response> {
    let class = host.class()?;
    let person = host.person()?;
    let field = |name: &str, value: &String| json!({ "value": value, "error": form.errors.get(name) });
    let values = json!({
        "progress": progress::shown(host)?,
        "days": days(host)?,
        "may_enter": person.is_operator() && !class.archived,
        "is_teacher": person.is_teacher(),
        "today": day::today(host)?.to_string(),
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
fn days(host: &Host) -> Result<Vec<Value>> {
    let today = day::today(host)?;
    // One more: the oldest is compared with the day before it.
    let known = figure::between(host, today - Days::new(RECENT), today)?;
    let names: HashMap<Uuid, String> = host.roster()?.into_iter().map(|person| (person.id, person.name)).collect();
    let of = |on: NaiveDate| known.iter().find(|recorded| recorded.figure.day == on);
    let line = |number: u64| {
        let on = today - Days::new(number);
        let Some(Recorded { figure, source, person, at }) = of(on) else {
            return Ok(json!({ "day": day::shown(on), "figure": null }));
        };
        let before = of(on - Days::new(1)).map(|before| before.figure.total);
        let off = before.map(|before| figure.total - before - figure.net()).filter(|off| *off != 0);
        Ok(json!({
            "day": day::shown(on),
            "figure": {
                "gained": figure.gained,
                "lost": figure.lost,
                "net": figure.net(),
                "total": figure.total,
                "off": off,
                "source": format!("source-{source}"),
                "name": person.and_then(|person| names.get(&person)),
                "at": day::local(host, *at)?.format("%m-%d %H:%M").to_string(),
            },
        }))
    };
    (0..RECENT).map(line).collect()
}
