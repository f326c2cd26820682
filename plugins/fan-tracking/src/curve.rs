//! One curve, three stories: followers with what was published, who was on duty, and what was answered. It shows what
//! happened on the same days; it proves no causes, and the page says so.

use std::collections::BTreeMap;

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::number::{grouped, signed};
use crate::publication::{self, Published};
use crate::reading;
use crate::series::{Day, Series};
use crate::{channel, chart, day};

/// Days at first.
const SHORT: u64 = 28;
/// The most days.
const LONG: u64 = 200;

/// What happened on some days beside the followers.
pub struct Stories {
    /// What was published.
    pub published: Published,
    /// Who was on duty.
    pub duty: BTreeMap<NaiveDate, Vec<String>>,
    /// Questions asked and answered.
    pub questions: BTreeMap<NaiveDate, (i64, i64)>,
}

/// The page.
pub fn show(host: &Host, request: &Page) -> Result<Response> {
    let is_long = request.query("days") == "all";
    let series = Series::new(&reading::all(host)?);
    let today = host.today();
    let since = today - Days::new(if is_long { LONG } else { SHORT });
    let days: Vec<Day> = series.complete(today).iter().filter(|day| day.day >= since).cloned().collect();
    let stories = match days.first().zip(days.last()) {
        Some((first, last)) => Stories::of(host, first.day, last.day)?,
        None => Stories::of(host, today, today)?,
    };
    let answered = stories.questions.iter().map(|(day, (_, answered))| (*day, *answered)).collect();
    let values = json!({
        "chart": chart::stories(&days, &stories.published, &answered),
        "lines": lines(&days, &stories),
        "is_long": is_long,
        "has_duty": !stories.duty.is_empty(),
        "has_questions": !stories.questions.is_empty(),
    });
    Ok(page("curve.html", values).title("curve"))
}

impl Stories {
    /// From the other tools; one that is away tells nothing.
    pub fn of(host: &Host, from: NaiveDate, to: NaiveDate) -> Result<Self> {
        let rota = channel::rota(host, from, to);
        let inbox = channel::inbox(host, from, to);
        let published = publication::published(host, &rota, from, to)?;
        let date = |told: &Value| told["date"].as_str().and_then(day::parse);
        let mut duty = BTreeMap::new();
        for told in rota["days"].as_array().into_iter().flatten() {
            let people = told["people"].as_array().into_iter().flatten();
            let names: Vec<String> = people.filter_map(|person| name(&person["person"])).collect();
            if let Some(on) = date(told).filter(|_| !names.is_empty()) {
                duty.insert(on, names);
            }
        }
        let mut questions = BTreeMap::new();
        for told in inbox["days"].as_array().into_iter().flatten() {
            let count = |name: &str| told[name].as_i64().unwrap_or_default().max(0);
            if let Some(on) = date(told) {
                questions.insert(on, (count("asked"), count("answered")));
            }
        }
        Ok(Self { published, duty: named(host, duty)?, questions })
    }
}

/// A person as a tool names them: an id, or an object with a name.
fn name(told: &Value) -> Option<String> {
    told.as_str().or_else(|| told["name"].as_str()).or_else(|| told["id"].as_str()).map(str::to_owned)
}

/// Ids become names; somebody who has left the class stays nameless.
fn named(host: &Host, duty: BTreeMap<NaiveDate, Vec<String>>) -> Result<BTreeMap<NaiveDate, Vec<String>>> {
    let names = crate::people::names(host)?;
    let known = |told: String| match told.parse::<Uuid>() {
        Ok(id) => names.get(&id).cloned(),
        Err(_) => Some(told),
    };
    Ok(duty.into_iter().map(|(day, told)| (day, told.into_iter().filter_map(known).collect())).collect())
}

fn lines(days: &[Day], stories: &Stories) -> Vec<Value> {
    let number = |on: NaiveDate| stories.published.keys().position(|day| *day == on).map(|index| index + 1);
    let one = |day: &Day| {
        let questions = stories.questions.get(&day.day);
        json!({
            "day": day::shown(day.day),
            "net": signed(day.net.round() as i64),
            "total": grouped(day.total),
            "number": number(day.day),
            "published": stories.published.get(&day.day),
            "duty": stories.duty.get(&day.day),
            "asked": questions.map(|(asked, _)| asked),
            "answered": questions.map(|(_, answered)| answered),
        })
    };
    days.iter().rev().map(one).collect()
}
