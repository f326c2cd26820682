//! The rota in the kit: planning, checking in, and what others may see.

#![allow(missing_docs, clippy::unwrap_used)]

use std::time::Duration;

use plugin_sdk::serde_json::{Value, json};
use plugin_test::{TEACHER, TestHost};

/// The clock of the kit shows the morning of this day.
const TODAY: &str = "2026-10-12";
const TOMORROW: &str = "2026-10-13";
const DAY: Duration = Duration::from_secs(86_400);

fn host() -> TestHost {
    TestHost::new(&duty_rota::PLUGIN)
}

fn student(host: &TestHost, number: u32) -> String {
    host.as_student(number).person().to_string()
}

/// Plans a day with these students, and expects that it is done.
fn plan(host: &TestHost, day: &str, chief: &str, deputy: &str) {
    let sent = host.as_operator().post("/plan", &[("day", day), ("chief", chief), ("deputy", deputy)]);
    assert_eq!(sent.expect(303).notice(), Some("plan-saved"));
}

fn own_shift(host: &TestHost) -> Value {
    host.get("/").values()["mine"][0].clone()
}

fn address(shift: &Value) -> String {
    format!("/shifts/{}/check-in", shift["id"].as_str().unwrap())
}

#[test]
fn a_planned_day_is_seen_by_the_class_and_by_who_is_on_duty() {
    let host = host();
    plan(&host, TOMORROW, &student(&host, 1), &student(&host, 2));
    let page = host.as_student(2).get("/");
    assert_eq!((page.template(), &page.values()["days"][0]["held"]), ("rota.html", &json!([null, null, null])));
    let tomorrow = &page.values()["days"][1];
    assert_eq!((&tomorrow["day"]["iso"], &tomorrow["day"]["weekday"]), (&json!(TOMORROW), &json!("weekday-2")));
    assert_eq!((&tomorrow["held"][0]["name"], &tomorrow["held"][0]["is_me"]), (&json!("学生 01"), &json!(false)));
    assert_eq!((&tomorrow["held"][1]["name"], &tomorrow["held"][1]["is_me"]), (&json!("学生 02"), &json!(true)));
    assert_eq!(page.values()["mine"].as_array().unwrap().len(), 1);
    assert_eq!(page.values()["mine"][0]["word"], "post-deputy");
    assert_eq!(host.as_student(3).get("/").values()["mine"], json!([]));
}

#[test]
fn planning_is_for_operators_and_teachers() {
    let host = host();
    host.as_student(1).get("/plan").expect(403);
    host.as_student(1).post("/plan", &[("day", TODAY), ("chief", &student(&host, 1))]).expect(403);
    host.as_visitor().get("/").expect(403);
    host.as_operator().get("/plan").expect(200);
    host.as_teacher().post("/plan", &[("day", TODAY), ("chief", &student(&host, 1))]).expect(303);
}

#[test]
fn a_plan_that_makes_no_sense_comes_back_with_what_was_chosen() {
    let host = host();
    let first = student(&host, 1);
    let elsewhere = student(&host.in_other_class(), 1);
    let teacher = TEACHER.to_string();
    let cases: [(&[(&str, &str)], &str); 7] = [
        (&[], "plan-day-wrong"),
        (&[("day", "soon"), ("chief", &first)], "plan-day-wrong"),
        (&[("day", "2026-10-11"), ("chief", &first)], "plan-day-past"),
        (&[("day", TODAY), ("chief", &elsewhere)], "plan-person-unknown"),
        (&[("day", TODAY), ("chief", &teacher)], "plan-person-unknown"),
        (&[("day", TODAY), ("chief", "me")], "plan-person-unknown"),
        (&[("day", TODAY), ("chief", &first), ("editor", &first)], "plan-person-twice"),
    ];
    for (form, error) in cases {
        let page = host.post("/plan", form);
        assert_eq!(page.expect(422).values()["error"], error, "{form:?}");
    }
    let again = host.post("/plan", &[("day", TODAY), ("chief", &first), ("editor", &first)]);
    assert_eq!(again.values()["chosen"][2], json!({ "post": "editor", "word": "post-editor", "person": first }));
    assert_eq!(host.rows("select id from shift", Vec::new()).rows.len(), 0);
}

#[test]
fn a_day_is_planned_anew_without_touching_what_stays() {
    let host = host();
    let [first, second] = [1, 2].map(|number| student(&host, number));
    plan(&host, TODAY, &first, &second);
    let before = own_shift(&host.as_student(1));
    for _ in 0..2 {
        plan(&host, TODAY, &first, "");
        assert_eq!(own_shift(&host.as_student(1)), before);
    }
    assert_eq!(host.as_student(2).get("/").values()["mine"], json!([]));
    plan(&host, TODAY, &second, &first);
    assert_eq!(own_shift(&host.as_student(2))["word"], "post-chief");
    assert_eq!(own_shift(&host.as_student(1))["word"], "post-deputy");
    host.post("/plan", &[("day", TODAY)]).redirects_to("/plan?day=2026-10-13");
    assert_eq!(host.rows("select id from shift", Vec::new()).rows.len(), 0);
}

