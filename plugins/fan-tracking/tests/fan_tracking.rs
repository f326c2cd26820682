//! The figures in the kit: entering, sources, the way to the goal, the report, the other tools, the demo.

#![allow(missing_docs, clippy::unwrap_used)]

use std::time::Duration;

use plugin_sdk::serde_json::{Value, json};
use plugin_test::TestHost;

/// The clock of the kit shows the morning of this day.
const TODAY: &str = "2026-10-12";
const YESTERDAY: &str = "2026-10-11";

fn host() -> TestHost {
    TestHost::new(&fan_tracking::PLUGIN)
}

fn form<'a>(day: &'a str, gained: &'a str, lost: &'a str, total: &'a str) -> [(&'a str, &'a str); 4] {
    [("day", day), ("gained", gained), ("lost", lost), ("total", total)]
}

/// Enters a day's figures as the operator, and expects that they are taken.
fn enter(host: &TestHost, day: &str, gained: &str, lost: &str, total: &str) {
    let sent = host.as_operator().post("/figures", &form(day, gained, lost, total));
    assert_eq!(sent.redirects_to("/").notice(), Some("figures-saved"));
}

fn progress(host: &TestHost) -> Value {
    host.get("/").values()["progress"].clone()
}

/// What the platform tells.
fn platform(host: &TestHost, days: Value) {
    host.provide("channel.daily_figures/1", move |asked| {
        // Everything once, then what the platform may have corrected.
        assert!(["2025-09-08", "2026-09-14"].contains(&asked["from"].as_str().unwrap()), "{asked}");
        assert_eq!(asked["to"], YESTERDAY);
        Ok(json!({ "available": true, "days": days }))
    });
}

#[test]
fn figures_are_on_the_page_with_their_source() {
    let host = host();
    enter(&host, YESTERDAY, "1,234", " 34 ", "5000");
    let page = host.as_student(1).get("/");
    assert_eq!(page.template(), "board.html");
    let days = page.values()["days"].as_array().unwrap();
    assert_eq!((days.len(), &days[0]["day"]["iso"], &days[0]["figure"]), (14, &json!(TODAY), &json!(null)));
    assert_eq!(
        days[1]["figure"],
        json!({
            "gained": "1,234", "lost": "34", "net": "+1,200", "total": "5,000", "off": null, "is_live": false,
            "source": "source-typed", "name": "学生 05", "at": "10-12 08:00",
        })
    );
    assert_eq!((&page.values()["progress"]["total"], &page.values()["may_enter"]), (&json!(5000), &json!(false)));
}

#[test]
fn entering_is_for_operators_and_teachers_of_the_class() {
    let host = host();
    let sent = form(TODAY, "1", "0", "1");
    host.as_student(1).post("/figures", &sent).expect(403);
    host.as_visitor().get("/").expect(403);
    host.as_teacher().post("/figures", &sent).redirects_to("/");
    assert_eq!(host.as_operator().get("/").values()["may_enter"], true);
    let other = host.in_other_class();
    assert_eq!(other.get("/").values()["progress"]["way"], "way-unknown");
    assert_eq!(other.get("/").values()["days"][0]["figure"], json!(null));
}

#[test]
fn figures_that_make_no_sense_come_back_with_what_is_wrong() {
    let host = host();
    let empty = host.post("/figures", &[]);
    let shown = &empty.expect(422).values()["form"];
    assert_eq!(shown["day"]["error"], "day-wrong");
    for name in ["gained", "lost"] {
        assert_eq!(shown[name]["error"], "number-wrong");
    }
    let cases = [
        (form("2026-10-13", "1", "0", "1"), "day", "day-future"),
        (form("10/12", "1", "0", "1"), "day", "day-wrong"),
        (form("0026-10-11", "1", "0", "1"), "day", "day-old"),
        (form(TODAY, "-1", "0", "1"), "gained", "number-wrong"),
        (form(TODAY, "1", "many", "1"), "lost", "number-wrong"),
        (form(TODAY, "1", "0", "99999999999999999999"), "total", "number-wrong"),
    ];
    for (sent, field, error) in cases {
        let page = host.post("/figures", &sent);
        let shown = &page.expect(422).values()["form"];
        assert_eq!(shown[field]["error"], error, "{sent:?}");
        for (name, value) in sent {
            assert_eq!(shown[name]["value"], value, "what was typed stays");
            assert!(name == field || shown[name]["error"].is_null(), "only {field} is wrong: {shown}");
        }
    }
    assert!(host.events().is_empty());
    assert_eq!(progress(&host)["way"], "way-unknown");
}

