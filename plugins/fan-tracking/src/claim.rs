//! A follower says by a claim word who brought them: the first valid word counts, within a day after following. The
//! channel asks at once, so that the follower is answered, and tells of every message, so that no claim is lost.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::Value;

use crate::credit::VESTS;
use crate::live;
use crate::word::{self, Said};
use crate::words;

/// Answers a message, if it is a claim word. Nothing is promised and nothing given for it.
pub fn service(host: &Host, input: &Value) -> Result<Value> {
    let follower = input["follower"].as_str().and_then(|text| text.parse().ok());
    let follower: Uuid = follower.ok_or_else(|| invalid("\"follower\" is the id of a follower").at("follower"))?;
    let text = input["text"].as_str().unwrap_or_default();
    let reply = match word::said(text) {
        Said::Nothing => return Ok(json!({})),
        Said::Slip => SLIP,
        Said::Claim(number) => match word::student(host, number)? {
            Some(person) if !live::has_left(host, follower)? => claim(host, follower, person, host.now())?,
            _ => SLIP,
        },
        Said::Own(number) => match word::student(host, number)? {
            Some(person) if !live::has_left(host, follower)? => own(host, follower, person)?,
            _ => SLIP,
        },
    };
    Ok(json!({ "reply": words::of(host).say(reply) }))
}

/// Hears of a message, of which the channel may have asked in vain.
pub fn heard(host: &Host, event: &Event) -> Result<()> {
    let (follower, at) = (live::follower(&event.data)?, live::at(event));
    let kind = event.data["kind"].as_str().unwrap_or_default();
    if !["text", "voice", "menu"].contains(&kind) {
        return Ok(());
    }
    let told: Value = match host.service("channel.message/1", json!({ "message": event.data["message"] })) {
        Ok(told) => told,
        // Its follower has left, or there is no channel any more.
        Err(error) if matches!(error.code(), Code::NotFound | Code::Unsupported) => return Ok(()),
        Err(error) => return Err(error),
    };
    match word::said(told["text"].as_str().unwrap_or_default()) {
        Said::Claim(number) => match word::student(host, number)? {
            Some(person) if !live::has_left(host, follower)? => claim(host, follower, person, at).map(drop),
            _ => Ok(()),
        },
        Said::Own(number) => match word::student(host, number)? {
            Some(person) if !live::has_left(host, follower)? => own(host, follower, person).map(drop),
            _ => Ok(()),
        },
        Said::Slip | Said::Nothing => Ok(()),
    }
}

/// Keys of what the follower reads.
const SLIP: &str = "reply-slip";
const THANKS: &str = "reply-thanks";
const KNOWN: &str = "reply-known";
const OWN: &str = "reply-own";

fn claim(host: &Host, follower: Uuid, person: Uuid, at: DateTime<Utc>) -> Result<&'static str> {
    // A follower whose arrival has not been told yet may claim: what is too late or no first time is left out when counted.
    let touched = host.exec(
        "insert into claim (class_id, follower, person_id, way, at)
         select $1, $2, $3, 'word', $4
         where not exists (select 1 from own_account where class_id = $1 and follower = $2)
         on conflict (class_id, follower) do update
             set person_id = excluded.person_id, way = excluded.way, at = excluded.at where claim.at > excluded.at",
        params![host.class()?.id, follower, person, at],
    )?;
    Ok(if touched > 0 { THANKS } else { KNOWN })
}

fn own(host: &Host, follower: Uuid, person: Uuid) -> Result<&'static str> {
    let class = host.class()?.id;
    // Whoever has counted for somebody for so long is not taken from them by a word.
    let vested = host.query(
        "select 1 as found from claim c join follower f on f.class_id = c.class_id and f.follower = c.follower
         where c.class_id = $1 and c.follower = $2 and c.person_id <> $3 and f.gained_at <= $4",
        params![class, follower, person, host.now() - VESTS],
    )?;
    if !vested.is_empty() {
        return Ok(KNOWN);
    }
    host.batch()
        .add(
            "insert into own_account (class_id, follower, person_id) values ($1, $2, $3)
             on conflict (class_id, follower) do nothing",
            params![class, follower, person],
        )
        .add("delete from claim where class_id = $1 and follower = $2", params![class, follower])
        .run()?;
    Ok(OWN)
}
