//! Bodies and orders that nobody thought of. More of them with `COURSE_TESTS_BODIES` and `COURSE_TESTS_ORDERS`.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use std::collections::{BTreeMap, HashMap};

use kit::vectors::GOOD;
use kit::{call, event, everything, host, signed, tell, text};
use plugin_sdk::chrono::{DateTime, Utc};
use plugin_sdk::protocol::Code;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

fn runner(variable: &str, cases: u32) -> TestRunner {
    let cases = std::env::var(variable).ok().and_then(|count| count.parse().ok()).unwrap_or(cases);
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

/// Anything, and messages with something wrong in them.
fn bodies() -> impl Strategy<Value = String> {
    let good = text(kit::FAN, 1_772_323_200, 7, "你好 &amp; <b>");
    let names =
        prop::sample::select(vec!["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "MsgId", "Encrypt"]);
    let element = (names, any::<String>()).prop_map(|(name, text)| format!("<{name}>{text}</{name}>"));
    let elements = prop::collection::vec(element, 0..8).prop_map(|all| format!("<xml>{}</xml>", all.concat()));
    let broken = (Just(good), any::<Index>(), any::<Index>(), any::<String>()).prop_map(|(good, from, to, put)| {
        let characters: Vec<char> = good.chars().collect();
        let (from, to) = (from.index(characters.len()), to.index(characters.len()));
        let (from, to) = (from.min(to), from.max(to));
        characters[..from].iter().copied().chain(put.chars()).chain(characters[to..].iter().copied()).collect()
    });
    prop_oneof![any::<String>(), elements, broken]
}

#[test]
fn no_body_makes_it_fall_over() {
    let host = host();
    let answered = runner("COURSE_TESTS_BODIES", 500).run(&bodies(), |body| {
        let answer = tell(&host, &body);
        // 403: an account of another name.
        prop_assert!([200, 400, 403].contains(&answer.status()), "{} for {body:?}", answer.status());
        prop_assert_eq!(answer.code(), Code::Ok);
        Ok(())
    });
    answered.unwrap();
}

#[test]
fn no_ciphertext_makes_it_fall_over() {
    let host = host();
    let vector = &GOOD[0];
    let changed = (any::<Index>(), any::<u8>(), any::<Index>());
    let answered = runner("COURSE_TESTS_BODIES", 300).run(&changed, |(place, put, end)| {
        // Signed as by somebody who knows the token and not the key.
        let mut text: Vec<u8> = vector.encrypted.bytes().collect();
        let place = place.index(text.len());
        text[place] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="[usize::from(put) % 65];
        text.truncate(end.index(text.len()) + 1);
        let text = String::from_utf8(text).unwrap();
        let query = format!("{}&encrypt_type=aes&msg_signature={}", signed(), kit::sign(&text));
        let answer = call(&host, &query, &format!("<xml><Encrypt>{text}</Encrypt></xml>"));
        prop_assert!([200, 400, 403].contains(&answer.status()), "{} for {text}", answer.status());
        Ok(())
    });
    answered.unwrap();
}

/// Somebody follows, writes and leaves, all told at the same moment: nothing of them stays.
#[test]
fn who_leaves_while_they_are_told_to_come_is_forgotten() {
    let host = host();
    for round in 0..60 {
        let (openid, at) = (format!("oPerson{round}"), host.now().timestamp() - 100);
        let calls = [
            event(&openid, at, "subscribe", ""),
            text(&openid, at + 1, round + 1, "words"),
            event(&openid, at + 2, "unsubscribe", ""),
        ];
        std::thread::scope(|scope| {
            for call in &calls {
                scope.spawn(|| assert_eq!(tell(&host, call).status(), 200));
            }
        });
        assert!(!everything(&host).contains(&openid), "round {round}");
    }
    let count = |name: &str| host.events().iter().filter(|event| event.name == name).count();
    assert_eq!((count("follower.gained"), count("follower.lost")), (60, 60));
}

/// The time in a call.
fn created(call: &str) -> i64 {
    call.split_once("<CreateTime>").unwrap().1.split_once('<').unwrap().0.parse().unwrap()
}

/// Some people follow, write and leave; each call comes up to three times, in any order. In the end the tables hold those
/// and only those who follow, with what they have written since, once; and the tools have heard of every following and
/// every departure once, with the time at which it was.
#[test]
fn any_order_of_repeats_ends_in_the_same_truth() {
    // Person, what, how long after the last.
    let step = (0..3_usize, 0..3_u8, 1..30_i64);
    let order = prop::collection::vec((any::<Index>(), 1..4_usize), 12);
    let story = (prop::collection::vec(step, 1..12), order);
    let told = runner("COURSE_TESTS_ORDERS", 40).run(&story, |(steps, order)| {
        let host = host();
        let mut at = host.now().timestamp() - 10_000;
        let mut follows = [false; 3];
        let mut calls = Vec::new();
        let mut wrote: HashMap<usize, Vec<usize>> = HashMap::new();
        for (number, (person, what, later)) in steps.into_iter().enumerate() {
            at += later;
            let openid = format!("oPerson{person}");
            // Nobody writes who does not follow, and nobody follows twice.
            calls.push(match (what, follows[person]) {
                (0, false) | (1, false) => {
                    follows[person] = true;
                    event(&openid, at, "subscribe", "")
                }
                (2, true) => {
                    follows[person] = false;
                    wrote.remove(&person);
                    event(&openid, at, "unsubscribe", "")
                }
                (_, true) => {
                    wrote.entry(person).or_default().push(number);
                    text(&openid, at, number as u64 + 1, &format!("words {number}."))
                }
                (_, false) => continue,
            });
        }
        // Shuffled, with repeats.
        let mut deliveries: Vec<String> = Vec::new();
        for (call, (place, times)) in calls.iter().zip(&order) {
            for _ in 0..*times {
                deliveries.insert(place.index(deliveries.len() + 1), call.clone());
            }
        }
        for delivery in &deliveries {
            prop_assert_eq!(tell(&host, delivery).status(), 200);
        }
        let kept = everything(&host);
        for (person, follows) in follows.into_iter().enumerate() {
            prop_assert_eq!(kept.contains(&format!("oPerson{person}")), follows, "{} in {}", person, kept);
            for number in wrote.get(&person).into_iter().flatten() {
                let times = kept.matches(&format!("words {number}.")).count();
                prop_assert_eq!(times, 1, "message {} is there {} times", number, times);
            }
        }
        for (heard, told) in [("follower.gained", "subscribe"), ("follower.lost", "unsubscribe")] {
            let mut times: BTreeMap<i64, i64> = BTreeMap::new();
            for event in host.events().iter().filter(|event| event.name == heard) {
                let time = |name: &str| event.data[name].as_str().map(|at| at.parse::<DateTime<Utc>>().unwrap());
                *times.entry(time("at").unwrap().timestamp()).or_default() += 1;
                if let Some(instead_of) = time("instead_of") {
                    *times.entry(instead_of.timestamp()).or_default() -= 1;
                }
            }
            times.retain(|_, count| *count != 0);
            let told = calls.iter().filter(|call| call.contains(&format!("[{told}]")));
            let expected: BTreeMap<i64, i64> = told.map(|call| (created(call), 1)).collect();
            prop_assert_eq!(times, expected, "{}", heard);
        }
        Ok(())
    });
    told.unwrap();
}
