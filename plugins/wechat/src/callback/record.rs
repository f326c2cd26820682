//! Keeps what the platform tells, once: the hash of the delivery, what follows from it, and the events for the tools go
//! into the tables together or not at all.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::{Code, Failure};

use super::delivery::{self, Delivery};
use super::incoming::{Incoming, Message, What};
use super::since::Since;
use crate::account::Account;
use crate::departure::{self, Departure};
use crate::early::Early;
use crate::follower::{self, Follower};

/// How long who recorded a delivery has for the answer, before a repeat may take it over.
pub const LEASE: TimeDelta = TimeDelta::milliseconds(3_400);

/// Tries when others change the same rows.
const TRIES: usize = 6;

/// A delivery, and whether this call recorded it.
pub struct Kept {
    /// The delivery.
    pub delivery: Delivery,
    /// Whether it is new.
    pub is_new: bool,
    /// Whether something may be said to a follower: not about what came too late.
    pub is_current: bool,
}

/// What is to be recorded.
struct Effect<'h> {
    batch: Batch<'h>,
    follower: Option<Uuid>,
    message: Option<Uuid>,
    is_current: bool,
}

/// Keeps a delivery; a repeat changes nothing.
pub fn record(host: &Host, since: Since, account: &Account, incoming: &Incoming, encrypted: bool) -> Result<Kept> {
    let (class, digest) = (account.class, account.digest(&incoming.same));
    for _ in 0..TRIES {
        if let Some(delivery) = delivery::find(host, class, &digest)? {
            delivery::count_repeat(host, class, &digest)?;
            return Ok(Kept { delivery, is_new: false, is_current: true });
        }
        let now = since.clock(host);
        // First, so that on both databases one call after another changes what belongs to the account, and what the
        // others expect is still so.
        let sql = "update account set callback_at = $2 where class_id = $1";
        let effect = effect(host, account, incoming, host.batch().add(sql, params![class, now]))?;
        let (follower, message) = (effect.follower, effect.message);
        let done = effect
            .batch
            .expect(
                1,
                "insert into delivery
                   (class_id, digest, at, kind, encrypted, repeats, follower_id, message_id, leased_until)
                 values ($1, $2, $3, $4, $5, 0, $6, $7, $8) on conflict do nothing",
                params![class, digest.as_str(), now, incoming.kind(), encrypted, follower, message, now + LEASE],
            )
            .run();
        match done {
            Ok(_) => {
                if matches!(incoming.what, What::Unsubscribe) {
                    departure::plan_sweep(host)?;
                }
                let delivery = Delivery { digest, follower, message };
                return Ok(Kept { delivery, is_new: true, is_current: effect.is_current });
            }
            // Somebody else recorded the same, or the follower came or went meanwhile.
            Err(error) if error.code() == Code::Conflict => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error(Failure::new(Code::Busy, "others keep changing the same follower")))
}

fn effect<'h>(host: &Host, account: &Account, incoming: &Incoming, batch: Batch<'h>) -> Result<Effect<'h>> {
    let nothing = |batch| Effect { batch, follower: None, message: None, is_current: false };
    if let What::Publication(publication) = &incoming.what {
        if !publication.is_sent {
            return Ok(nothing(batch));
        }
        let mut said = json!({ "publication": publication.id, "at": incoming.at });
        if let Some(recipients) = publication.recipients {
            said["recipients"] = recipients.into();
        }
        return Ok(nothing(batch.emit("publication.sent", said)));
    }
    if matches!(incoming.what, What::Other(_)) {
        return Ok(nothing(batch));
    }
    let known = follower::by_openid(host, account.class, &incoming.openid)?;
    let departed = departure::find(host, account, &incoming.openid)?;
    let left_since = departed.as_ref().is_some_and(|departed| departed.at >= incoming.at);
    let early = departed.as_ref().map_or_else(Early::default, |departed| departed.early.clone());
    // They have left and come back since.
    let came_back = known.as_ref().and_then(|known| known.since).is_some_and(|since| since > incoming.at);
    match &incoming.what {
        What::Unsubscribe => Ok(leave(host, account, incoming, batch, known, departed)),
        // They have left since: it counts, and nothing of it is kept.
        What::Subscribe { .. } if left_since => Ok(nothing(gain_of_one_who_left(host, incoming, batch))),
        What::Subscribe { scene } => Ok(gain(host, account, incoming, batch, known, departed, scene.as_deref())),
        _ if left_since || came_back => Ok(nothing(batch)),
        What::Scan => {
            let (batch, follower) = see(host, account, incoming, batch, known, &early);
            let batch = acted(host, batch, incoming, follower);
            Ok(Effect { batch, follower: Some(follower), message: None, is_current: true })
        }
        What::Message(message) => Ok(take(host, account, incoming, batch, known, &early, message)),
        What::Publication(_) | What::Other(_) => Ok(nothing(batch)),
    }
}

