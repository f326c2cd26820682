//! The callback in the kit: who may call it, what it keeps, what it answers, and what a repeat gets.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use std::time::Duration;

use kit::vectors::{BAD, GOOD, Vector};
use kit::{FAN, KEY, call, event, everything, host, reply, signed, tell, text, told};
use plugin_sdk::protocol::{Code, Failure};
use plugin_sdk::serde_json::{Value, json};
use plugin_test::TestHost;

fn encrypted(vector: &Vector) -> (String, String) {
    let query = format!("{}&encrypt_type=aes&msg_signature={}", signed(), vector.signature);
    (
        query,
        format!("<xml><ToUserName>gh_class2026</ToUserName><Encrypt><![CDATA[{}]]></Encrypt></xml>", vector.encrypted),
    )
}

fn deliver(host: &TestHost, vector: &Vector) -> plugin_test::Answer {
    let (query, body) = encrypted(vector);
    call(host, &query, &body)
}

#[test]
fn the_platform_checks_the_address() {
    let host = host().as_visitor();
    let ok = host.get(&format!("/callback?{}&echostr=4375120948345356249", signed()));
    assert_eq!(ok.expect(200).bytes(), b"4375120948345356249");
    for wrong in ["", "?signature=", "?signature=00&timestamp=1772323200&nonce=1320562132&echostr=1"] {
        host.get(&format!("/callback{wrong}")).expect(403);
    }
    let steps = host.as_teacher().get("/account").values()["steps"].clone();
    assert_eq!((&steps[2]["done"], &steps[3]["done"]), (&json!(true), &json!(false)));
}

#[test]
fn nothing_is_taken_before_token_and_app_id_are_set() {
    let host = TestHost::new(&wechat::PLUGIN);
    tell(&host, &text(FAN, 1, 1, "a")).expect(403);
    assert_eq!(host.get("/account").values()["faults"][0]["word"], "fault-setup");
}

#[test]
fn every_vector_is_read_and_answered_encrypted() {
    for vector in &GOOD {
        let host = host();
        let answer = deliver(&host, vector);
        let text = String::from_utf8(answer.expect(200).bytes().to_vec()).unwrap();
        assert!(text.starts_with("<xml><Encrypt>") && !text.contains("<Content>"), "{}: {text}", vector.name);
        assert!(host.get("/account").values()["callbacks"][0]["encrypted"] == true);
        let name = if vector.name == "subscribe_qr" { "follower.gained" } else { "message.received" };
        assert_eq!(told(&host), [name], "{}", vector.name);
    }
    let host = host();
    deliver(&host, &GOOD[0]);
    let message = host.events()[0].data["message"].clone();
    let told = host.service("channel.message/1", json!({ "message": message })).unwrap();
    assert_eq!((&told["text"], &told["kind"]), (&json!("请问报名什么时候截止?😀"), &json!("text")));
    assert_eq!(told["at"], "2026-03-01T00:00:00Z");
    let scanned = self::host();
    deliver(&scanned, &GOOD[5]).expect(200);
    assert_eq!(scanned.events()[0].data["scene"], "stu_A07");
}

#[test]
fn what_must_be_refused_is_refused_and_leaves_nothing() {
    let host = host();
    for vector in &BAD {
        deliver(&host, vector).expect(403);
    }
    let (query, body) = encrypted(&GOOD[0]);
    for wrong in [
        query.replace("msg_signature=3", "msg_signature=4"),
        query.replace("&signature=b", "&signature=c").replace("signature=b", "signature=c"),
        query.replace("timestamp=1772323200", "timestamp=1772323201"),
        query.replace("nonce=1320562132", "nonce=1320562133"),
        query.replace(
            &format!("msg_signature={}", GOOD[0].signature),
            &format!("msg_signature={}", kit::vectors::URL_SIGNATURE),
        ),
        String::new(),
    ] {
        call(&host, &wrong, &body).expect(403);
    }
    call(&host, &query, &body.replace("aZxP", "aZxQ")).expect(403);
    call(&host, &query, "<xml><ToUserName>gh</ToUserName></xml>").expect(403);
    host.set("app_id", "wxother");
    deliver(&host, &GOOD[0]).expect(403);
    assert!(host.events().is_empty());
    assert!(host.rows("select 1 as one from delivery", Vec::new()).rows.is_empty());
    assert!(host.rows("select 1 as one from follower", Vec::new()).rows.is_empty());
}

