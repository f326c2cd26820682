//! The day of a shift: by hand, checking in, what to do now, the note for the next one.

use std::time::Duration;

use plugin_sdk::serde_json::json;
use plugin_test::TEACHER;

use super::*;

#[test]
fn a_day_set_by_hand_is_seen_by_the_class_and_by_who_is_on_duty() {
    let host = host();
    set(&host, TOMORROW, &student(&host, 1), &student(&host, 2));
    let page = host.as_student(2).get("/");
    assert_eq!((page.template(), &page.values()["days"][0]["held"]), ("today.html", &json!([null, null, null])));
    let tomorrow = &page.values()["days"][1];
    assert_eq!((&tomorrow["day"]["iso"], &tomorrow["day"]["weekday"]), (&json!(TOMORROW), &json!("weekday-2")));
    assert_eq!((&tomorrow["held"][0]["name"], &tomorrow["held"][0]["is_me"]), (&json!("学生 01"), &json!(false)));
    assert_eq!((&tomorrow["held"][1]["name"], &tomorrow["held"][1]["is_me"]), (&json!("学生 02"), &json!(true)));
    assert_eq!(page.values()["mine"][0]["word"], "post-deputy");
    assert_eq!(host.as_student(3).get("/").values()["mine"], json!([]));
    let why = host.as_student(1).get(&format!("/shifts/{}", shift(&host, TOMORROW, "chief")));
    assert_eq!(why.values()["why"]["kind"], "hand");
}

#[test]
fn a_day_that_makes_no_sense_comes_back_with_what_was_chosen() {
    let host = host();
    let first = student(&host, 1);
    let elsewhere = student(&host.in_other_class(), 1);
    let teacher = TEACHER.to_string();
    let cases: [(&str, &[(&str, &str)], &str); 5] = [
        ("2026-10-11", &[("chief", &first)], "plan-day-past"),
        (TODAY, &[("chief", &elsewhere)], "plan-person-unknown"),
        (TODAY, &[("chief", &teacher)], "plan-person-unknown"),
        (TODAY, &[("chief", "me")], "plan-person-unknown"),
        (TODAY, &[("chief", &first), ("editor", &first)], "plan-person-twice"),
    ];
    for (day, form, error) in cases {
        let page = host.post(&format!("/days/{day}"), form);
        assert_eq!(page.expect(422).values()["error"], error, "{form:?}");
    }
    let again = host.post(&format!("/days/{TODAY}"), &[("chief", &first), ("editor", &first)]);
    assert_eq!(again.values()["chosen"][2], json!({ "post": "editor", "word": "post-editor", "person": first }));
    assert_eq!(count(&host, "select count(*) from shift"), 0);
    host.post("/days/soon", &[]).expect(404);
    host.as_student(1).get(&format!("/days/{TODAY}")).expect(403);
    host.as_student(1).post(&format!("/days/{TODAY}"), &[("chief", &first)]).expect(403);
}

#[test]
fn people_may_exchange_posts_of_a_day_and_what_is_kept_stays() {
    let host = host();
    let [first, second] = [1, 2].map(|number| student(&host, number));
    set(&host, TODAY, &first, &second);
    set(&host, TODAY, &second, &first);
    assert_eq!(holder(&host, TODAY, "chief"), Some(second.clone()));
    let chief = shift(&host, TODAY, "chief");
    host.as_student(2).post(&format!("/shifts/{chief}/check-in"), &[]).redirects_to("/");
    for chief in ["", first.as_str()] {
        let page = host.post(&format!("/days/{TODAY}"), &[("chief", chief)]);
        assert_eq!(page.expect(422).values()["error"], "plan-kept");
    }
    set(&host, TODAY, &second, "");
    assert_eq!(count(&host, "select count(*) from shift"), 1);
}

