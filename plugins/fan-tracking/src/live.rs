//! Followers who come and leave, as the channel tells. Whatever comes twice or out of order, the days are the same; of
//! those who leave only a keyed hash stays, for as long as the teacher allows.

use hmac::{Hmac, KeyInit as _, Mac as _};
use plugin_sdk::chrono::{NaiveDate, Timelike as _};
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::Value;
use sha2::Sha256;

use crate::word;

/// Within this time after following, a follower may say who brought them.
pub const CLAIM: TimeDelta = TimeDelta::hours(24);
/// Who leaves within this time has left soon.
const SOON: TimeDelta = TimeDelta::hours(72);
/// Days for which it is remembered that somebody left, where no setting says another.
const DEPARTED_DAYS: i64 = 7;

/// Somebody follows.
pub fn gained(host: &Host, event: &Event) -> Result<()> {
    let (class, follower, at) = (host.class()?.id, follower(&event.data)?, at(event));
    let (day, hour) = hour(host, at)?;
    let mut batch = host.batch().once(event.id).add(COUNT_GAINED, params![class, day.to_string(), hour]);
    if event.data["left"].as_bool().unwrap_or_default() || has_left_unmarked(host, follower)? {
        // Told after they had left: it counts for the day, and nobody is there.
        return batch.run().map(drop);
    }
    let hash = hash(host, follower)?;
    let again = event.data["again"].as_bool().unwrap_or_default();
    batch = batch.add(
        "insert into follower (class_id, follower, gained_at, claim_until, again)
             select $1, $2, $3, $4, $5 where not exists (select 1 from departed where class_id = $1 and hash = $6)
             on conflict (class_id, follower) do nothing",
        params![class, follower, at, at + CLAIM, again, hash.as_str()],
    );
    let student = event.data["scene"].as_str().and_then(word::of_scene);
    if let Some(number) = student.filter(|_| !again) {
        batch = batch
            .add(
                "insert into claim (class_id, follower, person_id, way, at)
                 select $1, $2, person_id, 'scene', $3 from claim_word where class_id = $1 and number = $4
                     and not exists (select 1 from departed where class_id = $1 and hash = $5)
                     and not exists (select 1 from own_account where class_id = $1 and follower = $2)
                 on conflict (class_id, follower) do update
                     set person_id = excluded.person_id, way = excluded.way, at = excluded.at
                     where claim.at > excluded.at",
                params![class, follower, at, number, hash.as_str()],
            )
            // The news of their leaving came first and could not know who had brought them.
            .add(
                "insert into departure (class_id, person_id, day, gone, gone_soon)
                 select $1, w.person_id, $2, 1, case when d.kept_until <= $3 then 1 else 0 end
                 from claim_word w join departed d on d.class_id = w.class_id
                 where w.class_id = $1 and w.number = $4 and d.hash = $5
                 on conflict (class_id, person_id, day) do update set gone = departure.gone + excluded.gone,
                     gone_soon = departure.gone_soon + excluded.gone_soon",
                params![class, day.to_string(), at + SOON + kept(host), number, hash.as_str()],
            );
    }
    batch.run()?;
    Ok(())
}

/// Somebody leaves: what is kept about them goes in the same moment.
pub fn lost(host: &Host, event: &Event) -> Result<()> {
    let (class, follower, at) = (host.class()?.id, follower(&event.data)?, at(event));
    let (day, hour) = hour(host, at)?;
    let mut batch = host.batch().once(event.id).add(COUNT_LOST, params![class, day.to_string(), hour]);
    if let Some(told) = event.data["instead_of"].as_str().and_then(|text| text.parse().ok()) {
        // It was counted before it was known when it had been.
        let (day, hour) = self::hour(host, told)?;
        return batch.add(COUNT_NOT_LOST, params![class, day.to_string(), hour]).run().map(drop);
    }
    batch = batch.add(
        // The day is that of following, so that days of events in any order are the same.
        "insert into departure (class_id, person_id, day, gone, gone_soon)
             select c.class_id, c.person_id, $3, 1, case when f.gained_at >= $4 then 1 else 0 end
             from claim c join follower f on f.class_id = c.class_id and f.follower = c.follower
             where c.class_id = $1 and c.follower = $2 and not f.again and c.at <= f.claim_until
             on conflict (class_id, person_id, day) do update set gone = departure.gone + excluded.gone,
                 gone_soon = departure.gone_soon + excluded.gone_soon",
        params![class, follower, day_of_following(host, class, follower, day)?.to_string(), at - SOON],
    );
    for table in ["claim", "own_account", "follower"] {
        let sql = format!("delete from {table} where class_id = $1 and follower = $2");
        batch = batch.add(&sql, params![class, follower]);
    }
    let kept = kept(host);
    if kept > TimeDelta::zero() {
        batch = batch.add(
            "insert into departed (class_id, hash, kept_until) values ($1, $2, $3) on conflict (class_id, hash) do nothing",
            params![class, hash(host, follower)?, at + kept],
        );
    }
    batch.run()?;
    Ok(())
}

