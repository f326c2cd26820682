//! What comes from the channel, in any order and however often, and how answers get back.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use std::time::Duration;

use kit::{address, answer, channel, claim, enter, everything, host, id, on_duty, settle};
use plugin_sdk::protocol::{Code, Failure};
use plugin_sdk::serde_json::json;
use plugin_test::TestHost;

const HOUR: Duration = Duration::from_secs(3_600);

fn deliveries(host: &TestHost) -> Vec<String> {
    let rows = host.rows("select delivery from message where author = 'student' order by at, id", Vec::new()).rows;
    rows.iter().map(|row| format!("{:?}", row[0]).replace("Text(\"", "").replace("\")", "")).collect()
}

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
