//! Publications: the quota at its borders, the steps and who may do which, what was missed.

use plugin_sdk::protocol::{Code, Failure};
use plugin_sdk::serde_json::json;

use super::*;

fn plan(host: &TestHost, day: &str, title: &str) -> String {
    let sent = host.as_operator().post("/publications", &[("day", day), ("title", title)]);
    sent.expect(303).notice().unwrap().to_owned()
}

/// Plans one for student 1; its address.
fn written(host: &TestHost) -> String {
    let form = [("day", TODAY), ("title", "食堂地图"), ("author", &student(host, 1))];
    host.as_operator().post("/publications", &form).expect(303);
    let id = host.get("/publications").values()["coming"][0]["id"].as_str().unwrap().to_owned();
    format!("/publications/{id}")
}

fn step(host: &TestHost, one: &str, step: &str, form: &[(&str, &str)]) -> String {
    host.post(&format!("{one}/{step}"), form).expect(303).notice().unwrap().to_owned()
}

fn state(host: &TestHost, one: &str) -> String {
    host.get(one).values()["publication"]["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_subscription_account_has_one_a_day() {
    let host = host();
    assert_eq!(plan(&host, TODAY, "一"), "publication-planned");
    assert_eq!(plan(&host, TODAY, "二"), "quota-day-full");
    assert_eq!(plan(&host, TOMORROW, "三"), "publication-planned");
    assert_eq!(plan(&host, "2026-10-11", "四"), "publication-day-past");
    assert_eq!(plan(&host, "someday", "五"), "plan-day-wrong");
    assert_eq!(plan(&host, "2026-10-20", " "), "publication-title-wrong");
    assert_eq!(plan(&host, "2026-10-20", &"长".repeat(65)), "publication-title-wrong");
    assert_eq!(host.get("/publications").values()["quota"], "quota-daily");
    host.as_student(1).post("/publications", &[("day", "2026-10-20"), ("title", "六")]).expect(403);
}

#[test]
fn a_service_account_has_four_a_month_up_to_its_last_day() {
    let host = host();
    host.provide("channel.tier/1", |_| Ok(json!({ "tier": "F" })));
    for day in ["2026-10-13", "2026-10-13", "2026-10-30", "2026-10-31"] {
        assert_eq!(plan(&host, day, "文"), "publication-planned", "{day}");
    }
    assert_eq!(plan(&host, "2026-10-31", "文"), "quota-month-full");
    assert_eq!(plan(&host, "2026-11-01", "文"), "publication-planned");
    assert_eq!(host.get("/publications").values()["quota"], "quota-monthly");
    // The class knows better than the channel.
    host.set("account", "subscription");
    assert_eq!(plan(&host, "2026-10-31", "文"), "quota-day-full");
    assert_eq!(plan(&host, "2026-10-29", "文"), "publication-planned");
    host.set("account", "auto");
    // A channel that does not answer has not changed the account.
    host.get("/publications").expect(200);
    host.provide("channel.tier/1", |_| Err(Failure::new(Code::Timeout, "")));
    assert_eq!(host.get("/publications").values()["quota"], "quota-monthly");
    assert_eq!(host.in_other_class().get("/publications").values()["quota"], "quota-daily");
}

#[test]
fn the_day_of_publishing_ends_at_midnight_in_beijing() {
    let host = host();
    let approved = |title: &str, day: &str| {
        assert_eq!(plan(&host, day, title), "publication-planned");
        let coming = host.get("/publications").values()["coming"].clone();
        let one = coming.as_array().unwrap().iter().find(|one| one["title"] == title).unwrap();
        let one = format!("/publications/{}", one["id"].as_str().unwrap());
        step(&host.as_operator(), &one, "submit", &[("title", title), ("text", "正文")]);
        step(&host.as_teacher(), &one, "approve", &[]);
        one
    };
    let [first, second] = [approved("一", TODAY), approved("二", TOMORROW)];
    // One second before midnight in Beijing, and midnight.
    host.advance(16 * HOUR - std::time::Duration::from_secs(1));
    assert_eq!(step(&host, &first, "publish", &[]), "publication-published");
    assert_eq!(step(&host, &second, "publish", &[]), "quota-used");
    host.advance(std::time::Duration::from_secs(1));
    assert_eq!(step(&host, &second, "publish", &[]), "publication-published");
}

#[test]
fn author_editor_and_teacher_each_have_their_step() {
    let host = host();
    let editor = [("chief", student(&host, 1)), ("editor", student(&host, 2))];
    let editor: Vec<(&str, &str)> = editor.iter().map(|(post, person)| (*post, person.as_str())).collect();
    host.as_operator().post(&format!("/days/{TODAY}"), &editor).expect(303);
    let (one, author, second) = (written(&host), host.as_student(1), host.as_student(2));
    host.as_student(3).post(&format!("{one}/save"), &[("title", "x"), ("text", "y")]).expect(403);
    let wrong = author.post(&format!("{one}/submit"), &[("title", "食堂地图"), ("text", " ")]);
    assert_eq!(wrong.expect(422).values()["publication"]["why"], "publication-text-missing");
    let wrong = author.post(&format!("{one}/save"), &[("title", ""), ("text", "很长的一段")]);
    assert_eq!(wrong.expect(422).values()["publication"]["typed_text"], "很长的一段", "nothing is lost");
    assert_eq!(step(&author, &one, "save", &[("title", "食堂地图"), ("text", "一楼")]), "publication-saved");
    assert_eq!(
        step(&author, &one, "submit", &[("title", "食堂地图"), ("text", "一楼\n\n二楼")]),
        "publication-submitted"
    );
    author.post(&format!("{one}/pass"), &[]).expect(403);
    host.as_student(3).post(&format!("{one}/pass"), &[]).expect(403);
    assert_eq!(step(&second, &one, "return", &[("note", " ")]), "publication-note-missing");
    assert_eq!(step(&second, &one, "return", &[("note", "写上时间")]), "publication-returned");
    assert_eq!(author.get(&one).values()["publication"]["note"], "写上时间");
    step(&author, &one, "submit", &[("title", "食堂地图"), ("text", "一楼 20:30")]);
    assert_eq!(step(&second, &one, "pass", &[]), "publication-passed");
    second.post(&format!("{one}/approve"), &[]).expect(403);
    host.as_operator().post(&format!("{one}/approve"), &[]).expect(403);
    assert_eq!(step(&host.as_teacher(), &one, "approve", &[]), "publication-approved");
    assert_eq!(step(&author, &one, "publish", &[]), "publication-published");
    author.post(&format!("{one}/publish"), &[]).expect(403);
    let facts = host.facts();
    let counted: Vec<_> = facts.students.iter().map(|one| (one.person, one.values["publications"].clone())).collect();
    assert_eq!(counted, [(author.person(), json!(1)), (second.person(), json!(1))]);
}

#[test]
fn what_somebody_wrote_while_it_went_on_is_not_lost() {
    let host = host();
    let (one, author) = (written(&host), host.as_student(1));
    step(&host.as_operator(), &one, "submit", &[("title", "食堂地图"), ("text", "交了")]);
    let late = author.post(&format!("{one}/save"), &[("title", "食堂地图"), ("text", "我还在写")]);
    let shown = late.expect(409).values()["publication"].clone();
    assert_eq!((&shown["typed_text"], &shown["text"]), (&json!("我还在写"), &json!("交了")));
}

#[test]
fn a_student_takes_on_a_slot_without_author_once() {
    let host = host();
    plan(&host, TOMORROW, "开放日");
    let id = host.get("/publications").values()["coming"][0]["id"].as_str().unwrap().to_owned();
    let one = format!("/publications/{id}");
    assert_eq!(step(&host.as_student(3), &one, "take", &[]), "publication-taken");
    host.as_student(4).post(&format!("{one}/take"), &[]).expect(403);
    assert_eq!(host.get(&one).values()["publication"]["author"], "学生 03");
}

#[test]
fn a_missed_slot_is_an_alarm_until_it_is_moved() {
    let host = host();
    let one = written(&host);
    let late = |host: &TestHost| host.as_operator().widget("today").values()["late"].clone();
    assert_eq!(late(&host), json!([]));
    host.advance(10 * HOUR);
    assert_eq!(late(&host)[0]["word"], "publication-late", "it is six in the evening and nothing is approved");
    assert_eq!(host.as_student(3).widget("today").values()["late"], json!([]), "who cannot mend it is not told");
    host.advance(DAY);
    assert_eq!((&late(&host)[0]["word"], state(&host, &one)), (&json!("publication-missed"), "missed".into()));
    host.run_job("watch");
    for who in [host.as_student(1), host.as_operator()] {
        who.post(&format!("{one}/publish"), &[]).expect(403);
    }
    assert_eq!(step(&host.as_operator(), &one, "move", &[("day", TODAY)]), "publication-day-past");
    plan(&host, "2026-10-14", "别的");
    assert_eq!(step(&host.as_operator(), &one, "move", &[("day", "2026-10-14")]), "quota-day-full");
    assert_eq!(step(&host.as_operator(), &one, "move", &[("day", "2026-10-15")]), "publication-moved");
    assert_eq!((late(&host), state(&host, &one)), (json!([]), "planned".into()));
}

/// Written, edited and approved; its address.
fn approved(host: &TestHost) -> String {
    let one = written(host);
    step(&host.as_operator(), &one, "submit", &[("title", "食堂地图"), ("text", "一楼")]);
    step(&host.as_teacher(), &one, "approve", &[]);
    one
}

#[test]
fn what_the_account_published_is_noted_once() {
    let host = host();
    let one = approved(&host);
    let sent = json!({ "publication": "100", "at": "2026-10-13T11:00:00Z" });
    host.advance(DAY);
    let event = host.hear("publication.sent", sent.clone());
    host.hear_again(event, 2, "publication.sent", sent).unwrap();
    assert_eq!((state(&host, &one), count(&host, "select count(*) from publication")), ("published".into(), 1));
    // One that nobody planned counts against the quota as well.
    let sent = json!({ "publication": "101", "at": "2026-10-14T15:59:59Z" });
    let event = host.hear("publication.sent", sent.clone());
    host.hear_again(event, 2, "publication.sent", sent).unwrap();
    assert_eq!(count(&host, "select count(*) from publication"), 2);
    assert_eq!(plan(&host, "2026-10-14", "另一篇"), "quota-day-full");
    assert!(host.get("/publications").html().contains("（没有排过的推文）"));
}

#[test]
fn what_is_still_written_is_not_taken_for_what_went_out() {
    let host = host();
    let one = written(&host);
    host.as_student(1).post(&format!("{one}/save"), &[("title", "食堂地图"), ("text", "一半")]).expect(303);
    host.hear("publication.sent", json!({ "publication": "100", "at": "2026-10-12T04:00:00Z" }));
    assert_eq!((state(&host, &one), count(&host, "select count(*) from publication")), ("writing".into(), 2));
    // It was this one after all: the two become one.
    step(&host.as_operator(), &one, "submit", &[("title", "食堂地图"), ("text", "一半")]);
    step(&host.as_teacher(), &one, "approve", &[]);
    assert_eq!(step(&host.as_student(1), &one, "publish", &[]), "publication-published");
    assert_eq!(count(&host, "select count(*) from publication where sent = '100'"), 1);
    assert_eq!(count(&host, "select count(*) from publication"), 1);
}

#[test]
fn what_is_noted_late_counts_for_its_own_day() {
    let host = host();
    let one = approved(&host);
    host.advance(DAY);
    assert_eq!(host.get(&one).values()["publication"]["likely"], TODAY);
    for day in ["2026-10-14", "2026-09-01", "soon"] {
        assert_eq!(step(&host.as_student(1), &one, "publish", &[("day", day)]), "publication-published-day-wrong");
    }
    assert_eq!(step(&host.as_student(1), &one, "publish", &[("day", TODAY)]), "publication-published");
    assert_eq!(plan(&host, TOMORROW, "今天的"), "publication-planned", "today's is still there");
    let days = host.service("rota.days/1", json!({ "from": TODAY, "to": TODAY })).unwrap();
    assert_eq!(days["publications"][0]["published_at"], "2026-10-12T04:00:00Z");
}

#[test]
fn what_its_author_left_behind_is_taken_on_by_another() {
    let host = host();
    let one = written(&host);
    host.as_student(1).post(&format!("{one}/save"), &[("title", "食堂地图"), ("text", "一半")]).expect(303);
    host.as_student(2).post(&format!("{one}/take"), &[]).expect(403);
    host.leaves(1);
    assert_eq!(step(&host.as_student(2), &one, "take", &[]), "publication-taken");
    assert_eq!(host.get(&one).values()["publication"]["text"], "一半");
}

#[test]
fn what_was_marked_by_hand_is_recognised_without_its_title() {
    let host = host();
    let one = approved(&host);
    step(&host.as_student(1), &one, "publish", &[]);
    assert_eq!(state(&host, &one), "published");
    // The platform tells the id alone, of this one and of a second on the same day.
    for (number, publications) in [("100", 1), ("101", 2)] {
        host.hear("publication.sent", json!({ "publication": number, "at": "2026-10-12T11:00:00Z" }));
        assert_eq!(count(&host, "select count(*) from publication"), publications);
    }
}

#[test]
fn a_draft_goes_to_the_account_where_it_takes_one() {
    let host = host();
    let one = written(&host);
    let text = "一楼 <b>20:30</b>\n二楼\n\n三楼 & 四楼";
    step(&host.as_operator(), &one, "submit", &[("title", "食堂地图"), ("text", text)]);
    step(&host.as_teacher(), &one, "approve", &[]);
    assert_eq!(step(&host.as_student(1), &one, "draft", &[]), "draft-no-channel");
    host.provide("channel.draft/1", |_| Err(Failure::new(Code::BadRequest, "the title is too long")));
    assert_eq!(step(&host.as_student(1), &one, "draft", &[]), "draft-refused");
    let why = json!({ "zh": "未认证的订阅号没有草稿接口", "en": "no" });
    host.provide("channel.draft/1", move |_| Ok(json!({ "available": false, "why": why })));
    assert_eq!(step(&host.as_student(1), &one, "draft", &[]), "未认证的订阅号没有草稿接口");
    host.provide("channel.draft/1", |input| {
        assert_eq!(input["content_html"], "<p>一楼 &lt;b&gt;20:30&lt;/b&gt;<br>二楼</p><p>三楼 &amp; 四楼</p>");
        assert_eq!((&input["title"], &input["author"]), (&json!("食堂地图"), &json!("学生 01")));
        Ok(json!({ "available": true, "draft": "media-1" }))
    });
    assert_eq!(step(&host.as_student(1), &one, "draft", &[]), "draft-done");
    assert_eq!(host.get(&one).values()["publication"]["draft"], "media-1");
}

/// Slots are planned by many at once: the quota holds.
#[test]
fn many_at_once_do_not_exceed_the_quota() {
    let host = host();
    host.set("account", "service");
    std::thread::scope(|scope| {
        for number in 0..16 {
            let host = &host;
            scope.spawn(move || {
                let day = format!("2026-10-{}", 14 + number);
                host.as_operator().post("/publications", &[("day", day.as_str()), ("title", "文")]).expect(303);
            });
        }
    });
    assert_eq!(count(&host, "select count(*) from publication"), 4);
}
