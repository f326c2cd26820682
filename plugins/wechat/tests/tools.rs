//! What the tools are told with a message, and what happens when they do not answer or nobody is there to.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use std::sync::{Arc, Mutex};

use kit::{FAN, event, everything, host, reply, seconds, tell, text, told};
use plugin_sdk::protocol::{Code, Failure};
use plugin_sdk::serde_json::{Value, json};
use plugin_test::TestHost;

/// An inbox that keeps what it is asked and answers with what it is given.
fn inbox(host: &TestHost, answer: impl Fn(&Value) -> Result<Value, Failure> + Send + Sync + 'static) -> Asked {
    let asked = Asked::default();
    let kept = asked.clone();
    host.provide("inbox.reply/1", move |input| {
        let answer = answer(&input);
        kept.0.lock().unwrap().push(input);
        answer
    });
    asked
}

#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<Value>>>);

impl Asked {
    fn last(&self) -> Value {
        self.0.lock().unwrap().last().unwrap().clone()
    }
}

#[test]
fn answers_that_wait_go_out_with_a_claim_word_too() {
    let host = host();
    host.provide("fans.claim/1", |_| Ok(json!({ "reply": "记下了" })));
    let asked = inbox(&host, |_| Ok(json!({ "reply": "等着的回答" })));
    assert_eq!(reply(&tell(&host, &text(FAN, 1, 1, "A011"))), "记下了\n\n等着的回答");
    assert_eq!((&asked.last()["only_waiting"], &asked.last()["room"]), (&json!(true), &json!(595)));
}

#[test]
fn what_may_be_a_claim_word_is_said_to_be_one() {
    let host = host();
    host.provide("fans.claim/1", |_| Err(Failure::new(Code::Panic, "lost")));
    let asked = inbox(&host, |_| Ok(json!({})));
    tell(&host, &text(FAN, 1, 1, "A011"));
    assert_eq!((&asked.last()["may_be_claim"], &asked.last()["only_waiting"]), (&json!(true), &Value::Null));
    host.provide("fans.claim/1", |_| Ok(json!({})));
    tell(&host, &text(FAN, 2, 2, "B011"));
    assert_eq!(asked.last()["may_be_claim"], Value::Null);
}

#[test]
fn a_picture_is_no_claim_word_and_is_told_as_a_picture() {
    let host = host();
    host.provide("fans.claim/1", |_| panic!("the address of a picture is nobody's word"));
    let asked = inbox(&host, |_| Ok(json!({})));
    let picture = "<MsgType>image</MsgType><PicUrl>http://a/A011</PicUrl><MsgId>1</MsgId>";
    tell(&host, &kit::message(FAN, 1, picture));
    assert_eq!((&asked.last()["kind"], &asked.last()["text"]), (&json!("image"), &json!("http://a/A011")));
}

#[test]
fn the_inbox_hears_of_messages_whose_reply_did_not_go_out() {
    let host = host();
    let asked = inbox(&host, |input| match input["text"].as_str() {
        Some("坏") => Err(Failure::new(Code::Panic, "lost")),
        _ => Ok(json!({ "reply": "好" })),
    });
    assert_eq!(reply(&tell(&host, &text(FAN, 1, 1, "坏"))), "收到，谢谢留言！");
    let message = asked.last()["message"].clone();
    tell(&host, &text(FAN, 2, 2, "一"));
    assert_eq!(asked.last()["unsaid"], json!([message]));
    // It may still be at work on it, so it is told again for a while.
    tell(&host, &text(FAN, 3, 3, "二"));
    assert_eq!(asked.last()["unsaid"], json!([message]));
    host.advance(std::time::Duration::from_secs(120));
    for (number, expected) in [(4, json!([message])), (5, Value::Null)] {
        tell(&host, &text(FAN, number, u64::try_from(number).unwrap(), "三"));
        assert_eq!(asked.last()["unsaid"], expected);
    }
    // Of somebody who never writes again nothing is forgotten meanwhile.
    tell(&host, &text(FAN, 6, 6, "坏"));
    host.advance(std::time::Duration::from_secs(30 * 86_400));
    host.run_job("sweep");
    tell(&host, &text(FAN, seconds(&host), 7, "四"));
    assert_eq!(asked.last()["unsaid"].as_array().unwrap().len(), 1);
}

#[test]
fn a_reply_that_did_not_go_out_is_told_once_to_who_never_writes_again() {
    let host = host();
    inbox(&host, |input| match input["text"].as_str() {
        Some("坏") => Err(Failure::new(Code::Panic, "lost")),
        _ => Ok(json!({ "reply": "好" })),
    });
    let missed = || host.events().into_iter().filter(|event| event.name == "reply.missed").collect::<Vec<_>>();
    tell(&host, &text(FAN, 1, 1, "坏"));
    tell(&host, &text(FAN, 2, 2, "一"));
    host.run_job("missed");
    assert!(missed().is_empty(), "the inbox may still be at work on it");
    host.advance(std::time::Duration::from_secs(65));
    for _ in 0..2 {
        host.run_job("missed");
        assert_eq!(missed().len(), 1);
    }
    let first = host.events().into_iter().find(|event| event.name == "message.received").unwrap();
    for name in ["follower", "message"] {
        assert_eq!(missed()[0].data[name], first.data[name]);
    }
    // A server that died at work has answered nothing.
    host.change("update delivery set answered_at = null where not in_vain", Vec::new());
    host.run_job("missed");
    assert_eq!(missed().len(), 2);
}

#[test]
fn one_whose_worker_dies_is_asked_again() {
    let host = host();
    let times = Mutex::new(0);
    inbox(&host, move |_| {
        let mut times = times.lock().unwrap();
        *times += 1;
        if *times < 3 { Err(Failure::new(Code::WorkerDied, "killed")) } else { Ok(json!({ "reply": "还是我" })) }
    });
    assert_eq!(reply(&tell(&host, &text(FAN, 1, 1, "在吗"))), "还是我");
}

#[test]
fn in_an_archived_class_nothing_is_kept_and_nobody_is_asked() {
    let host = host().in_archived_class();
    host.provide("inbox.reply/1", |_| panic!("nobody answers in an archived class"));
    let before = everything(&host);
    tell(&host, &event(FAN, 1, "subscribe", "")).expect(200);
    assert_eq!(tell(&host, &text(FAN, 2, 1, "在吗")).expect(200).bytes(), b"success");
    assert_eq!(everything(&host), before);
    // Who leaves is heard, even if the channel knew nobody.
    tell(&host, &event(FAN, 3, "unsubscribe", "")).expect(200);
    assert_eq!(told(&host), ["follower.lost"]);
    assert!(!everything(&host).contains(FAN));
    host.post("/account/probe", &[]).expect(409);
}
