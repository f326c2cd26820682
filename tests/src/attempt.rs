//! Handing in and the marked sheet.

use std::collections::HashSet;

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::multipart::{Form, Part};
use server::rules::{GRACE, RevealKeys, Rules};
use server::store::attempt;
use server::store::person::Actor;
use tests::sheet::Sheet;
use tests::{at, both};

use crate::assignment::{CANARIES, SOURCE, rules};

const RIGHT: [&str; 5] = ["石榴籽", "琥珀色", "雨花石", "鹦鹉螺", "424242"];

both!(a_sheet_is_answered_and_marked_without_scripts, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    let done = sheet
        .send(&client, &sheet.form(&["石榴籽", "墨绿色", "雨花石", "鹦鹉螺"], "沙子很细。"))
        .await
        .expect(303)
        .location();
    let page = client.get(&done).await.expect(200).text();
    for words in [
        "is-correct",
        "is-incorrect",
        "is-unanswered",
        "沙子很细。",
        "待老师批改",
        "3 / 15 分",
        "2026-10-12 08:00",
        "回执",
    ] {
        assert!(page.contains(words), "{words} is missing in {page}");
    }
    assert!(page.contains("data-erase-draft"), "the device may forget its draft");
    let overview = client.get(&format!("/assignments/{id}")).await.expect(200).text();
    assert!(
        overview.contains(&done) && overview.contains("?attempt=2") && !overview.contains("id=\"sheet\""),
        "{overview}"
    );
    let again = Sheet::again(&client, id, 2).await;
    assert_eq!(again.attempt, 2);
    assert_eq!(again.values[..2], ["石榴籽", "墨绿色"], "a further attempt starts from the last one");
    assert!(again.html.contains("沙子很细。"));
});

both!(sixteen_sendings_are_one_attempt_with_equal_replies, |site| {
    let class = site.classroom(12).await;
    let id = class.assign(&site, SOURCE, Rules { attempts_allowed: Some(1), ..rules() }).await;
    for student in &class.students {
        let client = site.signed_in(student).await;
        let sheet = Sheet::open(&client, id).await;
        let replies = join_all((0..16).map(|_| sheet.hand_in_by_script(&client, &["石榴籽", "错"]))).await;
        let bodies: HashSet<String> = replies
            .into_iter()
            .map(|reply| {
                let reply = reply.expect(200);
                format!("{:?} {}", reply.headers["x-location"], reply.text())
            })
            .collect();
        assert_eq!(bodies.len(), 1, "all replies are the same");
        assert!(bodies.iter().next().expect("one").contains("id=\"result\""));
        let attempts = attempt::list(&site.app.db, id, student.id).await.expect("the attempts");
        assert_eq!(attempts.len(), 1);
        assert_eq!(attempt::answers(&site.app.db, attempts[0].id).await.expect("the answers").len(), 5);
    }
});

both!(sixteen_different_sendings_take_one_attempt, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, Rules { attempts_allowed: Some(1), ..rules() }).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheets = join_all((0..16).map(|_| Sheet::open(&client, id))).await;
    let replies = join_all(sheets.iter().map(|sheet| sheet.hand_in(&client, &["错"]))).await;
    let taken = replies.iter().filter(|reply| reply.status.as_u16() == 303).count();
    let refused = replies.iter().filter(|reply| reply.status.as_u16() == 409).count();
    assert_eq!((taken, refused), (1, 15));
    assert_eq!(attempt::list(&site.app.db, id, class.students[0].id).await.expect("the attempts").len(), 1);
});

both!(a_repeated_sending_is_the_same_and_a_changed_one_is_refused_with_what_was_typed, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    let first = sheet.hand_in(&client, &["石榴籽"]).await.expect(303).location();
    assert_eq!(sheet.hand_in(&client, &["石榴籽"]).await.expect(303).location(), first);
    let refused = sheet.hand_in(&client, &["苹果"]).await.expect(409).text();
    let next = Sheet::read(id, refused);
    assert_eq!((next.attempt, next.values[0].as_str()), (2, "苹果"), "nothing that was typed is lost");
    assert!(next.html.contains("没有计入"));
    site.app.clock.set(at("2026-10-26 07:00:00"));
    assert_eq!(sheet.hand_in(&client, &["石榴籽"]).await.expect(303).location(), first, "also after closing");
});

