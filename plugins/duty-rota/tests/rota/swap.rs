//! Swaps: offered, accepted, agreed to; and a thousand at once.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use plugin_sdk::serde_json::json;

use super::*;

const LATER: &str = "2026-10-20";

/// Student 1 has tomorrow, student 2 a week later.
fn room() -> TestHost {
    let host = host();
    set(&host, TOMORROW, &student(&host, 1), "");
    set(&host, LATER, &student(&host, 2), "");
    host
}

fn offer(host: &TestHost, number: u32, day: &str, form: &[(&str, &str)]) -> String {
    let path = format!("/shifts/{}/offer", shift(host, day, "chief"));
    host.as_student(number).post(&path, form).expect(303).notice().unwrap().to_owned()
}

/// For how many shifts the gradebook says that a student has helped.
fn helped(host: &TestHost, number: u32) -> i64 {
    let facts = host.facts();
    let found = facts.students.iter().find(|one| one.person == host.as_student(number).person());
    found.and_then(|one| one.values.get("swaps_helped")?.as_i64()).unwrap_or_default()
}

/// The swap that waits.
fn waiting(host: &TestHost) -> String {
    host.get("/swaps").values()["waiting"][0]["id"].as_str().unwrap().to_owned()
}

fn step(host: &TestHost, swap: &str, step: &str) -> String {
    let done = host.post(&format!("/swaps/{swap}/{step}"), &[]);
    done.redirects_to("/swaps").notice().unwrap().to_owned()
}

#[test]
fn somebody_stands_in_and_it_is_remembered() {
    let host = room();
    assert_eq!(offer(&host, 1, TOMORROW, &[("note", "比赛")]), "swap-offered-now");
    assert_eq!(offer(&host, 1, TOMORROW, &[]), "swap-offered-already");
    assert_eq!(host.as_student(3).get("/").values()["offers"], 1);
    let (swap, before) = (waiting(&host), shift(&host, TOMORROW, "chief"));
    assert_eq!(step(&host.as_student(1), &swap, "accept"), "swap-own");
    assert_eq!(step(&host.as_student(3), &swap, "accept"), "swap-accepted-now");
    assert_eq!(step(&host.as_student(4), &swap, "accept"), "swap-taken");
    assert_eq!(holder(&host, TOMORROW, "chief"), Some(student(&host, 3)));
    assert_eq!(shift(&host, TOMORROW, "chief"), before, "the shift stays the same one");
    assert_eq!(count(&host, "select sequence from shift where day = '2026-10-13'"), 1);
    let ledger = host.get("/fairness").values()["favours"].clone();
    assert_eq!((&ledger[0]["giver"], &ledger[0]["receiver"]), (&json!("学生 03"), &json!("学生 01")));
    let rows = host.get("/fairness").values()["rows"].clone();
    assert_eq!((&rows[2]["balance"], &rows[0]["balance"]), (&json!("1"), &json!("-1")));
    assert_eq!(helped(&host, 3), 0, "they have not been there yet");
    let why = host.get(&format!("/shifts/{before}"));
    assert_eq!(why.values()["why"]["kind"], "favour");
    host.advance(DAY);
    host.as_student(3).post(&format!("/shifts/{before}/check-in"), &[]).expect(303);
    assert_eq!(helped(&host, 3), 1);
}

#[test]
fn a_shift_that_goes_round_in_a_circle_helps_nobody() {
    let host = room();
    for (from, to) in [(1, 3), (3, 4), (4, 1)] {
        offer(&host, from, TOMORROW, &[("to", &student(&host, to))]);
        assert_eq!(step(&host.as_student(to), &waiting(&host), "accept"), "swap-accepted-now");
        host.advance(HOUR);
    }
    host.advance(DAY - 3 * HOUR);
    host.as_student(1).post(&format!("/shifts/{}/check-in", shift(&host, TOMORROW, "chief")), &[]).expect(303);
    assert_eq!([1, 3, 4].map(|number| helped(&host, number)), [0; 3]);
}

#[test]
fn what_was_accepted_waits_for_the_teacher_until_duty() {
    let host = room();
    host.set("swap_approval", true);
    offer(&host, 2, LATER, &[("note", "只给你看"), ("to", &student(&host, 3))]);
    let (swap, note) =
        (waiting(&host), |number| host.as_student(number).get("/swaps").values()["waiting"][0]["note"].clone());
    assert_eq!([2, 3, 4].map(note), [json!("只给你看"), json!("只给你看"), json!("")]);
    host.advance(3 * DAY - HOUR);
    assert_eq!(step(&host.as_student(3), &swap, "accept"), "swap-waits");
    host.advance(2 * DAY);
    host.run_job("watch");
    assert_eq!(step(&host.as_teacher(), &swap, "approve"), "swap-approved-now");
}

