//! The platform, as far as these tests need it: it signs, encrypts and repeats callbacks, and answers the interface. What
//! it needs for that is written here once more, so that a mistake in the plugin is not the test's too.

#![allow(missing_docs, clippy::unwrap_used, dead_code)]

pub mod interface;
pub mod vectors;

use plugin_sdk::protocol::body::Body;
use plugin_sdk::protocol::op::Page;
use plugin_test::{Answer, TestHost};

pub const TOKEN: &str = "class_token_2026";
pub const KEY: &str = "Zm9yVGVzdHNPbmx5Tm90QVJlYWxLZXkxMjM0NTY3ODl";
pub const APP: &str = "wx0123456789abcdef";
pub const SECRET: &str = "the-secret-of-the-account";
pub const FAN: &str = "oFan0000000000000000000000A7";
pub const OTHER_FAN: &str = "oFan0000000000000000000000B8";

/// A plugin with a connected account in plain mode.
pub fn host() -> TestHost {
    let host = TestHost::new(&wechat::PLUGIN);
    host.set("app_id", APP);
    host.set("token", TOKEN);
    host.set("aes_key", KEY);
    host.set("encrypted_only", false);
    host
}

/// A call with this query and body.
pub fn call(host: &TestHost, query: &str, body: &str) -> Answer {
    let page = Page { body: Body::Text(body.to_owned()), content_type: "text/xml".into(), ..Page::default() };
    host.as_visitor().request("POST", &format!("/callback?{query}"), page)
}

/// The signature over an encrypted text, by who knows the token.
pub fn sign(encrypted: &str) -> String {
    use sha1::Digest as _;
    let mut parts = [TOKEN, "1772323200", "1320562132", encrypted];
    parts.sort_unstable();
    sha1::Sha1::digest(parts.concat()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The query of a plain call, signed.
pub fn signed() -> String {
    format!("signature={}&timestamp=1772323200&nonce=1320562132&openid={FAN}", vectors::URL_SIGNATURE)
}

/// Tells a message in plain mode.
pub fn tell(host: &TestHost, message: &str) -> Answer {
    call(host, &signed(), message)
}

/// The text of a reply; empty for `success`.
#[track_caller]
pub fn reply(answer: &Answer) -> String {
    let text = String::from_utf8(answer.expect(200).bytes().to_vec()).unwrap();
    if text == "success" {
        return String::new();
    }
    let content = text.split_once("<Content><![CDATA[").unwrap().1.split_once("]]></Content>").unwrap().0;
    content.to_owned()
}

pub fn message(openid: &str, at: i64, rest: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[gh_class2026]]></ToUserName><FromUserName><![CDATA[{openid}]]></FromUserName>\
         <CreateTime>{at}</CreateTime>{rest}</xml>"
    )
}

pub fn text(openid: &str, at: i64, id: u64, content: &str) -> String {
    let rest =
        format!("<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content><MsgId>{id}</MsgId>");
    message(openid, at, &rest)
}

pub fn event(openid: &str, at: i64, name: &str, rest: &str) -> String {
    message(openid, at, &format!("<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>{rest}"))
}

/// What the clock of the test shows, in seconds.
pub fn seconds(host: &TestHost) -> i64 {
    host.now().timestamp()
}

/// Everything in the plugin's tables, as text.
pub fn everything(host: &TestHost) -> String {
    let tables = [
        "account",
        "access_token",
        "api_use",
        "delivery",
        "departure",
        "fault",
        "figure",
        "figure_day",
        "follower",
        "message",
        "scene",
        "sent",
        "tag",
    ];
    let rows = |table: &&str| format!("{table}: {:?}\n", host.rows(&format!("select * from {table}"), Vec::new()).rows);
    tables.iter().map(rows).collect()
}

/// The names of the events told so far.
pub fn told(host: &TestHost) -> Vec<String> {
    host.events().into_iter().map(|event| event.name).collect()
}

/// The follower of the last event that names one.
pub fn follower(host: &TestHost) -> String {
    let events = host.events();
    let last = events.iter().rev().find_map(|event| event.data["follower"].as_str());
    last.expect("an event names a follower").to_owned()
}
