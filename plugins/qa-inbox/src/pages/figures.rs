//! How long followers wait, by shift and by person; every figure opens the questions behind it.

use std::collections::BTreeMap;

use plugin_sdk::chrono::Days;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use super::inbox;
use crate::clock::{self, Hours};
use crate::conversation::{case, kind};
use crate::names::Names;
use crate::response::{self, Spread, Wait, minutes};

/// The spans to choose from, in days.
const SPANS: [u64; 3] = [7, 30, 180];

/// The page.
pub fn show(host: &Host, request: &Page) -> Result<Response> {
    let span = span(request.query("days"), 30);
    let (waits, names) = (within(host, span)?, Names::of(host)?);
    let of_kind = |kind: &str| shown(waits.iter().filter(|wait| wait.kind == kind).map(|wait| wait.waited));
    let mut days: BTreeMap<&str, Vec<&Wait>> = BTreeMap::new();
    let mut people: BTreeMap<Uuid, Vec<&Wait>> = BTreeMap::new();
    for wait in &waits {
        days.entry(&wait.day).or_default().push(wait);
        if let Some(person) = wait.person {
            people.entry(person).or_default().push(wait);
        }
    }
    let by_day = days.iter().rev().map(|(day, waits)| {
        let mut who: Vec<Uuid> = waits.iter().filter_map(|wait| wait.person).collect();
        who.sort_unstable();
        who.dedup();
        json!({
            "day": day,
            "shown": short(day),
            "people": names.joined(who, &host.context().language),
            "waited": shown(waits.iter().map(|wait| wait.waited)),
            "own": shown(waits.iter().map(|wait| wait.own)),
        })
    });
    let by_person = people.iter().filter_map(|(person, waits)| {
        let first = waits.iter().filter(|wait| wait.kind == "first");
        let own = shown(first.map(|wait| wait.own));
        Some(json!({ "id": person, "name": names.get(Some(*person))?, "count": waits.len(), "own": own }))
    });
    let hours = Hours::of(host);
    let values = json!({
        "span": span,
        "spans": SPANS,
        "hours": { "from": format!("{:02}:00", hours.from), "to": format!("{:02}:00", hours.to) },
        "first": of_kind("first"),
        "next": of_kind("next"),
        "by_day": by_day.collect::<Vec<_>>(),
        "by_person": by_person.collect::<Vec<_>>(),
        "ratings": ratings(host, span)?,
    });
    Ok(page("figures.html", values).title("figures"))
}

/// The questions behind a figure.
pub fn cases(host: &Host, request: &Page) -> Result<Response> {
    let span = span(request.query("days"), 30);
    let (day, kind, person) = (request.query("day"), request.query("kind"), request.query("person"));
    let person: Option<Uuid> = person.parse().ok();
    let is_asked = |wait: &Wait| {
        (day.is_empty() || wait.day == day)
            && (kind.is_empty() || wait.kind == kind)
            && (person.is_none() || wait.person == person)
    };
    let waits: Vec<Wait> = within(host, span)?.into_iter().filter(is_asked).take(200).collect();
    let names = Names::of(host)?;
    let ids: Vec<Uuid> = waits.iter().filter_map(|wait| wait.question).collect();
    let cases = case::of_ids(host, &ids)?;
    let one = |wait: &Wait| {
        let case = cases.iter().find(|case| Some(case.id) == wait.question);
        json!({
            "id": case.map(|case| case.id),
            "text": case.map(|case| kind::short(&case.text)),
            "day": short(&wait.day),
            "kind": wait.kind,
            "name": names.get(wait.person),
            "waited": minutes(wait.waited),
            "own": minutes(wait.own),
        })
    };
    let values = json!({ "waits": waits.iter().map(one).collect::<Vec<_>>(), "day": day, "name": names.get(person) });
    Ok(page("cases.html", values).title("cases"))
}

/// Questions whose followers gave this grade.
pub fn rated(host: &Host, grade: i64, days: &str) -> Result<Response> {
    let (from, _) = days_of(host, span(days, 180));
    let table = host.query(
        "select id from question where class_id = $1 and rating = $2 and day >= $3
         order by rating_asked_at desc limit 100",
        params![host.class()?.id, grade, from],
    )?;
    if !(1..=3).contains(&grade) {
        return Err(not_found());
    }
    let names = Names::of(host)?;
    let cases = case::of_ids(host, &table.column::<Uuid>("id")?)?;
    let lines = cases.iter().map(|case| inbox::line(host, case, &names)).collect::<Result<Vec<_>>>()?;
    Ok(page("done.html", json!({ "cases": lines, "state": "rated", "word": format!("rating-{grade}") })).title("cases"))
}

/// Month and day, on one line.
fn short(day: &str) -> String {
    day.get(5..).unwrap_or(day).replace('-', "\u{2011}")
}

/// The span that was asked for, if it is one of those to choose from.
fn span(asked: &str, otherwise: u64) -> u64 {
    asked.parse().ok().filter(|days| SPANS.contains(days)).unwrap_or(otherwise)
}

/// First and last day of a span that ends today.
fn days_of(host: &Host, span: u64) -> (String, String) {
    let today = clock::date(host.now());
    let from = today.checked_sub_days(Days::new(span - 1)).unwrap_or(today);
    (from.to_string(), today.to_string())
}

fn within(host: &Host, span: u64) -> Result<Vec<Wait>> {
    let (from, to) = days_of(host, span);
    response::between(host, &from, &to)
}

fn shown(seconds: impl Iterator<Item = i64>) -> Value {
    Spread::of(seconds).map_or(
        Value::Null,
        |spread| json!({ "count": spread.count, "median": minutes(spread.median), "p90": minutes(spread.p90) }),
    )
}

fn ratings(host: &Host, span: u64) -> Result<Vec<Value>> {
    let (from, _) = days_of(host, span);
    let table = host.query(
        "select rating, count(*) as questions from question
         where class_id = $1 and rating is not null and day >= $2 group by rating order by rating",
        params![host.class()?.id, from],
    )?;
    table.iter().map(|row| Ok(rated_line(row.get("rating")?, row.get("questions")?))).collect()
}

fn rated_line(grade: i64, count: i64) -> Value {
    json!({ "grade": grade, "word": format!("rating-{grade}"), "count": count })
}
