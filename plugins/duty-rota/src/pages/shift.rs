//! One shift: who has it and why, and offering it to others.

use plugin_sdk::chrono::Days;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use super::{back, holder};
use crate::check_in;
use crate::day;
use crate::people::People;
use crate::rules::Rules;
use crate::shift::{self, Shift, word};
use crate::swap::{self, Outcome};
use crate::why;

/// How many shifts of others are offered for an exchange.
const MOST_CHOICES: usize = 60;

/// The page.
pub fn show(host: &Host, id: Uuid) -> Result<Response> {
    let (me, today) = (host.person()?, host.today());
    let found = shift::find(host, id)?.ok_or_else(not_found)?;
    let people = People::of(host)?;
    let offered = swap::open(host)?.into_iter().find(|swap| swap.shift == id && swap.person == found.person);
    let may_offer = found.person == me.id && found.is_open(today) && offered.is_none() && !host.class()?.archived;
    let choices = if may_offer { choices(host, &people, &found)? } else { Vec::new() };
    let others: Vec<Value> = people
        .students
        .iter()
        .filter(|student| student.id != me.id)
        .map(|student| json!({ "value": student.id, "label": student.name }))
        .collect();
    let is_class_open = !host.class()?.archived;
    let is_over = me.is_operator() && found.day <= today && is_class_open;
    let (_, written) = check_in::notes(host, found.day)?;
    let values = json!({
        "id": found.id,
        "day": day::shown(found.day),
        "word": word(&found.post),
        "holder": holder(&found, &people, Some(me.id)),
        "why": why::shown(&found.reason),
        "is_missed": found.is_missed(today),
        "is_excused": found.excused_at.is_some(),
        "may_note_kept": is_over && found.checked_in_at.is_none(),
        "may_take_back": is_over && found.by_operator,
        "may_leave_note": found.person == me.id && found.day <= today && found.day + Days::new(1) >= today && is_class_open,
        "note": written.iter().find(|note| note.shift == id).map(|note| note.text.clone()),
        "longest": check_in::LONGEST_NOTE,
        "is_open": found.is_open(today) && is_class_open,
        "is_operator": me.is_operator(),
        "may_offer": may_offer,
        "offered": offered.is_some(),
        "choices": choices,
        "others": others,
    });
    Ok(page("shift.html", values).title("shift"))
}

/// Shifts of others that could be had for this one without breaking a rule.
fn choices(host: &Host, people: &People, own: &Shift) -> Result<Vec<Value>> {
    let today = host.today();
    let checks = swap::Checks::of(host, &Rules::of(host))?;
    let coming = shift::between(host, today + TimeDelta::days(1), today + TimeDelta::days(400))?;
    let fits = |wanted: &&Shift| {
        wanted.person != own.person
            && people.is_student(wanted.person)
            && wanted.is_open(today)
            && checks.conflict(own.person, wanted, Some(own), "swap-own-").is_none()
            && checks.conflict(wanted.person, own, Some(wanted), "swap-").is_none()
    };
    let shown = |wanted: &Shift| {
        json!({
            "id": wanted.id,
            "day": day::shown(wanted.day),
            "word": word(&wanted.post),
            "name": people.name(wanted.person),
        })
    };
    Ok(coming.iter().filter(fits).take(MOST_CHOICES).map(shown).collect())
}

/// Offers one's shift.
pub fn offer(host: &Host, id: Uuid, request: &Page) -> Result<Response> {
    let found = shift::find(host, id)?.ok_or_else(not_found)?;
    if found.person != host.person()?.id {
        return Err(denied());
    }
    let here = format!("/shifts/{id}");
    let wanted = match request.form("return").trim() {
        "" => None,
        sent => {
            let id = sent.parse().ok();
            let Some(wanted) = id.map(|id| shift::find(host, id)).transpose()?.flatten() else {
                return Ok(back(here, false, "swap-over"));
            };
            Some(wanted)
        }
    };
    let to = match request.form("to").trim() {
        "" => None,
        sent => match sent.parse() {
            Ok(id) => Some(id),
            Err(_) => return Ok(back(here, false, "swap-person-unknown")),
        },
    };
    Ok(match swap::offer(host, &found, to, wanted.as_ref(), request.form("note"))? {
        Outcome::Refused(why) => back(here, false, why),
        Outcome::Done | Outcome::Waiting => back("/swaps", true, "swap-offered-now"),
    })
}
