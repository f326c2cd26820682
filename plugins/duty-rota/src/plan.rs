//! Planning a day: who has which post.

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::rota;
use crate::shift::{self, POSTS};

/// A day as it was filled in, and what is wrong with it.
struct Filled {
    day: String,
    people: Vec<String>,
    error: Option<&'static str>,
}

/// The form for the day that was asked for; today's without one.
pub fn show(host: &Host, asked: &str) -> Result<Response> {
    let today = day::today(host)?;
    let on = day::parse(asked).filter(|on| *on >= today).unwrap_or(today);
    form(host, on, None)
}

/// Plans a day anew; what has been kept already stays.
pub fn save(host: &Host, request: &Page) -> Result<Response> {
    let today = day::today(host)?;
    let sent: Vec<&str> = POSTS.iter().map(|post| request.form(post).trim()).collect();
    let again = |on: NaiveDate, error: &'static str| {
        let people = sent.iter().map(|&person| person.to_owned()).collect();
        let filled = Filled { day: request.form("day").to_owned(), people, error: Some(error) };
        Ok(form(host, on, Some(filled))?.status(422))
    };
    let Some(on) = day::parse(request.form("day")) else { return again(today, "plan-day-wrong") };
    if on < today {
        return again(today, "plan-day-past");
    }
    let Some(wanted) = people(host, &sent)? else { return again(on, "plan-person-unknown") };
    if wanted.iter().flatten().any(|person| wanted.iter().flatten().filter(|other| *other == person).count() > 1) {
        return again(on, "plan-person-twice");
    }
    let (planned, mut gone, mut come) = (shift::between(host, on, on)?, Vec::new(), Vec::new());
    for (post, wanted) in POSTS.into_iter().zip(wanted) {
        let before = planned.iter().find(|shift| shift.post == post);
        if before.map(|shift| shift.person) == wanted {
            continue;
        }
        if before.is_some_and(|shift| shift.checked_in_at.is_some()) {
            return again(on, "plan-kept");
        }
        gone.extend(before);
        come.extend(wanted.map(|person| (post, person)));
    }
    if !shift::replace(host, on, &gone, &come)? {
        let filled = Filled { error: Some("plan-changed"), ..current(host, on)? };
        return Ok(form(host, on, Some(filled))?.status(409));
    }
    Ok(redirect(format!("/plan?day={}", on + Days::new(1))).notice("plan-saved"))
}

/// The students who were chosen, none for an empty choice; nothing when somebody is no student of the class.
fn people(host: &Host, sent: &[&str]) -> Result<Option<Vec<Option<Uuid>>>> {
    let roster = host.roster()?;
    let is_student = |id: Uuid| roster.iter().any(|person| person.id == id && !person.is_teacher());
    let one = |text: &&str| match *text {
        "" => Some(None),
        text => text.parse().ok().filter(|id| is_student(*id)).map(Some),
    };
    Ok(sent.iter().map(one).collect())
}

fn current(host: &Host, on: NaiveDate) -> Result<Filled> {
    let planned = shift::between(host, on, on)?;
    let holder = |post: &&str| planned.iter().find(|shift| shift.post == **post);
    let people = POSTS.iter().map(|post| holder(post).map(|shift| shift.person.to_string()).unwrap_or_default());
    Ok(Filled { day: on.to_string(), people: people.collect(), error: None })
}

fn form(host: &Host, on: NaiveDate, filled: Option<Filled>) -> Result<Response> {
    let filled = filled.map_or_else(|| current(host, on), Ok)?;
    let counts = shift::counts(host)?;
    let students = host.roster()?.into_iter().filter(|person| !person.is_teacher());
    let options = students.map(|person| {
        let shifts = counts.get(&person.id).copied().unwrap_or_default();
        json!({ "value": person.id, "label": format!("{} · {shifts}", person.name) })
    });
    let nobody = json!({ "value": "", "label": "—" });
    let options: Vec<Value> = std::iter::once(nobody).chain(options).collect();
    let one = |(post, person)| json!({ "post": post, "word": shift::word(post), "person": person });
    let chosen: Vec<Value> = POSTS.into_iter().zip(filled.people).map(one).collect();
    let today = day::today(host)?;
    let values = json!({
        "day": filled.day,
        "shown": day::shown(on),
        "least": today.to_string(),
        "chosen": chosen,
        "options": options,
        "error": filled.error,
        "posts": POSTS.map(shift::word),
        "days": rota::days(host, on, None)?,
        "is_open": !host.class()?.archived,
    });
    Ok(page("plan.html", values).title("plan"))
}
