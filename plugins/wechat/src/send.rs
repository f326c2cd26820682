//! Messages to followers after the first reply. What the platform would refuse is not even tried: it allows five messages
//! within 48 hours of a message, and three within a minute of following, scanning or clicking.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::Value;

use crate::account::Account;
use crate::api::{self, Call, Explained, NOT_PERMITTED, Trouble};
use crate::follower::{self, Follower};
use crate::tier::{self, Tier};

const SEND: Call = Call::post("/cgi-bin/message/custom/send", 500_000);
/// How long after a message.
const AFTER_MESSAGE: TimeDelta = TimeDelta::hours(48);
/// How many.
const MOST_AFTER_MESSAGE: i64 = 5;
/// How long after following, scanning or clicking.
const AFTER_ACTION: TimeDelta = TimeDelta::minutes(1);
/// How many.
const MOST_AFTER_ACTION: i64 = 3;
/// The platform's clock and ours may differ by so much.
const MARGIN: TimeDelta = TimeDelta::seconds(5);
/// The code for: accounts of this kind cannot do this.
const NO_MENU: i64 = 40_200;
/// The longest text, in characters and bytes.
const LONGEST: (usize, usize) = (600, 2_048);

/// Answers that a follower may tap below a message, where the account is a verified service account.
pub struct Choices {
    /// What is asked.
    asks: String,
    /// What can be tapped; it comes back as a message.
    list: Vec<String>,
}

impl Choices {
    /// Those of an input; none where it has none.
    pub fn read(input: &Value) -> Result<Option<Self>> {
        let Some(list) = input["choices"].as_array() else { return Ok(None) };
        let texts: Vec<String> = list.iter().filter_map(|one| Some(one.as_str()?.trim().to_owned())).collect();
        let asks = input["asks"].as_str().unwrap_or_default().trim().to_owned();
        let is_fine = |text: &String| (1..=20).contains(&text.chars().count());
        if texts.len() != list.len() || !(2..=6).contains(&texts.len()) || !texts.iter().all(is_fine) {
            return Err(invalid("channel.send: there are 2 to 6 choices of 1 to 20 characters").at("choices"));
        }
        if asks.chars().count() > 100 {
            return Err(invalid("channel.send: what is asked has at most 100 characters").at("asks"));
        }
        Ok(Some(Self { asks, list: texts }))
    }

    fn head(&self, text: &str) -> String {
        format!("{text}\n\n{}", self.asks).trim_end().to_owned()
    }

    fn body(&self, openid: &str, text: &str) -> Value {
        let list =
            (1..).zip(&self.list).map(|(id, content): (i32, _)| json!({ "id": id.to_string(), "content": content }));
        let menu = json!({ "head_content": self.head(text), "list": list.collect::<Vec<_>>(), "tail_content": "" });
        json!({ "touser": openid, "msgtype": "msgmenu", "msgmenu": menu })
    }
}

/// What may still be sent to a follower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Until when.
    pub until: Option<DateTime<Utc>>,
    /// How many messages.
    pub left: i64,
}

impl Window {
    /// For a follower, now.
    pub fn of(follower: &Follower, now: DateTime<Utc>) -> Self {
        let open = [
            (follower.message_at, AFTER_MESSAGE, MOST_AFTER_MESSAGE - follower.message_sent),
            (follower.action_at, AFTER_ACTION, MOST_AFTER_ACTION - follower.action_sent),
        ];
        let open = open.into_iter().filter_map(|(at, lasts, left)| Some((at? + lasts - MARGIN, left)));
        let open = open.filter(|(until, left)| *until > now && *left > 0);
        // They do not add up: a message counts for each that is open.
        open.fold(Self::default(), |window, (until, left)| Self {
            until: window.until.max(Some(until)),
            left: window.left.max(left),
        })
    }
}

/// Whether the account may send at all.
pub fn may_send(host: &Host) -> Result<bool> {
    Ok(tier::of(&Account::open(host)?).tier.is_verified())
}

/// What may still be sent to a follower, for the tools.
pub fn window(host: &Host, id: Uuid) -> Result<Value> {
    let follower = follower::find(host, id)?.ok_or_else(not_found)?;
    let window = Window::of(&follower, host.now());
    let may = may_send(host)?;
    let mut told = json!({ "left": if may { window.left } else { 0 }, "can_send": may && window.left > 0 });
    if let Some(until) = window.until {
        told["until"] = json!(until);
    }
    Ok(told)
}

