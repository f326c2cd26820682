//! What comes from the channel, in any order and however often, and what it is taken for.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use std::time::Duration;

use kit::{address, answer, channel, claim, deliveries, enter, everything, host, id, on_duty, settle};
use plugin_sdk::protocol::{Code, Failure};
use plugin_sdk::serde_json::json;

const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn a_message_is_one_however_often_and_in_whatever_order_it_comes() {
    let host = host();
    let channel = channel(&host, false);
    for order in 0..6 {
        let (asker, text) = (id(), format!("第 {order} 个问题"));
        let message = channel.keep(asker, &text, host.now());
        let (ask, tell) = (|| channel.ask(asker, message, &text), || channel.tell(asker, message));
        match order {
            0 => tell(),
            1 => drop(ask()),
            2 => (tell(), drop(ask()), tell()).0,
            3 => drop((ask(), tell(), tell())),
            4 => assert_eq!(ask(), ask(), "a repeat gets the same reply"),
            _ => std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(ask);
                    scope.spawn(tell);
                }
            }),
        }
    }
    let count = |table: &str| host.rows(&format!("select id from {table}"), Vec::new()).rows.len();
    assert_eq!((count("question"), count("message")), (6, 6));
}

#[test]
fn messages_that_come_in_the_wrong_order_are_one_conversation() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    let asker = id();
    let first = channel.keep(asker, "投稿邮箱是哪个", host.now());
    host.advance(Duration::from_secs(60));
    let second = channel.keep(asker, "上次写的找不到了", host.now());
    channel.tell(asker, second);
    channel.tell(asker, first);
    let question = address(&host, "上次写的找不到了");
    let page = host.get(&question);
    let texts: Vec<&str> =
        page.values()["messages"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["投稿邮箱是哪个", "上次写的找不到了"]);
    assert_eq!(page.values()["case"]["age"]["count"], 1, "waits since the first of them");
}

#[test]
fn the_inbox_says_once_that_a_question_is_passed_on() {
    let host = host();
    let channel = channel(&host, false);
    let asker = id();
    assert!(channel.receive(asker, "怎么进读者群呢").is_some());
    assert_eq!(channel.receive(asker, "有人吗"), None);
    assert_eq!(channel.receive(asker, "谢谢"), None);
    assert!(channel.receive(asker, "查").unwrap().starts_with("还没有新的回答"));
    assert_eq!(host.get("/").values()["count"], 1);
}

#[test]
fn a_picture_is_a_question_that_opens_and_is_never_answered_by_itself() {
    let host = host();
    let channel = channel(&host, false);
    let (asker, message) = (id(), id());
    let ask = |kind: &str, text: &str| {
        let asked = json!({ "follower": asker, "message": message, "kind": kind, "text": text });
        host.service("inbox.reply/1", asked).unwrap()["reply"].clone()
    };
    let reply = ask("image", "http://mmbiz.qpic.cn/a/0");
    assert!(reply.as_str().unwrap().contains("值班同学"), "{reply}");
    assert_eq!(ask("image", "http://mmbiz.qpic.cn/a/0"), reply);
    let list = host.get("/");
    assert_eq!((&list.values()["count"], &list.values()["waiting"][0]["text"]), (&json!(1), &json!("［图片］")));
    let page = host.get(&address(&host, "［图片］ http://mmbiz.qpic.cn/a/0"));
    assert!(page.html().contains("<a href=\"http://mmbiz.qpic.cn/a/0\" target=\"_blank\""), "{}", page.html());
    // A question of the FAQ as the title of a link is none.
    let link =
        json!({ "follower": id(), "message": id(), "kind": "link", "text": "订阅号和服务号有什么区别？ http://a" });
    let reply = host.service("inbox.reply/1", link).unwrap();
    assert!(reply["reply"].as_str().unwrap().contains("值班同学"), "{reply}");
    assert_eq!(channel.sent(), 0);
}

#[test]
fn claim_words_thanks_and_grades_are_no_questions() {
    let host = host();
    let channel = channel(&host, false);
    let asker = id();
    let claim = channel.keep(asker, "口令A073", host.now());
    channel.tell(asker, claim);
    for text in ["谢谢", "查"] {
        channel.receive(asker, text);
    }
    assert_eq!(host.get("/").values()["count"], 0);
    channel.receive(asker, "2");
    assert_eq!(host.get("/").values()["count"], 1, "a grade that nobody asked for may mean something");
}