#[test]
fn who_has_left_gets_nothing_in_return() {
    let host = room();
    let wanted = shift(&host, LATER, "chief");
    offer(&host, 1, TOMORROW, &[("return", &wanted)]);
    let swap = waiting(&host);
    host.leaves(1);
    assert_eq!(step(&host.as_student(2), &swap, "accept"), "swap-over");
    assert_eq!(holder(&host, LATER, "chief"), Some(student(&host, 2)));
}

#[test]
fn two_exchange_their_days() {
    let host = room();
    let choices =
        host.as_student(1).get(&format!("/shifts/{}", shift(&host, TOMORROW, "chief"))).values()["choices"].clone();
    assert_eq!((&choices[0]["name"], &choices[0]["day"]["iso"]), (&json!("学生 02"), &json!(LATER)));
    let wanted = choices[0]["id"].as_str().unwrap();
    assert_eq!(offer(&host, 1, TOMORROW, &[("return", wanted)]), "swap-offered-now");
    let swap = waiting(&host);
    assert_eq!(step(&host.as_student(3), &swap, "accept"), "swap-not-for-you");
    assert_eq!(step(&host.as_student(2), &swap, "accept"), "swap-accepted-now");
    assert_eq!(holder(&host, TOMORROW, "chief"), Some(student(&host, 2)));
    assert_eq!(holder(&host, LATER, "chief"), Some(student(&host, 1)));
    assert_eq!(host.get("/fairness").values()["favours"], json!([]), "both days weigh the same");
}

#[test]
fn two_exchange_their_posts_of_one_day() {
    let host = host();
    set(&host, TOMORROW, &student(&host, 1), &student(&host, 2));
    let wanted = shift(&host, TOMORROW, "deputy");
    assert_eq!(offer(&host, 1, TOMORROW, &[("return", &wanted)]), "swap-offered-now");
    assert_eq!(step(&host.as_student(2), &waiting(&host), "accept"), "swap-accepted-now");
    assert_eq!(holder(&host, TOMORROW, "chief"), Some(student(&host, 2)));
    assert_eq!(holder(&host, TOMORROW, "deputy"), Some(student(&host, 1)));
}

#[test]
fn where_the_class_wants_it_a_teacher_agrees_first() {
    let host = room();
    host.set("swap_approval", true);
    offer(&host, 1, TOMORROW, &[("to", &student(&host, 3))]);
    let swap = waiting(&host);
    assert_eq!(step(&host.as_student(3), &swap, "accept"), "swap-waits");
    assert_eq!(holder(&host, TOMORROW, "chief"), Some(student(&host, 1)), "nothing has changed yet");
    host.as_student(3).post(&format!("/swaps/{swap}/approve"), &[]).expect(403);
    assert_eq!(step(&host.as_teacher(), &swap, "approve"), "swap-approved-now");
    assert_eq!(holder(&host, TOMORROW, "chief"), Some(student(&host, 3)));

    offer(&host, 2, LATER, &[]);
    let swap = waiting(&host);
    step(&host.as_student(4), &swap, "accept");
    assert_eq!(step(&host.as_teacher(), &swap, "refuse"), "swap-refused-now");
    assert_eq!(holder(&host, LATER, "chief"), Some(student(&host, 2)));
}

#[test]
fn rules_are_checked_again_when_a_teacher_agrees() {
    let host = room();
    host.set("swap_approval", true);
    offer(&host, 1, TOMORROW, &[]);
    let swap = waiting(&host);
    step(&host.as_student(3), &swap, "accept");
    // Meanwhile the one who accepted has got another post on that day.
    set(&host, TOMORROW, &student(&host, 1), &student(&host, 3));
    assert_eq!(step(&host.as_teacher(), &swap, "approve"), "swap-same-day");
    host.as_student(4).post("/times/away", &[("first", LATER)]).expect(303);
    offer(&host, 2, LATER, &[]);
    let swap = host.get("/swaps").values()["waiting"]
        .as_array()
        .unwrap()
        .iter()
        .find(|swap| swap["name"] == "学生 02")
        .unwrap()["id"]
        .clone();
    assert_eq!(step(&host.as_student(4), swap.as_str().unwrap(), "accept"), "swap-away");
}