#[test]
fn a_day_entered_again_is_corrected_and_told_if_it_changed() {
    let host = host();
    enter(&host, TODAY, "10", "1", "109");
    host.as_teacher().post("/figures", &form(TODAY, "10", "1", "109")).redirects_to("/");
    assert_eq!(host.events().len(), 1, "sent twice is no change");
    assert_eq!(host.get("/").values()["days"][0]["figure"]["name"], "学生 05");
    host.as_teacher().post("/figures", &form(TODAY, "10", "2", "108")).redirects_to("/");
    let told = host.events();
    assert_eq!((told.len(), told[1].name.as_str()), (2, "fans.recorded"));
    assert_eq!(told[1].data, json!({ "day": TODAY, "gained": 10, "lost": 2, "total": 108 }));
    assert_eq!(host.get("/").values()["days"][0]["figure"]["name"], "王老师");
    assert_eq!(host.rows("select day from reading", Vec::new()).rows.len(), 1);
}

#[test]
fn the_form_is_for_the_day_that_comes_next_or_the_one_asked_for() {
    let host = host();
    let day = |address: &str| host.get(address).values()["form"].clone();
    assert_eq!(day("/")["day"]["value"], YESTERDAY);
    enter(&host, YESTERDAY, "1", "2", "3");
    assert_eq!(day("/")["day"]["value"], YESTERDAY, "today is still to grow");
    let asked = day("/?day=2026-10-11");
    assert_eq!((&asked["gained"]["value"], &asked["total"]["value"]), (&json!("1"), &json!("3")));
    assert_eq!(day("/?day=2026-10-13")["day"]["value"], YESTERDAY);
    assert_eq!(day("/?day=soon")["day"]["value"], YESTERDAY);
    // Emptied, what was typed is taken back; once.
    let empty = host.as_operator().post("/figures", &form(YESTERDAY, "", "", ""));
    assert_eq!(empty.redirects_to("/").notice(), Some("figures-removed"));
    assert_eq!(progress(&host)["way"], "way-unknown");
    host.as_operator().post("/figures", &form(YESTERDAY, "", "", "")).expect(422);
}

#[test]
fn who_entered_a_day_first_and_in_time_has_entered_it() {
    let host = host();
    let days = |host: &TestHost| {
        let facts = host.facts();
        let found = facts.students.iter().find(|student| student.person == host.person());
        found.and_then(|student| student.values.get("entered")?.as_i64()).unwrap_or_default()
    };
    enter(&host, YESTERDAY, "10", "1", "109");
    host.as_teacher().post("/figures", &form(YESTERDAY, "10", "2", "108")).redirects_to("/");
    assert_eq!(host.get("/days").values()["days"][0]["figure"]["name"], "王老师");
    for old in 1..=20 {
        enter(&host, &format!("2026-09-{old:02}"), "0", "0", "");
    }
    assert_eq!(days(&host.as_operator()), 1);
}

#[test]
fn what_was_typed_before_the_day_was_over_does_not_hold_it() {
    let host = host();
    enter(&host, YESTERDAY, "0", "0", "1000");
    enter(&host, TODAY, "3", "0", "");
    for number in 0..40_u128 {
        let data = json!({ "follower": plugin_sdk::uuid::Uuid::from_u128(number + 1), "at": host.now() });
        host.hear("follower.gained", data);
    }
    assert_eq!(progress(&host)["total"], 1040);
    host.advance(Duration::from_secs(3 * 86_400));
    let days = host.get("/days").values()["days"].clone();
    assert_eq!((days.as_array().unwrap().len(), &days[0]["day"]["iso"]), (4, &json!("2026-10-14")));
    assert_eq!((&days[0]["figure"]["net"], &days[0]["figure"]["source"]), (&json!("0"), &json!("source-live")));
    enter(&host, TODAY, "41", "0", "");
    assert_eq!(progress(&host)["total"], 1041, "afterwards it says what the platform says");
}