/// Sends a text, with choices below it where the account can. With a key that the same caller used before nothing is sent
/// again.
pub fn send(host: &Host, id: Uuid, text: &str, choices: Option<Choices>, caller: &str, key: &str) -> Result<Value> {
    let text = text.trim();
    if text.is_empty() || !is_short(text) {
        return Err(invalid("channel.send: the text has 1 to 600 characters and at most 2,048 bytes").at("text"));
    }
    if key.is_empty() || key.len() > 200 {
        return Err(invalid("channel.send: the key has 1 to 200 bytes").at("key"));
    }
    let key = &format!("{caller}/{key}");
    if let Some(before) = before(host, key)? {
        return Ok(before);
    }
    let Some(follower) = follower::find(host, id)? else { return Ok(result("gone", None)) };
    let tier = tier::of(&Account::open(host)?).tier;
    if !tier.is_verified() {
        return Ok(result("not-permitted", Some(api::explain(NOT_PERMITTED))));
    }
    let mut choices = choices.filter(|choices| tier == Tier::Service && is_short(&choices.head(text)));
    match reserve(host, &follower, key)? {
        Reserved::Yes => {}
        Reserved::Used => return Ok(before(host, key)?.unwrap_or_else(|| result("failed", None))),
        Reserved::No => return refused_here(host, id),
    }
    let plain = json!({ "touser": follower.openid, "msgtype": "text", "text": { "content": text } });
    let mut done = match &choices {
        Some(choices) => api::call(host, SEND, "", Some(&choices.body(&follower.openid, text))),
        None => api::call(host, SEND, "", Some(&plain)),
    };
    // A test account is a service account that has no menus in messages.
    if choices.is_some() && matches!(done, Err(Trouble::Refused(NO_MENU | 48_008))) {
        choices = None;
        done = api::call(host, SEND, "", Some(&plain));
    }
    let told = match done {
        Ok(_) => {
            finish(host, key, "sent", None)?;
            let mut told = result("sent", None);
            if choices.is_some() {
                told["asked"] = true.into();
            }
            told
        }
        Err(trouble) => failed(host, &follower, key, trouble)?,
    };
    with_window(host, id, told)
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= LONGEST.0 && text.len() <= LONGEST.1
}

/// What became of a message with this key.
fn before(host: &Host, key: &str) -> Result<Option<Value>> {
    let table = host.query(
        "select state, code, follower_id from sent where class_id = $1 and key = $2",
        params![host.class()?.id, key],
    )?;
    let Some(row) = table.first() else { return Ok(None) };
    let follower = row.get::<Uuid>("follower_id")?;
    let told = match row.get::<String>("state")?.as_str() {
        "sent" => result("sent", None),
        // It was under way when the answer was lost: it may have arrived, so it is not sent again.
        _ => result("failed", Some(Trouble::Unclear.explained())),
    };
    with_window(host, follower, told).map(Some)
}

enum Reserved {
    Yes,
    /// The key is somebody's already.
    Used,
    /// Nothing may be sent.
    No,
}

/// Takes one of the messages that are left, together with the key.
fn reserve(host: &Host, follower: &Follower, key: &str) -> Result<Reserved> {
    let now = host.now();
    let (message_from, action_from) = (now - AFTER_MESSAGE + MARGIN, now - AFTER_ACTION + MARGIN);
    let done = host
        .batch()
        .expect(
            1,
            "update follower set
               message_sent = message_sent + case when message_at > $2 then 1 else 0 end,
               action_sent = action_sent + case when action_at > $3 then 1 else 0 end
             where id = $1 and ((message_at > $2 and message_sent < $4) or (action_at > $3 and action_sent < $5))",
            params![follower.id, message_from, action_from, MOST_AFTER_MESSAGE, MOST_AFTER_ACTION],
        )
        .expect(
            1,
            "insert into sent (class_id, key, follower_id, at, state) values ($1, $2, $3, $4, 'under-way')
             on conflict do nothing",
            params![host.class()?.id, key, follower.id, now],
        )
        .run();
    match done {
        Ok(_) => Ok(Reserved::Yes),
        Err(error) if error.code() == Code::Conflict => {
            let is_used = before(host, key)?.is_some();
            Ok(if is_used { Reserved::Used } else { Reserved::No })
        }
        Err(error) => Err(error),
    }
}

