//! The first page and the boxes of other pages. Whoever is on duty sees what to do now; everybody sees who is on duty,
//! their own shifts and the days to come.

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use super::{days, holder};
use crate::check_in::{self, Note, Window};
use crate::day;
use crate::people::People;
use crate::publication::step::Reader;
use crate::publication::{self, Publication};
use crate::quota::day_of;
use crate::rules::Rules;
use crate::shift::{self, POSTS, Shift, word};
use crate::swap;

/// How many days the rota shows.
const DAYS: u64 = 14;

/// The page.
pub fn show(host: &Host) -> Result<Response> {
    let (me, today) = (host.person()?, host.today());
    let (people, rules) = (People::of(host)?, Rules::of(host));
    let on_duty = shift::between(host, today, today)?;
    let mine = shift::of_person(host, me.id, today)?;
    let own = on_duty.iter().find(|shift| shift.person == me.id);
    let publications = publication::between(host, today, day_of(host.now()).max(today))?;
    let (before, written) = check_in::notes(host, today)?;
    let duty = own.map(|own| duty(host, &rules, own, &publications, &before, &written)).transpose()?;
    let offers = swap::open(host)?.into_iter().filter(|offer| {
        offer.state == "offered" && offer.person != me.id && offer.partner.is_none_or(|partner| partner == me.id)
    });
    let shown = |shift: &Shift| json!({ "id": shift.id, "day": day::shown(shift.day), "word": word(&shift.post), "is_today": shift.day == today });
    let values = json!({
        "posts": POSTS.map(word),
        "today": day::shown(today),
        "duty": duty,
        "people": on_duty.iter().map(|shift| holder(shift, &people, Some(me.id))).collect::<Vec<_>>(),
        "notes": notes(&before, &people),
        "days": days(host, &people, today, DAYS, Some(me.id))?,
        "mine": mine.iter().filter(|shift| duty.is_none() || shift.day != today).map(shown).collect::<Vec<_>>(),
        "offers": offers.count(),
        "is_student": !me.is_teacher(),
        "is_open": !host.class()?.archived,
        "late": late(host, &rules, today)?,
        "is_operator": me.is_operator(),
    });
    Ok(page("today.html", values))
}

/// What the person on duty has to do today, the first thing first.
fn duty(
    host: &Host,
    rules: &Rules,
    own: &Shift,
    publications: &[Publication],
    before: &[Note],
    written: &[Note],
) -> Result<Value> {
    let is_kept = own.checked_in_at.is_some();
    let window = match check_in::window(host, rules, own)? {
        Window::Kept => "kept",
        Window::OtherDay | Window::TooEarly => "early",
        Window::Open => "open",
        Window::Over => "over",
    };
    let inbox = waiting(host, own.day);
    let publication = publications.iter().find(|one| one.state != "cancelled");
    let is_published = publication.is_some_and(|one| one.state == "published");
    let note = written.iter().find(|note| note.shift == own.id);
    let questions = inbox.as_ref().and_then(|inbox| inbox["waiting"].as_i64()).unwrap_or(0);
    let is_mine_to_do = match publication {
        Some(one) => Reader::of(host, one)?.may_go_on(one),
        None => false,
    };
    let now = match window {
        "open" => "check-in",
        _ if questions > 0 => "questions",
        _ if is_mine_to_do => "publication",
        _ if note.is_none() && (is_kept || window == "over") => "handover",
        "early" => "wait",
        _ => "done",
    };
    Ok(json!({
        "shift": own.id,
        "word": word(&own.post),
        "window": window,
        "check_in_word": format!("step-check-in-{window}"),
        "opens": rules.check_in_from.format("%H:%M").to_string(),
        "ends": rules.hours.1.format("%H:%M").to_string(),
        "needs_code": rules.needs_code,
        "now": now,
        "inbox": inbox,
        "inbox_address": sibling(host, "qa-inbox"),
        "publication": publication.map(|one| json!({
            "id": one.id, "title": one.shown_title(host), "state": format!("state-{}", one.state), "is_published": is_published,
        })),
        "has_notes": !before.is_empty(),
        "note": note.map(|note| note.text.clone()),
        "longest": check_in::LONGEST_NOTE,
    }))
}