#[test]
fn a_student_checks_in_once_within_the_window_and_the_first_time_counts() {
    let host = host();
    set(&host, TOMORROW, &student(&host, 1), "");
    let one = host.as_student(1);
    let check_in = format!("/shifts/{}/check-in", shift(&host, TOMORROW, "chief"));
    let said = |expected: &str| assert_eq!(one.post(&check_in, &[]).redirects_to("/").notice(), Some(expected));
    said("check-in-other-day");
    // From eight in the morning to half past six the next.
    host.advance(Duration::from_secs(22 * 3_600 + 1_800));
    assert_eq!(one.get("/").values()["duty"]["now"], "wait");
    said("check-in-too-early");
    host.advance(HOUR);
    assert_eq!(one.get("/").values()["duty"]["now"], "check-in");
    host.as_student(2).post(&check_in, &[]).expect(403);
    host.in_other_class().as_student(1).post(&check_in, &[]).expect(404);
    one.post("/shifts/no-id/check-in", &[]).expect(404);
    said("check-in-done");
    let at = host.rows("select checked_in_at from shift", Vec::new());
    host.advance(Duration::from_secs(60));
    said("check-in-before");
    assert_eq!(host.rows("select checked_in_at from shift", Vec::new()), at);
}

#[test]
fn after_duty_nobody_checks_in_and_the_shift_is_missed_unless_it_is_excused() {
    let host = host();
    set(&host, TODAY, &student(&host, 1), "");
    let id = shift(&host, TODAY, "chief");
    host.advance(14 * HOUR);
    let said = host.as_student(1).post(&format!("/shifts/{id}/check-in"), &[]);
    assert_eq!(said.notice(), Some("check-in-over"));
    assert_eq!(host.as_operator().post(&format!("/shifts/{id}/excuse"), &[]).notice(), Some("excuse-not-missed"));
    host.advance(DAY);
    assert_eq!(host.facts().students[0].values["missed"], 1);
    assert_eq!(host.get(&format!("/shifts/{id}")).values()["is_missed"], true);
    host.as_student(1).post(&format!("/shifts/{id}/excuse"), &[]).expect(403);
    assert_eq!(host.as_operator().post(&format!("/shifts/{id}/excuse"), &[]).notice(), Some("excuse-done"));
    assert!(host.facts().students.is_empty());
    assert_eq!(host.as_operator().post(&format!("/shifts/{id}/excuse"), &[]).notice(), Some("excuse-taken-back"));
}

#[test]
fn where_the_class_wants_it_checking_in_takes_the_code_of_the_day() {
    let host = host();
    host.set("check_in_code", true);
    set(&host, TODAY, &student(&host, 1), "");
    let check_in = format!("/shifts/{}/check-in", shift(&host, TODAY, "chief"));
    host.as_student(1).get("/code").expect(403);
    let code = host.as_operator().get("/code").values()["code"].as_str().unwrap().to_owned();
    assert_eq!((code.len(), code.parse::<u32>().is_ok()), (6, true));
    assert_eq!(host.as_teacher().get("/code").values()["code"], code.as_str(), "it is the same for all");
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    let say = |code: &str| host.as_student(1).post(&check_in, &[("code", code)]).notice().map(str::to_owned).unwrap();
    assert_eq!(say(&wrong), "check-in-code-wrong");
    assert_eq!(say(&format!(" {code} ")), "check-in-done");
    // Whoever guesses is stopped.
    set(&host, TOMORROW, &student(&host, 2), "");
    host.advance(DAY);
    let check_in = format!("/shifts/{}/check-in", shift(&host, TOMORROW, "chief"));
    let guess = |code: &str| host.as_student(2).post(&check_in, &[("code", code)]).notice().map(str::to_owned).unwrap();
    for _ in 0..10 {
        assert_eq!(guess("x"), "check-in-code-wrong");
    }
    let right = host.get("/code").values()["code"].as_str().unwrap().to_owned();
    assert_eq!(guess(&right), "check-in-locked");
}

#[test]
fn whoever_is_on_duty_sees_first_what_to_do_now() {
    let host = host();
    set(&host, TODAY, &student(&host, 1), &student(&host, 2));
    let one = host.as_student(1);
    let now = || one.get("/").values()["duty"]["now"].clone();
    assert_eq!(now(), "check-in");
    one.post(&format!("/shifts/{}/check-in", shift(&host, TODAY, "chief")), &[]).expect(303);
    host.provide("inbox.daily/1", |input| {
        Ok(json!({ "days": [{ "date": input["from"], "asked": 5, "answered": 3 }] }))
    });
    let duty = one.get("/").values()["duty"].clone();
    assert_eq!((&duty["now"], &duty["inbox"]["waiting"]), (&json!("questions"), &json!(2)));
    assert!(duty["inbox_address"].as_str().unwrap().ends_with("/tools/qa-inbox"));
    host.provide("inbox.daily/1", |_| Ok(json!({ "days": [] })));
    let form = [("title", "开放日"), ("day", TODAY), ("author", &student(&host, 1))];
    host.as_operator().post("/publications", &form).expect(303);
    let duty = one.get("/").values()["duty"].clone();
    assert_eq!((&duty["now"], &duty["publication"]["title"]), (&json!("publication"), &json!("开放日")));
    let id = duty["publication"]["id"].as_str().unwrap().to_owned();
    host.post(&format!("/publications/{id}/cancel"), &[]).expect(303);
    assert_eq!(now(), "handover");
    let id = shift(&host, TODAY, "chief");
    let noted = one.post(&format!("/shifts/{id}/handover"), &[("text", " 还有一个提问没答 ")]);
    assert_eq!(noted.notice(), Some("handover-saved"));
    assert_eq!(now(), "done");
    // Others see who is on duty instead.
    assert_eq!(host.as_student(3).get("/").values()["duty"], json!(null));
    assert_eq!(names(&host.as_student(3).get("/").values()["people"]), ["学生 01", "学生 02"]);
}