/// Why nothing may be sent, as we know without asking the platform.
fn refused_here(host: &Host, id: Uuid) -> Result<Value> {
    let Some(follower) = follower::find(host, id)? else { return Ok(result("gone", None)) };
    let is_open = |at: Option<DateTime<Utc>>, lasts| at.is_some_and(|at| at + lasts - MARGIN > host.now());
    let is_used = is_open(follower.message_at, AFTER_MESSAGE) || is_open(follower.action_at, AFTER_ACTION);
    let told = match is_used {
        true => result("quota-used", Some(api::explain(45_047))),
        false => result("window-closed", Some(api::explain(45_015))),
    };
    with_window(host, id, told)
}

/// What the platform's refusal means for this follower.
fn failed(host: &Host, follower: &Follower, key: &str, trouble: Trouble) -> Result<Value> {
    let explained = trouble.explained();
    let refused = |result_of| Ok(result(result_of, Some(explained)));
    match trouble {
        Trouble::Unclear => {
            finish(host, key, "unclear", None)?;
            refused("failed")
        }
        Trouble::Refused(code @ (45_015 | 45_047)) => {
            // The platform counts otherwise than we do, and it is the one that decides.
            let close = match code {
                45_015 => {
                    "message_at = case when message_at = $2 then null else message_at end,
                     action_at = case when action_at = $3 then null else action_at end"
                }
                _ => {
                    "message_sent = case when message_at = $2 then 5 else message_sent end,
                     action_sent = case when action_at = $3 then 3 else action_sent end"
                }
            };
            // A message or click that came meanwhile has begun a new count.
            let sql = format!("update follower set {close} where id = $1");
            let closed = host.batch().add(&sql, params![follower.id, follower.message_at, follower.action_at]);
            give_back(host, key, closed)?;
            refused(if code == 45_015 { "window-closed" } else { "quota-used" })
        }
        Trouble::Refused(40_003 | 43_004 | 43_019 | 48_002 | 50_005) => {
            give_back(host, key, returned(host, follower))?;
            refused("gone")
        }
        Trouble::Refused(NOT_PERMITTED | 48_004 | 48_008 | 40_200) | Trouble::NotSet => {
            give_back(host, key, returned(host, follower))?;
            refused("not-permitted")
        }
        Trouble::Refused(_) | Trouble::UsedUp | Trouble::Unreachable => {
            give_back(host, key, returned(host, follower))?;
            refused("failed")
        }
        Trouble::Own(error) => {
            give_back(host, key, returned(host, follower))?;
            Err(error)
        }
    }
}

/// The message was not sent, so it does not count.
fn returned<'h>(host: &'h Host, follower: &Follower) -> Batch<'h> {
    // A message or click that came meanwhile has begun a new count.
    host.batch().add(
        "update follower set
           message_sent = case when message_at = $2 and message_sent > 0 then message_sent - 1 else message_sent end,
           action_sent = case when action_at = $3 and action_sent > 0 then action_sent - 1 else action_sent end
         where id = $1",
        params![follower.id, follower.message_at, follower.action_at],
    )
}

/// The key may be used again.
fn give_back(host: &Host, key: &str, batch: Batch<'_>) -> Result<()> {
    batch.add("delete from sent where class_id = $1 and key = $2", params![host.class()?.id, key]).run()?;
    Ok(())
}

fn finish(host: &Host, key: &str, state: &str, code: Option<i64>) -> Result<()> {
    host.exec(
        "update sent set state = $3, code = $4 where class_id = $1 and key = $2",
        params![host.class()?.id, key, state, code],
    )?;
    Ok(())
}

fn with_window(host: &Host, id: Uuid, mut told: Value) -> Result<Value> {
    let Some(follower) = follower::find(host, id)? else { return Ok(told) };
    let window = Window::of(&follower, host.now());
    told["left"] = window.left.into();
    if let Some(until) = window.until {
        told["until"] = json!(until);
    }
    Ok(told)
}

fn result(result: &str, why: Option<Explained>) -> Value {
    let mut told = json!({ "result": result });
    if let Some(why) = why {
        told["hint"] = why.json();
    }
    told
}
