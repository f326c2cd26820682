//! How answers get back to who asked: sent at once, with the next message, or read on the answer page.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use std::time::Duration;

use kit::{address, channel, deliveries, host, id, on_duty, settle};
use plugin_sdk::serde_json::json;

const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn an_answer_is_sent_at_once_where_that_is_possible_and_once() {
    let host = host();
    let channel = channel(&host, true);
    on_duty(&host, &[1]);
    let asker = id();
    let reply = channel.receive(asker, "怎么进读者群呢").unwrap();
    assert!(reply.contains("值班同学"), "{reply}");
    let (one, question) = (host.as_student(1), address(&host, "怎么进读者群呢"));
    settle(&one, &question, "群二维码在菜单里。");
    let sends = channel.sends.lock().unwrap().clone();
    assert_eq!((sends.len(), &sends[0]["text"]), (1, &json!("群二维码在菜单里。")));
    assert_eq!((&sends[0]["follower"], deliveries(&host)), (&json!(asker), vec!["sent".to_owned()]));
    host.advance(HOUR);
    host.run_job("deliver");
    assert_eq!(channel.sent(), 1);
    assert_eq!(channel.receive(asker, "查"), Some("没有等你取的回答。有问题直接发来就好。".to_owned()));
}

#[test]
fn what_failed_is_tried_again_with_the_same_key() {
    let host = host();
    let channel = channel(&host, true);
    on_duty(&host, &[1]);
    *channel.result.lock().unwrap() = "failed";
    channel.receive(id(), "怎么进读者群呢");
    settle(&host.as_student(1), &address(&host, "怎么进读者群呢"), "在菜单里。");
    assert_eq!(deliveries(&host), ["sending"]);
    host.run_job("deliver");
    assert_eq!(channel.sent(), 1, "not again at once");
    host.advance(Duration::from_secs(60));
    host.run_job("deliver");
    *channel.result.lock().unwrap() = "sent";
    host.advance(Duration::from_secs(60));
    host.run_job("deliver");
    host.run_job("deliver");
    let keys: Vec<_> = channel.sends.lock().unwrap().iter().map(|send| send["key"].clone()).collect();
    assert_eq!((keys.len(), deliveries(&host)), (3, vec!["sent".to_owned()]));
    assert!(keys.iter().all(|key| *key == keys[0]));
}

#[test]
fn what_cannot_be_sent_waits_for_the_followers_next_message() {
    for result in ["window-closed", "quota-used", "not-permitted", "failed"] {
        let host = host();
        let channel = channel(&host, true);
        on_duty(&host, &[1]);
        *channel.result.lock().unwrap() = result;
        let asker = id();
        channel.receive(asker, "怎么进读者群呢");
        settle(&host.as_student(1), &address(&host, "怎么进读者群呢"), "在菜单里。");
        for _ in 0..6 {
            host.advance(Duration::from_secs(60));
            host.run_job("deliver");
        }
        assert_eq!(deliveries(&host), ["waiting"], "{result}");
        let reply = channel.receive(asker, "查").unwrap();
        assert!(reply.starts_with("在菜单里。"), "{reply}");
        assert_eq!(deliveries(&host), ["fetched"]);
    }
    let host = host();
    let channel = channel(&host, true);
    on_duty(&host, &[1]);
    // Who refuses messages may still write.
    *channel.result.lock().unwrap() = "gone";
    channel.receive(id(), "怎么进读者群呢");
    settle(&host.as_student(1), &address(&host, "怎么进读者群呢"), "在菜单里。");
    assert_eq!(deliveries(&host), ["waiting"]);
}

#[test]
fn the_sixth_message_and_one_after_two_days_are_never_asked_of_the_channel() {
    let host = host();
    let channel = channel(&host, true);
    on_duty(&host, &[1]);
    let (asker, one) = (id(), host.as_student(1));
    channel.receive(asker, "怎么进读者群呢");
    let question = address(&host, "怎么进读者群呢");
    for number in 1..=7 {
        let window = one.get(&question).values()["window"].clone();
        assert_eq!(window["left"], (6 - number).max(0), "{number}");
        host.advance(Duration::from_secs(1));
        settle(&one, &question, &format!("第 {number} 条"));
    }
    assert_eq!((channel.sent(), deliveries(&host)[5..].to_vec()), (5, vec!["waiting".to_owned(); 2]));
    let reply = channel.receive(asker, "那群里发广告吗").unwrap();
    assert!(reply.starts_with("第 6 条\n\n第 7 条"), "{reply}");
    settle(&one, &question, "不发。");
    assert_eq!(channel.sent(), 6, "a new message opens a new window");

    let late = id();
    channel.receive(late, "投稿要几天有消息");
    host.advance(48 * HOUR + Duration::from_secs(1));
    settle(&one, &address(&host, "投稿要几天有消息"), "一周。");
    assert_eq!((channel.sent(), deliveries(&host).last().unwrap().as_str()), (6, "waiting"));
    assert_eq!(one.get(&address(&host, "投稿要几天有消息")).values()["window"]["can_send"], false);
}