#[test]
fn a_note_reaches_the_next_shift_and_can_be_taken_back() {
    let host = host();
    set(&host, TODAY, &student(&host, 1), "");
    set(&host, TOMORROW, &student(&host, 2), "");
    let note = |text: &str| {
        let path = format!("/shifts/{}/handover", shift(&host, TODAY, "chief"));
        host.as_student(1).post(&path, &[("text", text)]).notice().map(str::to_owned).unwrap()
    };
    assert_eq!(note("第一版"), "handover-saved");
    assert_eq!(note("第二版"), "handover-saved");
    let other = format!("/shifts/{}/handover", shift(&host, TODAY, "chief"));
    host.as_student(2).post(&other, &[("text", "x")]).expect(403);
    host.advance(DAY);
    let notes = host.as_student(2).get("/").values()["notes"].clone();
    assert_eq!((&notes[0]["text"], &notes[0]["name"]), (&json!("第二版"), &json!("学生 01")));
    assert_eq!(note(" "), "handover-deleted", "late at night is still possible");
    assert_eq!(host.as_student(2).get("/").values()["notes"], json!([]));
    host.advance(DAY);
    assert_eq!(note("zu spät"), "handover-other-day");
}

#[test]
fn the_box_says_who_is_there_and_what_to_do() {
    let host = host();
    assert_eq!(host.widget("today").values()["people"], json!([]));
    set(&host, TODAY, &student(&host, 1), "");
    set(&host, TOMORROW, &student(&host, 2), "");
    let one = host.as_student(1);
    assert_eq!(one.widget("today").values()["is_due"], true);
    let two = host.as_student(2).widget("today");
    assert_eq!((&two.values()["is_due"], &two.values()["next"]["day"]["iso"]), (&json!(false), &json!(TOMORROW)));
    one.post(&format!("/shifts/{}/check-in", shift(&host, TODAY, "chief")), &[]).expect(303);
    let shown = one.widget("today");
    assert_eq!((&shown.values()["is_due"], &shown.values()["is_mine"]), (&json!(false), &json!(true)));
    assert_eq!(names(&shown.values()["people"]), ["学生 01"]);
    assert_eq!(host.in_other_class().widget("today").values()["people"], json!([]));
}

#[test]
fn the_front_page_says_what_to_do_now_and_nothing_to_others() {
    let host = host();
    set(&host, TODAY, &student(&host, 1), "");
    set(&host, TOMORROW, &student(&host, 2), "");
    let one = host.as_student(1).widget("mine");
    assert_eq!(one.values()["duty"]["now"], "check-in");
    assert!(one.html().contains("/check-in"), "{}", one.html());
    let two = host.as_student(2).widget("mine");
    assert!(two.html().contains("明天你值班：主值"), "{}", two.html());
    assert_eq!(host.as_student(3).widget("mine").html().trim(), "");
    assert_eq!(host.in_other_class().widget("mine").html().trim(), "");
}

#[test]
fn the_day_is_that_of_the_class() {
    let host = host();
    set(&host, TOMORROW, &student(&host, 1), "");
    // Half past midnight in Shanghai is still the day before in UTC.
    host.advance(Duration::from_secs(16 * 3_600 + 1_800));
    assert_eq!(host.as_student(1).get("/").values()["duty"]["window"], "early");
}

