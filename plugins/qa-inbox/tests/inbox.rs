//! Asking, claiming, answering, and who may.

#![allow(missing_docs, clippy::unwrap_used)]

mod kit;

use std::time::Duration;

use kit::{address, answer, channel, claim, enter, host, id, on_duty, settle};
use plugin_sdk::protocol::{Code, Failure};
use plugin_sdk::serde_json::json;

const LEASE: Duration = Duration::from_secs(600);

#[test]
fn a_question_is_with_who_is_on_duty_and_follows_the_rota() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    channel.receive(id(), "怎么投稿？");
    let shown = |number: u32| host.as_student(number).get("/").values()["waiting"][0].clone();
    assert_eq!((&shown(1)["text"], &shown(1)["may_claim"]), (&json!("怎么投稿？"), &json!(true)));
    assert_eq!(shown(2)["may_claim"], false);
    assert_eq!(host.as_student(2).get("/").values()["on_duty"], "学生 01");
    on_duty(&host, &[2]);
    assert_eq!((&shown(1)["may_claim"], &shown(2)["may_claim"]), (&json!(false), &json!(true)));
    assert_eq!(claim(&host.as_student(1), &address(&host, "怎么投稿？")), "claim-not-on-duty");
    assert_eq!(claim(&host.as_student(2), &address(&host, "怎么投稿？")), "claim-done");
}

#[test]
fn two_people_never_get_the_same_question() {
    let host = host();
    on_duty(&host, &[1, 2]);
    let question = enter(&host, "a");
    let (one, two) = (host.as_student(1), host.as_student(2));
    assert_eq!(claim(&one, &question), "claim-done");
    assert_eq!(claim(&two, &question), "claim-taken");
    let page = two.get(&question);
    assert_eq!((&page.values()["case"]["claimed_by"], &page.values()["may_write"]), (&json!("学生 01"), &json!(false)));
    assert_eq!(page.values()["case"]["claimed_until"], "08:10");
    assert_eq!(claim(&one, &question), "claim-done", "again is no harm");
    let refused = answer(&two, &question, "mine");
    let values = refused.expect(409).values();
    assert_eq!((&values["written"], &values["error"]), (&json!("mine"), &json!("answer-taken")), "nothing is lost");
    answer(&one, &question, "first").redirects_to(&question);
    answer(&one, &question, "twice").expect(409);
    let answers = host.rows("select text from message where author = 'student'", Vec::new()).rows;
    assert_eq!(answers.len(), 1);
}

