//! The rota as the class sees it: the coming days, one's own shifts, who is on duty.

use std::collections::HashMap;

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::day;
use crate::shift::{self, CheckIn, POSTS, Shift};

/// How many days the rota and the plan show.
pub const DAYS: u64 = 14;

/// The coming days, and one's own shifts.
pub fn show(host: &Host) -> Result<Response> {
    let (me, today) = (host.person()?, day::today(host)?);
    let mine = shift::of_person(host, me.id, today)?;
    let own = |shift: &Shift| {
        json!({
            "id": shift.id,
            "day": day::shown(shift.day),
            "word": shift::word(&shift.post),
            "is_today": shift.day == today,
            "is_kept": shift.checked_in_at.is_some(),
        })
    };
    let values = json!({
        "posts": POSTS.map(shift::word),
        "days": days(host, today, Some(me.id))?,
        "mine": mine.iter().map(own).collect::<Vec<_>>(),
        "kept": shift::kept(host)?.get(&me.id).copied().unwrap_or_default(),
        "is_student": !me.is_teacher(),
        "is_open": !host.class()?.archived,
    });
    Ok(page("rota.html", values))
}

/// A student says on the day that they are there.
pub fn check_in(host: &Host, id: Uuid) -> Result<Response> {
    let back = redirect("/");
    Ok(match shift::check_in(host, id, host.person()?.id)? {
        CheckIn::Done => back.notice("check-in-done"),
        CheckIn::Before => back.notice("check-in-before"),
        CheckIn::OtherDay => back.warning("check-in-other-day"),
    })
}

/// Today's duty for the class page.
pub fn widget(host: &Host) -> Result<View> {
    let (me, today) = (host.person()?.id, day::today(host)?);
    let (shifts, names) = (shift::between(host, today, today)?, names(host)?);
    let is_due = shifts.iter().any(|shift| shift.person == me && shift.checked_in_at.is_none());
    let people: Vec<Value> = shifts.iter().map(|shift| person(shift, &names, Some(me))).collect();
    Ok(view("today.html", json!({ "people": people, "is_due": is_due })))
}

/// Who is on duty at a moment, for other tools; nobody who has left the class.
pub fn on_duty(host: &Host, at: DateTime<Utc>) -> Result<Value> {
    let (on, names) = (day::at(host, at)?, names(host)?);
    let shifts = shift::between(host, on, on)?;
    let listed = shifts.iter().filter_map(|shift| {
        let name = names.get(&shift.person)?;
        Some(json!({ "id": shift.person, "name": name, "post": shift.post }))
    });
    Ok(json!({ "people": listed.collect::<Vec<_>>() }))
}

/// The days from a first one on, each with who has which post.
pub fn days(host: &Host, first: NaiveDate, me: Option<Uuid>) -> Result<Vec<Value>> {
    let all: Vec<NaiveDate> = (0..DAYS).map(|number| first + Days::new(number)).collect();
    let shifts = shift::between(host, first, first + Days::new(DAYS - 1))?;
    let names = names(host)?;
    let of_day = |on: &NaiveDate| {
        let holder = |post: &&str| shifts.iter().find(|shift| shift.day == *on && shift.post == **post);
        let held = POSTS.iter().map(|post| holder(post).map(|shift| person(shift, &names, me)));
        json!({ "day": day::shown(*on), "held": held.collect::<Vec<_>>() })
    };
    Ok(all.iter().map(of_day).collect())
}

/// Without a name they are not in the class any more.
fn person(shift: &Shift, names: &HashMap<Uuid, String>, me: Option<Uuid>) -> Value {
    json!({
        "word": shift::word(&shift.post),
        "name": names.get(&shift.person),
        "is_me": me == Some(shift.person),
        "is_kept": shift.checked_in_at.is_some(),
    })
}

fn names(host: &Host) -> Result<HashMap<Uuid, String>> {
    Ok(host.roster()?.into_iter().map(|person| (person.id, person.name)).collect())
}
