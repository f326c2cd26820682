//! A student moves to another class and takes the marks along: what is shown before, what is written, what stays.

use reqwest::multipart::{Form, Part};
use server::rules::Rules;
use server::store::attempt::{self, Attempt};
use server::store::person::Actor;
use server::store::{class, gradebook};
use tests::sheet::Sheet;
use tests::{Classroom, Client, Site, at, both};
use uuid::Uuid;

use crate::assignment::{SOURCE, rules};
use crate::gradebook::{RIGHT, hand_in, mark};

/// Two classes of one teacher, the second with nobody in it, and the teacher's browser.
async fn two_classes(site: &Site, students: usize) -> (Classroom, Classroom, Client) {
    let (one, two) = (site.classroom(students).await, site.classroom(0).await);
    let actor = Actor { id: two.teacher.id, address: "127.0.0.1".into() };
    let now = site.app.clock.now();
    class::add_teacher(&site.app.db, actor, two.class.id, &one.teacher.login, now).await.expect("added");
    let client = site.signed_in(&one.teacher).await;
    (one, two, client)
}

fn address(from: &Classroom, student: usize, to: &Classroom) -> String {
    format!("/classes/{}/roster/{}/transfer?to={}", from.class.id, from.students[student].id, to.class.id)
}

fn seen(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"seen\" value=\"").unwrap_or_else(|| panic!("no preview in {page}"));
    rest.split('"').next().expect("a value").to_owned()
}

async fn confirm(client: &Client, address: &str, seen: &str) -> String {
    let (path, to) = address.split_once("?to=").expect("where to");
    client.post(path, &[("to", to), ("seen", seen)]).await.expect(303).location()
}

/// Looks at the preview and confirms it; returns the preview.
async fn transfer(client: &Client, from: &Classroom, student: usize, to: &Classroom) -> String {
    let address = address(from, student, to);
    let page = client.get(&address).await.expect(200).text();
    let back = confirm(client, &address, &seen(&page)).await;
    assert_eq!(back, format!("/classes/{}/roster", from.class.id), "it is done");
    page
}

async fn attempts(site: &Site, assignment: Uuid, from: &Classroom, student: usize) -> Vec<Attempt> {
    attempt::list(&site.app.db, assignment, from.students[student].id).await.expect("attempts")
}

/// What a student of the first class has in the gradebook of a class.
async fn points(site: &Site, room: &Classroom, person: Uuid, assignment: Uuid) -> (Option<i64>, bool) {
    let book = gradebook::load(&site.app.db, room.class.id, Some(assignment)).await.expect("the gradebook");
    let row = book.students.iter().position(|found| found.id == person).expect("on the roster");
    let column = book.assignments.iter().position(|found| found.id == assignment).expect("an assignment");
    (book.cells[row][column].points, book.students[row].left_at.is_none())
}

async fn count(site: &Site, table: &'static str) -> i64 {
    let sql = match table {
        "attempt" => "select count(*) from attempt",
        "answer" => "select count(*) from answer",
        _ => "select count(*) from membership where left_at is null",
    };
    server::on!(&site.app.db, |c| sqlx::query_scalar(sql).fetch_one(c).await).expect("a count")
}