both!(gaps_and_reviews_do_not_use_up_an_attempt, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, Rules { attempts_allowed: Some(1), ..rules() }).await;
    let client = site.signed_in(&class.students[0]).await;
    Sheet::open(&client, id).await.hand_in(&client, &["石榴籽"]).await.expect(303);
    let second = Sheet::again(&client, id, 2).await;
    assert_eq!(second.values[0], "石榴籽");
    let done = second.hand_in(&client, &["石榴籽", "错"]).await.expect(303).location();
    assert!(client.get(&done).await.text().contains("is-incorrect"));
    let page = client.get(&format!("/assignments/{id}?attempt=3")).await.expect(200).text();
    assert!(!page.contains("id=\"sheet\""), "the only attempt is used up");
    let attempts = attempt::list(&site.app.db, id, class.students[0].id).await.expect("the attempts");
    assert_eq!(attempts.iter().map(|attempt| attempt.counts).collect::<Vec<_>>(), [false, true]);
    let third = Sheet { attempt: 3, key: "another-key-3".into(), ..second };
    third.hand_in(&client, &RIGHT).await.expect(409);
});

both!(the_edges_of_the_bell_are_decided_by_arrival, |site| {
    let closes = at("2026-10-25 22:00:00");
    let millisecond = TimeDelta::milliseconds(1);
    let class = site.classroom(6).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let edges = [
        (closes - millisecond, 303),
        (closes, 303),
        (closes + millisecond, 303),
        (closes + GRACE, 303),
        (closes + GRACE + millisecond, 422),
        (closes + TimeDelta::days(1), 422),
    ];
    for (student, (arrives, status)) in class.students.iter().zip(edges) {
        site.app.clock.set(closes - TimeDelta::hours(1));
        let client = site.signed_in(student).await;
        let sheet = Sheet::open(&client, id).await;
        site.app.clock.set(arrives);
        let reply = sheet.hand_in(&client, &["石榴籽"]).await.expect(status);
        let attempts = attempt::list(&site.app.db, id, student.id).await.expect("the attempts");
        if status == 303 {
            assert_eq!(
                (attempts.len(), attempts[0].late_per_cent),
                (1, 40),
                "{arrives}: five days late, at least 60 % stay"
            );
        } else {
            assert!(reply.text().contains("已经保存"), "what came late is kept, and said so");
            assert_eq!(attempts.iter().filter(|attempt| attempt.handed_in_at.is_some()).count(), 0);
            let kept = server::store::draft::of_attempt(&site.app.db, attempts[0].id).await.expect("the drafts");
            assert!(kept.iter().any(|stored| stored.late && stored.field.text == "石榴籽"));
        }
    }
});

both!(late_work_loses_what_the_rule_says, |site| {
    let class = site.classroom(2).await;
    let due = at("2026-10-20 22:00:00");
    let id = class.assign(&site, SOURCE, rules()).await;
    for (student, arrives, per_cent, total) in
        [(0, due + GRACE, 0, 5_000_000), (1, due + GRACE + TimeDelta::milliseconds(1), 10, 4_500_000)]
    {
        site.app.clock.set(due - TimeDelta::hours(1));
        let client = site.signed_in(&class.students[student]).await;
        let sheet = Sheet::open(&client, id).await;
        site.app.clock.set(arrives);
        let done = sheet.hand_in(&client, &RIGHT).await.expect(303).location();
        let attempts = attempt::list(&site.app.db, id, class.students[student].id).await.expect("the attempts");
        let earned = attempts[0].earned().expect("handed in");
        assert_eq!((earned.late_per_cent, earned.total()), (per_cent, total));
        let page = client.get(&done).await.expect(200).text();
        assert_eq!(page.contains("扣 10%"), per_cent == 10, "{page}");
    }
});