#[test]
fn followers_grade_the_answers_they_fetched() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    for (grade, word) in [("1", "谢谢你的评价"), ("３", "抱歉没帮上")] {
        let (asker, text) = (id(), format!("给{grade}的问题怎么说"));
        channel.receive(asker, &text);
        let question = address(&host, &text);
        settle(&host.as_student(1), &question, "这样。");
        assert!(channel.receive(asker, "查").unwrap().contains("回复 1 有用"));
        assert!(channel.receive(asker, grade).unwrap().starts_with(word));
        assert_eq!(host.get(&question).values()["case"]["state"], "answered");
    }
    let ratings = host.get("/figures").values()["ratings"].clone();
    assert_eq!((&ratings[0]["grade"], &ratings[1]["grade"]), (&json!(1), &json!(3)));
    assert_eq!(host.get("/figures/rated/3").values()["cases"][0]["text"], "给３的问题怎么说");
}

#[test]
fn a_grade_counts_for_an_answer_that_was_fetched_late_and_only_where_one_was_asked_for() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    let asker = id();
    channel.receive(asker, "给多久的问题怎么说");
    let question = address(&host, "给多久的问题怎么说");
    settle(&host.as_student(1), &question, "这样。");
    host.advance(26 * HOUR);
    assert!(channel.receive(asker, "查").unwrap().contains("回复 1 有用"));
    assert_eq!(channel.receive(asker, "1").as_deref(), Some("谢谢你的评价！"));
    assert_eq!(host.get(&question).values()["case"]["rating_word"], "rating-1");
    // Where nobody asks for one, a figure may be what a follower wants.
    host.set("ask_rating", false);
    let asker = id();
    channel.receive(asker, "读者群进哪个");
    settle(&host.as_student(1), &address(&host, "读者群进哪个"), "要 1 号群还是 2 号群？");
    assert_eq!(channel.receive(asker, "查").as_deref(), Some("要 1 号群还是 2 号群？"));
    channel.receive(asker, "2");
    assert_eq!(host.get("/").values()["count"], 1);
}

#[test]
fn a_follower_taps_a_grade_below_an_answer_that_was_sent() {
    let host = host();
    let channel = channel(&host, true);
    on_duty(&host, &[1]);
    let ask = |text: &str| {
        let asker = id();
        channel.receive(asker, text);
        settle(&host.as_student(1), &address(&host, text), "在菜单里。");
        asker
    };
    // Where nothing can be tapped nobody is asked, and the word is a question.
    let asker = ask("没有菜单时怎么进群");
    channel.receive(asker, "一般");
    assert_eq!(host.get("/").values()["count"], 1);
    channel.has_menus.store(true, std::sync::atomic::Ordering::Relaxed);
    let asker = ask("有菜单时怎么进群");
    assert_eq!(channel.sends.lock().unwrap().last().unwrap()["choices"], json!(["有用", "一般", "没帮上"]));
    assert_eq!(channel.receive(asker, "一般").as_deref(), Some("谢谢你的评价！"));
    assert_eq!(host.get(&address(&host, "有菜单时怎么进群")).values()["case"]["rating_word"], "rating-2");
    assert_eq!(host.get("/").values()["count"], 1);
}

#[test]
fn what_was_asked_while_somebody_wrote_still_waits() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    let (asker, one) = (id(), host.as_student(1));
    channel.receive(asker, "怎么进读者群呢");
    let question = address(&host, "怎么进读者群呢");
    claim(&one, &question);
    let read = one.get(&question).values()["read"].to_string();
    host.advance(Duration::from_secs(60));
    channel.receive(asker, "另外截止是哪天");
    let closed = one.post(&format!("{question}/close"), &[("read", &read)]);
    assert_eq!(closed.notice(), Some("state-not-changed"));
    let sent = one.post(&format!("{question}/answer"), &[("text", "在菜单里。"), ("read", &read)]);
    assert_eq!(sent.redirects_to(&question).notice(), Some("answer-more"));
    let list = host.get("/");
    assert_eq!((&list.values()["count"], &list.values()["waiting"][0]["text"]), (&json!(1), &json!("另外截止是哪天")));
    settle(&one, &question, "周五。");
    assert_eq!(host.get("/").values()["count"], 0);
    // What is asked a day later is what is shown, suggested and confirmed.
    host.advance(HOUR);
    channel.receive(asker, "食堂几点关门");
    assert_eq!(host.get("/").values()["waiting"][0]["text"], "食堂几点关门");
    host.post(&format!("{question}/none-fits"), &[]).redirects_to(&question);
    host.post(&format!("{question}/none-fits"), &[]).redirects_to(&question);
    let pairs = host.rows("select text from pair where not fits", Vec::new()).rows;
    assert_eq!(format!("{pairs:?}"), "[[Text(\"食堂几点关门\")]]", "once");
}