both!(marks_go_along_and_the_old_class_keeps_its_record, |site| {
    let (one, two, client) = two_classes(&site, 1).await;
    let old = one.assign(&site, SOURCE, rules()).await;
    let new = two.assign(&site, SOURCE, Rules { due_at: Some(at("2026-10-01 09:00:00")), ..rules() }).await;
    // Two attempts, the second one late, an essay that is marked, points given by hand.
    hand_in(&site, &one, 0, old, &["石榴籽", "墨绿色", "雨花石", "鹦鹉螺", "424242"], "海边风大。").await;
    site.set_time("2026-10-21 08:00:00");
    let student = site.signed_in(&one.students[0]).await;
    let client = {
        drop(client);
        site.signed_in(&one.teacher).await
    };
    let sheet = Sheet::again(&student, old, 2).await;
    sheet.send(&student, &sheet.form(&RIGHT, "海边风大。")).await.expect(303);
    let before = attempts(&site, old, &one, 0).await;
    assert_eq!((before.len(), before[1].late_per_cent), (2, 10));
    let essay = sheet.texts[0];
    let given = [("points", "8"), ("comment", "写得清楚"), ("seen", "")];
    client.post(&format!("/classes/{}/mark/{essay}/{}", one.class.id, before[0].id), &given).await.expect(303);
    let answers = attempt::answers(&site.app.db, before[0].id).await.expect("answers");
    let blank = answers.iter().find(|answer| answer.text == "墨绿色").expect("the answer").blank_id.to_string();
    let (first, work) =
        (before[0].id.to_string(), format!("/classes/{}/gradebook/{old}/{}", one.class.id, one.students[0].id));
    let by_hand =
        [("attempt", first.as_str()), ("blank", &blank), ("points", "0.5"), ("reason", "意思相近"), ("seen", "")];
    client.post(&work, &by_hand).await.expect(303);
    let mine = mark(&site, &one, 0, old).await.expect("a mark");

    let page = client.get(&address(&one, 0, &two)).await.expect(200).text();
    for words in ["试题甲", "带到新班", "带走 2 次作答", "原班 12.5 / 15 分", "新班 12.5 / 15 分"] {
        assert!(page.contains(words), "{words} is missing in {page}");
    }
    assert_eq!(points(&site, &one, one.students[0].id, old).await, (Some(mine), true), "a look changes nothing");
    transfer(&client, &one, 0, &two).await;

    assert_eq!(points(&site, &one, one.students[0].id, old).await, (Some(mine), false), "the old record stays");
    assert_eq!(points(&site, &two, one.students[0].id, new).await, (Some(mine), true));
    let after = attempts(&site, new, &one, 0).await;
    let brief = |attempt: &Attempt| {
        (
            attempt.number,
            attempt.handed_in_at,
            attempt.late_per_cent,
            attempt.blanks_points,
            attempt.essays_points,
            attempt.receipt(),
        )
    };
    let pairs: Vec<_> = attempts(&site, old, &one, 0).await.iter().map(brief).collect();
    assert_eq!(after.iter().map(brief).collect::<Vec<_>>(), pairs);
    let shown = student.get(&format!("/attempts/{}", after[0].id)).await.expect(200).text();
    assert!(shown.contains("写得清楚") && shown.contains("意思相近"), "{shown}");
    student.get(&format!("/attempts/{}", before[0].id)).await.expect(404);
    // Other rules of the new class do not make late what was not.
    let seen = server::store::give::find(&site.app.db, two.class.id, new).await.expect("found").expect("given");
    let stricter = Rules { late_per_day: Some(50), ..seen.assignment.rules.clone() };
    let now = site.app.clock.now();
    let id = seen.assignment.updated_at;
    server::store::give::give(&site.app.db, one.actor(), two.class.id, new, stricter, id, now).await.expect("given");
    assert_eq!(points(&site, &two, one.students[0].id, new).await, (Some(mine), true));
    let administrator = site.person(server::store::person::Role::Administrator, "root", "管理员").await;
    let log = site.signed_in(&administrator).await.get("/admin/audit").await.expect(200).text();
    assert!(log.matches("roster.transfer").count() >= 2 && log.contains("1 assignments, 2 attempts, 0 stay"), "{log}");
});

const OTHER: &str = "---
course: network-marketing
chapter: wechat-platform
title: 试题甲
---