both!(keys_stay_here_until_the_rule_shows_them, |site| {
    let class = site.classroom(2).await;
    let id = class.assign(&site, SOURCE, Rules { attempts_allowed: Some(2), ..rules() }).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    // Near misses of every kind: a reason must not name the key either.
    let near = ["石榴子", "琥珀", "螺鹦鹉", "石", "424243"];
    let saved = sheet.save(&client, &[(sheet.blanks[0], "石榴子", 1)]).await.expect(200);
    let fragment = sheet.hand_in_by_script(&client, &near).await.expect(200);
    let done = fragment.headers["x-location"].to_str().expect("ASCII").to_owned();
    let mut seen = vec![saved.text(), fragment.text()];
    for path in
        ["/", "/assignments", &format!("/assignments/{id}"), &format!("/assignments/{id}?attempt=2"), &done, "/marks"]
    {
        let reply = client.get(path).await;
        seen.push(format!("{:?}", reply.headers));
        seen.push(reply.text());
    }
    for text in &seen {
        for canary in CANARIES {
            assert!(!text.contains(canary), "the key {canary} is in {text}");
        }
    }
    assert!(seen.iter().any(|text| text.contains("石榴子")), "the student's own answers are there");
    site.app.clock.set(at("2026-10-25 22:00:11"));
    let page = client.get(&done).await.expect(200).text();
    for canary in CANARIES {
        assert!(page.contains(canary), "after closing the key {canary} is shown: {page}");
    }
});

both!(an_unanswered_blank_keeps_its_key_while_another_attempt_is_left, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, Rules { reveal_keys: RevealKeys::Always, ..rules() }).await;
    let client = site.signed_in(&class.students[0]).await;
    let done = Sheet::open(&client, id).await.hand_in(&client, &["苹果"]).await.expect(303).location();
    let page = client.get(&done).await.expect(200).text();
    assert!(page.contains("石榴籽"), "the rule shows keys on every marked sheet: {page}");
    assert!(!page.contains("琥珀色"), "but not of what was left empty: {page}");
});

both!(verdicts_wait_where_the_teacher_says_so, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, Rules { show_verdicts: false, ..rules() }).await;
    let client = site.signed_in(&class.students[0]).await;
    let done = Sheet::open(&client, id).await.hand_in(&client, &["石榴籽", "错"]).await.expect(303).location();
    for path in [done.as_str(), "/marks", "/assignments", &format!("/assignments/{id}")] {
        let page = client.get(path).await.expect(200).text();
        assert!(!page.contains("is-correct") && !page.contains("is-incorrect"), "{path}: {page}");
        assert!(!page.contains("1 / 15 分") && !page.contains("1 / 5 分"), "{path}: {page}");
    }
    assert!(client.get(&done).await.text().contains("2026-10-25 22:00"), "and says until when");
    site.app.clock.set(at("2026-10-26 07:00:00"));
    assert!(client.get(&done).await.text().contains("is-correct"));
});

both!(nobody_elses_attempt_can_be_seen, |site| {
    let class = site.classroom(2).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    let done = Sheet::open(&client, id).await.hand_in(&client, &["石榴籽"]).await.expect(303).location();
    site.signed_in(&class.students[1]).await.get(&done).await.expect(404);
    site.visitor().get(&done).await.expect(303);
    let other = site.classroom(0).await;
    site.signed_in(&other.teacher).await.get(&done).await.expect(404);
    let teacher = site.signed_in(&class.teacher).await.get(&done).await.expect(200).text();
    assert!(teacher.contains("学生 01") && teacher.contains("琥珀色"), "a teacher sees name and keys: {teacher}");
});

