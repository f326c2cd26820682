//! What may be sent to a follower, and what becomes of it, in the kit.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use std::time::Duration;

use kit::interface::{SEND, in_tier, send, tier, who_wrote};
use kit::{FAN, event, everything, follower, seconds, tell, text};
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::json;

#[test]
fn five_messages_within_48_hours_and_not_one_call_more() {
    let (host, interface) = in_tier("S");
    let id = who_wrote(&host);
    let window = host.service("channel.window/1", json!({ "follower": id })).unwrap();
    assert_eq!((&window["left"], &window["can_send"]), (&json!(5), &json!(true)));
    for number in 1..=5 {
        let told = send(&host, &id, &format!("key {number}"));
        assert_eq!((&told["result"], &told["left"]), (&json!("sent"), &json!(5 - number)));
    }
    assert_eq!(send(&host, &id, "key 6")["result"], "quota-used");
    assert_eq!(send(&host, &id, "key 1")["result"], "sent", "the same key is not sent again");
    assert_eq!(interface.calls(SEND), 5);
    assert_eq!(interface.change(|state| state.sent[0].clone()), (FAN.to_owned(), "答案".to_owned()));
    let window = host.service("channel.window/1", json!({ "follower": id })).unwrap();
    assert_eq!((&window["left"], &window["can_send"]), (&json!(0), &json!(false)));

    tell(&host, &text(FAN, seconds(&host), 2, "b"));
    host.advance(Duration::from_secs(48 * 3_600));
    let late = send(&host, &id, "key 7");
    assert_eq!(late["result"], "window-closed");
    assert!(late["hint"]["zh"].as_str().unwrap().contains("48 小时"));
    assert_eq!(interface.calls(SEND), 5);
    tell(&host, &text(FAN, seconds(&host), 3, "c"));
    assert_eq!(send(&host, &id, "key 7")["result"], "sent");
}

#[test]
fn three_within_a_minute_of_following_or_clicking() {
    let (host, interface) = in_tier("S");
    for (name, key) in [("subscribe", ""), ("SCAN", "s"), ("CLICK", "menu")] {
        let at = seconds(&host);
        tell(&host, &event(FAN, at, name, &format!("<EventKey>{key}</EventKey>")));
        let id = follower(&host);
        for number in 1..=3 {
            assert_eq!(send(&host, &id, &format!("{name} {number}"))["result"], "sent", "{name}");
        }
        assert_eq!(send(&host, &id, &format!("{name} 4"))["result"], "quota-used");
        host.advance(Duration::from_secs(60));
        assert_eq!(send(&host, &id, &format!("{name} 5"))["result"], "window-closed");
    }
    assert_eq!(interface.calls(SEND), 9);
}

#[test]
fn many_who_send_at_once_send_no_more_than_five() {
    let (host, interface) = in_tier("F");
    let id = who_wrote(&host);
    let results: Vec<String> = std::thread::scope(|scope| {
        let sends: Vec<_> = (0..12)
            .map(|number| {
                let (host, id) = (&host, id.as_str());
                // Four of them have the key of another one.
                scope.spawn(move || {
                    send(host, id, &format!("key {}", number % 8))["result"].as_str().unwrap().to_owned()
                })
            })
            .collect();
        sends.into_iter().map(|send| send.join().unwrap()).collect()
    });
    assert!(interface.calls(SEND) <= 5, "{results:?}");
    assert_eq!(interface.change(|state| state.sent.len()), 5);
    assert_eq!(host.rows("select 1 as one from sent where state = 'sent'", Vec::new()).rows.len(), 5);
}

#[test]
fn what_the_platform_refuses_is_understood() {
    let (host, interface) = in_tier("S");
    let cases = [
        (45_015, "window-closed", 0),
        (45_047, "quota-used", 0),
        (43_004, "gone", 5),
        (40_003, "gone", 5),
        (48_001, "not-permitted", 5),
        (45_009, "failed", 5),
        (-1, "failed", 5),
    ];
    for (number, (code, result, left)) in cases.into_iter().enumerate() {
        tell(&host, &text(FAN, seconds(&host), 10 + number as u64, "a"));
        let id = follower(&host);
        interface.change(|state| state.answers.insert(SEND.into(), json!({ "errcode": code, "errmsg": "x" })));
        let told = send(&host, &id, &format!("key {code}"));
        assert_eq!((&told["result"], &told["left"]), (&json!(result), &json!(left)), "{code}");
        assert!(told["hint"]["zh"].is_string() && told["hint"]["en"].is_string());
    }
    interface.change(|state| state.answers.clear());
    assert_eq!(host.scheduled()[0].job, "probe", "a permission that is gone means another tier");
    interface.change(|state| state.tier = "U".into());
    host.advance(Duration::from_secs(1));
    assert_eq!(tier(&host)["tier"], "U");
    assert!(host.scheduled().is_empty());
    let calls = interface.calls(SEND);
    tell(&host, &text(FAN, seconds(&host), 99, "a"));
    assert_eq!(send(&host, &follower(&host), "later")["result"], "not-permitted");
    assert_eq!(interface.calls(SEND), calls);
}