#[test]
fn events_count_at_once_and_the_platform_s_figures_take_their_place_with_the_difference_shown() {
    let host = host();
    enter(&host, "2026-10-10", "0", "0", "1000");
    host.advance(Duration::from_secs(3_600));
    for number in 0..5_u128 {
        let data = json!({ "follower": plugin_sdk::uuid::Uuid::from_u128(number + 1), "at": "2026-10-11T10:00:00Z" });
        host.hear(if number == 4 { "follower.lost" } else { "follower.gained" }, data);
    }
    let line = |index: usize| host.get("/").values()["days"][index].clone();
    assert_eq!((&line(1)["figure"]["source"], &line(1)["figure"]["total"]), (&json!("source-live"), &json!("1,003")));
    // The platform counted one more.
    platform(
        &host,
        json!([{ "date": YESTERDAY, "gained": 5, "lost": 1, "total": 1004, "fetched_at": "x" }, { "date": "nonsense" }]),
    );
    host.run_job("reconcile");
    let day = line(1);
    assert_eq!((&day["figure"]["source"], &day["figure"]["total"]), (&json!("source-channel"), &json!("1,004")));
    assert_eq!((&day["figure"]["off"], &day["others"][0]["gained"]), (&json!(null), &json!("4")));
    assert_eq!(day["figure"]["at"], "10-12 09:00");
    assert_eq!(host.get("/days").values()["odd"], 1);
    let events = host.events().len();
    host.run_job("reconcile");
    assert_eq!(host.events().len(), events, "told again is no change");
}

#[test]
fn the_way_to_the_goal_depends_on_the_settings() {
    let host = host();
    assert_eq!((&progress(&host)["goal"], &progress(&host)["way"]), (&json!(100_000), &json!("way-unknown")));
    enter(&host, YESTERDAY, "20", "5", "385");
    enter(&host, TODAY, "20", "5", "400");
    assert_eq!(progress(&host)["way"], "way-no-end");
    host.set("end_of_term", "2026-10-22");
    host.set("goal", 600);
    let needs = progress(&host);
    assert_eq!((&needs["way"], &needs["each_day"], &needs["days"]), (&json!("way-needs"), &json!(20), &json!(10)));
    assert_eq!((&needs["pace"], &needs["is_enough"]), (&json!(15), &json!(false)));
    let told = host.service("fans.progress/1", json!({})).unwrap();
    assert_eq!(told, json!({ "date": TODAY, "total": 400, "goal": 600, "needed_per_day": 20, "pace_per_day": 15 }));
    host.set("goal", 550);
    assert_eq!(progress(&host)["is_enough"], true);
    host.set("goal", 300);
    let reached = progress(&host);
    assert_eq!((&reached["way"], &reached["reached"]), (&json!("way-reached"), &json!(300)));
    host.set("goal", 600);
    host.advance(Duration::from_secs(11 * 86_400));
    assert_eq!(progress(&host)["way"], "way-over");
}

