//! Planning a term from the page: preview, publishing, gaps, absences, leavers.

use plugin_sdk::serde_json::json;

use super::*;

const TERM: &str = "first=2026-10-12&last=2026-11-22";

/// The preview of a plan.
fn preview(host: &TestHost, query: &str) -> Value {
    host.as_operator().get(&format!("/plan?{query}")).expect(200).values()["preview"].clone()
}

fn publish(host: &TestHost, seen: &str, more: &[(&str, &str)]) -> plugin_test::Answer {
    let mut form = vec![("first", "2026-10-12"), ("last", "2026-11-22"), ("seed", "1"), ("seen", seen)];
    form.extend(more);
    host.as_operator().post("/plan", &form)
}

/// Plans six weeks for five students and two posts.
fn planned() -> TestHost {
    let host = host();
    host.set("posts", "chief-deputy");
    let seen = preview(&host, TERM)["seen"].as_str().unwrap().to_owned();
    assert_eq!(publish(&host, &seen, &[]).redirects_to("/plan").notice(), Some("plan-published"));
    host
}

#[test]
fn nothing_is_planned_before_the_preview_is_published() {
    let host = host();
    host.set("posts", "chief-deputy");
    host.as_student(1).get(&format!("/plan?{TERM}")).expect(403);
    let seen = preview(&host, TERM);
    assert_eq!(
        (&seen["changes"], &seen["empty"], &seen["days"].as_array().unwrap().len()),
        (&json!(84), &json!(0), &42)
    );
    assert!(seen["jain"].as_str().unwrap().parse::<f64>().unwrap() >= 0.99, "{seen}");
    assert!(seen["gap"].as_i64().unwrap() < 3, "five students cannot keep five days: {seen}");
    assert_eq!(seen["wanted_gap"], 5);
    assert_eq!(count(&host, "select count(*) from shift"), 0);
    let seen = seen["seen"].as_str().unwrap();
    assert_eq!(publish(&host, seen, &[]).expect(303).notice(), Some("plan-published"));
    assert_eq!(count(&host, "select count(*) from shift"), 84);
    assert_eq!(preview(&host, TERM)["changes"], 0, "what is planned stays");
    let fair = host.get("/fairness").values().clone();
    assert!(fair["spread"].as_str().unwrap().parse::<f64>().unwrap() <= 1.0, "{fair}");
    let id = shift(&host, "2026-10-20", "chief");
    let why = host.get(&format!("/shifts/{id}")).values()["why"].clone();
    assert_eq!((&why["kind"], &why["people"]), (&json!("plan"), &json!(5)));
}

#[test]
fn a_preview_is_published_only_as_it_was_seen() {
    let host = planned();
    let seen = preview(&host, &format!("{TERM}&renew=true&seed=2"))["seen"].as_str().unwrap().to_owned();
    // Somebody changes a day meanwhile.
    set(&host, "2026-10-15", &student(&host, 1), &student(&host, 2));
    let form =
        [("first", "2026-10-12"), ("last", "2026-11-22"), ("seed", "2"), ("renew", "true"), ("seen", seen.as_str())];
    let again = host.post("/plan", &form);
    assert_eq!(again.expect(409).values()["error"], "plan-changed");
    let seen = again.values()["preview"]["seen"].as_str().unwrap().to_owned();
    let form =
        [("first", "2026-10-12"), ("last", "2026-11-22"), ("seed", "2"), ("renew", "true"), ("seen", seen.as_str())];
    assert_eq!(host.post("/plan", &form).expect(303).notice(), Some("plan-published"));
    assert_eq!(count(&host, "select count(*) from shift"), 84);
    assert_eq!(
        count(&host, "select count(*) from (select 1 from shift group by day, person_id having count(*) > 1) as x"),
        0
    );
}

#[test]
fn a_term_that_makes_no_sense_is_said_so() {
    let host = host();
    for (query, error) in [
        ("first=soon&last=2026-11-22", "plan-day-wrong"),
        ("first=2026-11-22&last=2026-10-12", "plan-term-over"),
        ("first=2026-09-01&last=2026-10-01", "plan-term-over"),
        ("first=2026-10-12&last=2028-10-12", "plan-term-long"),
    ] {
        assert_eq!(host.get(&format!("/plan?{query}")).expect(422).values()["error"], error, "{query}");
    }
}

