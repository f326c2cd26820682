//! A channel and a rota as the tests want them.

#![allow(dead_code, missing_docs, clippy::unwrap_used)]

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use plugin_sdk::chrono::{DateTime, TimeDelta, Utc};
use plugin_sdk::protocol::{Code, Failure};
use plugin_sdk::serde_json::{Value, json};
use plugin_sdk::uuid::Uuid;
use plugin_test::TestHost;

pub fn host() -> TestHost {
    TestHost::new(&qa_inbox::PLUGIN)
}

/// The rota lists these students from now on.
pub fn on_duty(host: &TestHost, numbers: &[u32]) {
    let one = |number: &u32| {
        let person = host.as_student(*number).person();
        json!({ "person": person, "post": "chief", "until": "2026-12-31T16:00:00Z" })
    };
    let people: Vec<Value> = numbers.iter().map(one).collect();
    host.provide("rota.on_duty/1", move |_| Ok(json!({ "people": people })));
}

/// An id that nothing else has.
pub fn id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128((0xabc << 100) + u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

/// What the channel has and was asked.
pub struct Channel {
    pub host: TestHost,
    messages: Mutex<Vec<(Uuid, Value)>>,
    pub sends: Mutex<Vec<Value>>,
    pub result: Mutex<&'static str>,
    /// Whether the account may send at all.
    pub may_send: AtomicBool,
    /// Whether followers can tap choices.
    pub has_menus: AtomicBool,
}

/// A channel of an account that may send, or may not.
pub fn channel(host: &TestHost, may_send: bool) -> Arc<Channel> {
    let channel = Arc::new(Channel {
        host: host.clone(),
        messages: Mutex::default(),
        sends: Mutex::default(),
        result: Mutex::new("sent"),
        may_send: AtomicBool::new(may_send),
        has_menus: AtomicBool::new(false),
    });
    let kept = Arc::clone(&channel);
    host.provide("channel.message/1", move |input| {
        let messages = kept.messages.lock().unwrap();
        let found = messages.iter().find(|(id, _)| input["message"] == id.to_string());
        found.map(|(_, told)| told.clone()).ok_or_else(|| Failure::new(Code::NotFound, ""))
    });
    let kept = Arc::clone(&channel);
    host.provide("channel.window/1", move |_| {
        let can_send = kept.may_send.load(Ordering::Relaxed);
        // As open as can be: what the inbox itself knows must be enough.
        let until = kept.host.now() + TimeDelta::days(30);
        Ok(json!({ "until": until, "left": if can_send { 99 } else { 0 }, "can_send": can_send }))
    });
    let kept = Arc::clone(&channel);
    host.provide("channel.send/1", move |input| {
        let asked = kept.has_menus.load(Ordering::Relaxed) && input["choices"].is_array();
        kept.sends.lock().unwrap().push(input);
        Ok(json!({ "result": *kept.result.lock().unwrap(), "asked": asked }))
    });
    channel
}

impl Channel {
    /// A follower sends a text: the channel keeps it, asks for a reply and tells of it. Returns the reply.
    pub fn receive(&self, follower: Uuid, text: &str) -> Option<String> {
        let message = self.keep(follower, text, self.host.now());
        let reply = self.ask(follower, message, text);
        self.tell(follower, message);
        reply
    }

    /// Keeps a message without saying so.
    pub fn keep(&self, follower: Uuid, text: &str, at: DateTime<Utc>) -> Uuid {
        let message = id();
        let told = json!({ "follower": follower, "at": at, "kind": "text", "text": text });
        self.messages.lock().unwrap().push((message, told));
        message
    }

    pub fn ask(&self, follower: Uuid, message: Uuid, text: &str) -> Option<String> {
        let can_send = self.may_send.load(Ordering::Relaxed);
        let asked = json!({ "follower": follower, "message": message, "text": text, "can_send": can_send });
        let told = self.host.service("inbox.reply/1", asked).unwrap();
        told["reply"].as_str().map(str::to_owned)
    }

    pub fn tell(&self, follower: Uuid, message: Uuid) {
        let at = self.host.now();
        self.host
            .hear("message.received", json!({ "follower": follower, "message": message, "at": at, "kind": "text" }));
    }

    /// The follower leaves: the channel forgets the messages and tells of it.
    pub fn leave(&self, follower: Uuid) {
        self.messages.lock().unwrap().retain(|(_, told)| told["follower"] != follower.to_string());
        self.host.hear("follower.lost", json!({ "follower": follower, "at": self.host.now() }));
    }

    pub fn sent(&self) -> usize {
        self.sends.lock().unwrap().len()
    }
}

/// Enters a question by hand as student 3, and returns the address of what can be done with it.
pub fn enter(host: &TestHost, text: &str) -> String {
    let sent = host.as_student(3).post("/questions", &[("text", text)]);
    assert_eq!(sent.redirects_to("/").notice(), Some("question-added"));
    address(host, text)
}

/// The address of the question that was asked with this text.
pub fn address(host: &TestHost, text: &str) -> String {
    let table = host.rows("select id from question where text = $1 order by id desc", vec![text.into()]);
    let plugin_sdk::protocol::value::Value::Uuid { uuid } = table.rows[0][0] else { panic!("no id") };
    format!("/questions/{uuid}")
}

pub fn claim(host: &TestHost, question: &str) -> String {
    let claimed = host.post(&format!("{question}/claim"), &[]);
    claimed.notice().unwrap_or_else(|| panic!("{claimed:?}")).to_owned()
}

pub fn answer(host: &TestHost, question: &str, text: &str) -> plugin_test::Answer {
    host.post(&format!("{question}/answer"), &[("text", text)])
}

/// Claims and answers.
pub fn settle(host: &TestHost, question: &str, text: &str) {
    assert_eq!(claim(host, question), "claim-done");
    answer(host, question, text).redirects_to(question);
}

/// Every value of every table, as text.
pub fn everything(host: &TestHost) -> String {
    let tables =
        ["question", "message", "claim", "assignment", "response", "faq", "pair", "review", "day_total", "departure"];
    let rows = |table: &&str| format!("{:?}", host.rows(&format!("select * from {table}"), Vec::new()).rows);
    tables.iter().map(rows).collect()
}

/// How each message of a student has got on, in order.
pub fn deliveries(host: &TestHost) -> Vec<String> {
    let rows = host.rows("select delivery from message where author = 'student' order by at, id", Vec::new()).rows;
    rows.iter().map(|row| format!("{:?}", row[0]).replace("Text(\"", "").replace("\")", "")).collect()
}