/// Whether this follower is known to have left.
pub fn has_left(host: &Host, follower: Uuid) -> Result<bool> {
    let hash = hash(host, follower)?;
    let found = host
        .query("select 1 as found from departed where class_id = $1 and hash = $2", params![host.class()?.id, hash])?;
    Ok(!found.is_empty())
}

/// Where nothing remembers those who left, whether the channel has forgotten this follower.
fn has_left_unmarked(host: &Host, follower: Uuid) -> Result<bool> {
    if kept(host) > TimeDelta::zero() {
        return Ok(false);
    }
    match host.service::<Value>("channel.window/1", json!({ "follower": follower })) {
        Ok(_) => Ok(false),
        Err(error) if error.code() == Code::NotFound => Ok(true),
        Err(error) if error.code() == Code::Unsupported => Ok(false),
        Err(error) => Err(error),
    }
}

/// Forgets departures that have been remembered long enough, and claims of those who never followed.
pub fn sweep(host: &Host) -> Result<()> {
    let (class, now) = (host.class()?.id, host.now());
    host.batch()
        // A teacher who shortens the time shortens it for those already kept.
        .add(
            "delete from departed where class_id = $1 and (kept_until <= $2 or kept_until > $3)",
            params![class, now, now + kept(host)],
        )
        .add(
            "delete from claim where class_id = $1 and at < $2 and not exists (select 1 from follower f
                 where f.class_id = claim.class_id and f.follower = claim.follower)",
            params![class, now - CLAIM - CLAIM],
        )
        .run()?;
    Ok(())
}

const COUNT_GAINED: &str = "insert into live_hour (class_id, day, hour, gained, lost) values ($1, $2, $3, 1, 0)
    on conflict (class_id, day, hour) do update set gained = live_hour.gained + 1";
const COUNT_LOST: &str = "insert into live_hour (class_id, day, hour, gained, lost) values ($1, $2, $3, 0, 1)
    on conflict (class_id, day, hour) do update set lost = live_hour.lost + 1";
const COUNT_NOT_LOST: &str = "insert into live_hour (class_id, day, hour, gained, lost) values ($1, $2, $3, 0, -1)
    on conflict (class_id, day, hour) do update set lost = live_hour.lost - 1";

fn kept(host: &Host) -> TimeDelta {
    let days = host.setting::<i64>("departed_days").unwrap_or(DEPARTED_DAYS);
    TimeDelta::days(days.clamp(0, 30))
}

/// The follower whom an event names.
pub fn follower(data: &Value) -> Result<Uuid> {
    let named = data["follower"].as_str().and_then(|text| text.parse().ok());
    named.ok_or_else(|| invalid("the event names no follower: \"follower\" is an id").at("follower"))
}

/// When it happened; an event without a time happened when it was told.
pub fn at(event: &Event) -> DateTime<Utc> {
    event.data["at"].as_str().and_then(|text| text.parse().ok()).unwrap_or(event.at)
}

fn hour(host: &Host, at: DateTime<Utc>) -> Result<(NaiveDate, i64)> {
    let local = host.local(at);
    Ok((local.date_naive(), local.hour().into()))
}

fn day_of_following(host: &Host, class: Uuid, follower: Uuid, otherwise: NaiveDate) -> Result<NaiveDate> {
    let found =
        host.query("select gained_at from follower where class_id = $1 and follower = $2", params![class, follower])?;
    match found.first() {
        Some(row) => Ok(host.day_of(row.get("gained_at")?)),
        None => Ok(otherwise),
    }
}

/// The follower's id under the class's key: it can be recognised, and read back by nobody.
fn hash(host: &Host, follower: Uuid) -> Result<String> {
    let class = host.class()?.id;
    let find = || host.query("select key from hash_key where class_id = $1", params![class]);
    let mut kept = find()?;
    if kept.is_empty() {
        // Two ids hold 148 bits that nobody can guess.
        let key = format!("{}{}", host.new_id().simple(), host.new_id().simple());
        host.exec(
            "insert into hash_key (class_id, key) values ($1, $2) on conflict (class_id) do nothing",
            params![class, key],
        )?;
        kept = find()?;
    }
    let key: String = kept.value()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())?;
    mac.update(follower.as_bytes());
    Ok(mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
}