/// What the inbox says of today, if the class has one: asked, answered, and how many wait.
fn waiting(host: &Host, on: NaiveDate) -> Option<Value> {
    let input = json!({ "from": on.to_string(), "to": on.to_string() });
    let answer: Value = host.service("inbox.daily/1", input).ok()?;
    let of_day = answer["days"].as_array()?.iter().find(|day| day["date"] == on.to_string());
    let count = |name: &str| of_day.and_then(|day| day[name].as_i64()).unwrap_or(0);
    let (asked, answered) = (count("asked"), count("answered"));
    // What the inbox itself counts includes what waits from the days before.
    let waiting = answer["waiting"].as_i64().unwrap_or_else(|| (asked - answered).max(0));
    Some(json!({ "asked": asked, "answered": answered, "waiting": waiting }))
}

/// Another tool of the same class.
fn sibling(host: &Host, id: &str) -> String {
    let base = &host.context().base;
    format!("{}/{id}", base.rsplit_once('/').map_or("", |(tools, _)| tools))
}

fn notes(notes: &[Note], people: &People) -> Vec<Value> {
    let one = |note: &Note| json!({ "name": people.name(note.person), "day": day::shown(note.day), "text": note.text });
    notes.iter().map(one).collect()
}

/// Publications that were missed in the last week, and today's when it should be approved by now.
pub fn late(host: &Host, rules: &Rules, today: NaiveDate) -> Result<Vec<Value>> {
    let is_due = day::clock(host) >= rules.publication_due;
    let near = publication::between(host, today - TimeDelta::days(7), today)?;
    let is_late = |one: &&Publication| {
        let is_ready = matches!(one.state.as_str(), "approved" | "published" | "cancelled");
        one.is_missed(today) || (one.day == today && is_due && !is_ready)
    };
    let shown = |one: &Publication| {
        json!({
            "id": one.id,
            "title": one.shown_title(host),
            "day": day::shown(one.day),
            "word": if one.day == today { "publication-late" } else { "publication-missed" },
        })
    };
    Ok(near.iter().filter(is_late).map(shown).collect())
}

/// For a student's front page: what to do now on duty, or that duty is tomorrow; else nothing.
pub fn mine(host: &Host) -> Result<View> {
    let (me, today, rules) = (host.person()?, host.today(), Rules::of(host));
    let coming = shift::of_person(host, me.id, today)?;
    let duty = match coming.iter().find(|shift| shift.day == today) {
        Some(own) => {
            let publications = publication::between(host, today, day_of(host.now()).max(today))?;
            let (before, written) = check_in::notes(host, today)?;
            Some(duty(host, &rules, own, &publications, &before, &written)?)
        }
        None => None,
    };
    let tomorrow = coming.iter().find(|shift| Some(shift.day) == today.succ_opt()).map(|shift| word(&shift.post));
    Ok(view("mine.html", json!({ "duty": duty, "tomorrow": tomorrow })))
}

/// Today's duty for the class page.
pub fn widget(host: &Host) -> Result<View> {
    let (me, today, rules) = (host.person()?, host.today(), Rules::of(host));
    let (people, shifts) = (People::of(host)?, shift::between(host, today, today)?);
    let own = shifts.iter().find(|shift| shift.person == me.id);
    let window = own.map(|own| check_in::window(host, &rules, own)).transpose()?;
    let late = if me.is_operator() || own.is_some() { late(host, &rules, today)? } else { Vec::new() };
    let publications = publication::between(host, today, today)?;
    let is_named = |one: &&Publication| late.iter().any(|late| late["id"] == json!(one.id));
    let publication = publications.iter().find(|one| one.state != "cancelled").filter(|one| !is_named(one));
    let next = shift::of_person(host, me.id, today)?.into_iter().find(|shift| shift.day > today);
    Ok(view(
        "widget.html",
        json!({
            "people": shifts.iter().map(|shift| holder(shift, &people, Some(me.id))).collect::<Vec<_>>(),
            "is_mine": own.is_some(),
            "is_due": window == Some(Window::Open),
            "opens": (window == Some(Window::TooEarly)).then(|| rules.check_in_from.format("%H:%M").to_string()),
            "late": late,
            "publication": publication.map(|one| json!({ "title": one.shown_title(host), "state": format!("state-{}", one.state) })),
            "next": next.map(|next| json!({ "day": day::shown(next.day), "word": word(&next.post) })),
        }),
    ))
}