/// Somebody follows. Each following is told once, and so is each departure, in whatever order they come.
fn gain<'h>(
    host: &Host,
    account: &Account,
    incoming: &Incoming,
    batch: Batch<'h>,
    known: Option<Follower>,
    departed: Option<Departure>,
    scene: Option<&str>,
) -> Effect<'h> {
    let mut again = departed.as_ref().is_some_and(|departed| departed.is_kept(host));
    let mut early = departed.map_or_else(Early::default, |departed| departed.early);
    let (mut batch, known) = match known {
        // Told after a later one.
        Some(Follower { id, since: Some(since), .. }) if since >= incoming.at => {
            let batch = if since == incoming.at { batch } else { gain_of_one_who_left(host, incoming, batch) };
            return Effect { batch, follower: Some(id), message: None, is_current: false };
        }
        // They left in between, which has not been told yet, and have done nothing since: another follower.
        Some(known) if known.seen_at < incoming.at => {
            again |= departure::is_kept(host);
            early = known.early.and(incoming.at);
            (follower::forget(batch, account.class, known.id, incoming.at), None)
        }
        // The same, but there is something of theirs from after they came back; their departure is still to come.
        Some(known) if known.since.is_some() => {
            let batch = gain_of_one_who_left(host, incoming, batch);
            let sql = "update follower set since = $2 where id = $1";
            let batch = batch.expect(1, sql, params![known.id, incoming.at]);
            return Effect { batch, follower: Some(known.id), message: None, is_current: true };
        }
        // They wrote before this was told.
        known => (batch, known),
    };
    let follower;
    (batch, follower) = see(host, account, incoming, batch, known, &early);
    batch = acted(host, batch, incoming, follower)
        .add("update follower set since = $2 where id = $1", params![follower, incoming.at])
        .add(
            "delete from departure where class_id = $1 and digest = $2",
            params![account.class, account.digest(&incoming.openid)],
        );
    let mut said = json!({ "follower": follower, "at": incoming.at, "again": again });
    if let Some(scene) = scene {
        said["scene"] = scene.into();
    }
    batch = batch.emit("follower.gained", said);
    Effect { batch, follower: Some(follower), message: None, is_current: true }
}

/// A follower has left: nothing of theirs stays, unless they have done something since.
fn leave<'h>(
    host: &Host,
    account: &Account,
    incoming: &Incoming,
    batch: Batch<'h>,
    known: Option<Follower>,
    departed: Option<Departure>,
) -> Effect<'h> {
    let batch = match known {
        // They have come back since.
        Some(known) if known.seen_at > incoming.at && known.early.is_any() => {
            let before = known.early.count();
            let (told, early) = known.early.without_one();
            let sql = "update follower set told_early = $2, told_early_at = $3 where id = $1 and told_early = $4";
            let batch = batch.expect(1, sql, params![known.id, early.count(), early.times(), before]);
            loss_of_another_time(host, incoming, batch, told)
        }
        Some(known) if known.seen_at > incoming.at => loss_of_nobody(host, incoming, batch),
        Some(known) => {
            let batch = follower::forget(batch, account.class, known.id, incoming.at);
            departure::remember(batch, host, account, &incoming.openid, incoming.at, &known.early)
        }
        // Somebody whom we never knew, or whose departure has been told.
        None => {
            let early = departed.map_or_else(Early::default, |departed| departed.early);
            let is_new = !early.is_any();
            let (told, early) = early.without_one();
            let batch = match is_new {
                true => loss_of_nobody(host, incoming, batch),
                false => loss_of_another_time(host, incoming, batch, told),
            };
            let batch = departure::remember(batch, host, account, &incoming.openid, incoming.at, &early);
            // They may have been told to follow meanwhile.
            batch.expect(
                1,
                "update departure set told_early = told_early where class_id = $1 and digest = $2
                   and not exists (select 1 from follower where class_id = $1 and openid = $3)",
                params![account.class, account.digest(&incoming.openid), incoming.openid.as_str()],
            )
        }
    };
    Effect { batch, follower: None, message: None, is_current: false }
}

