//! Timetables and days away: typed, imported, and kept clear of by the plan.

use plugin_sdk::serde_json::json;

use super::*;

#[test]
fn a_timetable_is_typed_and_comes_back_as_lines() {
    let host = host();
    let one = host.as_student(1);
    let typed = "周三 19:00-20:40 1-16周 大学英语\n周五 9-10节 单周 体育";
    assert_eq!(
        one.post("/times/courses", &[("courses", typed)]).redirects_to("/times").notice(),
        Some("courses-saved")
    );
    let shown = one.get("/times").values()["courses"].as_str().unwrap().to_owned();
    assert_eq!(shown, "周三 19:00-20:40 1-16周 大学英语\n周五 19:00-20:40 1-30周 单周 体育");
    assert!(
        one.in_language("en").get("/times").values()["courses"]
            .as_str()
            .unwrap()
            .starts_with("Wed 19:00-20:40 weeks 1-16")
    );
    assert_eq!(host.as_student(2).get("/times").values()["courses"], "");
    let wrong = one.post("/times/courses", &[("courses", "周三 英语\n")]);
    assert_eq!(wrong.expect(422).values()["wrong"], json!({ "line": 1, "text": "周三 英语", "why": "course-no-time" }));
    assert_eq!(wrong.values()["courses"], "周三 英语\n", "what was typed is not lost");
    assert_eq!(count(&host, "select count(*) from course"), 2);
}

#[test]
fn the_timetables_of_a_class_are_imported() {
    let host = host();
    let text = "学号,星期,时间,周次,课程\n202401001,周三,19:00-20:40,1-16周,大学英语\n202401002,周二,19:00-20:40,,摄影";
    host.as_student(1).post("/plan/courses", &[("courses", text)]).expect(403);
    for file in [text.as_bytes().to_vec(), [b"\xef\xbb\xbf", text.as_bytes()].concat(), gb18030(text)] {
        let sent = host.as_operator().post_files("/plan/courses", &[("courses", "")], &[("file", "kb.csv", &file)]);
        assert_eq!(sent.redirects_to("/plan").notice(), Some("courses-imported"));
        assert_eq!(count(&host, "select count(*) from course"), 2, "a second time is no second course");
    }
    assert_eq!(host.as_student(2).get("/times").values()["courses"], "周二 19:00-20:40 1-30周 摄影");
    assert_eq!(host.get("/plan").values()["with_courses"], 2);
    for (text, why) in
        [("", "course-no-number"), ("1 周三 19:00-20:40", "course-no-number"), ("202401001 周三", "course-no-time")]
    {
        let wrong = host.post("/plan/courses", &[("courses", text)]);
        assert_eq!(wrong.expect(422).values()["wrong"]["why"], why, "{text}");
    }
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

#[test]
fn the_plan_keeps_clear_of_courses_and_days_away() {
    let host = host();
    host.set("posts", "chief");
    // Student 1 has a course every Wednesday evening, student 2 one that ends before duty begins.
    host.as_student(1).post("/times/courses", &[("courses", "周三 19:00-20:40 1-30周 英语")]).expect(303);
    host.as_student(2).post("/times/courses", &[("courses", "周三 16:00-17:40 1-30周 英语")]).expect(303);
    host.as_student(3).post("/times/away", &[("first", "2026-10-12"), ("last", "2026-11-15")]).expect(303);
    let page = host.get("/plan?first=2026-10-12&last=2026-11-22");
    let seen = page.values()["preview"]["seen"].as_str().unwrap().to_owned();
    let form = [("first", "2026-10-12"), ("last", "2026-11-22"), ("seed", "1"), ("seen", seen.as_str())];
    host.post("/plan", &form).expect(303);
    let [one, three] = [1, 3].map(|number| student(&host, number));
    for week in 0..5 {
        let wednesday = plugin_sdk::chrono::NaiveDate::from_ymd_opt(2026, 10, 14).unwrap()
            + plugin_sdk::chrono::Days::new(week * 7);
        assert_ne!(holder(&host, &wednesday.to_string(), "chief"), Some(one.clone()), "{wednesday}");
    }
    let early = host.rows("select person_id from shift where day <= '2026-11-15'", Vec::new());
    assert!(!format!("{early:?}").contains(&three));
    assert_eq!(count(&host, "select count(*) from shift"), 42);
}

#[test]
fn days_away_are_ones_own() {
    let host = host();
    let (one, two) = (host.as_student(1), host.as_student(2));
    let add = |first: &str, last: &str| {
        one.post("/times/away", &[("first", first), ("last", last), ("reason", "回家")]).notice().unwrap().to_owned()
    };
    assert_eq!(add(TOMORROW, ""), "away-added");
    assert_eq!(add("", ""), "plan-day-wrong");
    assert_eq!(add(TOMORROW, TODAY), "away-days-wrong");
    assert_eq!(add("2026-10-01", "2026-10-02"), "away-days-wrong");
    assert_eq!(add(TODAY, "2027-10-02"), "away-days-wrong");
    let id = one.get("/times").values()["away"][0]["id"].as_str().unwrap().to_owned();
    two.post(&format!("/times/away/{id}/delete"), &[]).expect(404);
    assert_eq!(two.get("/times").values()["away"], json!([]));
    assert_eq!(one.post(&format!("/times/away/{id}/delete"), &[]).notice(), Some("away-deleted"));
    assert_eq!(one.get("/times").values()["away"], json!([]));
}