#[test]
fn the_previous_key_still_reads_and_answers() {
    let host = host();
    host.set("aes_key", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG");
    deliver(&host, &GOOD[0]).expect(403);
    let page = host.get("/account");
    assert_eq!(page.values()["faults"][0]["word"], "fault-key");
    host.set("aes_key_previous", KEY);
    deliver(&host, &GOOD[0]).expect(200);
}

#[test]
fn plain_messages_are_taken_only_where_the_teacher_says_so() {
    let host = host();
    host.set("encrypted_only", true);
    tell(&host, &text(FAN, 5, 1, "a")).expect(403);
    assert_eq!(host.get("/account").values()["faults"][0]["word"], "fault-plain");
    host.set("encrypted_only", false);
    assert_eq!(reply(&tell(&host, &text(FAN, 5, 1, "a"))), "收到，谢谢留言！");
    let json = json!({
        "ToUserName": "gh_class2026", "FromUserName": FAN, "CreateTime": 6, "MsgType": "text", "Content": "b", "MsgId": 2,
    });
    assert_eq!(reply(&tell(&host, &json.to_string())), "收到，谢谢留言！");
    assert_eq!(told(&host), ["message.received", "message.received"]);
}

#[test]
fn what_is_no_message_is_refused() {
    let host = host();
    for bad in ["", "hello", "<xml>", "<xml></xml>", "{}", "[]", "<xml><MsgType>text</MsgType></xml>"] {
        tell(&host, bad).expect(400);
    }
    assert_eq!(host.get("/account").values()["faults"][0]["count"], 1, "those of a minute are one");
    assert!(host.events().is_empty());
}

#[test]
fn the_tools_are_asked_in_turn_and_the_teacher_has_the_last_word() {
    let host = host();
    host.provide("fans.claim/1", |asked| {
        Ok(if asked["text"] == "A07" { json!({ "reply": "记在 A07 名下了" }) } else { json!({}) })
    });
    host.provide("inbox.reply/1", |asked| {
        assert_eq!(asked["can_send"], false);
        Ok(if asked["text"] == "查" { json!({ "reply": "好".repeat(700) }) } else { json!({ "reply": " " }) })
    });
    assert_eq!(reply(&tell(&host, &text(FAN, 1, 1, "A07"))), "记在 A07 名下了");
    let long = reply(&tell(&host, &text(FAN, 2, 2, "查")));
    assert_eq!((long.chars().count(), long.chars().last()), (600, Some('…')));
    assert_eq!(reply(&tell(&host, &text(FAN, 3, 3, "别的"))), "收到，谢谢留言！");
    host.set("fallback", "");
    assert_eq!(tell(&host, &text(FAN, 4, 4, "别的")).expect(200).bytes(), b"success");
    assert_eq!(reply(&tell(&host, &event(FAN, 5, "CLICK", "<EventKey>A07</EventKey>"))), "记在 A07 名下了");
}

#[test]
fn a_tool_that_fails_is_left_out() {
    let host = host();
    host.provide("fans.claim/1", |_| Err(Failure::new(Code::Panic, "lost")));
    host.provide("inbox.reply/1", |_| Ok(json!(["nonsense"])));
    assert_eq!(reply(&tell(&host, &text(FAN, 1, 1, "a"))), "收到，谢谢留言！");
}

#[test]
fn a_tool_that_is_slow_is_left_out() {
    let host = host();
    let ended = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    for service in ["fans.claim/1", "inbox.reply/1"] {
        let ended = ended.clone();
        host.provide(service, move |_| {
            // Longer than the platform waits; nobody waits for this thread.
            std::thread::park_timeout(Duration::from_secs(60));
            ended.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Ok(json!({ "reply": "too late" }))
        });
    }
    assert_eq!(reply(&tell(&host, &text(FAN, 1, 1, "a"))), "收到，谢谢留言！");
    assert_eq!(ended.load(std::sync::atomic::Ordering::SeqCst), 0);
}

#[test]
fn three_at_the_same_moment_are_one_with_one_answer() {
    let host = host();
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = asked.clone();
    host.provide("inbox.reply/1", move |_| {
        let number = counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        std::thread::park_timeout(Duration::from_millis(30));
        Ok(json!({ "reply": format!("answer {number}") }))
    });
    for round in 0..10 {
        let message = text(FAN, 100 + round, 1_000 + u64::try_from(round).unwrap(), "a");
        let bytes: Vec<Vec<u8>> = std::thread::scope(|scope| {
            let calls = [0; 3].map(|_| scope.spawn(|| tell(&host, &message).expect(200).bytes().to_vec()));
            calls.into_iter().map(|call| call.join().unwrap()).collect()
        });
        assert!(bytes.windows(2).all(|pair| pair[0] == pair[1]), "{bytes:?}");
        assert_eq!(tell(&host, &message).bytes(), bytes[0], "and later too");
    }
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 10, "each was asked about once");
    assert_eq!(host.events().len(), 10);
    assert_eq!(host.rows("select 1 as one from message", Vec::new()).rows.len(), 10);
    assert_eq!(host.rows("select 1 as one from delivery where repeats = 3", Vec::new()).rows.len(), 10);
}