#[test]
fn a_follower_who_leaves_leaves_no_trace() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    let (one, gone, stays) = (host.as_student(1), id(), id());
    channel.receive(gone, "独一无二的提问");
    channel.receive(stays, "另一位想问的事");
    let question = address(&host, "独一无二的提问");
    settle(&one, &question, "只给这一位的回答");
    let message = host.get(&question).values()["messages"][1]["id"].as_str().unwrap().to_owned();
    host.as_student(2)
        .post(&format!("/messages/{message}/review"), &[("grade", "3"), ("text", "只说这一位")])
        .redirects_to("/reviews");
    one.post(&format!("{question}/none-fits"), &[]).redirects_to(&question);
    let form = [
        ("question", "班里概括的问题"),
        ("answer", "只给大家的回答"),
        ("from_question", &question["/questions/".len()..]),
    ];
    one.post("/faq", &form).redirects_to("/faq");
    let late = channel.keep(gone, "迟到的话", host.now());
    let days = json!({ "from": "2026-10-12", "to": "2026-10-12" });
    let before = (host.service("inbox.daily/1", days.clone()).unwrap(), host.facts());

    channel.leave(gone);
    channel.leave(gone);
    channel.tell(gone, late);
    let asked = json!({ "follower": gone, "message": late, "text": "迟到的话", "can_send": false });
    assert_eq!(host.service("inbox.reply/1", asked).unwrap(), json!({}));
    let all = everything(&host);
    for trace in ["独一无二", "只给这一位", "只说这一位", "迟到", &gone.to_string(), &question["/questions/".len()..]]
    {
        assert!(!all.contains(trace), "{trace} is still there");
    }
    let logs = format!("{:?}", host.logs());
    assert!(!logs.contains(&gone.to_string()) && !logs.contains("独一无二"), "{logs}");
    assert_eq!((host.service("inbox.daily/1", days).unwrap(), host.facts()), before, "what was counted stays");
    assert!(all.contains("只给大家的回答") && all.contains("另一位想问的事"));
    host.as_visitor().get("/a/x").expect(404);
    host.advance(25 * HOUR);
    host.run_job("sweep");
    assert!(host.rows("select mark from departure", Vec::new()).rows.is_empty());
}

#[test]
fn a_draft_does_not_take_the_followers_own_words() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    channel.receive(id(), "俺想晓得咋个进群哦");
    let (one, question) = (host.as_student(1), address(&host, "俺想晓得咋个进群哦"));
    settle(&one, &question, "群二维码在菜单里，每周更新一次。");
    let from = &question["/questions/".len()..];
    let form = [("question", "俺想晓得咋个进群哦？"), ("answer", "在菜单里。"), ("from_question", from)];
    assert_eq!(one.post("/faq", &form).expect(422).values()["error"], "faq-own-words");
}

#[test]
fn questions_by_hand_never_reach_the_channel() {
    let host = host();
    let channel = channel(&host, true);
    on_duty(&host, &[1]);
    let question = enter(&host, "a");
    assert_eq!(claim(&host.as_student(1), &question), "claim-done");
    answer(&host.as_student(1), &question, "b").redirects_to(&question);
    assert_eq!((channel.sent(), deliveries(&host)), (0, vec!["copy".to_owned()]));
}

#[test]
fn a_channel_that_is_away_costs_nothing() {
    let host = host();
    on_duty(&host, &[1]);
    let channel = channel(&host, true);
    let asker = id();
    channel.receive(asker, "怎么进读者群呢");
    host.provide("channel.window/1", |_| Err(Failure::new(Code::Timeout, "slow")));
    settle(&host.as_student(1), &address(&host, "怎么进读者群呢"), "在菜单里。");
    assert_eq!(deliveries(&host), ["sending"], "it will be back");
    host.advance(Duration::from_secs(60));
    host.run_job("deliver");
    assert_eq!((deliveries(&host), channel.sent()), (vec!["sending".to_owned()], 0));
    host.advance(Duration::from_secs(600));
    host.run_job("deliver");
    assert_eq!(deliveries(&host), ["waiting"]);
    let lost = host.hear_again(id(), 1, "message.received", json!({ "follower": asker, "message": id() }));
    assert_eq!(lost, Ok(()), "a message of somebody who left is nothing to try again");
    host.provide("channel.message/1", |_| Err(Failure::new(Code::Busy, "")));
    let again = host.hear_again(id(), 1, "message.received", json!({ "follower": asker, "message": id() }));
    assert_eq!(again.unwrap_err().code, Code::Busy, "the host brings it again");
}
