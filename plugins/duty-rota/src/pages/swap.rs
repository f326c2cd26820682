//! Offers to swap, and what became of them.

use std::collections::HashMap;

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use super::back;
use crate::day;
use crate::people::People;
use crate::rules::Rules;
use crate::shift::{self, Shift, word};
use crate::swap::{self, Outcome, Swap};

/// The page.
pub fn show(host: &Host) -> Result<Response> {
    let (me, people, rules) = (host.person()?, People::of(host)?, Rules::of(host));
    let is_open = !host.class()?.archived;
    let shifts: HashMap<Uuid, Shift> = shift::all(host)?.into_iter().map(|shift| (shift.id, shift)).collect();
    let place = |id: Uuid| {
        let shown = |shift: &Shift| json!({ "id": shift.id, "day": day::shown(shift.day), "word": word(&shift.post) });
        shifts.get(&id).map(shown)
    };
    let shown = |swap: &Swap| -> Result<Value> {
        let is_waiting = matches!(swap.state.as_str(), "offered" | "accepted") && swap.expires_at > host.now();
        let state = match swap.state.as_str() {
            "offered" | "accepted" if !is_waiting => "expired",
            state => state,
        };
        let for_me = swap.partner.is_none_or(|partner| partner == me.id);
        Ok(json!({
            "id": swap.id,
            "state": format!("swap-{state}"),
            "name": people.name(swap.person),
            "is_mine": swap.person == me.id,
            "partner": swap.partner.map(|partner| people.name(partner)),
            "shift": place(swap.shift),
            "in_return": swap.in_return.map(place),
            // What is said to one person is for them, and for who decides.
            "note": if for_me || swap.person == me.id || me.is_teacher() { swap.note.as_str() } else { "" },
            "ends": day::shown_moment(host, swap.expires_at),
            "is_waiting": is_waiting,
            "may_accept": is_open && is_waiting && state == "offered" && for_me && swap.person != me.id && !me.is_teacher(),
            "may_withdraw": is_open && is_waiting && swap.person == me.id,
            "may_decide": is_open && is_waiting && state == "accepted" && me.is_teacher(),
        }))
    };
    let (mut waiting, mut over) = (Vec::new(), Vec::new());
    for swap in swap::all(host)? {
        let value = shown(&swap)?;
        if value["is_waiting"] == true {
            waiting.push(value)
        } else if over.len() < 30 {
            over.push(value)
        }
    }
    let values = json!({ "waiting": waiting, "over": over, "needs_approval": rules.needs_approval });
    Ok(page("swaps.html", values).title("swaps"))
}

/// A step of a swap.
pub fn step(host: &Host, id: Uuid, step: &str) -> Result<Response> {
    let me = host.person()?;
    let swap = swap::find(host, id)?;
    let (outcome, said) = match step {
        "accept" if me.is_teacher() => return Err(denied()),
        "accept" => (swap::accept(host, id, me.id)?, "swap-accepted-now"),
        "withdraw" if swap.person != me.id => return Err(denied()),
        "withdraw" => (swap::end(host, id, "withdrawn")?, "swap-withdrawn-now"),
        "approve" | "refuse" if !me.is_teacher() => return Err(denied()),
        "approve" => (swap::approve(host, id)?, "swap-approved-now"),
        "refuse" => (swap::end(host, id, "refused")?, "swap-refused-now"),
        _ => return Err(not_found()),
    };
    Ok(match outcome {
        Outcome::Done => back("/swaps", true, said),
        Outcome::Waiting => back("/swaps", true, "swap-waits"),
        Outcome::Refused(why) => back("/swaps", false, why),
    })
}