1. 果实里最甜的是[[石榴籽]]，放久了变成[[墨绿色]]{hint=\"一种颜色\"}。

3. 门牌是[[535353]]号。

4. 说说你喜欢的海边。{essay points=20}

5. 新题[[五]]。
";

both!(what_differs_is_marked_anew_or_stays_and_is_said, |site| {
    let (one, two, client) = two_classes(&site, 1).await;
    let old = one.assign(&site, SOURCE, rules()).await;
    let alone = one.assign(&site, &SOURCE.replace("试题甲", "只有旧班有"), rules()).await;
    let new = two.assign(&site, OTHER, rules()).await;
    hand_in(&site, &one, 0, old, &["石榴籽", "墨绿色", "雨花石", "鹦鹉螺", "424242"], "海边风大。").await;
    hand_in(&site, &one, 0, alone, &RIGHT, "").await;
    assert_eq!(mark(&site, &one, 0, old).await, Some(4_000_000));
    let page = transfer(&client, &one, 0, &two).await;
    for words in [
        "第 1 题第 2 空的答案或分值不同",
        "新班没有第 2 题",
        "第 3 题不是同一道题",
        "第 4 题的分值不同",
        "只有旧班有",
        "新班没有这份作业",
        "原班 4 / 15 分",
        "新班 2 / 24 分",
    ] {
        assert!(page.contains(words), "{words} is missing in {page}");
    }
    assert!(!page.contains("石榴籽") && !page.contains("535353"), "a preview names no key: {page}");
    let person = one.students[0].id;
    // 墨绿色 was wrong by the old key and is right by the new one; the essay waits for a mark again.
    assert_eq!(points(&site, &two, person, new).await, (Some(2_000_000), true));
    let after = attempts(&site, new, &one, 0).await;
    assert_eq!((after.len(), after[0].waiting), (1, 1));
    assert_eq!(attempt::answers(&site.app.db, after[0].id).await.expect("answers").len(), 2);
    assert_eq!(points(&site, &one, person, old).await, (Some(4_000_000), false));
    assert_eq!(points(&site, &one, person, alone).await, (Some(5_000_000), false));
    // What the new class decides later reaches the copy.
    two.import(&site, &OTHER.replace("[[墨绿色]]", "[[琥珀色]]")).await;
    assert_eq!(points(&site, &two, person, new).await, (Some(1_000_000), true));
    assert_eq!(points(&site, &one, person, old).await, (Some(4_000_000), false));
});

both!(what_the_old_class_settled_stays_settled, |site| {
    let (one, two, client) = two_classes(&site, 2).await;
    let old = one.assign(&site, SOURCE, rules()).await;
    let new = two.assign(&site, SOURCE, rules()).await;
    // One character off waits for the teacher, who accepts it for the class.
    hand_in(&site, &one, 0, old, &["石榴子", "琥珀色", "雨花石", "鹦鹉螺", "424242"], "").await;
    hand_in(&site, &one, 1, old, &["石榴仔", "琥珀色", "雨花石", "鹦鹉螺", "424242"], "").await;
    let review = format!("/classes/{}/review", one.class.id);
    let page = client.get(&review).await.expect(200).text();
    let part = page.split("<li class=\"queue-item\">").find(|part| part.contains("石榴子")).expect("it waits");
    let value = |name: &str| {
        let (_, rest) = part.split_once(&format!("name=\"{name}\" value=\"")).expect("a field");
        rest.split('"').next().expect("a value").to_owned()
    };
    let fields = [("blank", value("blank")), ("answers", value("answers")), ("decision", "accept".into())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post(&review, &fields).await.expect(303);
    assert_eq!(mark(&site, &one, 0, old).await, Some(5_000_000));
    transfer(&client, &one, 0, &two).await;
    transfer(&client, &one, 1, &two).await;
    assert_eq!(points(&site, &two, one.students[0].id, new).await, (Some(5_000_000), true));
    assert_eq!(points(&site, &two, one.students[1].id, new).await, (Some(4_000_000), true), "it still waits");
    let waiting = server::store::review::count(&site.app.db, two.class.id).await.expect("a count");
    assert_eq!(waiting, 1, "what was settled does not wait again");
});

both!(unfinished_work_goes_on_in_the_new_class, |site| {
    let (one, two, client) = two_classes(&site, 1).await;
    let old = one.assign(&site, SOURCE, rules()).await;
    let new = two.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &one, 0, old, &["石榴籽"], "海边风大。").await;
    let student = site.signed_in(&one.students[0]).await;
    let sheet = Sheet::again(&student, old, 2).await;
    sheet.save(&student, &[(sheet.blanks[1], "琥珀色", 1), (sheet.texts[0], "海边有风。", 1)]).await.expect(200);
    let name = "照片.png";
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0".to_vec();
    let form = Form::new().text("attempt", "2").part("file", Part::bytes(png).file_name(name));
    student.multipart(&format!("/assignments/{old}/attachments/{}", sheet.texts[0]), form).await.expect(303);
    let page = transfer(&client, &one, 0, &two).await;
    assert!(page.contains("没写完的一次也带走"), "{page}");
    let there = Sheet::again(&student, new, 2).await;
    assert_eq!(there.values[1], "琥珀色");
    assert!(there.html.contains("海边有风。") && there.html.contains(name), "{}", there.html);
    let file = there.html.split("href=\"/attachments/").nth(1).and_then(|rest| rest.split('"').next()).expect("a file");
    student.get(&format!("/attachments/{file}")).await.expect(200);
    there.send(&student, &there.form(&RIGHT, "海边有风。")).await.expect(303);
    assert_eq!(points(&site, &two, one.students[0].id, new).await, (Some(5_000_000), true));
    // The old class's bell hands in what was typed there, and touches nothing here.
    site.set_time("2026-10-26 08:00:00");
    server::bell::ring(&site.app).await.expect("the bell");
    assert_eq!(attempts(&site, new, &one, 0).await.len(), 2);
});

both!(there_and_back_doubles_nothing, |site| {
    let (one, two, client) = two_classes(&site, 1).await;
    let old = one.assign(&site, SOURCE, rules()).await;
    let new = two.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &one, 0, old, &["石榴籽"], "海边风大。").await;
    transfer(&client, &one, 0, &two).await;
    let student = site.signed_in(&one.students[0]).await;
    let sheet = Sheet::again(&student, new, 2).await;
    sheet.send(&student, &sheet.form(&RIGHT, "海边风大。")).await.expect(303);
    // Marked in the new class, the first attempt's essay.
    let copy = attempts(&site, new, &one, 0).await[0].id;
    let given = [("points", "9"), ("comment", ""), ("seen", "")];
    client.post(&format!("/classes/{}/mark/{}/{copy}", two.class.id, sheet.texts[0]), &given).await.expect(303);
    let back = Classroom { class: two.class.clone(), teacher: two.teacher.clone(), students: one.students.clone() };
    let page = transfer(&client, &back, 0, &one).await;
    assert!(page.contains("带走 1 次作答") && page.contains("1 次作答新班里已经有了"), "{page}");
    assert!(page.contains("原班 14 / 15 分 → 新班 14 / 15 分") || page.contains("新班 14 / 15 分"), "{page}");
    assert_eq!(points(&site, &one, one.students[0].id, old).await, (Some(14_000_000), true));
    assert_eq!(attempts(&site, old, &one, 0).await.len(), 2);
    assert_eq!(points(&site, &two, one.students[0].id, new).await, (Some(14_000_000), false));
    let again = transfer(&client, &one, 0, &two).await;
    assert!(again.contains("2 次作答新班里已经有了"), "{again}");
    assert_eq!(attempts(&site, new, &one, 0).await.len(), 2);
});

