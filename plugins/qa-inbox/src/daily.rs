//! How many asked and were answered each day, those who left included, and how many wait now.

use std::collections::BTreeMap;

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::conversation::case;

/// The longest span, in days.
const MOST: usize = 1_000;

/// Answers `inbox.daily/1`.
pub fn daily(host: &Host, input: &Value) -> Result<Value> {
    let (from, to) = (date(input, "from")?, date(input, "to")?);
    let days: Vec<String> =
        from.iter_days().take_while(|day| *day <= to).take(MOST).map(|day| day.to_string()).collect();
    let waiting = case::count_waiting(host)?;
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(json!({ "days": [], "waiting": waiting }));
    };
    let class = host.class()?.id;
    let mut sums: BTreeMap<String, (i64, i64)> = days.iter().map(|day| (day.clone(), (0, 0))).collect();
    for sql in [
        "select day, count(*) as asked, 0 as answered from question where class_id = $1 and day between $2 and $3 group by day",
        "select answered_day as day, 0 as asked, count(*) as answered from question
         where class_id = $1 and answered_day between $2 and $3 group by answered_day",
        "select day, asked, answered from day_total where class_id = $1 and day between $2 and $3",
    ] {
        for row in host.query(sql, params![class, first, last])?.iter() {
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