#[test]
fn a_repeat_takes_over_from_a_worker_that_is_gone() {
    let host = host();
    let message = text(FAN, 5, 1, "a");
    host.provide("inbox.reply/1", |_| Ok(json!({ "reply": "first" })));
    assert_eq!(reply(&tell(&host, &message)), "first");
    // The first recorded it and was killed before it had an answer.
    let open = "update delivery set answered_at = null, reply = null";
    host.change(&format!("{open}, leased_until = $1"), vec![host.now().into()]);
    host.provide("inbox.reply/1", |_| Ok(json!({ "reply": "second" })));
    assert_eq!(reply(&tell(&host, &message)), "second");
    assert_eq!(reply(&tell(&host, &message)), "second");
    assert_eq!(host.events().len(), 1);
    // While somebody may still be at it, the platform is told to ask again.
    host.change(
        &format!("{open}, leased_until = $1"),
        vec![(host.now() + plugin_sdk::chrono::TimeDelta::hours(1)).into()],
    );
    tell(&host, &message).expect(503);
}

#[test]
fn pages_show_no_content_and_no_secret() {
    let host = host();
    host.set("app_secret", kit::SECRET);
    tell(&host, &text(FAN, 5, 1, "很私密的话"));
    for page in [host.get("/account"), host.get("/"), host.as_student(1).get("/")] {
        let values = page.values().to_string();
        for hidden in [FAN, "很私密的话", kit::TOKEN, KEY, kit::SECRET] {
            assert!(!values.contains(hidden), "{hidden} in {values}");
        }
    }
    host.as_student(1).get("/account").expect(403);
    assert_eq!(host.get("/account").values()["callbacks"][0]["kind"], "kind-text");
    let _: Value = host.service("channel.tier/1", json!({})).unwrap();
}

#[test]
fn without_a_key_what_is_in_the_clear_is_read_where_that_is_allowed() {
    let host = host();
    host.set("aes_key", "");
    let both = text(FAN, 1, 1, "明文也在").replace("</xml>", "<Encrypt><![CDATA[x]]></Encrypt></xml>");
    let query = format!("{}&encrypt_type=aes&msg_signature=x", signed());
    call(&host, &query, &both).expect(200);
    assert!(everything(&host).contains("明文也在"));
    host.set("encrypted_only", true);
    call(&host, &query, &both.replace("明文也在", "不该读")).expect(403);
    let faults = host.get("/account").values()["faults"].clone();
    assert_eq!((&faults[0]["word"], everything(&host).contains("不该读")), (&json!("fault-no-key"), false));
}