both!(a_preview_that_is_out_of_date_moves_nobody, |site| {
    let (one, two, client) = two_classes(&site, 1).await;
    let old = one.assign(&site, SOURCE, rules()).await;
    two.assign(&site, SOURCE, rules()).await;
    let address = address(&one, 0, &two);
    let page = client.get(&address).await.expect(200).text();
    hand_in(&site, &one, 0, old, &RIGHT, "").await;
    let before = (count(&site, "attempt").await, count(&site, "answer").await, count(&site, "membership").await);
    assert_eq!(confirm(&client, &address, &seen(&page)).await, address, "the teacher sees the new preview");
    assert_eq!(confirm(&client, &address, "").await, address);
    let page = client.get(&address).await.expect(200).text();
    two.import(&site, &SOURCE.replace("[[琥珀色]]", "[[墨绿色]]")).await;
    assert_eq!(confirm(&client, &address, &seen(&page)).await, address);
    assert_eq!((count(&site, "attempt").await, count(&site, "answer").await, count(&site, "membership").await), before);
    // Twice at once is once.
    let page = client.get(&address).await.expect(200).text();
    let token = seen(&page);
    let (path, to) = address.split_once("?to=").expect("where to");
    let fields = [("to", to), ("seen", token.as_str())];
    let (first, second) = tokio::join!(client.post(path, &fields), client.post(path, &fields));
    let done =
        [&first, &second].iter().filter(|reply| reply.status == 303 && !reply.location().contains("transfer")).count();
    assert_eq!(done, 1, "{first} {second}");
    assert_eq!(count(&site, "attempt").await, before.0 + 1);
});

both!(a_transfer_that_fails_leaves_no_trace, |site| {
    let (one, two, client) = two_classes(&site, 1).await;
    let old = one.assign(&site, SOURCE, rules()).await;
    two.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &one, 0, old, &RIGHT, "海边风大。").await;
    let moved =
        server::store::roster::transfer::Move { person_id: one.students[0].id, from: one.class.id, to: two.class.id };
    let mut plan = server::transfer::plans(&site.app, &[moved]).await.expect("a plan").pop().expect("one");
    // The last thing written names an attempt that does not exist: by then everything else is there.
    let nowhere = server::store::roster::transfer::File {
        attempt_id: Uuid::now_v7(),
        question_id: plan.carry.essays[0].question_id,
        name: "x.png".into(),
        media_type: "image/png".into(),
        size: 1,
        sha256: "00".into(),
        uploaded_by: moved.person_id,
        uploaded_at: site.app.clock.now(),
    };
    plan.carry.files.push(nowhere);
    let before = (count(&site, "attempt").await, count(&site, "answer").await, count(&site, "membership").await);
    let now = site.app.clock.now();
    let refused = server::store::roster::transfer::transfer(&site.app.db, one.actor(), plan.carry, now).await;
    assert!(refused.is_err());
    assert_eq!((count(&site, "attempt").await, count(&site, "answer").await, count(&site, "membership").await), before);
    transfer(&client, &one, 0, &two).await;
});