#[test]
fn a_student_checks_in_once_and_on_the_day() {
    let host = host();
    plan(&host, TOMORROW, &student(&host, 1), "");
    let one = host.as_student(1);
    let check_in = address(&own_shift(&one));
    assert_eq!(one.post(&check_in, &[]).redirects_to("/").notice(), Some("check-in-other-day"));
    assert!(host.facts().students.is_empty());

    host.advance(DAY);
    host.as_student(2).post(&check_in, &[]).expect(403);
    host.post(&check_in, &[]).expect(403);
    host.in_other_class().as_student(1).post(&check_in, &[]).expect(404);
    one.post("/shifts/no-id/check-in", &[]).expect(404);
    assert_eq!(one.post(&check_in, &[]).redirects_to("/").notice(), Some("check-in-done"));
    let at = host.rows("select checked_in_at from shift", Vec::new());

    host.advance(Duration::from_secs(60));
    assert_eq!(one.post(&check_in, &[]).redirects_to("/").notice(), Some("check-in-before"));
    assert_eq!(host.rows("select checked_in_at from shift", Vec::new()), at, "the first time counts");
    let facts = host.facts();
    assert_eq!((facts.students.len(), facts.students[0].person), (1, one.person()));
    assert_eq!(facts.students[0].values["kept"], 1);
    assert_eq!(one.get("/").values()["kept"], 1);
}

#[test]
fn a_kept_shift_is_not_given_to_somebody_else() {
    let host = host();
    plan(&host, TODAY, &student(&host, 1), "");
    let one = host.as_student(1);
    one.post(&address(&own_shift(&one)), &[]).redirects_to("/");
    for chief in ["", &student(&host, 2)] {
        let page = host.post("/plan", &[("day", TODAY), ("chief", chief)]);
        assert_eq!(page.expect(422).values()["error"], "plan-kept");
    }
    plan(&host, TODAY, &student(&host, 1), &student(&host, 2));
    assert_eq!(own_shift(&one)["is_kept"], true);
}

#[test]
fn the_day_is_that_of_the_class() {
    let host = host();
    plan(&host, TOMORROW, &student(&host, 1), "");
    // Half past midnight in Shanghai is still the day before in UTC.
    host.advance(Duration::from_secs(16 * 3_600 + 1_800));
    assert_eq!(own_shift(&host.as_student(1))["is_today"], true);
}

#[test]
fn other_tools_ask_who_is_on_duty() {
    let host = host();
    let ask = |input: Value| host.service("rota.on_duty/1", input);
    assert_eq!(ask(json!({})).unwrap(), json!({ "people": [] }));
    let [first, second] = [1, 2].map(|number| student(&host, number));
    plan(&host, TODAY, &first, &second);
    plan(&host, TOMORROW, &second, "");
    let today = json!({ "people": [
        { "id": first, "name": "学生 01", "post": "chief" },
        { "id": second, "name": "学生 02", "post": "deputy" },
    ] });
    assert_eq!(ask(json!({})).unwrap(), today);
    assert_eq!(ask(json!(null)).unwrap(), today);
    let tomorrow = ask(json!({ "at": "2026-10-13T00:30:00+08:00" })).unwrap();
    assert_eq!(tomorrow["people"], json!([{ "id": second, "name": "学生 02", "post": "chief" }]));
    for wrong in [json!("soon"), json!(7)] {
        assert_eq!(ask(json!({ "at": wrong })).unwrap_err().code.status(), 400);
    }
    assert_eq!(host.in_other_class().service("rota.on_duty/1", json!({})).unwrap(), json!({ "people": [] }));
}

#[test]
fn the_box_shows_todays_duty_and_reminds_who_has_not_checked_in() {
    let host = host();
    assert_eq!(host.widget("today").values(), &json!({ "people": [], "is_due": false }));
    plan(&host, TODAY, &student(&host, 1), "");
    let one = host.as_student(1);
    assert_eq!(one.widget("today").values()["is_due"], true);
    assert_eq!(host.as_student(2).widget("today").values()["is_due"], false);
    one.post(&address(&own_shift(&one)), &[]).redirects_to("/");
    let shown = one.widget("today");
    assert_eq!((shown.template(), &shown.values()["is_due"]), ("today.html", &json!(false)));
    assert_eq!(shown.values()["people"][0]["name"], "学生 01");
    assert_eq!(host.in_other_class().widget("today").values()["people"], json!([]));
}

#[test]
fn a_person_is_exported_and_forgotten() {
    let host = host();
    plan(&host, TODAY, &student(&host, 1), &student(&host, 2));
    let one = host.as_student(1).person();
    assert!(host.export_person(one).to_string().contains(TODAY));
    host.erase_person(one);
    let people = host.service("rota.on_duty/1", json!({})).unwrap();
    assert_eq!(people["people"].as_array().unwrap().len(), 1);
}