both!(hostile_hand_ins_are_refused_at_the_door, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    let long = "长".repeat(1_001);
    let page = sheet.hand_in(&client, &[&long]).await.expect(422).text();
    assert!(page.contains("1000") && page.contains(&long), "the limit is named and nothing typed is lost");
    let unknown = [("answer.00000000-0000-7000-8000-000000000000".to_owned(), "x".to_owned())];
    sheet.send(&client, &[sheet.form(&[], ""), unknown.to_vec()].concat()).await.expect(422);
    for broken in [
        vec![],
        vec![("attempt", "1")],
        vec![("attempt", "-1"), ("key", &*sheet.key)],
        vec![("attempt", "1"), ("key", "a b<>")],
    ] {
        client.post(&format!("/assignments/{id}/hand-in"), &broken).await.expect(422);
    }
    let far = Sheet { attempt: 7, ..sheet.clone() };
    far.hand_in(&client, &["石榴籽"]).await.expect(409);
    assert_eq!(attempt::list(&site.app.db, id, class.students[0].id).await.expect("the attempts").len(), 0);
    let script = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>\0";
    let done = sheet.hand_in(&client, &[script]).await.expect(303).location();
    let page = client.get(&done).await.expect(200).text();
    assert!(!page.contains("<script>alert") && page.contains("&lt;script&gt;"), "{page}");
});

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and the rest of a picture";

fn file(name: &str, bytes: &[u8]) -> Form {
    Form::new().text("attempt", "1").part("file", Part::bytes(bytes.to_vec()).file_name(name.to_owned()))
}

both!(attachments_are_taken_checked_and_given_back_as_downloads, |site| {
    let class = site.classroom(2).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    let path = format!("/assignments/{id}/attachments/{}", sheet.texts[0]);
    client.multipart(&path, file("海边.png", PNG)).await.expect(303);
    let page = client.get(&format!("/assignments/{id}")).await.expect(200).text();
    let link =
        regex::Regex::new("/attachments/[0-9a-f-]{36}").expect("fine").find(&page).expect("a link").as_str().to_owned();
    let back = client.get(&link).await.expect(200);
    assert_eq!(back.bytes, PNG);
    assert!(back.headers["content-disposition"].to_str().expect("ASCII").starts_with("attachment;"));
    assert!(back.headers["content-security-policy"].to_str().expect("ASCII").contains("sandbox"));
    assert_eq!(back.headers["x-content-type-options"], "nosniff");
    site.signed_in(&class.students[1]).await.get(&link).await.expect(404);
    site.signed_in(&class.teacher).await.get(&link).await.expect(200);
    site.visitor().get(&link).await.expect(303);
    let hostile: [(&str, &[u8]); 6] = [
        ("a.html", b"<html><script>alert(1)</script>"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.exe", b"MZ\x90\0"),
        ("a.png", b"<?php system('x') ?>"),
        ("a.zip", b"PK\x03\x04 not an archive"),
        ("a.png", b""),
    ];
    for (name, bytes) in hostile {
        client.multipart(&path, file(name, bytes)).await.expect(303);
    }
    let large = [PNG, &vec![0; 10 * 1024 * 1024]].concat();
    client.multipart(&path, file("large.png", &large)).await.expect(303);
    let attempts = attempt::list(&site.app.db, id, class.students[0].id).await.expect("the attempts");
    let files = server::store::attachment::of_attempt(&site.app.db, attempts[0].id).await.expect("the files");
    assert_eq!(files.len(), 1, "only the picture: {files:?}");
    for index in 0..6 {
        client.multipart(&path, file(&format!("{index}.png"), PNG)).await.expect(303);
    }
    let files = server::store::attachment::of_attempt(&site.app.db, attempts[0].id).await.expect("the files");
    assert_eq!(files.len(), 5, "five at most");
    site.signed_in(&class.students[1]).await.post(&format!("{link}/remove"), &[]).await.expect(404);
    client.post(&format!("{link}/remove"), &[]).await.expect(303);
    client.get(&link).await.expect(404);
    Sheet::open(&client, id).await.hand_in(&client, &["石榴籽"]).await.expect(303);
    let kept = format!("/attachments/{}", files[4].id);
    client.post(&format!("{kept}/remove"), &[]).await.expect(409);
    client.get(&kept).await.expect(200);
    let again = Sheet::again(&client, id, 2).await;
    assert!(again.html.contains("3.png"), "a further attempt carries its files on");
});

both!(an_unchanged_essay_keeps_its_mark_in_a_further_attempt, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let student = &class.students[0];
    let client = site.signed_in(student).await;
    let first = Sheet::open(&client, id).await;
    first.send(&client, &first.form(&["错"], "沙子很细。")).await.expect(303);
    let attempts = attempt::list(&site.app.db, id, student.id).await.expect("the attempts");
    give_mark(&site, attempts[0].id, first.texts[0], class.teacher.id, 7_000_000).await;
    let second = Sheet::again(&client, id, 2).await;
    second.send(&client, &second.form(&RIGHT, "沙子很细。")).await.expect(303);
    let third = Sheet::again(&client, id, 3).await;
    third.send(&client, &third.form(&RIGHT, "沙子很粗。")).await.expect(303);
    let attempts = attempt::list(&site.app.db, id, student.id).await.expect("the attempts");
    let earned: Vec<(i64, i64, i64)> =
        attempts.iter().map(|attempt| (attempt.blanks_points, attempt.essays_points, attempt.waiting)).collect();
    assert_eq!(earned, [(0, 7_000_000, 0), (5_000_000, 7_000_000, 0), (5_000_000, 0, 1)]);
    let marks = client.get("/marks").await.expect(200).text();
    assert!(marks.contains("填空 5") && marks.contains("问答 7") && marks.contains("= 12"), "{marks}");
    let what_if = client.get(&format!("/marks?what-if.{id}=15")).await.expect(200).text();
    assert!(what_if.contains("100%"), "{what_if}");
});

