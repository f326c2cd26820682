//! Who follows, who has left, and what the tools hear of them.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use std::time::Duration;

use kit::{FAN, OTHER_FAN, event, everything, follower, host, reply, seconds, tell, text, told};
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::json;

#[test]
fn a_follower_comes_asks_and_goes() {
    let host = host();
    let now = seconds(&host);
    assert_eq!(
        reply(&tell(&host, &event(FAN, now, "subscribe", ""))),
        "谢谢关注！有问题直接发消息，值班的同学会回答。"
    );
    let gained = &host.events()[0];
    let mut data = gained.data.clone();
    let first = data["follower"].take();
    assert_eq!(data, json!({ "follower": null, "at": "2026-10-12T00:00:00Z", "again": false }));
    tell(&host, &text(FAN, now + 1, 1, "我的电话是一三九"));
    let message = host.events()[1].data["message"].clone();
    assert!(everything(&host).contains(FAN) && everything(&host).contains("一三九"));

    assert_eq!(tell(&host, &event(FAN, now + 2, "unsubscribe", "")).expect(200).bytes(), b"success");
    assert_eq!(told(&host), ["follower.gained", "message.received", "follower.lost"]);
    assert_eq!(host.events()[2].data["follower"], first);
    let kept = everything(&host);
    for trace in [FAN, "一三九", "谢谢关注", "谢谢留言", first.as_str().unwrap()] {
        assert!(!kept.contains(trace), "{trace} in {kept}");
    }
    assert!(!format!("{:?}", host.logs()).contains(FAN));
    let gone = host.service("channel.message/1", json!({ "message": message })).unwrap_err();
    assert_eq!(gone.code, Code::NotFound);
    // A repeat of what they said brings nothing back.
    assert_eq!(tell(&host, &text(FAN, now + 1, 1, "我的电话是一三九")).expect(200).bytes(), b"success");
    assert!(!everything(&host).contains("一三九"));

    host.advance(Duration::from_secs(61));
    assert!(host.rows("select 1 as one from departure", Vec::new()).rows.is_empty(), "not even a hash");
    tell(&host, &event(FAN, now + 100, "subscribe", ""));
    let again = host.events()[3].data.clone();
    assert_ne!(again["follower"], first, "another id than before");
    assert_eq!(again["again"], false);
}

#[test]
fn who_comes_back_is_known_for_the_days_that_the_teacher_says() {
    let host = host();
    host.set("departure_days", 3);
    let now = seconds(&host);
    let follow = |at: i64| {
        tell(&host, &event(FAN, at, "subscribe", ""));
        host.events().last().unwrap().data["again"] == true
    };
    let leave = |at: i64| tell(&host, &event(FAN, at, "unsubscribe", ""));
    assert!(!follow(now));
    leave(now + 10);
    assert!(!everything(&host).contains(FAN), "a keyed hash and no id");
    host.advance(Duration::from_secs(2 * 86_400));
    assert!(follow(now + 2 * 86_400));
    leave(now + 2 * 86_400 + 1);
    host.advance(Duration::from_secs(3 * 86_400));
    assert!(!follow(now + 5 * 86_400));
    leave(now + 5 * 86_400 + 1);
    host.advance(Duration::from_secs(4 * 86_400));
    host.run_job("sweep");
    assert!(host.rows("select 1 as one from departure", Vec::new()).rows.is_empty());
}

#[test]
fn what_comes_out_of_order_ends_where_it_should() {
    let host = host();
    let now = seconds(&host);
    // They left before we hear that they came.
    tell(&host, &event(FAN, now + 9, "unsubscribe", "")).expect(200);
    assert_eq!(tell(&host, &event(FAN, now + 1, "subscribe", "")).bytes(), b"success");
    assert_eq!(tell(&host, &text(FAN, now + 2, 1, "a")).bytes(), b"success");
    assert_eq!(told(&host), ["follower.lost", "follower.gained"], "for the counts of the day");
    assert_eq!(host.events()[1].data["left"], true);
    assert!(!everything(&host).contains(FAN));
    // They wrote before we hear that they came.
    tell(&host, &text(OTHER_FAN, now + 2, 2, "a"));
    tell(&host, &event(OTHER_FAN, now + 1, "subscribe", ""));
    let events = host.events().split_off(2);
    assert_eq!((events[0].name.as_str(), events[1].name.as_str()), ("message.received", "follower.gained"));
    assert_eq!(events[0].data["follower"], events[1].data["follower"]);
    // They came back before we hear that they left: what was theirs goes, and the departure is told once.
    tell(&host, &event(OTHER_FAN, now + 8, "subscribe", ""));
    tell(&host, &event(OTHER_FAN, now + 5, "unsubscribe", ""));
    assert_eq!(told(&host).split_off(4), ["follower.lost", "follower.gained", "follower.lost"]);
    let events = host.events();
    assert_eq!(events[4].data["follower"], events[2].data["follower"]);
    let at = |seconds: i64| json!(plugin_sdk::chrono::DateTime::from_timestamp(seconds, 0).unwrap());
    assert_eq!((&events[4].data["at"], &events[6].data["at"]), (&at(now + 8), &at(now + 5)), "when it really was");
    assert_eq!(events[6].data["instead_of"], events[4].data["at"]);
    assert!(!everything(&host).contains(events[2].data["follower"].as_str().unwrap()));
    tell(&host, &event(OTHER_FAN, now + 9, "unsubscribe", ""));
    assert_eq!(told(&host).split_off(7), ["follower.lost"]);
    assert_eq!(host.events()[7].data["at"], at(now + 9));
}