#[test]
fn holidays_weigh_more_and_days_off_have_no_duty() {
    let host = host();
    let special = |first: &str, last: &str, kind: &str| {
        let form = [("first", first), ("last", last), ("kind", kind), ("title", "校庆")];
        host.as_operator().post("/plan/special-days", &form).notice().unwrap().to_owned()
    };
    assert_eq!(special("2026-10-14", "2026-10-15", "off"), "special-days-saved");
    assert_eq!(special("2026-10-16", "", "holiday"), "special-days-saved");
    assert_eq!(special("2026-10-16", "2027-10-16", "holiday"), "special-days-wrong");
    assert_eq!(special("2026-10-16", "", "party"), "special-days-wrong");
    assert_eq!(special("", "", "off"), "plan-day-wrong");
    let seen = preview(&host, "first=2026-10-12&last=2026-10-18");
    let days: Vec<&str> =
        seen["days"].as_array().unwrap().iter().map(|day| day["day"]["iso"].as_str().unwrap()).collect();
    assert_eq!(days, ["2026-10-12", "2026-10-13", "2026-10-16", "2026-10-17", "2026-10-18"]);
    // 2 usual days, one holiday of two points, two weekend days of one and a half, three posts each.
    let load: f64 = seen["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["load"].as_str().unwrap().parse::<f64>().unwrap())
        .sum();
    assert!((load - 3.0 * 7.0).abs() < 0.2, "{load}");
    host.post("/plan/special-days/2026-10-14/delete", &[]).redirects_to("/plan");
    assert_eq!(preview(&host, "first=2026-10-12&last=2026-10-18")["days"].as_array().unwrap().len(), 6);
}

#[test]
fn one_absence_is_filled_with_few_other_changes() {
    let host = planned();
    let id = shift(&host, "2026-10-20", "chief");
    let absent = holder(&host, "2026-10-20", "chief").unwrap();
    let before = host.rows("select day, post, person_id from shift order by day, post", Vec::new()).rows;
    host.as_student(1).get(&format!("/plan/repair?shift={id}")).expect(403);
    let page = host.as_operator().get(&format!("/plan/repair?shift={id}"));
    let proposal = page.values()["proposal"].clone();
    assert!(proposal["others"].as_u64().unwrap() <= 3, "{proposal}");
    assert_eq!(proposal["moves"][0]["day"]["iso"], "2026-10-20");
    let form = [("shift", id.as_str()), ("seen", "old")];
    assert_eq!(host.post("/plan/repair", &form).expect(409).values()["error"], "plan-changed");
    let form = [("shift", id.as_str()), ("seen", proposal["seen"].as_str().unwrap())];
    assert_eq!(host.post("/plan/repair", &form).redirects_to("/plan/repair").notice(), Some("repair-done"));
    let after = host.rows("select day, post, person_id from shift order by day, post", Vec::new()).rows;
    let changed = before.iter().zip(&after).filter(|(one, other)| one != other).count();
    assert!((1..=4).contains(&changed) && before.len() == after.len(), "{changed}");
    assert_ne!(holder(&host, "2026-10-20", "chief"), Some(absent.clone()));
    assert_eq!(count(&host, "select count(*) from away"), 1, "who was absent is not planned for that day again");
    assert_eq!(host.get(&format!("/shifts/{id}")).values()["why"]["kind"], "repair");
}

#[test]
fn who_says_that_they_are_away_is_found_and_replaced() {
    let host = planned();
    let person = holder(&host, "2026-10-22", "deputy").unwrap();
    let number = (1..=5).find(|number| student(&host, *number) == person).unwrap();
    let said = host.as_student(number).post("/times/away", &[("first", "2026-10-22"), ("last", "2026-10-22")]);
    assert_eq!(said.notice(), Some("away-added-clash"));
    assert_eq!(host.get("/plan").values()["troubles"], 1);
    let page = host.get("/plan/repair");
    assert_eq!(
        (&page.values()["troubles"][0]["why"], page.values()["troubles"].as_array().unwrap().len()),
        (&json!("trouble-away"), 1)
    );
    let seen = page.values()["proposal"]["seen"].as_str().unwrap().to_owned();
    assert_eq!(host.post("/plan/repair", &[("seen", &seen)]).notice(), Some("repair-done"));
    assert_ne!(holder(&host, "2026-10-22", "deputy"), Some(person));
    assert_eq!(host.get("/plan").values()["troubles"], 0);
    host.post("/plan/repair", &[("seen", &seen)]).expect(404);
}

#[test]
fn what_is_kept_or_past_stays_when_the_rest_is_planned_anew() {
    let host = planned();
    let id = shift(&host, TODAY, "chief");
    let person = holder(&host, TODAY, "chief").unwrap();
    let number = (1..=5).find(|number| student(&host, *number) == person).unwrap();
    host.as_student(number).post(&format!("/shifts/{id}/check-in"), &[]).expect(303);
    host.advance(2 * DAY);
    let past =
        host.rows("select day, post, person_id from shift where day < '2026-10-14' order by day, post", Vec::new());
    let seen = preview(&host, &format!("{TERM}&renew=true&seed=9"));
    let seen = seen["seen"].as_str().unwrap().to_owned();
    let form =
        [("first", "2026-10-12"), ("last", "2026-11-22"), ("seed", "9"), ("renew", "true"), ("seen", seen.as_str())];
    assert_eq!(host.post("/plan", &form).notice(), Some("plan-published"));
    assert_eq!(
        host.rows("select day, post, person_id from shift where day < '2026-10-14' order by day, post", Vec::new()),
        past
    );
    assert_eq!(count(&host, "select count(*) from shift"), 84);
    assert_eq!(holder(&host, TODAY, "chief"), Some(person));
}

#[test]
fn posts_given_up_disappear_from_a_new_plan() {
    let host = planned();
    host.set("posts", "chief");
    let seen = preview(&host, &format!("{TERM}&renew=true"));
    let seen = seen["seen"].as_str().unwrap().to_owned();
    assert_eq!(publish(&host, &seen, &[("renew", "true")]).notice(), Some("plan-published"));
    // Today's shift goes on; the others of that post are gone.
    assert!(count(&host, "select count(*) from shift where post = 'deputy'") <= 1);
    assert_eq!(count(&host, "select count(*) from shift where post = 'chief'"), 42);
}

#[test]
fn nobody_plans_twice_at_the_same_time() {
    let host = host();
    let seen = preview(&host, TERM)["seen"].as_str().unwrap().to_owned();
    let said: Vec<u16> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..4).map(|_| scope.spawn(|| publish(&host, &seen, &[]).status())).collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(said.iter().filter(|status| **status == 303).count(), 1, "{said:?}");
    assert_eq!(count(&host, "select count(*) from shift"), 126);
}