#[test]
fn an_offer_is_withdrawn_expires_and_falls_with_its_shift() {
    let host = room();
    offer(&host, 1, TOMORROW, &[]);
    let swap = waiting(&host);
    host.as_student(3).post(&format!("/swaps/{swap}/withdraw"), &[]).expect(403);
    assert_eq!(step(&host.as_student(1), &swap, "withdraw"), "swap-withdrawn-now");
    assert_eq!(step(&host.as_student(3), &swap, "accept"), "swap-over");

    offer(&host, 2, LATER, &[]);
    let swap = waiting(&host);
    host.advance(3 * DAY + HOUR);
    assert_eq!(step(&host.as_student(3), &swap, "accept"), "swap-expired");
    host.run_job("watch");
    assert_eq!(count(&host, "select count(*) from swap where state = 'expired'"), 1);

    offer(&host, 2, LATER, &[]);
    set(&host, LATER, &student(&host, 4), "");
    assert_eq!(host.get("/swaps").values()["waiting"], json!([]));
    assert_eq!(count(&host, "select count(*) from swap where state = 'void'"), 1);
    // What was kept, and what is past, is not offered.
    assert_eq!(offer(&host, 1, TOMORROW, &[]), "swap-over");
}

#[test]
fn only_ones_own_shift_is_offered_and_to_students() {
    let host = room();
    let path = format!("/shifts/{}/offer", shift(&host, TOMORROW, "chief"));
    host.as_student(2).post(&path, &[]).expect(403);
    host.in_other_class().as_student(1).post(&path, &[]).expect(404);
    for to in [plugin_test::TEACHER.to_string(), student(&host, 1), "nobody".into()] {
        assert_eq!(offer(&host, 1, TOMORROW, &[("to", &to)]), "swap-person-unknown");
    }
    assert_eq!(offer(&host, 1, TOMORROW, &[("return", "nothing")]), "swap-over");
    offer(&host, 1, TOMORROW, &[]);
    host.as_teacher().post(&format!("/swaps/{}/accept", waiting(&host)), &[]).expect(403);
    host.as_student(2).post(&format!("/swaps/{}/steal", waiting(&host)), &[]).expect(404);
}

/// Eight threads, a thousand and more attempts: shifts are offered, taken, given back, all at once.
#[test]
fn a_thousand_swaps_at_once_never_put_two_on_a_post_or_lose_a_shift() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 126;
    let host = host();
    let days: Vec<String> = (14..28).map(|day| format!("2026-10-{day}")).collect();
    for (index, day) in days.iter().enumerate() {
        let [chief, deputy] = [index % 5, (index + 2) % 5].map(|number| student(&host, number as u32 + 1));
        set(&host, day, &chief, &deputy);
    }
    let ids = |host: &TestHost| -> HashSet<String> {
        let rows = host.rows("select id from shift", Vec::new()).rows;
        rows.iter().map(|row| format!("{:?}", row[0])).collect()
    };
    let before = ids(&host);
    let (attempts, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (host, days, attempts, done) = (&host, &days, &attempts, &done);
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let me = host.as_student(((thread + round) % 5) as u32 + 1);
                    let day = &days[(thread * 3 + round) % days.len()];
                    let post = ["chief", "deputy"][round % 2];
                    if holder(host, day, post) == Some(me.person().to_string()) {
                        me.post(&format!("/shifts/{}/offer", shift(host, day, post)), &[]);
                    }
                    let waiting = me.get("/swaps").values()["waiting"].clone();
                    let others = waiting.as_array().unwrap().iter().filter(|swap| swap["may_accept"] == true);
                    for swap in others.take(2) {
                        let path = format!("/swaps/{}/accept", swap["id"].as_str().unwrap());
                        let said = me.post(&path, &[]).expect(303).notice().unwrap().to_owned();
                        attempts.fetch_add(1, Ordering::Relaxed);
                        done.fetch_add(usize::from(said == "swap-accepted-now"), Ordering::Relaxed);
                    }
                    attempts.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let (attempts, done) = (attempts.into_inner(), done.into_inner());
    println!("{attempts} attempts, {done} swaps");
    assert!(attempts >= 1_000 && done > 20, "{attempts} attempts, {done} swaps");
    assert_eq!(ids(&host), before, "every shift is there, and no other");
    assert_eq!(
        count(&host, "select count(*) from (select 1 from shift group by day, post having count(*) > 1) as twice"),
        0
    );
    let twice = "select count(*) from (select 1 from shift group by day, person_id having count(*) > 1) as twice";
    assert_eq!(count(&host, twice), 0, "nobody has two posts on a day");
    assert_eq!(count(&host, "select count(*) from favour"), i64::try_from(done).unwrap());
    assert_eq!(count(&host, "select count(*) from swap where state = 'done'"), i64::try_from(done).unwrap());
    let sum = i64::try_from(done).unwrap();
    assert_eq!(count(&host, "select sum(sequence) from shift"), sum, "each swap raised one sequence by one");
}
