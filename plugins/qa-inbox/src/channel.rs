//! What comes from the channel: messages, replies that did not arrive, and followers who leave.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::Value;

use crate::conversation::intake::{self, Incoming};
use crate::conversation::{forget, handover, kind};

/// Hears an event.
pub fn hear(host: &Host, event: &Event) -> Result<()> {
    let data = &event.data;
    match event.name.as_str() {
        "message.received" => match id(data, "message") {
            Some(message) => receive(host, message, data),
            None => unreadable(event),
        },
        "reply.missed" => match (id(data, "follower"), id(data, "message")) {
            (Some(follower), Some(message)) => handover::missed(host, follower, message),
            _ => unreadable(event),
        },
        "follower.lost" => match id(data, "follower") {
            Some(follower) => forget::forget(host, follower),
            None => unreadable(event),
        },
        _ => Ok(()),
    }
}

fn receive(host: &Host, message: Uuid, data: &Value) -> Result<()> {
    let told: Value = match host.service("channel.message/1", json!({ "message": message })) {
        Ok(told) => told,
        // Its follower has left.
        Err(error) if error.code() == Code::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let Some(follower) = id(&told, "follower").or_else(|| id(data, "follower")) else { return Ok(()) };
    let said = |name: &str| told[name].as_str().unwrap_or_default();
    let text = kind::said(said("kind"), said("text"));
    let at = told["at"].as_str().or(data["at"].as_str()).and_then(|text| text.parse().ok());
    // A clock that is ahead would make an answer come before its question.
    let at = at.unwrap_or(host.now()).min(host.now());
    intake::take(host, &Incoming { follower, message, text, at }, false)?;
    Ok(())
}

fn id(data: &Value, name: &str) -> Option<Uuid> {
    data[name].as_str()?.parse().ok()
}

/// An event that cannot be read will not be better when it comes again.
fn unreadable(event: &Event) -> Result<()> {
    log::warn!("an event {} could not be read and was left out", event.name);
    Ok(())
}