#[test]
fn many_who_claim_at_once_leave_one_with_the_question() {
    let host = host();
    on_duty(&host, &[1, 2, 3, 4]);
    for round in 0..20 {
        let question = enter(&host, &format!("a{round}"));
        let outcomes: Vec<String> = std::thread::scope(|scope| {
            let claims = [1, 2, 3, 4].map(|number| {
                let (host, question) = (host.as_student(number), question.as_str());
                scope.spawn(move || {
                    let outcome = claim(&host, question);
                    answer(&host, question, &format!("by {number}"));
                    outcome
                })
            });
            claims.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(outcomes.iter().any(|notice| notice == "claim-done"), "{outcomes:?}");
    }
    // Whoever came after the first answer may add to it, but nobody answered what another held.
    let responses = host.rows("select question_id from response", Vec::new()).rows;
    assert_eq!(responses.len(), 20);
}

#[test]
fn a_claim_runs_out_is_given_back_and_goes_to_the_next() {
    let host = host();
    on_duty(&host, &[1, 2]);
    let question = enter(&host, "a");
    let (one, two) = (host.as_student(1), host.as_student(2));
    claim(&one, &question);
    host.advance(LEASE - Duration::from_secs(1));
    assert_eq!(claim(&two, &question), "claim-taken");
    host.advance(Duration::from_secs(1));
    assert_eq!(one.get("/").values()["waiting"][0]["is_claimed"], false);
    assert_eq!(claim(&two, &question), "claim-done");
    answer(&one, &question, "late").expect(409);
    two.post(&format!("{question}/release"), &[]).redirects_to("/");
    assert_eq!(claim(&one, &question), "claim-done");
    host.advance(LEASE * 2);
    answer(&one, &question, "nobody else wanted it").redirects_to(&question);
}

#[test]
fn the_inbox_works_without_a_rota_and_while_it_is_away() {
    let host = host();
    let question = enter(&host, "a");
    assert_eq!(host.as_student(1).get("/").values()["duty"], "duty-away");
    assert_eq!(claim(&host.as_student(1), &question), "claim-not-on-duty");
    assert!(host.logs().is_empty(), "a class without a rota is nothing to report");
    host.provide("rota.on_duty/1", |_| Err(Failure::new(Code::Busy, "overloaded")));
    assert_eq!(host.get("/").values()["duty"], "duty-away");
    assert!(host.logs()[0].message.contains("overloaded"), "{:?}", host.logs());
    host.provide("rota.on_duty/1", |_| Ok(json!({ "people": [{ "person": "no id" }, 7] })));
    assert_eq!(host.get("/").values()["duty"], "duty-nobody");
    assert_eq!(claim(&host.as_operator(), &question), "claim-done", "who runs the account may always");
}

#[test]
fn a_teacher_gives_a_question_to_somebody() {
    let host = host();
    on_duty(&host, &[1]);
    let question = enter(&host, "a");
    let two = host.as_student(2);
    let person = two.person().to_string();
    host.as_student(1).post(&format!("{question}/assign"), &[("person", &person)]).expect(403);
    host.post(&format!("{question}/assign"), &[("person", "nobody")]).expect(400);
    host.post(&format!("{question}/assign"), &[("person", &id().to_string())]).expect(400);
    host.post(&format!("{question}/assign"), &[("person", &person)]).redirects_to(&question);
    assert_eq!(two.get("/").values()["mine"][0]["assigned_to_me"], true);
    assert_eq!(two.widget("waiting").values()["mine"], 1);
    settle(&two, &question, "not on duty, but asked to");
    host.post(&format!("{question}/assign"), &[("person", "")]).redirects_to(&question);
    assert_eq!(claim(&two, &question), "claim-not-on-duty");
}

#[test]
fn an_answer_by_hand_is_copied_and_marked() {
    let host = host();
    on_duty(&host, &[1]);
    let question = enter(&host, "怎么投稿？");
    let one = host.as_student(1);
    settle(&one, &question, "发到邮箱。");
    let copy = one.get("/").values()["to_copy"][0].clone();
    assert_eq!((&copy["asked"], &copy["text"]), (&json!("怎么投稿？"), &json!("发到邮箱。")));
    let mark = format!("/messages/{}/copied", copy["id"].as_str().unwrap());
    assert_eq!(one.post(&mark, &[]).redirects_to("/").notice(), Some("copied-done"));
    assert_eq!(one.post(&mark, &[]).redirects_to("/").notice(), Some("copied-before"));
    assert_eq!(one.get("/").values()["to_copy"], json!([]));
    assert_eq!(one.get("/done").values()["cases"][0]["state"], "answered");
}

#[test]
fn questions_are_closed_and_opened_again() {
    let host = host();
    let channel = channel(&host, false);
    on_duty(&host, &[1]);
    let (one, asker) = (host.as_student(1), id());
    channel.receive(asker, "随便说一句话");
    let question = address(&host, "随便说一句话");
    host.as_student(2).post(&format!("{question}/close"), &[]).redirects_to(&question);
    assert_eq!(one.get(&question).values()["case"]["state"], "open", "only who is on duty closes");
    one.post(&format!("{question}/close"), &[]).redirects_to(&question);
    assert_eq!(one.get("/done?state=closed").values()["cases"][0]["text"], "随便说一句话");
    assert_eq!(claim(&one, &question), "claim-taken");
    channel.receive(asker, "其实我想问怎么投稿");
    let case = one.get(&question).values()["case"].clone();
    assert_eq!((&case["state"], &case["reopened"]), (&json!("open"), &json!(true)));
    one.post(&format!("{question}/close"), &[]).redirects_to(&question);
    assert_eq!(one.post(&format!("{question}/reopen"), &[]).notice(), Some("reopened-done"));
    assert_eq!(one.post(&format!("{question}/reopen"), &[]).notice(), Some("state-not-changed"));
}

#[test]
fn like_questions_are_answered_together() {
    let host = host();
    let channel = channel(&host, true);
    on_duty(&host, &[1, 2]);
    for text in ["抽奖什么时候开奖呀", "请问抽奖几号开奖", "抽奖什么时候开奖", "食堂几点关门"]
    {
        channel.receive(id(), text);
    }
    let (one, question) = (host.as_student(1), address(&host, "抽奖什么时候开奖呀"));
    claim(&one, &question);
    let held = address(&host, "抽奖什么时候开奖");
    let alike = one.get(&question).values()["alike"].clone();
    let texts: Vec<&str> = alike.as_array().unwrap().iter().map(|other| other["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["抽奖什么时候开奖", "请问抽奖几号开奖"]);
    assert_eq!(claim(&host.as_student(2), &held), "claim-done");
    let also: Vec<(&str, &str)> =
        alike.as_array().unwrap().iter().map(|other| ("also", other["id"].as_str().unwrap())).collect();
    let form = [&[("text", "周五开奖。")][..], &also].concat();
    let sent = one.post(&format!("{question}/answer"), &form);
    assert_eq!(sent.notice(), Some("answer-some"), "one of them was another's");
    assert_eq!(channel.sent(), 2);
    assert_eq!(host.get("/").values()["count"], 2);
}

#[test]
fn what_somebody_else_has_answered_is_not_answered_along() {
    let host = host();
    let channel = channel(&host, true);
    on_duty(&host, &[1, 2]);
    for text in ["抽奖什么时候开奖呀", "抽奖什么时候开奖"] {
        channel.receive(id(), text);
    }
    let (one, question, other) =
        (host.as_student(1), address(&host, "抽奖什么时候开奖呀"), address(&host, "抽奖什么时候开奖"));
    claim(&one, &question);
    let alike = one.get(&question).values()["alike"][0]["id"].as_str().unwrap().to_owned();
    settle(&host.as_student(2), &other, "周五。");
    let form = [("text", "周五开奖。"), ("also", alike.as_str())];
    assert_eq!(one.post(&format!("{question}/answer"), &form).notice(), Some("answer-some"));
    assert_eq!(channel.sent(), 2, "each of them one");
}

#[test]
fn an_empty_or_endless_text_comes_back() {
    let host = host();
    on_duty(&host, &[1]);
    let (one, long) = (host.as_student(1), "长".repeat(501));
    for text in ["", " \n ", &long] {
        let page = one.post("/questions", &[("text", text)]);
        let values = page.expect(422).values();
        assert_eq!((&values["written"], &values["error"]), (&json!(text.trim()), &json!("question-length")));
    }
    let question = enter(&host, &"长".repeat(500));
    claim(&one, &question);
    for text in ["", " ", &"长".repeat(601), &"😀".repeat(600)] {
        let page = answer(&one, &question, text);
        let values = page.expect(422).values();
        assert_eq!((&values["error"], &values["written"]), (&json!("answer-length"), &json!(text.trim())));
    }
    answer(&one, &question, &"长".repeat(600)).redirects_to(&question);
}

#[test]
fn another_class_sees_and_touches_nothing() {
    let host = host();
    let question = enter(&host, "a");
    claim(&host, &question);
    let other = host.in_other_class();
    assert_eq!(other.get("/").values()["waiting"], json!([]));
    assert_eq!(other.widget("waiting").values()["count"], 0);
    for action in ["claim", "release", "answer", "close", "reopen", "assign", "none-fits", "delete"] {
        other.post(&format!("{question}/{action}"), &[("text", "theirs")]).expect(404);
    }
    other.get(&question).expect(404);
    answer(&host, &question, "ours").redirects_to(&question);
    let copy = host.get("/").values()["to_copy"][0]["id"].as_str().unwrap().to_owned();
    for action in ["copied", "right", "wrong", "review"] {
        other.post(&format!("/messages/{copy}/{action}"), &[("grade", "1")]).expect(404);
    }
    assert_eq!(other.get("/search?q=a").values()["cases"], json!([]));
    assert!(other.facts().students.is_empty());
    host.as_visitor().get("/").expect(403);
    host.post("/questions/no-id/claim", &[]).expect(404);
}

#[test]
fn operators_delete_a_question_with_everything_about_it() {
    let host = host();
    let (kept, gone) = (enter(&host, "kept"), enter(&host, "gone"));
    settle(&host, &kept, "answer");
    settle(&host, &gone, "verwerfen");
    let delete = format!("{gone}/delete");
    host.as_student(1).post(&delete, &[]).expect(403);
    host.as_operator().post(&delete, &[]).redirects_to("/");
    host.as_operator().post(&delete, &[]).expect(404);
    let all = kit::everything(&host);
    assert!(!all.contains("verwerfen") && !all.contains("gone") && all.contains("kept"));
}

#[test]
fn the_box_shows_how_many_wait_how_long_and_what_is_mine() {
    let host = host();
    on_duty(&host, &[1]);
    let one = host.as_student(1);
    assert_eq!(one.widget("waiting").values()["oldest"], json!(null));
    let question = enter(&host, "a");
    host.advance(Duration::from_secs(1_800));
    enter(&host, "b");
    let shown = one.widget("waiting");
    assert_eq!((shown.template(), &shown.values()["count"]), ("waiting.html", &json!(2)));
    assert_eq!(shown.values()["oldest"], json!({ "word": "age-minutes", "count": 30 }));
    assert_eq!((&shown.values()["mine"], &shown.values()["on_duty"]), (&json!(0), &json!(true)));
    claim(&one, &question);
    assert_eq!(one.widget("waiting").values()["mine"], 1);
    assert_eq!(host.as_student(2).widget("waiting").values()["mine"], 0);
}

#[test]
fn chinese_is_found_by_one_character_two_and_several_words() {
    let host = host();
    let question = enter(&host, "请问投稿的邮箱，是哪个？");
    enter(&host, "100% 的问题 a_b");
    settle(&host, &question, "写在菜单里的“投稿”一栏。");
    let found = |query: &str| host.get(&format!("/search?q={query}")).values()["cases"].as_array().unwrap().len();
    for (query, count) in [
        ("稿", 1),
        ("投稿", 1),
        ("菜单", 1),
        ("邮箱 菜单", 1),
        ("邮箱是", 1),
        ("邮箱 快递", 0),
        ("％", 0),
        ("a_b", 1),
        ("ＡＢ", 1),
        ("问", 2),
    ] {
        assert_eq!(found(query), count, "{query}");
    }
    let entries = host.get("/search?q=刷单").values()["entries"].clone();
    assert_eq!(entries[0]["question"], "可以请微信好友帮忙刷单吗？");
}

#[test]
fn a_person_is_forgotten_and_their_answers_stay() {
    let host = host();
    on_duty(&host, &[1, 3]);
    let three = host.as_student(3);
    let (first, second) = (enter(&host, "a"), enter(&host, "b"));
    settle(&three, &first, "mine");
    claim(&three, &second);
    host.post(&format!("{second}/assign"), &[("person", &three.person().to_string())]);
    let known = host.export_person(three.person())["declared"].clone();
    let tables: Vec<&String> = known.as_object().unwrap().keys().collect();
    assert_eq!(tables, ["assignment", "claim", "message", "question", "response"]);
    host.erase_person(three.person());
    let messages = host.get(&first).values()["messages"].clone();
    assert_eq!((&messages[1]["text"], &messages[1]["name"]), (&json!("mine"), &json!(null)));
    assert_eq!(host.get("/").values()["waiting"][0]["is_claimed"], false);
    assert!(host.facts().students.is_empty());
}
