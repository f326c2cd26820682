//! The platform's daily figures of followers, by the day in +08:00. Yesterday's are ready from eight o'clock on, some days
//! only at noon.

use std::collections::{BTreeMap, BTreeSet};

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::account::Account;
use crate::api::{self, Call};
use crate::day;
use crate::tier;
use crate::words::Words;

const CHANGES: Call = Call::post("/datacube/getusersummary", 1_000);
const TOTALS: Call = Call::post("/datacube/getusercumulate", 1_000);
/// Days that are made up for.
const BACK: u64 = 28;
/// The most days that one call may ask for.
const AT_ONCE: usize = 7;
/// The most days that the service tells.
const MOST: i64 = 400;

/// Only verified accounts have figures.
const UNVERIFIED: Words = Words {
    zh: "没有认证的账号没有官方数据；用实时记录的关注和取消关注，并用后台导出的文件核对。",
    en: "An unverified account has no official figures; use the live follows and unfollows, and check them against the back office's file.",
};

/// Where followers come from, as the tools name it.
fn source(number: i64) -> &'static str {
    match number {
        1 => "search",
        17 => "card",
        30 => "qr",
        57 => "article-name",
        100 => "advertisement",
        149 => "mini-program",
        161 => "reprint",
        176 => "album",
        200 => "video",
        201 => "live",
        _ => "other",
    }
}