#[test]
fn a_message_that_may_have_arrived_is_never_sent_again() {
    let (host, interface) = in_tier("S");
    let id = who_wrote(&host);
    interface.change(|state| state.is_lost = true);
    let told = send(&host, &id, "a");
    assert_eq!((&told["result"], &told["left"]), (&json!("failed"), &json!(4)));
    assert!(told["hint"]["zh"].as_str().unwrap().contains("不确定"));
    interface.change(|state| state.is_lost = false);
    assert_eq!(send(&host, &id, "a")["result"], "failed");
    assert_eq!(interface.change(|state| state.sent.len()), 1);
    // One that never reached the platform may.
    interface.change(|state| state.is_away = true);
    assert_eq!(send(&host, &id, "b")["result"], "failed");
    interface.change(|state| state.is_away = false);
    assert_eq!(send(&host, &id, "b")["result"], "sent");
}

#[test]
fn nobody_is_written_to_who_has_left_and_in_no_lower_tier() {
    let (host, interface) = in_tier("U");
    let id = who_wrote(&host);
    assert_eq!(tier(&host)["tier"], "U");
    assert_eq!(send(&host, &id, "a")["result"], "not-permitted");
    let window = host.service("channel.window/1", json!({ "follower": id })).unwrap();
    assert_eq!((&window["left"], &window["can_send"]), (&json!(0), &json!(false)));
    interface.change(|state| state.tier = "S".into());
    host.run_job("probe");
    assert_eq!(send(&host, &id, "a")["result"], "sent");
    tell(&host, &event(FAN, seconds(&host) + 1, "unsubscribe", ""));
    assert_eq!(send(&host, &id, "b")["result"], "gone");
    assert!(!everything(&host).contains(&id));
    for (text, key) in [("", "a"), (" ", "a"), (&*"长".repeat(601), "a"), ("a", "")] {
        let asked = json!({ "follower": id, "text": text, "key": key });
        assert_eq!(host.service("channel.send/1", asked).unwrap_err().code, Code::BadRequest);
    }
}

#[test]
fn what_failed_before_the_platform_was_asked_is_sent_the_next_time() {
    let (host, interface) = in_tier("S");
    host.advance(Duration::from_secs(2 * 3_600));
    let id = who_wrote(&host);
    // The token comes too late.
    interface.change(|state| state.is_lost = true);
    let told = send(&host, &id, "a");
    assert_eq!((&told["result"], &told["left"]), (&json!("failed"), &json!(5)));
    interface.change(|state| state.is_lost = false);
    assert_eq!(send(&host, &id, "a")["result"], "sent");
    // Its own tables fail.
    host.change("update access_token set sealed = x'00'", Vec::new());
    let asked = || host.service("channel.send/1", json!({ "follower": id, "text": "再答", "key": "b" }));
    assert!(asked().is_err());
    host.change("update access_token set sealed = null", Vec::new());
    let told = asked().unwrap();
    assert_eq!((&told["result"], &told["left"]), (&json!("sent"), &json!(3)));
    assert_eq!(interface.change(|state| state.sent.len()), 2);
}

#[test]
fn a_key_is_its_callers() {
    let (host, interface) = in_tier("S");
    let id = who_wrote(&host);
    let asked = || json!({ "follower": id, "text": "答案", "key": "1" });
    for caller in ["one", "two", "one"] {
        assert_eq!(host.service_for(caller, "channel.send/1", asked()).unwrap()["result"], "sent");
    }
    assert_eq!(interface.change(|state| state.sent.len()), 2);
}

#[test]
fn a_service_account_lets_followers_tap_what_they_think() {
    let asked = |id: &str, key: &str| json!({ "follower": id, "text": "在菜单里。", "key": key, "asks": "有用吗？", "choices": ["有用", "没帮上"] });
    let (host, interface) = in_tier("F");
    let id = who_wrote(&host);
    assert_eq!(host.service("channel.send/1", asked(&id, "a")).unwrap()["asked"], true);
    let menu = interface.change(|state| state.menus.clone());
    assert_eq!((menu.len(), &menu[0]["head_content"]), (1, &json!("在菜单里。\n\n有用吗？")));
    assert_eq!(menu[0]["list"], json!([{ "id": "1", "content": "有用" }, { "id": "2", "content": "没帮上" }]));
    // A test account has no menus in messages: the text goes out alone, once.
    interface.change(|state| state.has_no_menus = true);
    let told = host.service("channel.send/1", asked(&id, "b")).unwrap();
    assert_eq!((&told["result"], &told["asked"], &told["left"]), (&json!("sent"), &json!(null), &json!(3)));
    assert_eq!(interface.change(|state| state.sent.len()), 1);
    let (lower, interface) = in_tier("S");
    let id = who_wrote(&lower);
    assert_eq!(lower.service("channel.send/1", asked(&id, "a")).unwrap()["asked"], json!(null));
    assert_eq!(interface.change(|state| state.sent.len()), 1);
    for choices in [json!(["one"]), json!(["", "b"]), json!([1, 2])] {
        let wrong = json!({ "follower": id, "text": "a", "key": "c", "choices": choices });
        assert_eq!(lower.service("channel.send/1", wrong).unwrap_err().place.as_deref(), Some("choices"));
    }
}