#[test]
fn a_shorter_term_and_days_off_give_up_what_was_planned() {
    let host = planned();
    let last = |last: &'static str| [("first", "2026-10-12"), ("last", last), ("seed", "1")];
    let publish = |form: &[(&str, &str)], given_up: u64| {
        let query: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let preview = preview(&host, &query.join("&"));
        assert_eq!(preview["given_up"], given_up, "{preview}");
        let seen = preview["seen"].as_str().unwrap().to_owned();
        let form: Vec<(&str, &str)> = form.iter().copied().chain([("seen", seen.as_str())]).collect();
        assert_eq!(host.as_operator().post("/plan", &form).expect(303).notice(), Some("plan-published"));
    };
    let special = [("first", "2026-10-14"), ("kind", "off"), ("title", "校庆")];
    host.as_operator().post("/plan/special-days", &special).expect(303);
    publish(&last("2026-11-22"), 2);
    assert_eq!(count(&host, "select count(*) from shift where day = '2026-10-14'"), 0);
    publish(&last("2026-11-20"), 4);
    assert_eq!(count(&host, "select count(*) from shift where day > '2026-11-20'"), 0);
    // A term that only gets longer by a day without duty is kept too.
    let special = [("first", "2026-11-21"), ("kind", "off")];
    host.as_operator().post("/plan/special-days", &special).expect(303);
    assert_eq!(preview(&host, "first=2026-10-12&last=2026-11-21")["changes"], 0);
    publish(&last("2026-11-21"), 0);
    assert_eq!(host.get("/plan").values()["last"], "2026-11-21");
    host.set("posts", "chief");
    publish(&last("2026-11-21"), 38);
    assert_eq!(count(&host, "select count(*) from shift where post = 'deputy' and day > '2026-10-12'"), 0);
}

#[test]
fn weeks_of_courses_are_those_of_the_school() {
    let host = host();
    // Week 1 began on 31 August, so that 12 October is in week 7.
    host.set("weeks_from", "2026-09-01");
    host.as_student(1).post("/times/courses", &[("courses", "周二 19:00-20:40 7周 英语")]).expect(303);
    host.as_student(2).post("/times/courses", &[("courses", "周二 19:00-20:40 1周 英语")]).expect(303);
    set(&host, TOMORROW, &student(&host, 1), &student(&host, 2));
    let troubles = host.get("/plan/repair").values()["troubles"].clone();
    let (one, more) = (&troubles[0], &troubles[1]);
    assert_eq!((&one["shift"]["name"], &one["why"], more), (&json!("学生 01"), &json!("trouble-course"), &json!(null)));
}
