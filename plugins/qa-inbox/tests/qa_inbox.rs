//! The inbox in the kit: asking, claiming, answering, and who may.

#![allow(missing_docs, clippy::unwrap_used)]

use std::time::Duration;

use plugin_sdk::protocol::{Code, Failure};
use plugin_sdk::serde_json::{Value, json};
use plugin_test::TestHost;

const LEASE: Duration = Duration::from_secs(600);

fn host() -> TestHost {
    TestHost::new(&qa_inbox::PLUGIN)
}

/// The rota lists these students from now on.
fn on_duty(host: &TestHost, numbers: &[u32]) {
    let one = |number: &u32| {
        let id = host.as_student(*number).person();
        json!({ "id": id, "name": format!("学生 {number:02}"), "post": "chief" })
    };
    let people: Vec<Value> = numbers.iter().map(one).collect();
    host.provide("rota.on_duty/1", move |_| Ok(json!({ "people": people })));
}

/// Enters a question as student 3, and returns the address of what can be done with it.
fn ask(host: &TestHost, text: &str) -> String {
    let sent = host.as_student(3).post("/questions", &[("text", text)]);
    assert_eq!(sent.redirects_to("/").notice(), Some("question-added"));
    let waiting = host.get("/").values()["waiting"].clone();
    let question = waiting.as_array().unwrap().iter().rfind(|question| question["text"] == text).unwrap();
    format!("/questions/{}", question["id"].as_str().unwrap())
}

fn claim(host: &TestHost, question: &str) -> String {
    host.post(&format!("{question}/claim"), &[]).redirects_to("/").notice().unwrap().to_owned()
}

fn answer(host: &TestHost, question: &str, text: &str) -> plugin_test::Answer {
    host.post(&format!("{question}/answer"), &[("text", text)])
}

#[test]
fn a_question_is_claimed_and_answered_by_who_is_on_duty() {
    let host = host();
    on_duty(&host, &[1]);
    let question = ask(&host, "怎么投稿？");
    host.advance(Duration::from_secs(2 * 3_600));
    let one = host.as_student(1);
    let page = one.get("/");
    assert_eq!((page.template(), &page.values()["may_claim"]), ("inbox.html", &json!(true)));
    assert_eq!(page.values()["waiting"][0]["age"], json!({ "word": "age-hours", "count": 2 }));
    assert_eq!((&page.values()["duty"], &page.values()["on_duty"]), (&json!("duty-people"), &json!("学生 01")));

    assert_eq!(claim(&one, &question), "claim-done");
    assert_eq!(one.get("/").values()["waiting"][0]["is_mine"], true);
    let others = host.as_student(2).get("/").values()["waiting"][0].clone();
    assert_eq!((&others["is_mine"], &others["claimed_by"]), (&json!(false), &json!("学生 01")));

    assert_eq!(answer(&one, &question, "发到邮箱。").redirects_to("/").notice(), Some("answer-done"));
    let page = host.as_student(2).get("/");
    assert_eq!(page.values()["waiting"], json!([]));
    let done = &page.values()["answered"][0];
    assert_eq!((&done["text"], &done["answer"]), (&json!("怎么投稿？"), &json!("发到邮箱。")));
    assert_eq!((&done["name"], &done["took"]["count"]), (&json!("学生 01"), &json!(2)));
    let facts = host.facts();
    assert_eq!((facts.students.len(), facts.students[0].person), (1, one.person()));
    assert_eq!(facts.students[0].values["answered"], 1);
}

#[test]
fn two_people_never_get_the_same_question() {
    let host = host();
    on_duty(&host, &[1, 2]);
    let question = ask(&host, "a");
    let (one, two) = (host.as_student(1), host.as_student(2));
    assert_eq!(claim(&one, &question), "claim-done");
    assert_eq!(claim(&two, &question), "claim-taken");
    assert_eq!(claim(&one, &question), "claim-done", "again is no harm");
    let refused = answer(&two, &question, "mine");
    assert_eq!(refused.expect(409).values()["late"], "mine", "what was written is not lost");
    answer(&one, &question, "first").redirects_to("/");
    answer(&one, &question, "twice").expect(409);
    assert_eq!(claim(&two, &question), "claim-taken");
    let answered = host.get("/").values()["answered"].clone();
    assert_eq!((answered.as_array().unwrap().len(), &answered[0]["answer"]), (1, &json!("first")));
}

#[test]
fn many_who_claim_at_once_leave_one_with_the_question() {
    let host = host();
    on_duty(&host, &[1, 2, 3, 4]);
    let question = ask(&host, "a");
    let outcomes: Vec<String> = std::thread::scope(|scope| {
        let claims = [1, 2, 3, 4].map(|number| {
            let (host, question) = (host.as_student(number), question.as_str());
            scope.spawn(move || claim(&host, question))
        });
        claims.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|notice| *notice == "claim-done").count(), 1, "{outcomes:?}");
}

#[test]
fn a_claim_runs_out_and_the_question_goes_to_the_next() {
    let host = host();
    on_duty(&host, &[1, 2]);
    let question = ask(&host, "a");
    let (one, two) = (host.as_student(1), host.as_student(2));
    claim(&one, &question);
    host.advance(LEASE - Duration::from_secs(1));
    assert_eq!(claim(&two, &question), "claim-taken");
    host.advance(Duration::from_secs(1));
    assert_eq!(one.get("/").values()["waiting"][0]["is_claimed"], false);
    assert_eq!(claim(&two, &question), "claim-done");
    answer(&one, &question, "late").expect(409);
    answer(&two, &question, "in time").redirects_to("/");

    let other = ask(&host, "b");
    claim(&one, &other);
    host.advance(LEASE * 2);
    answer(&one, &other, "nobody else wanted it").redirects_to("/");
}