#[test]
fn without_the_right_to_send_every_answer_arrives_with_the_next_message() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    let one = host.as_student(1);
    let askers: Vec<_> = (0..60).map(|_| id()).collect();
    for (number, asker) in askers.iter().enumerate() {
        let text = format!("第{number}位想知道一件别处没有写的事");
        assert!(channel.receive(*asker, &text).unwrap().contains("/a/"));
        settle(&one, &address(&host, &text), &format!("给第{number}位的回答"));
    }
    assert_eq!(channel.sent(), 0);
    let words = ["查", "谢谢", "1", "还有一件别的事情想问问", "查一下", "？"];
    for (number, asker) in askers.iter().enumerate() {
        let text = words[number % words.len()];
        let message = channel.keep(*asker, text, host.now());
        if number % 2 == 0 {
            channel.tell(*asker, message);
        }
        let reply = channel.ask(*asker, message, text).unwrap();
        assert!(reply.starts_with(&format!("给第{number}位的回答")), "{text}: {reply}");
        assert_eq!(channel.ask(*asker, message, text), Some(reply), "the platform may ask again");
    }
    assert!(deliveries(&host).iter().all(|delivery| delivery == "fetched"));
}

#[test]
fn long_answers_are_cut_and_whole_on_the_answer_page() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    let asker = id();
    let first = channel.receive(asker, "怎么进读者群呢").unwrap();
    let page = first.split("https://course.example.edu").nth(1).unwrap();
    let page = page.split("/tools/qa-inbox").nth(1).unwrap().trim();
    assert_eq!(page.len(), "/a/".len() + 32);
    let visitor = host.as_visitor();
    assert_eq!(visitor.get(page).values()["answers"], json!([]));
    let question = address(&host, "怎么进读者群呢");
    let one = host.as_student(1);
    settle(&one, &question, &"长".repeat(600));
    host.advance(Duration::from_secs(1));
    settle(&one, &question, "短");
    let reply = channel.receive(asker, "查").unwrap();
    assert!(reply.chars().count() <= 600 && reply.contains('…') && reply.contains(page), "{reply}");
    assert!(channel.receive(asker, "查").unwrap().starts_with("短"));
    let values = visitor.get(page).values().clone();
    assert_eq!(values["answers"][0]["text"], "长".repeat(600));
    let shown = values.to_string();
    for secret in ["怎么进读者群呢", "学生", &asker.to_string()] {
        assert!(!shown.contains(secret), "{secret} is on the public page");
    }
    visitor.get("/a/00000000000000000000000000000000").expect(404);
    host.in_other_class().as_visitor().get(page).expect(404);
}

#[test]
fn a_reply_that_nobody_waits_for_leaves_the_answer_waiting() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    let asker = id();
    channel.receive(asker, "怎么进读者群呢");
    settle(&host.as_student(1), &address(&host, "怎么进读者群呢"), "在菜单里。");
    let asked = json!({ "follower": asker, "message": id(), "text": "查", "can_send": false });
    let _ = host.abandoned().service("inbox.reply/1", asked);
    assert_eq!(deliveries(&host), ["waiting"]);
    assert!(channel.receive(asker, "查").unwrap().starts_with("在菜单里。"));
}

#[test]
fn who_is_not_on_duty_marks_nothing_as_delivered() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    let asker = id();
    channel.receive(asker, "怎么进读者群呢");
    settle(&host.as_student(1), &address(&host, "怎么进读者群呢"), "在菜单里。");
    let question = host.get(&address(&host, "怎么进读者群呢"));
    let answer = question.values()["messages"][1]["id"].as_str().unwrap().to_owned();
    let said = |number: u32| {
        host.as_student(number).post(&format!("/messages/{answer}/copied"), &[]).notice().map(str::to_owned)
    };
    assert_eq!(said(3).as_deref(), Some("claim-not-on-duty"));
    assert_eq!(deliveries(&host), ["waiting"]);
    assert_eq!(said(1).as_deref(), Some("copied-done"));
}