/// Fetches the days that are missing until yesterday.
pub fn fetch(host: &Host) -> Result<()> {
    if !tier::of(&Account::open(host)?).tier.is_verified() {
        return Ok(());
    }
    let missing = missing(host)?;
    for days in in_pieces(&missing) {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { continue };
        let asked = json!({ "begin_date": first.to_string(), "end_date": last.to_string() });
        // A day whose total is there has its changes too, if they are asked for later.
        let fetched = api::call(host, TOTALS, "", Some(&asked))
            .and_then(|totals| api::call(host, CHANGES, "", Some(&asked)).map(|changes| (changes, totals)));
        match fetched {
            Ok((changes, totals)) => keep(host, days, &changes, &totals)?,
            // It is noted, and the next hour asks again.
            Err(trouble) => {
                trouble.or_own()?;
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The figures of some days, for the tools.
pub fn told(host: &Host, from: NaiveDate, to: NaiveDate) -> Result<Value> {
    if to < from || (to - from).num_days() > MOST {
        return Err(invalid("channel.daily_figures: to is not before from, and at most 400 days after it").at("to"));
    }
    let is_available = tier::of(&Account::open(host)?).tier.is_verified();
    let class = host.class()?.id;
    let bounds = || params![class, from.to_string(), to.to_string()];
    let days = host.query(
        "select day, total, fetched_at from figure_day where class_id = $1 and day >= $2 and day <= $3 order by day",
        bounds(),
    )?;
    let figures = host.query(
        "select day, source, gained, lost from figure where class_id = $1 and day >= $2 and day <= $3
         order by day, source",
        bounds(),
    )?;
    let mut sources: BTreeMap<String, Vec<(String, i64, i64)>> = BTreeMap::new();
    for row in figures.iter() {
        let one = (row.get("source")?, row.get("gained")?, row.get("lost")?);
        sources.entry(row.get("day")?).or_default().push(one);
    }
    let line = |row: Row<'_>| -> Result<Value> {
        let day: String = row.get("day")?;
        let of_day = sources.remove(&day).unwrap_or_default();
        let mut line = json!({
            "date": day,
            "gained": of_day.iter().map(|(_, gained, _)| gained).sum::<i64>(),
            "lost": of_day.iter().map(|(_, _, lost)| lost).sum::<i64>(),
            "fetched_at": row.get::<DateTime<Utc>>("fetched_at")?,
        });
        if let Some(total) = row.get::<Option<i64>>("total")? {
            line["total"] = total.into();
        }
        let told =
            of_day.iter().map(|(source, gained, lost)| json!({ "source": source, "gained": gained, "lost": lost }));
        line["sources"] = told.collect();
        Ok(line)
    };
    let days = days.iter().map(line).collect::<Result<Vec<Value>>>()?;
    let mut told = json!({ "available": is_available, "days": days });
    if !is_available {
        told["why"] = UNVERIFIED.json();
    }
    Ok(told)
}

/// Days until yesterday that have no total yet, and those whose figures are of the first morning: the platform corrects them.
fn missing(host: &Host) -> Result<Vec<NaiveDate>> {
    let today = day::of(host.now());
    let sql = "select day, fetched_at from figure_day where class_id = $1 and total is not null";
    let mut fetched = BTreeMap::new();
    for row in host.query(sql, params![host.class()?.id])?.iter() {
        fetched.insert(row.get::<String>("day")?, day::of(row.get("fetched_at")?));
    }
    let days = (1..=BACK).rev().filter_map(|back| today.checked_sub_days(Days::new(back)));
    let is_known = |of: &NaiveDate| {
        let fetched = fetched.get(&of.to_string());
        fetched.is_some_and(|fetched| *fetched == today || *fetched > *of + Days::new(1))
    };
    Ok(days.filter(|day| !is_known(day)).collect())
}

/// Days that follow one another, as many at a time as one call may ask for.
fn in_pieces(days: &[NaiveDate]) -> impl Iterator<Item = &[NaiveDate]> {
    days.chunk_by(|one, next| one.succ_opt() == Some(*next)).flat_map(|run| run.chunks(AT_ONCE))
}

/// Keeps what was fetched of the days that were asked for. A day without a total is not ready, so it is asked for again.
fn keep(host: &Host, days: &[NaiveDate], changes: &Value, totals: &Value) -> Result<()> {
    let class = host.class()?.id;
    let list = |answer: &Value| answer["list"].as_array().cloned().unwrap_or_default();
    let mut sums: BTreeMap<(String, &str), (i64, i64)> = BTreeMap::new();
    for line in list(changes) {
        let Some(day) = date(&line) else { continue };
        let sum = sums.entry((day, source(number(&line, "user_source")))).or_default();
        sum.0 += number(&line, "new_user");
        sum.1 += number(&line, "cancel_user");
    }
    let mut batch = host.batch();
    let totals = list(totals);
    let mut ready = BTreeSet::new();
    for line in &totals {
        let (Some(day), Some(total)) = (date(line), line["cumulate_user"].as_i64()) else { continue };
        if !days.iter().any(|asked| asked.to_string() == day) {
            continue;
        }
        ready.insert(day.clone());
        batch = batch
            .add(
                "insert into figure_day (class_id, day, total, fetched_at) values ($1, $2, $3, $4)
                 on conflict (class_id, day) do update set total = excluded.total, fetched_at = excluded.fetched_at",
                params![class, day.as_str(), total, host.now()],
            )
            .add("delete from figure where class_id = $1 and day = $2", params![class, day.as_str()]);
    }
    for ((day, source), (gained, lost)) in sums.into_iter().filter(|((day, _), _)| ready.contains(day)) {
        batch = batch.add(
            "insert into figure (class_id, day, source, gained, lost) values ($1, $2, $3, $4, $5)",
            params![class, day, source, gained, lost],
        );
    }
    batch.run()?;
    Ok(())
}

fn date(line: &Value) -> Option<String> {
    line["ref_date"].as_str()?.parse::<NaiveDate>().ok().map(|day| day.to_string())
}

fn number(line: &Value, name: &str) -> i64 {
    line[name].as_i64().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_asks_for_days_that_follow_one_another() {
        let day = |number| NaiveDate::from_ymd_opt(2026, 10, number).unwrap();
        let days: Vec<NaiveDate> = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13].map(day).into();
        let pieces: Vec<(u32, usize)> = in_pieces(&days)
            .map(|piece| (plugin_sdk::chrono::Datelike::day(piece.first().unwrap()), piece.len()))
            .collect();
        assert_eq!(pieces, [(1, 7), (8, 2), (12, 2)]);
        assert_eq!(in_pieces(&[]).count(), 0);
    }
}
