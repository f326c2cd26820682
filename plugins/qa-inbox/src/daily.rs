//! How many asked and were answered each day, those who left included, and how many wait now.

use std::collections::BTreeMap;

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::conversation::case;

/// The longest span, in days.
const MOST: i64 = 1_000;

/// Answers `inbox.daily/1`.
pub fn daily(host: &Host, input: &Value) -> Result<Value> {
    let (from, to) = (date(input, "from")?, date(input, "to")?);
    if !(0..MOST).contains(&(to - from).num_days()) {
        return Err(invalid(format!("to is not before from, and at most {MOST} days are told at a time")).at("to"));
    }
    let days = from.iter_days().take_while(|day| *day <= to);
    let mut sums: BTreeMap<String, (i64, i64)> = days.map(|day| (day.to_string(), (0, 0))).collect();
    let (class, waiting) = (host.class()?.id, case::count_waiting(host)?);
    for sql in [
        "select day, count(*) as asked, 0 as answered from question where class_id = $1 and day between $2 and $3 group by day",
        "select answered_day as day, 0 as asked, count(*) as answered from question
         where class_id = $1 and answered_day between $2 and $3 group by answered_day",
        "select day, asked, answered from day_total where class_id = $1 and day between $2 and $3",
    ] {
        for row in host.query(sql, params![class, from.to_string(), to.to_string()])?.iter() {
            if let Some(sum) = sums.get_mut(&row.get::<String>("day")?) {
                sum.0 += row.get::<i64>("asked")?;
                sum.1 += row.get::<i64>("answered")?;
            }
        }
    }
    let day = |(day, (asked, answered))| json!({ "date": day, "asked": asked, "answered": answered });
    Ok(json!({ "days": sums.into_iter().map(day).collect::<Vec<_>>(), "waiting": waiting }))
}

/// A date of an input.
pub fn date(input: &Value, name: &str) -> Result<NaiveDate> {
    let text = input[name].as_str().unwrap_or_default();
    text.parse().map_err(|_| invalid(format!("{name} is no date such as 2026-10-12")).at(name))
}
