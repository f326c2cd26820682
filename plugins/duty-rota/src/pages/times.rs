//! One's own times: the weekly timetable, days away, and calendar links.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use super::back;
use crate::calendar;
use crate::day;
use crate::shift;
use crate::times::{self, Away};
use crate::timetable::{self, Wrong};

/// Days ahead that one period away may reach.
const LONGEST_AWAY: i64 = 200;

/// The page.
pub fn show(host: &Host) -> Result<Response> {
    form(host, None)
}

/// Keeps the timetable as it was typed.
pub fn save_courses(host: &Host, request: &Page) -> Result<Response> {
    let typed = request.form("courses").to_owned();
    match timetable::parse(&typed, &periods(host)) {
        Ok(courses) => {
            let is_done = times::replace_courses(host, &[(host.person()?.id, courses)])?;
            Ok(back("/times", is_done, if is_done { "courses-saved" } else { "times-changed" }))
        }
        Err(wrong) => Ok(form(host, Some((typed, wrong)))?.status(422)),
    }
}

/// Adds days away.
pub fn add_away(host: &Host, request: &Page) -> Result<Response> {
    let today = host.today();
    let (first, last) = (day::parse(request.form("first")), day::parse(request.form("last")));
    let Some(first) = first else { return Ok(back("/times", false, "plan-day-wrong")) };
    let last = last.unwrap_or(first);
    if last < first || last < today || (last - first).num_days() > LONGEST_AWAY {
        return Ok(back("/times", false, "away-days-wrong"));
    }
    let me = host.person()?.id;
    let reason: String = request.form("reason").trim().chars().take(100).collect();
    host.exec(
        "insert into away (id, class_id, person_id, first_day, last_day, reason) values ($1, $2, $3, $4, $5, $6)",
        params![host.new_id(), host.class()?.id, me, first.to_string(), last.to_string(), reason],
    )?;
    let clashes = shift::of_person(host, me, first)?.iter().any(|shift| shift.day <= last && shift.is_open(today));
    Ok(back("/times", true, if clashes { "away-added-clash" } else { "away-added" }))
}

/// Takes days away back.
pub fn delete_away(host: &Host, id: Uuid) -> Result<Response> {
    let gone = host.exec(
        "delete from away where id = $1 and class_id = $2 and person_id = $3",
        params![id, host.class()?.id, host.person()?.id],
    )?;
    if gone == 0 { Err(not_found()) } else { Ok(back("/times", true, "away-deleted")) }
}

/// Makes a calendar link, or takes it back.
pub fn renew_calendar(host: &Host, request: &Page) -> Result<Response> {
    let (whole, revoke) = (request.form("whole") == "true", request.form("revoke") == "true");
    calendar::renew(host, host.person()?.id, whole, revoke)?;
    Ok(back("/times#calendar", true, if revoke { "calendar-revoked" } else { "calendar-made" }))
}

/// The times of the class's periods.
pub fn periods(host: &Host) -> Vec<(plugin_sdk::chrono::NaiveTime, plugin_sdk::chrono::NaiveTime)> {
    timetable::periods(&host.setting::<String>("periods").unwrap_or_default())
}

/// What is wrong with a timetable, for a template.
pub fn wrong_line(wrong: &Wrong) -> Value {
    json!({ "line": wrong.line, "text": wrong.text, "why": wrong.why })
}

fn form(host: &Host, wrong: Option<(String, Wrong)>) -> Result<Response> {
    let (me, today, context) = (host.person()?, host.today(), host.context());
    let is_chinese = context.language != "en";
    let own = times::courses(host, Some(me.id))?;
    let lines: Vec<String> = own.iter().map(|(_, course)| course.line(is_chinese)).collect();
    let away = times::away(host, Some(me.id))?;
    let feeds = calendar::feeds(host, me.id)?;
    let address =
        |token: Option<String>| token.map(|token| format!("{}{}/calendar/{token}.ics", context.site, context.base));
    let feed = |whole: bool, token: Option<String>| json!({ "whole": whole, "address": address(token) });
    let shown = |away: &Away| {
        json!({
            "id": away.id,
            "first": day::shown(away.first),
            "last": (away.last != away.first).then(|| day::shown(away.last)),
            "reason": away.reason,
        })
    };
    let values = json!({
        "courses": wrong.as_ref().map_or_else(|| lines.join("\n"), |(typed, _)| typed.clone()),
        "wrong": wrong.as_ref().map(|(_, wrong)| wrong_line(wrong)),
        "away": away.iter().filter(|away| away.last >= today).map(shown).collect::<Vec<_>>(),
        "least": today.to_string(),
        "feeds": [feed(false, feeds.own), feed(true, feeds.whole)],
        "is_student": !me.is_teacher(),
        "is_open": !host.class()?.archived,
    });
    Ok(page("times.html", values).title("times"))
}
