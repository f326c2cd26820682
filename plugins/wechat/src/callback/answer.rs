//! What a follower gets at once: the words that the tools have, else the teacher's. Tools that are away or slow are left
//! out, and a repeat waits for the answer of the first.

use std::time::{Duration, Instant};

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::Value;

use super::delivery::{self, Reply, State};
use super::incoming::{Incoming, Message, What};
use super::record::{Kept, LEASE};
use super::reply::{LONGEST, cut};
use super::since::Since;
use crate::send;

/// The most that one tool may take.
const ONE_TOOL: Duration = Duration::from_millis(1_500);
/// What is kept of the time for storing the answer and sending it back.
const KEPT_BACK: Duration = Duration::from_millis(800);
/// How often a repeat looks whether the first has an answer.
const LOOK: Duration = Duration::from_millis(20);

/// What a tool says.
enum Said {
    /// These words.
    Words(String),
    /// Nothing, or there is no such tool.
    Nothing,
    /// It did not answer: it may have taken the message, or not.
    Unknown,
}

/// The reply, empty for none; nothing at all while another call still works on it.
pub fn of(host: &Host, since: Since, incoming: &Incoming, kept: &Kept) -> Result<Option<String>> {
    let (class, digest) = (host.class()?.id, kept.delivery.digest.as_str());
    if !kept.is_new && !is_ours(host, since, class, digest)? {
        return Ok(match delivery::state(host, class, digest)? {
            State::Answered(reply) => Some(reply),
            State::Leased(_) => None,
        });
    }
    let reply = words(host, since, incoming, kept);
    let reply = Reply { words: cut(&reply.words), ..reply };
    let stored = delivery::answer(host, class, digest, &reply, since.clock(host))
        .and_then(|()| delivery::state(host, class, digest));
    match stored {
        Ok(State::Answered(reply)) => Ok(Some(reply)),
        Ok(State::Leased(_)) => Ok(None),
        Err(error) => {
            // What was told is kept; that the answer is not need not cost the follower the answer.
            log::warn!("a reply could not be kept: {}", error.0);
            Ok(Some(reply.words))
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

fn words(host: &Host, since: Since, incoming: &Incoming, kept: &Kept) -> Reply {
    let own = |setting: &str| Reply { words: host.setting(setting).unwrap_or_default(), in_vain: false };
    let nothing = Reply { words: String::new(), in_vain: false };
    match &incoming.what {
        _ if !kept.is_current => nothing,
        What::Subscribe { .. } => own("welcome"),
        What::Message(message) => {
            let (words, in_vain) = from_tools(host, since, message, kept);
            Reply { words: words.unwrap_or_else(|| own("fallback").words), in_vain }
        }
        What::Unsubscribe | What::Scan | What::Publication(_) | What::Other(_) => nothing,
    }
}

/// What the tools say to a message, and whether the inbox, which may have answers that wait, was asked in vain.
fn from_tools(host: &Host, since: Since, message: &Message, kept: &Kept) -> (Option<String>, bool) {
    let delivery = &kept.delivery;
    let (Some(follower), Some(id)) = (delivery.follower, delivery.message) else { return (None, false) };
    let mut asked = json!({ "follower": follower, "message": id, "kind": message.kind, "text": message.text });
    let claimed = if message.is_words() { ask(host, since, "fans.claim/1", &asked) } else { Said::Nothing };
    asked["can_send"] = send::may_send(host).unwrap_or(false).into();
    match &claimed {
        // It is no question. But answers that wait go out with the follower's next message, whatever it is.
        Said::Words(words) => {
            asked["only_waiting"] = true.into();
            asked["room"] = LONGEST.saturating_sub(words.chars().count() + 2).into();
        }
        Said::Nothing => {}
        Said::Unknown => asked["may_be_claim"] = true.into(),
    }
    let now = since.clock(host);
    match delivery::unsaid(host, delivery, now) {
        Ok(unsaid) if unsaid.is_empty() => {}
        Ok(unsaid) => asked["unsaid"] = json!(unsaid),
        // Without them the inbox would hand over less than waits.
        Err(error) => {
            log::warn!("what was not said before could not be read: {}", error.0);
            return (into_words(claimed), true);
        }
    }
    let answered = ask(host, since, "inbox.reply/1", &asked);
    let in_vain = matches!(answered, Said::Unknown);
    if !in_vain
        && asked["unsaid"].is_array()
        && let Err(error) = delivery::clear_unsaid(host, delivery, now)
    {
        // They are told once more.
        log::warn!("what the inbox knows now could not be noted: {}", error.0);
    }
    let words: Vec<String> = [claimed, answered].into_iter().filter_map(into_words).collect();
    ((!words.is_empty()).then(|| words.join("\n\n")), in_vain)
}

fn into_words(said: Said) -> Option<String> {
    match said {
        Said::Words(words) => Some(words),
        Said::Nothing | Said::Unknown => None,
    }
}

/// What a tool says in time. One whose worker dies is asked again while there is time: the same message gets the same answer.
fn ask(host: &Host, since: Since, service: &str, asked: &Value) -> Said {
    let began = Instant::now();
    loop {
        let within = ONE_TOOL.saturating_sub(began.elapsed()).min(since.left().saturating_sub(KEPT_BACK));
        if within.is_zero() {
            return Said::Unknown;
        }
        match host.service_within::<Value>(service, asked, within) {
            Ok(answer) => {
                let words = answer["reply"].as_str().map(str::trim).filter(|reply| !reply.is_empty());
                return words.map_or(Said::Nothing, |words| Said::Words(words.to_owned()));
            }
            Err(error) => match error.code() {
                // A class without the tool is nothing to report.
                Code::Unsupported => return Said::Nothing,
                Code::WorkerDied => {}
                code => {
                    log::warn!("{service} was asked in vain: {}", code.name());
                    return Said::Unknown;
                }
            },
        }
    }
}