async fn give_mark(site: &tests::Site, attempt: uuid::Uuid, question: uuid::Uuid, teacher: uuid::Uuid, points: i64) {
    let now = site.app.clock.now();
    let write = site.app.db.write(move |tx| {
        Box::pin(async move {
            server::execute!(
                tx,
                "insert into mark (id, class_id, attempt_id, question_id, points, comment, marked_by, marked_at)
                 select $1, class_id, id, $3, $4, '', $5, $6 from attempt where id = $2",
                uuid::Uuid::now_v7(),
                attempt,
                question,
                points,
                teacher,
                now,
            )?;
            Ok(())
        })
    });
    write.await.expect("the mark is given");
}

const PROJECT: &str = "---
course: network-marketing
chapter: wechat-platform
title: 展览
---

1. 办展先找[[石榴籽]]。

2. 全班合办一次展览。{project points=20}
";

both!(a_project_is_handed_in_once_by_an_operator, |site| {
    let class = site.classroom(3).await;
    let id = class.assign(&site, PROJECT, rules()).await;
    let actor = Actor { id: class.teacher.id, address: "127.0.0.1".into() };
    for student in &class.students[..2] {
        let now = site.app.clock.now();
        server::store::post::give(&site.app.db, actor.clone(), class.class.id, student.id, "operator".into(), now)
            .await
            .expect("the post is given");
    }
    let clients = join_all(class.students.iter().map(|student| site.signed_in(student))).await;
    let plain = Sheet::open(&clients[2], id).await;
    assert!(plain.texts.is_empty() && plain.html.contains("学生 01、学生 02"), "others see who can: {}", plain.html);
    let first = Sheet::open(&clients[0], id).await;
    let question = first.texts[0];
    let forged = [plain.form(&["石榴籽"], ""), vec![(format!("text.{question}"), "冒名".into())]].concat();
    plain.send(&clients[2], &forged).await.expect(303);
    first.send(&clients[0], &first.form(&["石榴籽"], "我们办展览。")).await.expect(303);
    let second = Sheet::open(&clients[1], id).await;
    assert!(second.texts.is_empty() && second.html.contains("学生 01已于"), "{}", second.html);
    let forged = [second.form(&["石榴籽"], ""), vec![(format!("text.{question}"), "我也来".into())]].concat();
    second.send(&clients[1], &forged).await.expect(303);
    let projects = attempt::projects_of_class(&site.app.db, class.class.id).await.expect("the projects");
    assert_eq!(projects.len(), 1);
    assert_eq!((projects[0].handed_in_by, projects[0].points), (class.students[0].id, None));
    give_mark(&site, projects[0].attempt_id, question, class.teacher.id, 16_000_000).await;
    for client in &clients {
        let marks = client.get("/marks").await.expect(200).text();
        assert!(marks.contains("班级项目 16") && marks.contains("= 17"), "marked once for the class: {marks}");
    }
});
