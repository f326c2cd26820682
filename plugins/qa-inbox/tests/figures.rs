//! Response times against a table counted by hand, reviews, facts and days.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use std::time::Duration;

use kit::{address, channel, enter, host, id, on_duty, settle};
use plugin_sdk::serde_json::json;
use plugin_test::TestHost;

fn minutes(host: &TestHost, count: u64) {
    host.advance(Duration::from_secs(count * 60));
}

#[test]
fn response_times_are_those_counted_by_hand() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1, 2]);
    let (one, two) = (host.as_student(1), host.as_student(2));
    // Monday 08:00. Asked 08:00, answered 08:12: 12 minutes, first.
    let first = id();
    channel.receive(first, "第一件想问的事情");
    minutes(&host, 12);
    let question = address(&host, "第一件想问的事情");
    settle(&one, &question, "答一");
    // 08:12, a second answer that nobody waited for: no response. Asked again 08:20, answered 08:50: 30, next.
    settle(&one, &question, "补充");
    minutes(&host, 8);
    channel.receive(first, "再问一件事情");
    minutes(&host, 30);
    settle(&two, &question, "答二");
    // Asked 21:50 on Monday, answered 08:20 on Tuesday: 10 + 20 = 30, 20 of them in Tuesday's shift.
    minutes(&host, 13 * 60);
    channel.receive(id(), "晚上才想到的事情");
    minutes(&host, 10 * 60 + 30);
    settle(&two, &address(&host, "晚上才想到的事情"), "答三");
    // Asked 23:00 on Tuesday, answered 07:30 on Wednesday: the night, 0.
    minutes(&host, 14 * 60 + 40);
    channel.receive(id(), "半夜里问的事情");
    minutes(&host, 8 * 60 + 30);
    settle(&one, &address(&host, "半夜里问的事情"), "答四");
    // Closed after 40 minutes on Wednesday, opened again an hour later, answered 5 minutes after that: who asked has waited
    // all the time, 105, first.
    minutes(&host, 30);
    let closed = enter(&host, "关了又开的事情");
    minutes(&host, 40);
    one.post(&format!("{closed}/close"), &[]).redirects_to(&closed);
    minutes(&host, 60);
    one.post(&format!("{closed}/reopen"), &[]).redirects_to(&closed);
    minutes(&host, 5);
    settle(&one, &closed, "答五");

    let page = host.get("/figures?days=7");
    let values = page.values();
    // First: 12, 30, 0, 105. Next: 30.
    assert_eq!(values["first"], json!({ "count": 4, "median": 21, "p90": 105 }));
    assert_eq!(values["next"], json!({ "count": 1, "median": 30, "p90": 30 }));
    let days = values["by_day"].as_array().unwrap();
    let line = |place: usize| {
        (days[place]["day"].as_str().unwrap(), &days[place]["waited"], &days[place]["own"], &days[place]["people"])
    };
    assert_eq!(line(0).0, "2026-10-14");
    assert_eq!((line(0).1, line(0).3), (&json!({ "count": 2, "median": 53, "p90": 105 }), &json!("学生 01")));
    assert_eq!((line(1).0, line(1).1), ("2026-10-13", &json!({ "count": 1, "median": 30, "p90": 30 })));
    assert_eq!(line(1).2["median"], 20);
    assert_eq!((line(2).0, line(2).1), ("2026-10-12", &json!({ "count": 2, "median": 21, "p90": 30 })));
    // Every figure opens what is behind it.
    let count =
        |query: &str| host.get(&format!("/figures/cases?days=7&{query}")).values()["waits"].as_array().unwrap().len();
    assert_eq!((count("kind=first"), count("kind=next"), count("day=2026-10-12")), (4, 1, 2));
    assert_eq!((count(&format!("person={}", one.person())), count("kind=")), (3, 5));
    let behind = host.get("/figures/cases?days=7&day=2026-10-13").values()["waits"][0].clone();
    assert_eq!(
        (&behind["text"], &behind["waited"], &behind["own"]),
        (&json!("晚上才想到的事情"), &json!(30), &json!(20))
    );
    // Facts: student 1 answered 12, 0, 105 first; student 2 20 first and 30 next.
    let facts = host.facts();
    let of =
        |host: &TestHost| facts.students.iter().find(|student| student.person == host.person()).unwrap().values.clone();
    assert_eq!((&of(&one)["answered"], &of(&one)["median_minutes"]), (&json!(3), &json!(12)));
    assert_eq!((&of(&two)["answered"], &of(&two)["median_minutes"]), (&json!(2), &json!(20)));
    let told = host.service("inbox.daily/1", json!({ "from": "2026-10-11", "to": "2026-10-14" })).unwrap();
    let day = |place: usize| {
        (told["days"][place]["asked"].as_i64().unwrap(), told["days"][place]["answered"].as_i64().unwrap())
    };
    assert_eq!([day(0), day(1), day(2), day(3)], [(0, 0), (2, 1), (1, 1), (1, 2)]);
    assert_eq!(told["waiting"], 0);
    enter(&host, "还等着的事情");
    minutes(&host, 3 * 24 * 60);
    let told = host.service("inbox.daily/1", json!({ "from": "2026-10-17", "to": "2026-10-17" })).unwrap();
    assert_eq!(told["waiting"], 1, "it waits, whatever the days that are asked for");
}