#[test]
fn only_what_is_ones_own_to_do_is_now() {
    let host = host();
    set(&host, TODAY, &student(&host, 1), "");
    let form = [("title", "开放日"), ("day", TODAY), ("author", &student(&host, 2))];
    host.as_operator().post("/publications", &form).expect(303);
    let one = host.as_student(1);
    let id = shift(&host, TODAY, "chief");
    one.post(&format!("/shifts/{id}/check-in"), &[]).expect(303);
    assert_eq!(one.get("/").values()["duty"]["now"], "handover", "somebody else writes it");
    // The note can still be left the day after.
    host.advance(DAY);
    assert!(one.get(&format!("/shifts/{id}")).html().contains(&format!("/shifts/{id}/handover")));
    host.advance(DAY);
    assert!(!one.get(&format!("/shifts/{id}")).html().contains(&format!("/shifts/{id}/handover")));
}

#[test]
fn an_operator_says_that_somebody_was_there() {
    let host = host();
    set(&host, TODAY, &student(&host, 1), &student(&host, 2));
    set(&host, TOMORROW, &student(&host, 3), "");
    let kept = |host: &TestHost, day: &str, post: &str| {
        let path = format!("/shifts/{}/kept", shift(host, day, post));
        host.as_operator().post(&path, &[]).expect(303).notice().unwrap().to_owned()
    };
    assert_eq!(kept(&host, TOMORROW, "chief"), "kept-not-yet");
    let id = shift(&host, TODAY, "chief");
    host.as_student(1).post(&format!("/shifts/{id}/kept"), &[]).expect(403);
    host.as_student(2).post(&format!("/shifts/{}/check-in", shift(&host, TODAY, "deputy")), &[]).expect(303);
    host.advance(DAY);
    assert_eq!(kept(&host, TODAY, "chief"), "kept-done");
    let value = |name: &str| {
        host.facts()
            .students
            .iter()
            .find(|one| one.person == host.as_student(1).person())
            .map(|one| one.values.get(name).cloned())
    };
    assert_eq!((value("kept"), value("missed")), (Some(Some(json!(1))), Some(None)));
    assert_eq!(kept(&host, TODAY, "chief"), "kept-taken-back");
    assert_eq!(kept(&host, TODAY, "deputy"), "check-in-changed", "who has checked in themselves has");
}

#[test]
fn a_day_by_hand_does_not_undo_what_happened_meanwhile() {
    let host = host();
    set(&host, TOMORROW, &student(&host, 1), "");
    let address = format!("/days/{TOMORROW}");
    let seen = host.get(&address).values()["seen"].as_str().unwrap().to_owned();
    set(&host, TOMORROW, &student(&host, 3), "");
    let form = [("seen", seen.as_str()), ("chief", &student(&host, 1)), ("editor", &student(&host, 2))];
    let again = host.as_operator().post(&address, &form);
    assert_eq!(again.expect(409).values()["error"], "plan-changed");
    assert_eq!(holder(&host, TOMORROW, "chief"), Some(student(&host, 3)));
    let seen = again.values()["seen"].as_str().unwrap().to_owned();
    let form = [("seen", seen.as_str()), ("chief", &student(&host, 3)), ("editor", &student(&host, 2))];
    assert_eq!(host.as_operator().post(&address, &form).expect(303).notice(), Some("plan-saved"));
}

#[test]
fn times_are_read_as_they_are_typed_in_chinese() {
    let host = host();
    set(&host, TODAY, &student(&host, 1), "");
    host.set("duty_until", "23：30");
    host.advance(15 * HOUR);
    assert_eq!(host.as_student(1).get("/").values()["duty"]["window"], "open");
    host.set("duty_until", "24:00");
    assert_eq!(host.as_student(1).get("/").values()["duty"]["ends"], "23:59");
    assert_eq!(host.get("/plan").values()["unreadable"], "");
    host.set("duty_until", "十点");
    assert_eq!(host.get("/plan").values()["unreadable"], "十点");
}

#[test]
fn once_duty_is_over_nobody_is_put_on_it() {
    let host = host();
    host.advance(14 * HOUR);
    let page = host.as_operator().post(&format!("/days/{TODAY}"), &[("chief", &student(&host, 1))]);
    assert_eq!(page.expect(422).values()["error"], "plan-day-past");
    let days =
        host.as_operator().get(&format!("/plan?first={TODAY}&last=2026-10-18")).values()["preview"]["days"].clone();
    assert_eq!(days[0]["day"]["iso"], TOMORROW);
}