#[test]
fn nothing_is_foretold_before_day_21_and_then_with_its_own_trials() {
    let host = host();
    host.set("end_of_term", "2027-01-15");
    let mut rows = "时间,新关注人数,取消关注人数,累积关注人数\n".to_owned();
    let first: plugin_sdk::chrono::NaiveDate = "2026-08-13".parse().unwrap();
    let send = |rows: &str| {
        let sent = host.post_files("/import", &[], &[("file", "f.csv", rows.as_bytes())]);
        let told = plugin_sdk::serde_json::to_value(sent.response()).unwrap();
        host.post(told["to"].as_str().unwrap(), &[]).redirects_to("/import");
    };
    for (index, day) in (0_i64..60).zip(first.iter_days()) {
        rows += &format!("{day},{},4,{}\n", 54 + index % 7, 1_000 + 50 * (index + 1));
        if index == 19 {
            send(&rows);
            // The clock stands much later; what is not known since then counts as unknown days of the row.
            let outlook = host.get("/").values()["outlook"].clone();
            assert_eq!((&outlook["missing"], &outlook["last"]), (&json!(1), &json!(null)));
        }
    }
    send(&rows);
    let page = host.get("/");
    let outlook = &page.values()["outlook"];
    assert_eq!(
        (&outlook["last"]["day"]["iso"], &outlook["last"]["reaches"]),
        (&json!("2027-01-15"), &json!("outlook-short"))
    );
    assert!(!outlook["trials"].as_array().unwrap().is_empty() && outlook["tried"] != "0");
    let chart = &page.values()["chart"]["sizes"][0];
    assert!(chart["wide_band"].as_str().unwrap().starts_with('M') && chart["total"].as_str().unwrap().starts_with('M'));
}

#[test]
fn publications_duty_and_answers_stand_beside_the_figures() {
    let host = host();
    for day in 1..=9 {
        enter(&host, &format!("2026-10-0{day}"), "10", "1", "");
    }
    let person = host.as_student(2).person();
    host.provide("rota.days/1", move |_| {
        Ok(json!({
            "days": [{ "date": "2026-10-05", "people": [{ "person": person, "post": "主值" }] }],
            "publications": [
                { "date": "2026-10-06", "title": "食堂", "state": "published", "published_at": "2026-10-06T12:00:00Z" },
                { "date": "2026-10-07", "title": "还没发", "state": "planned" },
            ],
        }))
    });
    host.provide("inbox.daily/1", |_| Ok(json!({ "days": [{ "date": "2026-10-05", "asked": 4, "answered": 3 }] })));
    host.hear(
        "publication.sent",
        json!({ "publication": "m1", "at": "2026-10-06T12:00:05Z", "title": "食堂", "recipients": 900 }),
    );
    host.hear("publication.sent", json!({ "publication": "m2", "at": "2026-10-03T12:00:05Z" }));
    let page = host.as_student(1).get("/curve");
    let lines = page.values()["lines"].as_array().unwrap();
    let line = |iso: &str| lines.iter().find(|line| line["day"]["iso"] == iso).unwrap();
    assert_eq!((&line("2026-10-06")["published"], &line("2026-10-06")["number"]), (&json!(["食堂"]), &json!(2)));
    assert_eq!(line("2026-10-03")["published"], json!([""]));
    assert!(line("2026-10-07")["published"].is_null());
    assert_eq!((&line("2026-10-05")["duty"], &line("2026-10-05")["answered"]), (&json!(["学生 02"]), &json!(3)));
    assert_eq!(page.values()["chart"]["sizes"][1]["marks"].as_array().unwrap().len(), 2);
    host.get("/curve?days=all").expect(200);
}

#[test]
fn a_week_is_reported_on_a_page_and_in_a_workbook() {
    let host = host();
    for (day, gained) in [("2026-09-29", "5"), ("2026-10-05", "10"), ("2026-10-07", "90"), ("2026-10-11", "20")] {
        enter(&host, day, gained, "1", "");
    }
    host.hear("publication.sent", json!({ "publication": "m", "at": "2026-10-07T12:00:00Z", "title": "=1+1" }));
    let page = host.as_student(1).get("/report");
    let values = page.values();
    assert_eq!(
        (&values["monday"], &values["gained"], &values["lost"], &values["net"]),
        (&json!("2026-10-05"), &json!("120"), &json!("3"), &json!("+117"))
    );
    assert_eq!(
        (&values["before"], &values["total"], &values["best"]["day"]["iso"]),
        (&json!("+4"), &json!("121"), &json!("2026-10-07"))
    );
    assert_eq!((&values["milestones"], &values["earlier"]), (&json!(["100"]), &json!("2026-09-28")));
    assert_eq!(host.get("/report?week=2026-09-01").values()["is_empty"], true);
    let file = host.get("/report.xlsx?week=2026-10-05");
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(file.bytes().to_vec())).unwrap();
    let sheet = calamine::Reader::worksheet_range(&mut book, "本周").unwrap();
    let text = |row, column| sheet.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    assert_eq!(
        (text(0, 0), text(1, 1), text(1, 3), text(1, 5)),
        ("日期".into(), "10".into(), "9".into(), "手工录入".into())
    );
    assert!(sheet.rows().any(|row| row.iter().any(|cell| *cell == "=1+1")), "a title is text");
    assert!(calamine::Reader::worksheet_formula(&mut book, "本周").unwrap().is_empty());
    let english = host.in_language("en").get("/report.xlsx");
    let book: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(std::io::Cursor::new(english.bytes().to_vec())).unwrap();
    assert_eq!(calamine::Reader::sheet_names(&book), ["Week", "All days"]);
}