both!(a_roster_file_brings_students_of_another_class_with_their_marks, |site| {
    let (one, two, client) = two_classes(&site, 3).await;
    let stranger = site.classroom(1).await;
    let old = one.assign(&site, SOURCE, rules()).await;
    let new = two.assign(&site, SOURCE, rules()).await;
    for student in 0..3 {
        hand_in(&site, &one, student, old, &RIGHT[..=student], "").await;
    }
    let rows =
        one.students.iter().chain(&stranger.students).map(|student| format!("{},{}\n", student.login, student.name));
    let file = format!("学号,姓名\n{}", rows.collect::<String>());
    let form = Form::new().part("file", Part::bytes(file.into_bytes()).file_name("名册.csv"));
    let path = format!("/classes/{}/roster/uploads", two.class.id);
    let preview = client.multipart(&path, form).await.expect(303).location();
    let page = client.get(&preview).await.expect(200).text();
    assert!(page.contains("1 份作业带来") && page.contains("新班 1 / 15 分"), "{page}");
    let values: Vec<&str> = page
        .split("name=\"transfer\" type=\"checkbox\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(values.len(), 3, "not the one whose class is another teacher's: {page}");
    let base = page.split("name=\"base\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a base");
    let of = |student: usize| {
        let id = one.students[student].id.to_string();
        *values.iter().find(|value| value.starts_with(&id)).expect("a box")
    };
    // A tick for a plan that nobody was shown changes nothing.
    let forged = of(0).rsplit_once(':').expect("three parts").0.to_owned() + ":00";
    let reply = client.post(&preview, &[("base", base), ("transfer", &forged)]).await.expect(303);
    assert_eq!(reply.location(), preview);
    let fields = [("base", base), ("transfer", of(0)), ("transfer", of(1))];
    client.post(&preview, &fields).await.expect(303);
    for (student, points_there, stays) in [(0, Some(1_000_000), false), (1, Some(2_000_000), false), (2, None, true)] {
        let person = one.students[student].id;
        assert_eq!(points(&site, &two, person, new).await, (points_there, true), "student {student}");
        let (mark, present) = points(&site, &one, person, old).await;
        assert_eq!((mark.is_some(), present), (true, stays), "student {student}");
    }
});

both!(what_was_asked_about_a_mark_goes_along, |site| {
    let (one, two, client) = two_classes(&site, 1).await;
    let old = one.assign(&site, SOURCE, rules()).await;
    let new = two.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &one, 0, old, &["石榴籽", "深黄", "雨花石", "鹦鹉螺", "424242"], "").await;
    let attempt = attempts(&site, old, &one, 0).await[0].id;
    let answers = attempt::answers(&site.app.db, attempt).await.expect("answers");
    let blank = answers.iter().find(|answer| answer.text == "深黄").expect("the answer").blank_id.to_string();
    let student = site.signed_in(&one.students[0]).await;
    let fields = [("field", blank.as_str()), ("text", "为什么错？")];
    student.post(&format!("/attempts/{attempt}/inquiries"), &fields).await.expect(303);
    transfer(&client, &one, 0, &two).await;
    let count =
        async |room: &Classroom| server::store::inquiry::count(&site.app.db, room.class.id).await.expect("a count");
    assert_eq!((count(&one).await, count(&two).await), (0, 1));
    let copy = attempts(&site, new, &one, 0).await[0].id;
    let page = student.get(&format!("/attempts/{copy}")).await.expect(200).text();
    assert!(page.contains("为什么错？") && page.contains("等老师回答"), "{page}");
    let review = client.get(&format!("/classes/{}/review", two.class.id)).await.expect(200).text();
    assert!(review.contains("为什么错？") && review.contains("琥珀色"), "{review}");
});

both!(only_a_teacher_of_both_classes_moves_students, |site| {
    let (one, other) = (site.classroom(1).await, site.classroom(0).await);
    let client = site.signed_in(&one.teacher).await;
    let address = address(&one, 0, &other);
    client.get(&address).await.expect(404);
    let (path, to) = address.split_once("?to=").expect("where to");
    client.post(path, &[("to", to), ("seen", "")]).await.expect(404);
    client.get(&format!("{path}?to={}", one.class.id)).await.expect(409);
    let (_, two, client) = two_classes(&site, 0).await;
    client
        .get(&format!("/classes/{}/roster/{}/transfer?to={}", two.class.id, one.students[0].id, one.class.id))
        .await
        .expect(404);
});
