//! How an answer gets to the follower: sent through the channel where the platform permits it, else it waits for the
//! follower's next message, else a student copies it by hand.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::Value;

use super::message::{self, Message};
use super::{case, utterance};

/// What stands above the grades that can be tapped.
const ASKS_RATING: &str = "这个回答有用吗？";
/// How long after a follower's message the platform lets us write.
const WINDOW: TimeDelta = TimeDelta::hours(48);
/// How many messages.
const MOST: i64 = 5;
/// How often sending is tried before the answer waits for the follower instead.
const TRIES: i64 = 5;
/// How long a channel that does not answer is waited for before the answer waits for the follower instead.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// After so long an answer that is still being sent is tried again.
const AGAIN: TimeDelta = TimeDelta::seconds(30);

/// What may still be sent to a follower.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Until when.
    pub until: Option<DateTime<Utc>>,
    /// How many messages.
    pub left: i64,
    /// Whether one may be sent now.
    pub can_send: bool,
}

/// What the channel says, and never more than we know ourselves; nothing where it cannot be asked.
pub fn window(host: &Host, follower: Uuid) -> Result<Window> {
    Ok(match asked_window(host, follower)? {
        Ok(window) => window,
        Err(own) => Window { can_send: false, ..own },
    })
}

/// The same; what we know ourselves where the channel is there and does not answer now.
fn asked_window(host: &Host, follower: Uuid) -> Result<Result<Window, Window>> {
    let own = own_window(host, follower)?;
    let told: Value = match host.service("channel.window/1", json!({ "follower": follower })) {
        Ok(told) => told,
        Err(error) => {
            report("channel.window/1", &error);
            return Ok(if is_away(&error) { Ok(Window { can_send: false, ..own }) } else { Err(own) });
        }
    };
    let until = told["until"].as_str().and_then(|text| text.parse().ok());
    let left = told["left"].as_i64().unwrap_or(0).min(own.left).max(0);
    let until = match (own.until, until) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    let is_open = left > 0 && until.is_some_and(|until| until > host.now());
    Ok(Ok(Window { until, left, can_send: is_open && told["can_send"].as_bool().unwrap_or(false) }))
}

/// Whether there is no channel, or nobody to send to.
fn is_away(error: &Error) -> bool {
    matches!(error.code(), Code::Unsupported | Code::NotFound | Code::Denied)
}

/// From the messages here alone.
fn own_window(host: &Host, follower: Uuid) -> Result<Window> {
    let class = host.class()?.id;
    let sql = "select at from message where class_id = $1 and follower = $2 and author = 'follower'
               order by at desc limit 1";
    let table = host.query(sql, params![class, follower])?;
    let Some(row) = table.first() else { return Ok(Window::default()) };
    let last: DateTime<Utc> = row.get("at")?;
    let sql = "select count(*) as messages from message where class_id = $1 and follower = $2
               and delivery = 'sent' and delivered_at >= $3";
    let sent: i64 = host.query(sql, params![class, follower, last])?.value()?;
    let (until, left) = (last + WINDOW, (MOST - sent).max(0));
    Ok(Window { until: Some(until), left, can_send: left > 0 && until > host.now() })
}

/// Sends an answer, or lets it wait. The channel gets the answer's id as the key, so that nothing is sent twice.
pub fn deliver(host: &Host, id: Uuid) -> Result<()> {
    let message = message::find(host, id)?;
    let Some(follower) = message.follower.filter(|_| message.delivery == "sending") else { return Ok(()) };
    // Once it was tried, only the channel knows what became of it.
    if message.tries == 0 {
        match asked_window(host, follower)? {
            Ok(window) if window.can_send => {}
            Err(own) if own.can_send && host.now() - message.at < PATIENCE => return Ok(()),
            _ => return change(host, &message, "waiting"),
        }
    }
    host.exec("update message set tries = tries + 1 where id = $1 and delivery = 'sending'", params![id])?;
    let mut asked = json!({ "follower": follower, "text": message.text, "key": id });
    if asks_rating(host, &message)? {
        asked["asks"] = ASKS_RATING.into();
        asked["choices"] = json!(utterance::GRADES);
    }
    let told: Result<Value> = host.service("channel.send/1", asked);
    match told {
        Ok(told) => match told["result"].as_str().unwrap_or_default() {
            "sent" => {
                if told["asked"] == true {
                    let sql = "update question set rating_asked_at = $1 where id = $2 and rating is null";
                    host.exec(sql, params![host.now(), message.question])?;
                }
                change(host, &message, "sent")
            }
            // Who refuses messages may still write; who has left is forgotten.
            "window-closed" | "quota-used" | "not-permitted" | "gone" => change(host, &message, "waiting"),
            _ if message.tries + 1 >= TRIES => change(host, &message, "waiting"),
            _ => Ok(()),
        },
        Err(error) => {
            report("channel.send/1", &error);
            if is_away(&error) || message.tries + 1 >= TRIES { change(host, &message, "waiting") } else { Ok(()) }
        }
    }
}

/// Whether the follower is asked what they think of the answer: once in a conversation.
fn asks_rating(host: &Host, message: &Message) -> Result<bool> {
    let case = case::find(host, message.question)?;
    Ok(case.rating.is_none() && case.rating_asked_at.is_none() && host.setting("ask_rating").unwrap_or(true))
}

fn change(host: &Host, message: &Message, to: &str) -> Result<()> {
    let delivered = (to == "sent").then(|| host.now());
    host.exec(
        "update message set delivery = $1, delivered_at = $2 where id = $3 and delivery = 'sending'",
        params![to, delivered, message.id],
    )?;
    Ok(())
}

/// Tries again what is still being sent.
pub fn try_again(host: &Host) -> Result<()> {
    for message in message::in_delivery(host, "sending")? {
        if host.now() - message.at >= AGAIN && host.alive() {
            deliver(host, message.id)?;
        }
    }
    Ok(())
}

/// A student has answered by hand in the account's back office.
pub fn done_by_hand(host: &Host, id: Uuid) -> Result<bool> {
    let message = message::find(host, id)?;
    let done = host.exec(
        "update message set delivery = 'done', delivered_at = $1
         where id = $2 and delivery in ('copy', 'waiting', 'sending')",
        params![host.now(), message.id],
    )?;
    Ok(done > 0)
}

/// Neither a channel that is not there nor a follower who has left is anything to report; ids and texts are never written.
fn report(service: &str, error: &Error) {
    if !matches!(error.code(), Code::Unsupported | Code::NotFound) {
        log::warn!("{service} was asked in vain: {}", error.code().name());
    }
}