/// Tells that somebody followed who has left since, for the day's count.
fn gain_of_one_who_left<'h>(host: &Host, incoming: &Incoming, batch: Batch<'h>) -> Batch<'h> {
    let said = json!({ "follower": host.new_id(), "at": incoming.at, "again": false, "left": true });
    batch.emit("follower.gained", said)
}

/// Tells that somebody left of whom nothing is kept, for the day's count.
fn loss_of_nobody<'h>(host: &Host, incoming: &Incoming, batch: Batch<'h>) -> Batch<'h> {
    batch.emit("follower.lost", json!({ "follower": host.new_id(), "at": incoming.at }))
}

/// Says when it really was that somebody left whose departure was told early, for the days' counts.
fn loss_of_another_time<'h>(
    host: &Host,
    incoming: &Incoming,
    batch: Batch<'h>,
    told: Option<DateTime<Utc>>,
) -> Batch<'h> {
    let Some(told) = told.filter(|told| *told != incoming.at) else { return batch };
    let said = json!({ "follower": host.new_id(), "at": incoming.at, "instead_of": told });
    batch.emit("follower.lost", said)
}

/// Keeps a message.
fn take<'h>(
    host: &Host,
    account: &Account,
    incoming: &Incoming,
    batch: Batch<'h>,
    known: Option<Follower>,
    early: &Early,
    message: &Message,
) -> Effect<'h> {
    let (batch, follower) = see(host, account, incoming, batch, known, early);
    let batch = if message.is_click {
        acted(host, batch, incoming, follower)
    } else {
        batch.add(
            "update follower set message_at = $2, message_sent = 0
             where id = $1 and (message_at is null or message_at <= $2)",
            params![follower, incoming.at.min(host.now())],
        )
    };
    let id = host.new_id();
    let said = json!({ "follower": follower, "message": id, "at": incoming.at, "kind": message.kind });
    let batch = batch
        .add(
            "insert into message (id, class_id, follower_id, at, kind, text, article, article_index)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![
                id,
                account.class,
                follower,
                incoming.at,
                message.kind,
                message.text.as_str(),
                message.article.clone(),
                message.article_index,
            ],
        )
        .emit("message.received", said);
    Effect { batch, follower: Some(follower), message: Some(id), is_current: true }
}

/// Notes that a follower has done something; makes the row of one who followed before the account was connected.
fn see<'h>(
    host: &Host,
    account: &Account,
    incoming: &Incoming,
    batch: Batch<'h>,
    known: Option<Follower>,
    early: &Early,
) -> (Batch<'h>, Uuid) {
    match known {
        Some(known) => {
            let seen = known.seen_at.max(incoming.at);
            let sql = "update follower set seen_at = $3 where class_id = $1 and id = $2";
            (batch.expect(1, sql, params![account.class, known.id, seen]), known.id)
        }
        None => {
            let id = host.new_id();
            let batch = batch.expect(
                1,
                "insert into follower
                   (id, class_id, openid, seen_at, message_sent, action_sent, told_early, told_early_at)
                 select $1, $2, $3, $4, 0, 0, $5, $6 where not exists
                   (select 1 from departure where class_id = $2 and digest = $7 and at >= $4 and until > $8)
                 on conflict do nothing",
                params![
                    id,
                    account.class,
                    incoming.openid.as_str(),
                    incoming.at,
                    early.count(),
                    early.times(),
                    // They may have been told to leave meanwhile.
                    account.digest(&incoming.openid),
                    host.now()
                ],
            );
            (batch, id)
        }
    }
}

/// Following, scanning and clicking allow a few messages within the next minute.
fn acted<'h>(host: &Host, batch: Batch<'h>, incoming: &Incoming, follower: Uuid) -> Batch<'h> {
    batch.add(
        "update follower set action_at = $2, action_sent = 0 where id = $1 and (action_at is null or action_at <= $2)",
        params![follower, incoming.at.min(host.now())],
    )
}
