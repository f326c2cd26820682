//! What other tools and the gradebook ask.

use std::collections::BTreeMap;

use plugin_sdk::chrono::{Days, NaiveDate, NaiveTime};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::people::People;
use crate::publication;
use crate::quota::day_of;
use crate::shift;
use crate::swap;

/// The most days that may be asked for at a time.
const MOST_DAYS: i64 = 400;

/// Who is on duty at a moment; nobody who has left the class.
pub fn on_duty(host: &Host, input: &Value) -> Result<Value> {
    let at = match &input["at"] {
        Value::Null => host.now(),
        at => at.as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok()).ok_or_else(|| {
            invalid("\"at\" is no moment such as 2026-10-12T08:00:00+08:00; without it, now is meant").at("at")
        })?,
    };
    let (on, people) = (host.day_of(at), People::of(host)?);
    // A shift is its whole day: the next one takes over at midnight.
    let until = day::moment(host, on + Days::new(1), NaiveTime::MIN);
    let shifts = shift::between(host, on, on)?;
    let listed = shifts.iter().filter_map(|shift| {
        let name = people.name(shift.person)?;
        Some(json!({ "id": shift.person, "person": shift.person, "name": name, "post": shift.post, "until": until }))
    });
    Ok(json!({ "people": listed.collect::<Vec<_>>() }))
}

/// Who was on duty on which day, and what was published.
pub fn days(host: &Host, input: &Value) -> Result<Value> {
    let read = |name: &str| {
        input[name]
            .as_str()
            .and_then(day::parse)
            .ok_or_else(|| invalid(format!("\"{name}\" is no day such as 2026-10-12")).at(name))
    };
    let (from, to): (NaiveDate, NaiveDate) = (read("from")?, read("to")?);
    if !(0..=MOST_DAYS).contains(&(to - from).num_days()) {
        return Err(invalid(format!("\"to\" is not between \"from\" and {MOST_DAYS} days later")).at("to"));
    }
    let people = People::of(host)?;
    let mut by_day: BTreeMap<NaiveDate, Vec<Value>> = BTreeMap::new();
    for shift in shift::between(host, from, to)? {
        if let Some(name) = people.name(shift.person) {
            let one = json!({ "person": shift.person, "name": name, "post": shift.post });
            by_day.entry(shift.day).or_default().push(one);
        }
    }
    let days = by_day.into_iter().map(|(date, people)| json!({ "date": date, "people": people }));
    let today = day_of(host.now());
    let published = publication::between(host, from, to)?;
    let published = published.iter().filter(|one| one.state != "cancelled").map(|one| {
        let state = if one.is_missed(today) { "missed" } else { &one.state };
        json!({ "date": one.day, "title": one.title, "state": state, "published_at": one.published_at })
    });
    Ok(json!({ "days": days.collect::<Vec<_>>(), "publications": published.collect::<Vec<_>>() }))
}

/// What each student has done, for the gradebook.
pub fn facts(host: &Host) -> Result<Facts> {
    let today = host.today();
    let mut counts: BTreeMap<Uuid, BTreeMap<&str, i64>> = BTreeMap::new();
    let mut count = |person: Uuid, what: &'static str| *counts.entry(person).or_default().entry(what).or_default() += 1;
    let shifts = shift::all(host)?;
    for shift in &shifts {
        if shift.checked_in_at.is_some() {
            count(shift.person, "kept");
        } else if shift.is_missed(today) && shift.excused_at.is_none() {
            count(shift.person, "missed");
        }
    }
    let table = host.query(
        "select author_id, editor_id from publication where class_id = $1 and state = 'published'",
        params![host.class()?.id],
    )?;
    for row in table.iter() {
        let (author, editor): (Option<Uuid>, Option<Uuid>) = (row.get("author_id")?, row.get("editor_id")?);
        for person in [author, editor].into_iter().flatten() {
            count(person, "publications");
        }
    }
    for (day, person) in swap::helped(&swap::favours(host)?) {
        // Who took over has helped once they were there.
        if shifts.iter().any(|shift| shift.day == day && shift.person == person && shift.checked_in_at.is_some()) {
            count(person, "swaps_helped");
        }
    }
    let one = |(person, values): (Uuid, BTreeMap<&str, i64>)| StudentFacts {
        person,
        values: values.into_iter().map(|(name, count)| (name.to_owned(), count.into())).collect(),
    };
    Ok(Facts { students: counts.into_iter().map(one).collect() })
}