#[test]
fn the_page_says_what_the_account_can_do() {
    let host = host();
    let key = |host: &TestHost| host.get("/").values()["tier"]["key"].clone();
    assert_eq!(key(&host), "tier-0");
    for (tier, expected) in [("U", "tier-u"), ("S", "tier-s"), ("F", "tier-f"), ("9", "tier-0")] {
        host.provide("channel.tier/1", move |_| {
            Ok(json!({ "tier": tier, "name": { "zh": "甲", "en": "A" }, "found_by": { "zh": "试过", "en": "tried" } }))
        });
        assert_eq!(key(&host), expected);
    }
    assert_eq!(host.in_language("en").get("/").values()["tier"]["name"], "A");
}

#[test]
fn the_box_shows_the_progress() {
    let host = host();
    enter(&host, TODAY, "20", "5", "400");
    let shown = host.as_student(1).widget("progress");
    assert_eq!((shown.template(), &shown.values()["progress"]["total"]), ("progress.html", &json!(400)));
    assert_eq!(host.in_other_class().widget("progress").values()["progress"]["total"], 0);
}

#[test]
fn days_entered_count_and_a_person_is_forgotten_without_their_days() {
    let host = host();
    enter(&host, YESTERDAY, "1", "0", "1");
    enter(&host, TODAY, "1", "0", "2");
    let operator = host.as_operator().person();
    let facts = host.facts();
    assert_eq!((facts.students.len(), facts.students[0].person), (1, operator));
    assert_eq!(facts.students[0].values["entered"], 2);
    assert!(host.export_person(operator).to_string().contains(TODAY));
    host.erase_person(operator);
    assert!(host.facts().students.is_empty());
    let figure = host.get("/").values()["days"][0]["figure"].clone();
    assert_eq!((&figure["total"], &figure["name"]), (&json!("2"), &json!(null)));
}

#[test]
fn the_demo_is_half_a_semester_filled_once_by_the_host_alone() {
    let host = host();
    let asked = json!({ "from": "2026-08-31", "to": "2027-01-15", "today": TODAY });
    assert_eq!(host.service("fans.demo/1", asked.clone()).unwrap_err().code.status(), 403);
    assert_eq!(host.service_for("host", "fans.demo/1", asked.clone()).unwrap()["done"], true);
    let dump = || {
        let tables = ["reading", "upload_day", "live_hour", "follower", "claim", "publication", "declaration"];
        tables.map(|table| format!("{:?}", host.rows(&format!("select * from {table} limit 4000"), Vec::new()).rows))
    };
    let before = dump();
    assert_eq!(host.service_for("host", "fans.demo/1", asked).unwrap()["done"], false);
    assert!(dump() == before, "a second call changes nothing");
    let page = host.get("/");
    let progress = &page.values()["progress"];
    assert!((8_000..60_000).contains(&progress["total"].as_i64().unwrap()), "{progress}");
    assert_eq!(progress["way"], "way-needs");
    assert!(page.values()["outlook"]["last"].is_object());
    assert_eq!(host.get("/days").values()["odd"], 1, "one day on which the sources disagree");
    let credit = host.get("/credit");
    assert!(credit.values()["connected"].as_i64().unwrap() > 1_000);
    assert!(host.facts().students.iter().any(|facts| facts.values["credited"].as_i64() > Some(5)));
    host.get("/curve?days=all").expect(200);
}
