//! Figures of days, as the platform gives them: from the next morning on, a week at a time.

use chrono::{DateTime, Days, NaiveDate, Timelike, Utc};
use serde_json::{Value, json};

use super::call::Call;
use crate::clock::{china, day_of};
use crate::failure::Failure;
use crate::platform::Platform;
use crate::truth::Day;

/// So many days in one call, the first and the last included.
const MOST_DAYS: i64 = 7;
/// Before this hour yesterday is not counted yet.
const COUNTED_AT: u32 = 8;

/// `POST /datacube/getusersummary`
pub fn summary(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let list: Vec<_> = days(platform, call)?
        .into_iter()
        .flat_map(|day| {
            day.sources.into_iter().map(move |(source, of)| {
                json!({ "ref_date": day.date, "user_source": source, "new_user": of.gained, "cancel_user": of.lost })
            })
        })
        .collect();
    Ok(json!({ "list": list }))
}

/// `POST /datacube/getusercumulate`
pub fn cumulate(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let list = days(platform, call)?.into_iter();
    let list = list.map(|day| json!({ "ref_date": day.date, "user_source": 0, "cumulate_user": day.total }));
    Ok(json!({ "list": list.collect::<Vec<_>>() }))
}

fn days(platform: &Platform, call: &Call) -> Result<Vec<Day>, Failure> {
    let (begin, end) = (date(&call.body, "begin_date")?, date(&call.body, "end_date")?);
    let today = day_of(call.now);
    if end < begin || (end - begin).num_days() >= MOST_DAYS || end >= today {
        return Err(Failure::new(61501));
    }
    let last = last_counted(call.now);
    let days = platform.days(today).into_iter();
    Ok(days.filter(|day| (begin..=end).contains(&day.date) && day.date <= last).collect())
}

fn last_counted(now: DateTime<Utc>) -> NaiveDate {
    let early = now.with_timezone(&china()).hour() < COUNTED_AT;
    day_of(now).checked_sub_days(Days::new(if early { 2 } else { 1 })).unwrap_or(NaiveDate::MIN)
}

fn date(body: &Value, name: &str) -> Result<NaiveDate, Failure> {
    let text = body.get(name).and_then(Value::as_str).unwrap_or_default();
    let right = text.len() == 10;
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| right).ok_or_else(|| Failure::new(61500))
}
