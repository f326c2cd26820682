//! What others ask: who is on duty, the days, the demo, the facts, a person's data.

use plugin_sdk::serde_json::json;

use super::*;

#[test]
fn other_tools_ask_who_is_on_duty() {
    let host = host();
    let ask = |input: Value| host.service("rota.on_duty/1", input);
    assert_eq!(ask(json!({})).unwrap(), json!({ "people": [] }));
    let [first, second] = [1, 2].map(|number| student(&host, number));
    set(&host, TODAY, &first, &second);
    set(&host, TOMORROW, &second, "");
    let until = "2026-10-12T16:00:00Z";
    let today = json!({ "people": [
        { "id": first, "person": first, "name": "学生 01", "post": "chief", "until": until },
        { "id": second, "person": second, "name": "学生 02", "post": "deputy", "until": until },
    ] });
    assert_eq!(ask(json!({})).unwrap(), today);
    assert_eq!(ask(json!(null)).unwrap(), today);
    let tomorrow = ask(json!({ "at": "2026-10-13T00:30:00+08:00" })).unwrap();
    assert_eq!(
        (&tomorrow["people"][0]["person"], &tomorrow["people"][0]["until"]),
        (&json!(second), &json!("2026-10-13T16:00:00Z"))
    );
    for wrong in [json!("soon"), json!(7)] {
        assert_eq!(ask(json!({ "at": wrong })).unwrap_err().code.status(), 400);
    }
    assert_eq!(host.in_other_class().service("rota.on_duty/1", json!({})).unwrap(), json!({ "people": [] }));
}

#[test]
fn other_tools_ask_for_days_and_publications() {
    let host = host();
    set(&host, TODAY, &student(&host, 1), "");
    host.as_operator().post("/publications", &[("day", TOMORROW), ("title", "开放日")]).expect(303);
    let days = host.service("rota.days/1", json!({ "from": TODAY, "to": TOMORROW })).unwrap();
    let person = json!({ "person": student(&host, 1), "name": "学生 01", "post": "chief" });
    assert_eq!(days["days"], json!([{ "date": TODAY, "people": [person] }]));
    let planned = json!({ "date": TOMORROW, "title": "开放日", "state": "planned", "published_at": null });
    assert_eq!(days["publications"], json!([planned]));
    for wrong in [json!({}), json!({ "from": TOMORROW, "to": TODAY }), json!({ "from": TODAY, "to": "2036-10-12" })] {
        assert_eq!(host.service("rota.days/1", wrong).unwrap_err().code.status(), 400);
    }
}

#[test]
fn the_demo_is_filled_once_and_by_the_host_alone() {
    let host = host();
    let days = json!({ "from": "2026-08-31", "to": "2026-12-20", "today": TODAY });
    assert_eq!(host.service("rota.demo/1", days.clone()).unwrap_err().code.status(), 403);
    assert_eq!(host.service_for("host", "rota.demo/1", days.clone()).unwrap(), json!({ "filled": true }));
    let counted = |table: &str| count(&host, &format!("select count(*) from {table}"));
    let tables = ["shift", "swap", "favour", "publication", "handover", "course", "away", "special_day", "released"];
    let first: Vec<i64> = tables.iter().map(|table| counted(table)).collect();
    assert!(first.iter().all(|count| *count > 0), "{tables:?}: {first:?}");
    assert_eq!(host.service_for("host", "rota.demo/1", days).unwrap(), json!({ "filled": false }));
    assert_eq!(tables.iter().map(|table| counted(table)).collect::<Vec<_>>(), first);
    assert!(count(&host, "select count(*) from shift where checked_in_at is not null") > 60);
    assert_eq!(count(&host, "select count(*) from shift where checked_in_at is not null and day >= '2026-10-12'"), 0);
    let states = "select count(distinct state) from publication";
    assert!(count(&host, states) >= 5);
    let fair = host.get("/fairness").values()["jain"].as_str().unwrap().parse::<f64>().unwrap();
    assert!(fair > 0.98, "{fair}");
    for page in ["/", "/swaps", "/times", "/publications", "/plan", "/plan/repair"] {
        host.get(page).expect(200);
    }
}

#[test]
fn a_person_is_exported_and_forgotten() {
    let host = host();
    let days = json!({ "from": "2026-08-31", "to": "2026-12-20", "today": TODAY });
    host.service_for("host", "rota.demo/1", days).unwrap();
    for number in 1..=5 {
        host.as_student(number).post("/times/calendar", &[("whole", "true")]).expect(303);
    }
    for number in [1, 2] {
        let one = host.as_student(number).person();
        let known = host.export_person(one).to_string();
        assert!(known.contains("shift") && known.contains("helper") && known.contains("feed"), "{known}");
        host.erase_person(one);
    }
    for page in ["/", "/swaps", "/fairness", "/publications", "/plan/repair"] {
        host.get(page).expect(200);
    }
}

#[test]
fn an_offer_to_somebody_who_is_forgotten_is_none_to_everybody() {
    let host = host();
    set(&host, TOMORROW, &student(&host, 1), "");
    let path = format!("/shifts/{}/offer", shift(&host, TOMORROW, "chief"));
    host.as_student(1).post(&path, &[("to", &student(&host, 2))]).expect(303);
    host.erase_person(host.as_student(2).person());
    assert_eq!(host.get("/swaps").values()["waiting"], json!([]));
}
