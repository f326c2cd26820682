//! The figures in the kit: entering, the way to the goal, and what others may see.

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
            "gained": 1234, "lost": 34, "net": 1200, "total": 5000, "off": null,
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
    for name in ["gained", "lost", "total"] {
        assert_eq!(shown[name]["error"], "number-wrong");
    }
    let cases = [
        (form("2026-10-13", "1", "0", "1"), "day", "day-future"),
        (form("10/12", "1", "0", "1"), "day", "day-wrong"),
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
    assert_eq!(host.rows("select day from figure", Vec::new()).rows.len(), 1);
}

#[test]
fn the_form_is_for_the_day_that_comes_next_or_the_one_asked_for() {
    let host = host();
    let day = |address: &str| host.get(address).values()["form"].clone();
    assert_eq!(day("/")["day"]["value"], YESTERDAY);
    enter(&host, YESTERDAY, "1", "2", "3");
    assert_eq!(day("/")["day"]["value"], TODAY);
    let asked = day("/?day=2026-10-11");
    assert_eq!((&asked["gained"]["value"], &asked["total"]["value"]), (&json!("1"), &json!("3")));
    assert_eq!(day("/?day=2026-10-13")["day"]["value"], TODAY);
    assert_eq!(day("/?day=soon")["day"]["value"], TODAY);
}

#[test]
fn a_total_that_does_not_follow_from_the_day_before_is_marked() {
    let host = host();
    enter(&host, "2026-09-28", "0", "0", "100");
    enter(&host, "2026-09-29", "10", "0", "115");
    enter(&host, "2026-09-30", "10", "5", "120");
    let page = host.get("/");
    let off = |index: usize| page.values()["days"][index]["figure"]["off"].clone();
    assert_eq!((off(13), off(12)), (json!(5), json!(null)));
}

#[test]
fn the_way_to_the_goal_depends_on_the_settings() {
    let host = host();
    assert_eq!((&progress(&host)["goal"], &progress(&host)["way"]), (&json!(100_000), &json!("way-unknown")));
    enter(&host, TODAY, "20", "5", "400");
    assert_eq!(progress(&host)["way"], "way-no-end");
    host.set("end_of_term", "next year");
    assert_eq!(progress(&host)["way"], "way-no-end");
    host.set("end_of_term", "2026-10-22");
    host.set("goal", 600);
    let needs = progress(&host);
    assert_eq!((&needs["way"], &needs["each_day"], &needs["days"]), (&json!("way-needs"), &json!(20), &json!(10)));
    assert_eq!((&needs["pace"], &needs["is_enough"]), (&json!(15), &json!(false)));
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
    assert_eq!((&figure["total"], &figure["name"]), (&json!(2), &json!(null)));
}