#[test]
fn questions_queue_when_nobody_is_on_duty() {
    let host = host();
    on_duty(&host, &[]);
    let question = ask(&host, "a");
    let page = host.as_student(1).get("/");
    assert_eq!((&page.values()["duty"], &page.values()["may_claim"]), (&json!("duty-nobody"), &json!(false)));
    assert_eq!(claim(&host.as_student(1), &question), "claim-not-on-duty");
    assert_eq!(claim(&host.as_operator(), &question), "claim-done", "who runs the account may always");
    on_duty(&host, &[1]);
    let next = ask(&host, "b");
    assert_eq!(claim(&host.as_student(2), &next), "claim-not-on-duty");
    assert_eq!(claim(&host.as_student(1), &next), "claim-done");
}

#[test]
fn the_inbox_works_while_the_rota_is_away() {
    let host = host();
    let question = ask(&host, "a");
    assert_eq!(host.as_student(1).get("/").values()["duty"], "duty-away");
    assert_eq!(claim(&host.as_student(1), &question), "claim-not-on-duty");
    assert_eq!(claim(&host, &question), "claim-done");
    assert!(host.logs().is_empty(), "a class without a rota is nothing to report");
    host.provide("rota.on_duty/1", |_| Err(Failure::new(Code::Busy, "overloaded")));
    assert_eq!(host.get("/").values()["duty"], "duty-away");
    assert!(host.logs()[0].message.contains("overloaded"), "{:?}", host.logs());
    host.provide("rota.on_duty/1", |_| Ok(json!({ "people": [{ "id": "no id" }, 7] })));
    assert_eq!(host.get("/").values()["duty"], "duty-nobody");
}

#[test]
fn an_empty_or_endless_text_comes_back() {
    let host = host();
    on_duty(&host, &[1]);
    let (one, long) = (host.as_student(1), "长".repeat(501));
    for text in ["", " \n ", &long] {
        let page = one.post("/questions", &[("text", text)]);
        assert_eq!(page.expect(422).values()["new"], json!({ "text": text.trim(), "error": "question-length" }));
    }
    assert_eq!(host.get("/").values()["count"], 0);
    let question = ask(&host, &"长".repeat(500));
    claim(&one, &question);
    for text in ["", " ", &"长".repeat(601)] {
        let page = answer(&one, &question, text);
        let waiting = &page.expect(422).values()["waiting"][0];
        assert_eq!((&waiting["error"], &waiting["written"]), (&json!("answer-length"), &json!(text.trim())));
    }
    answer(&one, &question, &"长".repeat(600)).redirects_to("/");
}

#[test]
fn another_class_sees_and_touches_nothing() {
    let host = host();
    let question = ask(&host, "a");
    claim(&host, &question);
    let other = host.in_other_class();
    assert_eq!(other.get("/").values()["waiting"], json!([]));
    assert_eq!(other.widget("waiting").values(), &json!({ "count": 0, "oldest": null }));
    for action in ["claim", "answer", "delete"] {
        other.post(&format!("{question}/{action}"), &[("text", "theirs")]).expect(404);
    }
    answer(&host, &question, "ours").redirects_to("/");
    assert_eq!(other.get("/").values()["answered"], json!([]));
    assert!(other.facts().students.is_empty());
    host.as_visitor().get("/").expect(403);
    host.post("/questions/no-id/claim", &[]).expect(404);
}

#[test]
fn operators_delete_a_question_with_everything_about_it() {
    let host = host();
    let (kept, gone) = (ask(&host, "kept"), ask(&host, "gone"));
    for question in [&kept, &gone] {
        claim(&host, question);
        answer(&host, question, "answer").redirects_to("/");
    }
    let delete = format!("{gone}/delete");
    host.as_student(1).post(&delete, &[]).expect(403);
    host.as_operator().post(&delete, &[]).redirects_to("/");
    host.as_operator().post(&delete, &[]).expect(404);
    assert_eq!(host.rows("select text from question", Vec::new()).rows.len(), 1);
    assert_eq!(host.rows("select text from answer", Vec::new()).rows.len(), 1);
}

#[test]
fn the_box_shows_how_many_wait_and_how_long() {
    let host = host();
    assert_eq!(host.widget("waiting").values(), &json!({ "count": 0, "oldest": null }));
    ask(&host, "a");
    host.advance(Duration::from_secs(1_800));
    ask(&host, "b");
    let shown = host.as_student(1).widget("waiting");
    let oldest = json!({ "word": "age-minutes", "count": 30 });
    assert_eq!((shown.template(), shown.values()), ("waiting.html", &json!({ "count": 2, "oldest": oldest })));
}

#[test]
fn a_person_is_forgotten_and_their_answers_stay() {
    let host = host();
    on_duty(&host, &[1, 3]);
    let three = host.as_student(3);
    let (first, second) = (ask(&host, "a"), ask(&host, "b"));
    claim(&three, &first);
    answer(&three, &first, "mine").redirects_to("/");
    claim(&three, &second);
    let known = host.export_person(three.person())["declared"].clone();
    let tables: Vec<&String> = known.as_object().unwrap().keys().collect();
    assert_eq!(tables, ["answer", "claim", "question"]);
    host.erase_person(three.person());
    let page = host.get("/");
    assert_eq!(
        (&page.values()["answered"][0]["answer"], &page.values()["answered"][0]["name"]),
        (&json!("mine"), &json!(null))
    );
    assert_eq!(page.values()["waiting"][0]["is_claimed"], false);
    assert!(host.facts().students.is_empty());
}
