//! An answer that was handed over with a reply waits again when the reply did not go out.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use kit::{address, channel, host, id, on_duty, settle};
use plugin_sdk::serde_json::{Value, json};
use plugin_sdk::uuid::Uuid;
use plugin_test::TestHost;

fn ask(host: &TestHost, follower: Uuid, message: Uuid, text: &str, more: Value) -> Option<String> {
    let mut asked = json!({ "follower": follower, "message": message, "text": text, "can_send": false });
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let said = host.service("inbox.reply/1", asked).unwrap();
    said["reply"].as_str().map(str::to_owned)
}

/// A follower for whom an answer waits.
fn waiting(host: &TestHost) -> Uuid {
    let channel = channel(host, false);
    on_duty(host, &[1]);
    let asker = id();
    channel.receive(asker, "怎么进读者群呢");
    settle(&host.as_student(1), &address(host, "怎么进读者群呢"), "在菜单里。");
    asker
}

#[test]
fn a_reply_that_did_not_go_out_is_given_with_the_next_message() {
    for text in ["查", "还有别的问题想问", "谢谢"] {
        let host = host();
        let asker = waiting(&host);
        let lost = id();
        assert!(ask(&host, asker, lost, text, json!({})).unwrap().starts_with("在菜单里。"));
        // The channel did not hear it. A message of another follower changes nothing.
        ask(&host, id(), id(), "查", json!({ "unsaid": [lost] }));
        let again = ask(&host, asker, id(), "查", json!({ "unsaid": [lost] })).unwrap();
        assert!(again.starts_with("在菜单里。"), "{text}: {again}");
        let later = ask(&host, asker, id(), "查", json!({ "unsaid": [lost] })).unwrap();
        assert!(!later.contains("在菜单里。"), "once: {later}");
    }
}

#[test]
fn a_message_that_comes_again_gets_the_same_answer_even_a_day_later() {
    let host = host();
    let asker = waiting(&host);
    // The conversation is over, so that the word becomes part of no question.
    host.advance(std::time::Duration::from_secs(30 * 3_600));
    let message = id();
    let first = ask(&host, asker, message, "查", json!({})).unwrap();
    assert!(first.starts_with("在菜单里。"), "{first}");
    assert_eq!(ask(&host, asker, message, "查", json!({})), Some(first));
}

#[test]
fn a_claim_word_takes_the_answers_along_and_is_no_question() {
    let host = host();
    let asker = waiting(&host);
    let more = json!({ "only_waiting": true, "room": 590 });
    assert!(ask(&host, asker, id(), "A011", more.clone()).unwrap().starts_with("在菜单里。"));
    assert_eq!(ask(&host, asker, id(), "A011", more), None);
    assert_eq!(ask(&host, asker, id(), "A011", json!({ "may_be_claim": true })), None);
    assert_eq!(host.get("/").values()["count"], 0, "none of them waits for an answer");
    host.advance(std::time::Duration::from_secs(60));
    assert!(ask(&host, asker, id(), "A011", json!({})).is_some());
    assert_eq!(host.get("/").values()["count"], 1, "a word that is nobody's is a question");
}

#[test]
fn an_automatic_answer_that_did_not_go_out_is_given_later() {
    let host = host();
    let asker = waiting(&host);
    ask(&host, asker, id(), "查", json!({}));
    let lost = id();
    let sql = "update message set author = 'faq', handed_in = $1 where author = 'student'";
    host.change(sql, vec![lost.into()]);
    assert!(ask(&host, asker, id(), "查", json!({ "unsaid": [lost] })).unwrap().starts_with("在菜单里。"));
}

#[test]
fn a_reply_is_never_longer_than_the_room_it_has() {
    for (room, expected) in [(20, "在菜单里。"), (4, "在菜单…"), (1, "…")] {
        let host = host();
        let asker = waiting(&host);
        let said = ask(&host, asker, id(), "A011", json!({ "only_waiting": true, "room": room }));
        assert_eq!(said.as_deref(), Some(expected));
    }
}

#[test]
fn an_answer_that_did_not_arrive_is_sent_or_waits_without_another_message() {
    for (may_send, delivery) in [(true, "sent"), (false, "waiting")] {
        let host = host();
        let asker = waiting(&host);
        let lost = id();
        assert!(ask(&host, asker, lost, "查", json!({})).unwrap().starts_with("在菜单里。"));
        let channel = channel(&host, may_send);
        for _ in 0..2 {
            host.hear("reply.missed", json!({ "follower": asker, "message": lost }));
            let found = host.rows("select delivery from message where author = 'student'", Vec::new()).rows;
            assert_eq!(format!("{found:?}"), format!("[[Text({delivery:?})]]"));
            assert_eq!(channel.sent(), usize::from(may_send), "once");
        }
        let later = ask(&host, asker, id(), "查", json!({})).unwrap();
        assert_eq!(later.starts_with("在菜单里。"), !may_send, "{later}");
    }
}