#[test]
fn publications_and_other_events_make_no_follower() {
    let host = host();
    let mass = "<MsgID>1000001625</MsgID><Status><![CDATA[send success]]></Status><TotalCount>100</TotalCount>\
                <SentCount>75</SentCount><CopyrightCheckResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx>\
                </item></ResultList></CopyrightCheckResult>";
    tell(&host, &event(FAN, 5, "MASSSENDJOBFINISH", mass)).expect(200);
    tell(
        &host,
        &event(FAN, 6, "MASSSENDJOBFINISH", &mass.replace("send success", "err(30003)").replace("1625", "1626")),
    );
    tell(&host, &event(FAN, 7, "VIEW", "<EventKey>http://a</EventKey>")).expect(200);
    assert_eq!(told(&host), ["publication.sent"]);
    assert_eq!(
        host.events()[0].data,
        json!({ "publication": "1000001625", "at": "1970-01-01T00:00:05Z", "recipients": 75 })
    );
    assert!(!everything(&host).contains(FAN));
}

#[test]
fn another_account_begins_with_nobody() {
    let host = host();
    tell(&host, &event(FAN, 5, "subscribe", ""));
    let first = follower(&host);
    host.set("app_id", "wxanother");
    assert_eq!(told(&host), ["follower.gained", "follower.lost"]);
    assert_eq!(host.events()[1].data["follower"], first.as_str());
    let kept = everything(&host);
    assert!(!kept.contains(FAN) && !kept.contains(&first), "{kept}");
    let page = host.get("/account");
    assert_eq!(page.values()["callbacks"], json!([]));
}

#[test]
fn classes_share_nothing() {
    let host = host();
    let other = host.in_other_class();
    tell(&host, &text(FAN, 5, 1, "a"));
    let (message, follower) = (host.events()[0].data["message"].clone(), follower(&host));
    let asked = other.service("channel.message/1", json!({ "message": message }));
    assert_eq!(asked.unwrap_err().code, Code::NotFound);
    let asked = other.service("channel.window/1", json!({ "follower": follower }));
    assert_eq!(asked.unwrap_err().code, Code::NotFound);
    tell(&other, &text(FAN, 5, 1, "a")).expect(200);
    assert_ne!(host.events()[1].data["follower"], follower.as_str());
}

#[test]
fn messages_of_another_account_are_not_taken() {
    let host = host();
    tell(&host, &text(FAN, 1, 1, "一"));
    let other = text(FAN, 2, 2, "二").replace("gh_class2026", "gh_other");
    tell(&host, &other).expect(403);
    // Nor are those of a rehearsal that goes on, even before the first real one.
    let live = kit::host();
    tell(&live, &other.replace("gh_other", "gh_72656865617273")).expect(403);
    assert_eq!(live.get("/account").values()["faults"][0]["word"], "fault-account");
    tell(&live, &text(FAN, 3, 3, "三")).expect(200);
    assert!(!everything(&live).contains("二"));
}

#[test]
fn a_shorter_time_holds_for_those_who_have_left_already() {
    let host = host();
    host.set("departure_days", 7);
    tell(&host, &event(FAN, seconds(&host), "subscribe", ""));
    tell(&host, &event(FAN, seconds(&host) + 1, "unsubscribe", ""));
    let marks = || host.rows("select digest from departure", Vec::new()).rows.len();
    assert_eq!(marks(), 1);
    assert!(host.as_student(1).get("/").html().contains("认不出人"));
    host.set("departure_days", 0);
    assert_eq!(marks(), 0);
}
