//! Followers who come, claim, leave, and come again: what is counted, what is credited, and what is forgotten.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;

use plugin_sdk::serde_json::{Value, json};
use plugin_sdk::uuid::Uuid;
use plugin_test::TestHost;

mod followers;

use followers::*;

#[test]
fn a_claim_is_credited_after_seven_days_while_the_follower_is_there() {
    let host = host();
    let first = word(&host, 1);
    gained(&host, 1);
    assert!(claim(&host, 1, &format!("口令 {first}"))["reply"].as_str().unwrap().contains("记下了"));
    assert_eq!((&own(&host, 1)["waiting"], credited(&host, 1)), (&json!("1"), 0));
    pass(&host, 7 * DAY - 1);
    assert_eq!(credited(&host, 1), 0);
    pass(&host, 1);
    assert_eq!((&own(&host, 1)["by_word"], credited(&host, 1)), (&json!("1"), 1));
    lost(&host, 1);
    assert_eq!((&own(&host, 1)["gone"], credited(&host, 1)), (&json!("1"), 0), "who leaves is taken off");
}

#[test]
fn the_first_valid_claim_counts_and_none_that_is_late_wrong_or_one_s_own() {
    let host = host();
    let words: Vec<String> = (1..=3).map(|student| word(&host, student)).collect();
    gained(&host, 1);
    claim(&host, 1, &words[0]);
    assert!(claim(&host, 1, &words[1])["reply"].as_str().unwrap().contains("之前"));
    // Late.
    gained(&host, 2);
    pass(&host, DAY + 1);
    claim(&host, 2, &words[1]);
    // Somebody who had followed before.
    host.hear("follower.gained", json!({ "follower": fan(3), "at": host.now(), "again": true }));
    claim(&host, 3, &words[1]);
    // One's own account, whether named before or after.
    gained(&host, 4);
    claim(&host, 4, &format!("本人{}", words[2]));
    claim(&host, 4, &words[1]);
    gained(&host, 5);
    claim(&host, 5, &words[1]);
    claim(&host, 5, &format!("我是 {}", words[1]));
    // No word at all, and a slip.
    gained(&host, 6);
    assert_eq!(claim(&host, 6, "请问什么时候报名？"), json!({}));
    let mut slip = words[1].clone();
    let last = slip.pop().unwrap();
    slip.push(if last == '9' { '0' } else { (last as u8 + 1) as char });
    assert!(claim(&host, 6, &slip)["reply"].as_str().unwrap().contains("打错"));
    pass(&host, 8 * DAY);
    assert_eq!([1, 2, 3].map(|student| credited(&host, student)), [1, 0, 0]);
    assert_eq!(own(&host, 2)["has_own_account"], true);
    let origins = host.get("/credit").values()["origins"].clone();
    let count = |key: &str| origins.as_array().unwrap().iter().find(|one| one["key"] == key).unwrap()["count"].clone();
    assert_eq!(
        [count("origin-by-word"), count("origin-own"), count("origin-again"), count("origin-unknown")],
        [1, 2, 1, 2]
    );
}

#[test]
fn a_claim_may_come_before_the_news_that_its_sender_follows() {
    let host = host();
    let first = word(&host, 1);
    claim(&host, 1, &first);
    assert_eq!(own(&host, 1)["waiting"], "0");
    gained(&host, 1);
    assert_eq!(own(&host, 1)["waiting"], "1");
    claim(&host, 2, &first);
    pass(&host, 3 * DAY);
    host.run_job("sweep");
    assert_eq!(host.rows("select follower from claim", Vec::new()).rows.len(), 1, "who never followed is forgotten");
}

