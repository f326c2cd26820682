//! Followers of a class's account, what the channel tells of them, and what becomes of it.

use std::time::Duration;

use plugin_sdk::serde_json::{Value, json};
use plugin_sdk::uuid::Uuid;
use plugin_test::TestHost;

pub const DAY: u64 = 86_400;

pub fn host() -> TestHost {
    let host = TestHost::new(&fan_tracking::PLUGIN);
    // The first look at the page gives every student a word.
    host.get("/credit").expect(200);
    host
}

pub fn fan(number: u128) -> Uuid {
    Uuid::from_u128(0xfa_0000_0000 + number)
}

pub fn gained(host: &TestHost, number: u128) {
    host.hear("follower.gained", json!({ "follower": fan(number), "at": host.now(), "again": false }));
}

pub fn lost(host: &TestHost, number: u128) {
    host.hear("follower.lost", json!({ "follower": fan(number), "at": host.now() }));
}

/// The word of the student with this number on the roster.
pub fn word(host: &TestHost, student: u32) -> String {
    host.as_student(student).get("/credit").values()["word"].as_str().unwrap().to_owned()
}

pub fn claim(host: &TestHost, number: u128, text: &str) -> Value {
    host.service("fans.claim/1", json!({ "follower": fan(number), "message": Uuid::nil(), "text": text })).unwrap()
}

pub fn own(host: &TestHost, student: u32) -> Value {
    host.as_student(student).get("/credit").values()["own"].clone()
}

pub fn pass(host: &TestHost, seconds: u64) {
    host.advance(Duration::from_secs(seconds));
}

pub fn credited(host: &TestHost, student: u32) -> i64 {
    let person = host.as_student(student).person();
    let facts = host.facts();
    let found = facts.students.iter().find(|facts| facts.person == person);
    found.and_then(|facts| facts.values.get("credited")?.as_i64()).unwrap_or_default()
}