#[test]
fn hours_of_duty_are_the_teachers() {
    let host = host();
    host.set("duty_from", 9);
    host.set("duty_to", 10);
    on_duty(&host, &[1]);
    let question = enter(&host, "a");
    minutes(&host, 65);
    settle(&host.as_student(1), &question, "b");
    assert_eq!(host.get("/figures").values()["first"]["median"], 5);
    host.set("duty_to", 9);
    let question = enter(&host, "c");
    minutes(&host, 65);
    settle(&host.as_student(1), &question, "d");
    assert_eq!(host.get("/figures").values()["first"]["p90"], 65, "hours that make no sense are the whole day");
}

#[test]
fn students_review_the_answers_of_others_once() {
    let host = host();
    on_duty(&host, &[1]);
    let (one, two) = (host.as_student(1), host.as_student(2));
    let question = enter(&host, "a");
    settle(&one, &question, "b");
    assert_eq!(one.get("/reviews").values()["answers"], json!([]), "nobody reviews their own");
    let answer = two.get("/reviews").values()["answers"][0]["id"].as_str().unwrap().to_owned();
    let address = format!("/messages/{answer}/review");
    assert_eq!(one.post(&address, &[("grade", "1")]).notice(), Some("review-own"));
    assert_eq!(two.post(&address, &[("grade", "3")]).notice(), Some("review-say-what"));
    two.post(&address, &[("grade", "4")]).expect(400);
    two.post(&address, &[]).expect(400);
    two.post(&address, &[("grade", "3"), ("text", "写明入口")]).redirects_to("/reviews");
    assert_eq!(two.get("/reviews").values()["answers"], json!([]));
    two.post(&address, &[("grade", "2"), ("text", "好多了")]).redirects_to("/reviews");
    let reviews = one.get(&question).values()["messages"][1]["reviews"].clone();
    assert_eq!(reviews, json!([{ "name": "学生 02", "word": "grade-2", "text": "好多了" }]));
    let facts = host.facts();
    let of_two = facts.students.iter().find(|student| student.person == two.person()).unwrap();
    assert_eq!(of_two.values["reviews"], 1);
}

#[test]
fn a_span_of_days_that_makes_no_sense_is_refused() {
    let host = host();
    let ask = |from: &str, to: &str| host.service("inbox.daily/1", json!({ "from": from, "to": to }));
    for (from, to, wrong) in [
        ("2026-10-13", "2026-10-12", "to"),
        ("2024-01-01", "2026-10-12", "to"),
        ("yesterday", "2026-10-12", "from"),
        ("2026-10-12", "2026-02-30", "to"),
    ] {
        let refused = ask(from, to).unwrap_err();
        assert_eq!(
            (refused.code, refused.place.as_deref()),
            (plugin_sdk::protocol::Code::BadRequest, Some(wrong)),
            "{to}"
        );
    }
    assert_eq!(ask("2026-10-12", "2026-10-12").unwrap()["days"].as_array().unwrap().len(), 1);
    let denied =
        host.service("inbox.demo/1", json!({ "from": "2026-10-01", "to": "2026-12-01", "today": "2026-10-12" }));
    assert_eq!(denied.unwrap_err().code, plugin_sdk::protocol::Code::Denied, "only the host fills a class");
}

#[test]
fn what_one_does_for_oneself_is_no_answer_to_anybody() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    let one = host.as_student(1);
    let value = |name: &str| {
        let facts = host.facts();
        let found = facts.students.iter().find(|student| student.person == one.person());
        found.and_then(|student| student.values.get(name)?.as_i64()).unwrap_or_default()
    };
    // Answered, opened again by the same person, answered again.
    channel.receive(id(), "真的有人问的事情");
    let question = address(&host, "真的有人问的事情");
    for _ in 0..3 {
        settle(&one, &question, "答");
        minutes(&host, 1);
        one.post(&format!("{question}/reopen"), &[]).redirects_to(&question);
        minutes(&host, 1);
    }
    assert_eq!(value("answered"), 1);
    // Opened again by somebody else.
    settle(&one, &question, "答");
    minutes(&host, 1);
    host.as_operator().post(&format!("{question}/reopen"), &[]).redirects_to(&question);
    minutes(&host, 1);
    settle(&one, &question, "答");
    assert_eq!(value("answered"), 2);
    // Entered and answered by the same person: told apart, and gone when it is deleted.
    one.post("/questions", &[("text", "自问自答的事情")]).redirects_to("/");
    let own = address(&host, "自问自答的事情");
    settle(&one, &own, "答");
    assert_eq!((value("answered"), value("answered_own")), (2, 1));
    host.as_operator().post(&format!("{own}/delete"), &[]).redirects_to("/");
    assert_eq!((value("answered"), value("answered_own")), (2, 0));
}