#[test]
fn a_code_credits_its_student() {
    let host = host();
    host.provide("channel.tier/1", |_| Ok(json!({ "tier": "F", "name": { "zh": "服务号", "en": "Service" } })));
    host.provide("channel.scene_code/1", |asked| {
        Ok(json!({ "available": true, "url": format!("http://weixin.qq.com/q/{}", asked["scene"].as_str().unwrap()) }))
    });
    let page = host.as_student(2).get("/credit");
    assert!(page.values()["scene_code"]["path"].as_str().unwrap().starts_with("M4 4h1v1h-1z"));
    let scene = format!("fans-{}", word(&host, 2));
    let event = |number, scene: &str, again| json!({ "follower": fan(number), "at": host.now(), "scene": scene, "again": again });
    host.hear("follower.gained", event(1, &scene, false));
    host.hear("follower.gained", event(2, &scene, true));
    host.hear("follower.gained", event(3, "poster", false));
    pass(&host, 7 * DAY);
    assert_eq!((credited(&host, 2), &own(&host, 2)["by_scene"]), (1, &json!("1")));
}

#[test]
fn events_that_come_twice_or_in_any_order_leave_the_same() {
    let dump = |order: &[usize], repeat: bool| {
        let host = host();
        let scene = format!("fans-{}", word(&host, 1));
        let start = host.now();
        let events = [
            ("follower.gained", json!({ "follower": fan(1), "at": start, "again": false, "scene": scene })),
            ("follower.gained", json!({ "follower": fan(2), "at": start, "again": false })),
            ("follower.lost", json!({ "follower": fan(1), "at": start + plugin_sdk::chrono::TimeDelta::hours(30) })),
            ("publication.sent", json!({ "publication": "p1", "at": start, "title": "食堂" })),
        ];
        for index in order {
            let (name, data) = &events[*index];
            let id = Uuid::from_u128(900 + *index as u128);
            for attempt in 1..=if repeat { 3 } else { 1 } {
                host.hear_again(id, attempt, name, data.clone()).unwrap();
            }
        }
        let mut all = Vec::new();
        for table in ["live_hour", "follower", "claim", "departure", "publication"] {
            let mut rows = host.rows(&format!("select * from {table}"), Vec::new()).rows;
            rows.sort_by_key(|row| format!("{row:?}"));
            all.push(format!("{table} {rows:?}"));
        }
        let gone = host.rows("select hash from departed", Vec::new()).rows.len();
        (all, gone)
    };
    let expected = dump(&[0, 1, 2, 3], false);
    assert!(expected.0[1].contains(&fan(2).to_string()) && !expected.0[1].contains(&fan(1).to_string()));
    assert_eq!(expected.1, 1);
    for order in [[0, 1, 2, 3], [2, 0, 1, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
        assert_eq!(dump(&order, true), expected, "{order:?}");
    }
}

#[test]
fn of_those_who_leave_no_table_keeps_a_trace() {
    let host = host();
    let first = word(&host, 1);
    for number in 1..=3 {
        gained(&host, number);
        claim(&host, number, &first);
    }
    gained(&host, 4);
    claim(&host, 4, &format!("本人{first}"));
    for number in 1..=4 {
        lost(&host, number);
    }
    // The kit has made sure that the manifest names every table.
    let manifest = host.manifest();
    let personal = manifest.personal_data.iter().map(|declared| &declared.table);
    let tables: BTreeSet<&String> = personal.chain(&manifest.impersonal_tables).collect();
    assert!(tables.len() > 10);
    for table in tables {
        let rows = host.rows(&format!("select * from {table}"), Vec::new()).rows;
        let text = format!("{rows:?} {}", plugin_sdk::serde_json::to_string(&rows).unwrap());
        for number in 1..=4 {
            let (long, short) = (fan(number).to_string(), fan(number).simple().to_string());
            assert!(!text.contains(&long) && !text.contains(&short), "{table} still knows {long}");
        }
    }
    assert!(host.logs().iter().all(|line| !line.message.contains("fa00")), "no log names them");
    assert_eq!(host.rows("select hash from departed", Vec::new()).rows.len(), 4);
    let days = host.rows("select sum(gained), sum(lost) from live_hour", Vec::new()).rows;
    assert_eq!(plugin_sdk::serde_json::to_value(&days).unwrap(), json!([[4, 4]]), "the days' totals stay");
    pass(&host, 8 * DAY);
    host.run_job("sweep");
    assert!(host.rows("select hash from departed", Vec::new()).rows.is_empty(), "the keyed hash goes after its days");
}

#[test]
fn a_teacher_may_allow_no_hash_at_all_or_shorten_its_days() {
    let host = host();
    gained(&host, 1);
    lost(&host, 1);
    host.set("departed_days", 2);
    host.run_job("sweep");
    assert!(host.rows("select hash from departed", Vec::new()).rows.is_empty(), "seven days are more than two");
    host.set("departed_days", 0);
    gained(&host, 2);
    lost(&host, 2);
    assert!(host.rows("select hash from departed", Vec::new()).rows.is_empty());
    assert!(host.rows("select follower from follower", Vec::new()).rows.is_empty());
}

/// A cheater lets 200 accounts follow, claim and leave; thirty honest followers of others stay but one.
#[test]
fn a_cheater_gets_nothing_and_the_honest_lose_nothing() {
    let host = host();
    let words: Vec<String> = (1..=4).map(|student| word(&host, student)).collect();
    let honest = |host: &TestHost, round: u128| {
        for student in 1..4_u128 {
            let number = 10_000 + round * 10 + student;
            gained(host, number);
            claim(host, number, &words[student as usize]);
        }
    };
    for round in 0..20_u128 {
        for number in 0..10 {
            gained(&host, round * 10 + number);
            claim(&host, round * 10 + number, &words[0]);
        }
        honest(&host, round);
        pass(&host, 6 * 3_600);
        for number in 0..10 {
            lost(&host, round * 10 + number);
        }
    }
    // The channel tells that they had followed; where it does not know any more, they leave again all the same.
    for number in 0..200 {
        host.hear("follower.gained", json!({ "follower": fan(20_000 + number), "at": host.now(), "again": true }));
        claim(&host, 20_000 + number, &words[0]);
    }
    pass(&host, 8 * DAY);
    assert_eq!(credited(&host, 1), 0, "200 who left, and 200 who had followed before");
    let honest: i64 = (2..=4).map(|student| credited(&host, student)).sum();
    assert!(honest * 100 >= 60 * 98, "{honest} of 60 are left to the honest");
    let flags = host.get("/credit").values()["flags"].clone();
    let churn: Vec<&Value> = flags.as_array().unwrap().iter().filter(|flag| flag["key"] == "flag-churn").collect();
    assert_eq!((churn.len(), &churn[0]["name"], &churn[0]["part"]), (1, &json!("学生 01"), &json!(200)), "{flags}");
}

#[test]
fn crowds_are_shown_to_the_teacher_alone_and_change_no_number() {
    let host = host();
    let first = word(&host, 1);
    for number in 0..30 {
        gained(&host, number);
        claim(&host, number, &first);
    }
    let flags = host.get("/credit").values()["flags"].clone();
    let keys: Vec<&str> = flags.as_array().unwrap().iter().map(|flag| flag["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["flag-ten-minutes", "flag-same-second"]);
    let page = host.as_student(1).get("/credit");
    assert!(page.values().get("flags").is_none() && page.values().get("students").is_none());
    pass(&host, 7 * DAY);
    assert_eq!(credited(&host, 1), 30);
    // An hour with many more than the others.
    for hour in 0..24_u64 {
        pass(&host, 3_600);
        for number in 0..if hour == 20 { 60 } else { 2 } {
            gained(&host, 5_000 + u128::from(hour) * 100 + number);
        }
    }
    let flags = host.get("/credit").values()["flags"].clone();
    assert!(flags.as_array().unwrap().iter().any(|flag| flag["key"] == "flag-burst" && flag["part"] == 60), "{flags}");
    // What was published that day explains it.
    host.hear(
        "publication.sent",
        json!({ "publication": "p", "at": host.now() - plugin_sdk::chrono::TimeDelta::hours(4) }),
    );
    let flags = host.get("/credit").values()["flags"].clone();
    assert!(flags.as_array().unwrap().iter().all(|flag| flag["part"] != 60), "{flags}");
}

#[test]
fn what_is_declared_counts_once_a_teacher_accepts_it() {
    let host = host();
    let student = host.as_student(1);
    let form = [("day", "2026-10-04"), ("followers", "12"), ("note", "在社团课上介绍")];
    student.post("/declarations", &form).redirects_to("/credit");
    for (wrong, key) in [
        ([("day", "2026-10-13"), ("followers", "12"), ("note", "x")], "declare-day"),
        ([("day", "2026-10-04"), ("followers", "0"), ("note", "x")], "number-wrong"),
        ([("day", "2026-10-04"), ("followers", "5"), ("note", " ")], "declare-note"),
    ] {
        assert_eq!(student.post("/declarations", &wrong).expect(422).values()["error"], key);
    }
    host.post("/declarations", &form).expect(422);
    let shown = host.get("/credit").values()["declarations"][0].clone();
    assert_eq!((&shown["name"], &shown["state"]), (&json!("学生 01"), &json!("declared-pending")));
    assert!(host.as_student(2).get("/credit").values()["declarations"].as_array().unwrap().is_empty());
    let decide = format!("/declarations/{}", shown["id"].as_str().unwrap());
    student.post(&decide, &[("decision", "accept")]).expect(403);
    host.post(&decide, &[("decision", "perhaps")]).expect(400);
    host.in_other_class().post(&decide, &[("decision", "accept")]).expect(404);
    host.post(&decide, &[("decision", "accept")]).redirects_to("/credit");
    assert_eq!(credited(&host, 1), 12);
    host.post(&decide, &[("decision", "decline")]).redirects_to("/credit");
    assert_eq!(credited(&host, 1), 0);
}

#[test]
fn a_teacher_corrects_with_a_reason_that_the_student_reads() {
    let host = host();
    let person = host.as_student(1).person().to_string();
    let form = |followers: &'static str, reason: &'static str| {
        let person = person.clone();
        [
            ("person".to_owned(), person),
            ("followers".to_owned(), followers.to_owned()),
            ("reason".to_owned(), reason.to_owned()),
        ]
    };
    let send = |host: &TestHost, form: &[(String, String); 3]| {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        host.post("/corrections", &form)
    };
    send(&host, &form("+7", "摊位上数过")).redirects_to("/credit");
    send(&host, &form("-3", "重复")).redirects_to("/credit");
    send(&host, &form("0", "x")).expect(422);
    send(&host, &form("2", "")).expect(422);
    send(&host.as_student(1), &form("2", "x")).expect(403);
    assert_eq!((credited(&host, 1), &own(&host, 1)["corrected"]), (4, &json!("+4")));
    let reasons = host.as_student(1).get("/credit").values()["corrections"].clone();
    let read = |reason: &str| reasons.as_array().unwrap().iter().any(|shown| shown["reason"] == reason);
    assert!(read("摊位上数过") && read("重复"), "{reasons}");
    assert!(host.as_student(2).get("/credit").values()["corrections"].as_array().unwrap().is_empty());
}

#[test]
fn the_page_to_pass_on_is_for_anybody_and_promises_nothing() {
    let host = host();
    let first = word(&host, 1);
    let page = host.as_visitor().get(&format!("/go/{first}"));
    assert_eq!((page.expect(200).template(), &page.values()["word"]), ("landing.html", &json!(first)));
    host.as_visitor().get("/go/A999").expect(404);
    host.as_visitor().get("/go/x").expect(404);
    host.as_visitor().get("/credit").expect(403);
}

#[test]
fn a_student_who_is_erased_leaves_no_row() {
    let host = host();
    let first = word(&host, 1);
    gained(&host, 1);
    claim(&host, 1, &first);
    host.as_student(1).post("/declarations", &[("day", "2026-10-04"), ("followers", "2"), ("note", "x")]);
    let person = host.as_student(1).person();
    assert!(host.export_person(person).to_string().contains("followers"));
    host.erase_person(person);
    assert_eq!(credited(&host, 1), 0);
}

#[test]
fn a_campaign_is_saved_when_every_point_is_confirmed() {
    let host = host().as_operator();
    let all = ["gift", "gate", "share", "false", "target", "credit", "leave"];
    let form = |checks: &[&'static str]| {
        let mut form = vec![("title", "招新海报"), ("day", "2026-10-20")];
        form.extend(checks.iter().map(|check| ("check", *check)));
        form
    };
    let page = host.post("/campaigns", &form(&all[1..]));
    assert_eq!(page.expect(422).values()["error"], "campaign-unchecked");
    assert_eq!(
        (&page.values()["title"], &page.values()["checks"][1]["is_checked"]),
        (&json!("招新海报"), &json!(true))
    );
    host.post("/campaigns", &form(&all)).redirects_to("/campaigns");
    assert_eq!(host.as_student(1).get("/campaigns").values()["campaigns"][0]["title"], "招新海报");
    host.as_student(1).post("/campaigns", &form(&all)).expect(403);
}

#[test]
fn a_credit_that_is_certain_is_not_talked_away() {
    let host = host();
    let words: Vec<String> = (1..=2).map(|student| word(&host, student)).collect();
    gained(&host, 1);
    claim(&host, 1, &words[0]);
    pass(&host, 8 * DAY);
    assert!(claim(&host, 1, &format!("我是{}", words[1]))["reply"].as_str().unwrap().contains("之前"));
    assert_eq!((credited(&host, 1), &own(&host, 2)["has_own_account"]), (1, &json!(false)));
}

#[test]
fn whatever_is_heard_first_ones_own_account_is_none_and_the_scan_comes_before_the_word() {
    let host = host();
    let words: Vec<String> = (1..=2).map(|student| word(&host, student)).collect();
    let scanned = |number: u128, student: usize| {
        let scene = format!("fans-{}", words[student]);
        host.hear(
            "follower.gained",
            json!({ "follower": fan(number), "at": host.now(), "again": false, "scene": scene }),
        );
    };
    claim(&host, 1, &format!("本人{}", words[0]));
    scanned(1, 0);
    // A word that is heard of before the scan which brought them.
    let at = host.now();
    pass(&host, 60);
    claim(&host, 2, &words[1]);
    let scene = format!("fans-{}", words[0]);
    host.hear("follower.gained", json!({ "follower": fan(2), "at": at, "again": false, "scene": scene }));
    pass(&host, 8 * DAY);
    assert_eq!([1, 2].map(|student| credited(&host, student)), [1, 0]);
}

#[test]
fn a_teacher_sees_what_a_day_brought_in_all_beside_what_is_declared() {
    let host = host();
    let today = host.now().date_naive().to_string();
    for (student, followers) in [(1, "60"), (2, "5")] {
        let form = [("day", today.as_str()), ("followers", followers), ("note", "宿舍")];
        host.as_student(student).post("/declarations", &form).redirects_to("/credit");
    }
    let declared = || host.as_teacher().get("/credit").values()["declarations"][0].clone();
    assert_eq!((&declared()["live"], &declared()["declared"]), (&json!(null), &json!("65")));
    let figures = [("day", today.as_str()), ("gained", "12"), ("lost", "0"), ("total", "")];
    host.as_operator().post("/figures", &figures).redirects_to("/");
    assert_eq!(declared()["live"], "12");
    assert!(host.as_teacher().get("/credit").html().contains("12"));
}
