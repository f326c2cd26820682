//! The platform's interface in a tier: it counts, hands out tokens, and refuses what the tier does not have.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use plugin_sdk::protocol::Failure;
use plugin_sdk::protocol::body::Body;
use plugin_sdk::protocol::host::{Fetch, Fetched};
use plugin_sdk::serde_json::{self, Value, json};
use plugin_test::TestHost;

use super::{APP, FAN, SECRET, follower, host, seconds, tell, text};

/// Where messages are sent.
pub const SEND: &str = "/cgi-bin/message/custom/send";

/// A connected account of this tier, probed.
pub fn in_tier(tier: &str) -> (TestHost, Interface) {
    let host = host();
    let interface = Interface::of(&host, tier);
    host.run_job("probe");
    (host, interface)
}

/// A follower who has just written.
pub fn who_wrote(host: &TestHost) -> String {
    tell(host, &text(FAN, seconds(host), 1, "a"));
    follower(host)
}

pub fn send(host: &TestHost, follower: &str, key: &str) -> Value {
    host.service("channel.send/1", json!({ "follower": follower, "text": "答案", "key": key })).unwrap()
}

pub fn tier(host: &TestHost) -> Value {
    host.service("channel.tier/1", json!({})).unwrap()
}

/// What the interface remembers.
#[derive(Default)]
pub struct State {
    /// `U`, `S` or `F`.
    pub tier: String,
    /// The tokens that were handed out; the last is valid.
    pub tokens: usize,
    /// Tokens that are refused although they are the last.
    pub revoked: usize,
    /// Path → calls.
    pub calls: HashMap<String, usize>,
    /// Path → what to answer instead.
    pub answers: HashMap<String, Value>,
    /// Texts that were sent: to whom, what.
    pub sent: Vec<(String, String)>,
    /// Messages with choices that were sent.
    pub menus: Vec<Value>,
    /// Whether the account has none.
    pub has_no_menus: bool,
    /// Who follows.
    pub followers: Vec<String>,
    /// How many of them one page lists; all where it is 0.
    pub page: usize,
    /// After so many of them further pages are refused; never where it is 0.
    pub refuses_after: usize,
    /// The secret that is asked for; that of the kit where it is empty.
    pub secret: String,
    /// Whether nothing answers.
    pub is_away: bool,
    /// Answered, but the answer is lost.
    pub is_lost: bool,
}

/// The interface.
#[derive(Clone, Default)]
pub struct Interface(Arc<Mutex<State>>);

impl Interface {
    /// Answers what the plugin of this host sends.
    pub fn of(host: &TestHost, tier: &str) -> Self {
        let interface = Self::default();
        interface.change(|state| state.tier = tier.to_owned());
        host.set("app_secret", SECRET);
        let inside = interface.clone();
        host.serve(move |fetch| inside.answer(&fetch));
        interface
    }

    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap())
    }

    pub fn calls(&self, path: &str) -> usize {
        self.change(|state| state.calls.get(path).copied().unwrap_or(0))
    }

    fn answer(&self, fetch: &Fetch) -> Result<Fetched, Failure> {
        let (away, lost) = self.change(|state| (state.is_away, state.is_lost));
        if away {
            return Err(Failure::new(plugin_sdk::protocol::Code::NotFound, "there is no host"));
        }
        let rest = fetch.url.strip_prefix("https://api.weixin.qq.com").expect("the address of the settings");
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let body = serde_json::from_slice(fetch.body.as_bytes()).unwrap_or_default();
        let answer = self.change(|state| {
            *state.calls.entry(path.to_owned()).or_default() += 1;
            state.answer(path, query, &body)
        });
        if lost {
            return Err(Failure::new(plugin_sdk::protocol::Code::Timeout, "did not answer in time"));
        }
        Ok(Fetched { status: 200, headers: Vec::new(), body: Body::Text(answer.to_string()) })
    }
}

fn error(code: i64) -> Value {
    json!({ "errcode": code, "errmsg": "as said" })
}

impl State {
    fn answer(&mut self, path: &str, query: &str, body: &Value) -> Value {
        if path == "/cgi-bin/stable_token" {
            return self.token(body);
        }
        let token = format!("access_token=token-{}", self.tokens);
        if !query.split('&').any(|part| part == token) || self.revoked == self.tokens {
            return error(40_001);
        }
        if let Some(answer) = self.answers.get(path) {
            return answer.clone();
        }
        let is_verified = self.tier != "U";
        match path {
            "/cgi-bin/qrcode/create" if self.tier == "F" => {
                let scene = &body["action_info"]["scene"]["scene_str"];
                json!({ "ticket": "T", "url": format!("http://weixin.qq.com/q/{}", scene.as_str().unwrap()) })
            }
            "/cgi-bin/qrcode/create" => error(48_001),
            _ if !is_verified => error(48_001),
            "/cgi-bin/user/get" => self.listed(query),
            SEND if body["msgtype"] == "msgmenu" && self.has_no_menus => error(40_200),
            SEND if body["msgtype"] == "msgmenu" => {
                self.menus.push(body["msgmenu"].clone());
                error(0)
            }
            SEND => {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                self.sent.push((text(&body["touser"]), text(&body["text"]["content"])));
                error(0)
            }
            "/cgi-bin/tags/get" => json!({ "tags": [{ "id": 2, "name": "星标组", "count": 0 }] }),
            "/cgi-bin/tags/create" => json!({ "tag": { "id": 134, "name": body["tag"]["name"] } }),
            "/cgi-bin/tags/members/batchtagging" => error(0),
            "/cgi-bin/material/add_material" => json!({ "media_id": "cover-1", "url": "" }),
            "/cgi-bin/draft/add" => json!({ "media_id": "draft-1" }),
            other => panic!("the interface does not know {other}"),
        }
    }

    /// A page of those who follow, from the one after `next_openid` on.
    fn listed(&self, query: &str) -> Value {
        let after = query.split('&').find_map(|part| part.strip_prefix("next_openid="));
        let begin = after.map_or(0, |after| self.followers.iter().position(|one| one == after).unwrap() + 1);
        if self.refuses_after > 0 && begin >= self.refuses_after {
            return error(-1);
        }
        let size = if self.page == 0 { self.followers.len() } else { self.page };
        let page: Vec<&String> = self.followers.iter().skip(begin).take(size).collect();
        let last = page.last().map(|last| last.to_string()).unwrap_or_default();
        json!({ "total": self.followers.len(), "count": page.len(), "data": { "openid": page }, "next_openid": last })
    }

    /// The stable token stays the same as long as it is valid.
    fn token(&mut self, body: &Value) -> Value {
        let secret = if self.secret.is_empty() { SECRET } else { &self.secret };
        assert_eq!((&body["appid"], &body["secret"]), (&json!(APP), &json!(secret)));
        assert_eq!(body["grant_type"], "client_credential");
        if let Some(answer) = self.answers.get("/cgi-bin/stable_token") {
            return answer.clone();
        }
        if self.tokens == 0 || self.revoked == self.tokens || body["force_refresh"] == true {
            self.tokens += 1;
        }
        json!({ "access_token": format!("token-{}", self.tokens), "expires_in": 7200 })
    }
}
