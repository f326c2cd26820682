//! What a follower gets at once: the first word that a tool has, else the teacher's. Tools that are away or slow are left
//! out, and a repeat waits for the answer of the first.

use std::time::Duration;

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::Value;

use super::Since;
use super::delivery::{self, State};
use super::incoming::{Incoming, What};
use super::record::{Kept, LEASE};
use super::reply;
use crate::send;

/// The most that one tool may take.
const ONE_TOOL: Duration = Duration::from_millis(1_500);
/// What is kept of the time for storing the answer and sending it back.
const KEPT_BACK: Duration = Duration::from_millis(800);
/// How often a repeat looks whether the first has an answer.
const LOOK: Duration = Duration::from_millis(20);

/// The reply, empty for none; nothing at all while another call still works on it.
pub fn of(host: &Host, since: Since, incoming: &Incoming, kept: &Kept) -> Result<Option<String>> {
    let (class, digest) = (host.class()?.id, kept.delivery.digest.as_str());
    if !kept.is_new && !is_ours(host, since, class, digest)? {
        return Ok(match delivery::state(host, class, digest)? {
            State::Answered(reply) => Some(reply),
            State::Leased(_) => None,
        });
    }
    let reply = reply::cut(&words(host, since, incoming, kept));
    let stored = delivery::answer(host, class, digest, &reply, since.clock(host))
        .and_then(|()| delivery::state(host, class, digest));
    match stored {
        Ok(State::Answered(reply)) => Ok(Some(reply)),
        Ok(State::Leased(_)) => Ok(None),
        Err(error) => {
            // What was told is kept; that the answer is not need not cost the follower the answer.
            log::warn!("a reply could not be kept: {}", error.0);
            Ok(Some(reply))
        }
    }
}

/// Waits until a delivery of somebody else is answered; whether it has become ours instead.
fn is_ours(host: &Host, since: Since, class: Uuid, digest: &str) -> Result<bool> {
    while !since.left().is_zero() {
        match delivery::state(host, class, digest)? {
            State::Answered(_) => return Ok(false),
            State::Leased(until) if until <= since.clock(host) => {
                let now = since.clock(host);
                if delivery::take_over(host, class, digest, now, now + LEASE)? {
                    return Ok(true);
                }
            }
            State::Leased(_) => {}
        }
        host.sleep(LOOK)?;
    }
    Ok(false)
}

fn words(host: &Host, since: Since, incoming: &Incoming, kept: &Kept) -> String {
    let own = |setting: &str| host.setting::<String>(setting).unwrap_or_default();
    match &incoming.what {
        _ if !kept.is_current => String::new(),
        What::Subscribe { .. } => own("welcome"),
        What::Message(message) => {
            let (Some(follower), Some(id)) = (kept.delivery.follower, kept.delivery.message) else {
                return String::new();
            };
            let mut asked = json!({ "follower": follower, "message": id, "text": message.text });
            let claimed = if message.text.is_empty() { None } else { ask(host, since, "fans.claim/1", &asked) };
            claimed
                .or_else(|| {
                    asked["can_send"] = send::may_send(host).unwrap_or(false).into();
                    ask(host, since, "inbox.reply/1", &asked)
                })
                .unwrap_or_else(|| own("fallback"))
        }
        What::Unsubscribe | What::Scan | What::Publication(_) | What::Other(_) => String::new(),
    }
}

/// What a tool says, if it has something to say and says it in time.
fn ask(host: &Host, since: Since, service: &str, asked: &Value) -> Option<String> {
    let within = ONE_TOOL.min(since.left().saturating_sub(KEPT_BACK));
    if within.is_zero() {
        return None;
    }
    match host.service_within::<Value>(service, asked, within) {
        Ok(answer) => answer["reply"].as_str().map(str::trim).filter(|reply| !reply.is_empty()).map(str::to_owned),
        Err(error) => {
            // A class without the tool is nothing to report.
            if error.code() != Code::Unsupported {
                log::warn!("{service} was asked in vain: {}", error.0.code.name());
            }
            None
        }
    }
}
