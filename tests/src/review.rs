//! The queue of doubtful answers: one decision for all equal ones, and back.

use regex::Regex;
use server::store::review;
use tests::{Client, both};
use uuid::Uuid;

use crate::assignment::rules;
use crate::gradebook::{hand_in, mark};

const SOURCE: &str = "---
course: network-marketing
chapter: wechat-platform
title: 待定甲
---

1. 面向企业的是[[服务号]]，面向媒体的是[[订阅号]]。

2. 两种号是 ① [[服务号]]{group=kind} ② [[订阅号]]{group=kind}。
";

/// The hidden fields of the cluster whose answer stands in the queue.
fn cluster(page: &str, answer: &str) -> (String, String) {
    let pattern = format!(
        r#"name="blank" value="([0-9a-f-]+)"><input type="hidden" name="answers" value="([0-9a-f]+)">(?s:.{{0,600}}?)queue-answer[^>]*>{answer}<"#
    );
    let found =
        Regex::new(&pattern).expect("a pattern").captures(page).unwrap_or_else(|| panic!("no {answer} in {page}"));
    (found[1].to_owned(), found[2].to_owned())
}

async fn decide(client: &Client, class: Uuid, answer: &str, decision: &str, share: &str) -> String {
    let path = format!("/classes/{class}/review");
    let page = client.get(&path).await.expect(200).text();
    let (blank, answers) = cluster(&page, answer);
    let fields = [("blank", blank.as_str()), ("answers", &answers), ("decision", decision), ("share", share)];
    client.post(&path, &fields).await.expect(303).location()
}

fn decision_of(location: &str) -> String {
    location.rsplit_once("done=").expect("the decision").1.to_owned()
}

both!(one_decision_settles_equal_answers_and_is_taken_back, |site| {
    let class = site.classroom(4).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    for (student, answers) in [["服务号", "定阅号"], ["服务号", " 定阅号。"], ["服务号", "丁阅号"]].iter().enumerate()
    {
        hand_in(&site, &class, student, id, answers, "").await;
    }
    assert_eq!(review::count(&site.app.db, class.class.id).await.expect("a count"), 3);
    let teacher = site.signed_in(&class.teacher).await;
    let path = format!("/classes/{}/review", class.class.id);
    let page = teacher.get(&path).await.expect(200).text();
    for words in ["2 份相同", "第 1 题第 2 空", "订阅号", "读音相同", "aria-label"] {
        assert!(page.contains(words), "{words} is missing in {page}");
    }
    let done = decide(&teacher, class.class.id, "定阅号", "accept", "").await;
    for (student, points) in [(0, 2_000_000), (1, 2_000_000), (2, 1_000_000)] {
        assert_eq!(mark(&site, &class, student, id).await, Some(points), "student {student}");
    }
    let page = teacher.get(&done).await.expect(200).text();
    assert!(page.contains("影响到 2 份作答") && page.contains("学生 01") && page.contains("学生 02"), "{page}");
    assert!(page.contains("丁阅号") && !page.contains("学生 03"), "{page}");
    // Who hands in later is marked by the decision at once, and reads that the teacher accepted it.
    hand_in(&site, &class, 3, id, &["服务号", "定 阅号"], "").await;
    assert_eq!(mark(&site, &class, 3, id).await, Some(2_000_000));
    let sheet =
        teacher.get(&format!("/classes/{}/gradebook/{id}/{}", class.class.id, class.students[3].id)).await.text();
    assert!(sheet.contains("老师看过，算对。"), "{sheet}");
    // An import of the same file keeps the decision.
    class.import(&site, &SOURCE.replace("面向企业的是", "面向企业服务的是")).await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(2_000_000));
    teacher.post(&format!("{path}/{}/undo", decision_of(&done)), &[]).await.expect(303);
    for student in [0, 1, 2, 3] {
        assert_eq!(mark(&site, &class, student, id).await, Some(1_000_000), "student {student}");
    }
    assert_eq!(review::count(&site.app.db, class.class.id).await.expect("a count"), 4);
    let page = teacher.get(&path).await.expect(200).text();
    assert!(page.contains("3 份相同") && page.contains("已撤销"), "{page}");
    teacher.post(&format!("{path}/{}/undo", decision_of(&done)), &[]).await.expect(303);
    assert_eq!(mark(&site, &class, 0, id).await, Some(1_000_000), "twice is once");
});

both!(a_later_decision_gives_way_to_the_one_before, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 0, id, &["服务号", "定阅号"], "").await;
    let teacher = site.signed_in(&class.teacher).await;
    let path = format!("/classes/{}/review", class.class.id);
    let page = teacher.get(&path).await.expect(200).text();
    let (blank, answers) = cluster(&page, "定阅号");
    for share in ["0", "100", "viel", ""] {
        let fields = [("blank", blank.as_str()), ("answers", &answers), ("decision", "part"), ("share", share)];
        assert!(teacher.post(&path, &fields).await.expect(422).text().contains("大于 0、小于 100"), "{share}");
    }
    let fields = [("blank", blank.as_str()), ("answers", &answers), ("decision", "shrug")];
    teacher.post(&path, &fields).await.expect(422);
    let done = decide(&teacher, class.class.id, "定阅号", "part", "30%").await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(1_300_000));
    // The page of a colleague who still sees the answers waiting.
    let late = [("blank", blank.as_str()), ("answers", &answers), ("decision", "reject")];
    assert!(teacher.post(&path, &late).await.expect(409).text().contains("刚刚已被判定"));
    assert_eq!(mark(&site, &class, 0, id).await, Some(1_300_000));
    let stranger = site.classroom(0).await;
    let other = site.signed_in(&stranger.teacher).await;
    let undo = format!("/classes/{}/review/{}/undo", stranger.class.id, decision_of(&done));
    other.post(&undo, &[]).await.expect(404);
    assert_eq!(mark(&site, &class, 0, id).await, Some(1_300_000));
    teacher.post(&format!("{path}/{}/undo", decision_of(&done)), &[]).await.expect(303);
    decide(&teacher, class.class.id, "定阅号", "reject", "").await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(1_000_000));
    assert_eq!(review::count(&site.app.db, class.class.id).await.expect("a count"), 0);
});

both!(in_a_group_equal_answers_are_one_cluster_wherever_they_stand, |site| {
    let class = site.classroom(2).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 0, id, &["服务号", "订阅号", "定阅号", "服务号"], "").await;
    hand_in(&site, &class, 1, id, &["服务号", "订阅号", "服务号", "定阅号"], "").await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(3_000_000));
    let teacher = site.signed_in(&class.teacher).await;
    let page = teacher.get(&format!("/classes/{}/review", class.class.id)).await.text();
    assert!(page.contains("2 份相同") && page.contains("第 2 题第 2 空"), "{page}");
    decide(&teacher, class.class.id, "定阅号", "accept", "").await;
    for student in [0, 1] {
        assert_eq!(mark(&site, &class, student, id).await, Some(4_000_000), "student {student}");
    }
});

both!(what_was_changed_by_hand_neither_waits_nor_moves, |site| {
    let class = site.classroom(2).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 0, id, &["服务号", "定阅号"], "").await;
    hand_in(&site, &class, 1, id, &["服务号", "定阅号"], "").await;
    let teacher = site.signed_in(&class.teacher).await;
    let attempts = server::store::attempt::list(&site.app.db, id, class.students[0].id).await.expect("attempts");
    let answers = server::store::attempt::answers(&site.app.db, attempts[0].id).await.expect("answers");
    let blank = answers.iter().find(|answer| answer.text == "定阅号").expect("the answer").blank_id.to_string();
    let attempt = attempts[0].id.to_string();
    let fields =
        [("attempt", attempt.as_str()), ("blank", &blank), ("points", "0.4"), ("reason", "写错一个字"), ("seen", "")];
    let work = format!("/classes/{}/gradebook/{id}/{}", class.class.id, class.students[0].id);
    teacher.post(&work, &fields).await.expect(303);
    assert_eq!(review::count(&site.app.db, class.class.id).await.expect("a count"), 1);
    decide(&teacher, class.class.id, "定阅号", "accept", "").await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(1_400_000));
    assert_eq!(mark(&site, &class, 1, id).await, Some(2_000_000));
});

both!(what_students_write_is_shown_as_text, |site| {
    let class = site.classroom(1).await;
    let source = SOURCE.replace("[[订阅号]]。", "[[]]。");
    let id = class.assign(&site, &source, rules()).await;
    hand_in(&site, &class, 0, id, &["服务号", "<script>alert(1)</script>"], "").await;
    let teacher = site.signed_in(&class.teacher).await;
    let page = teacher.get(&format!("/classes/{}/review", class.class.id)).await.expect(200).text();
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert"), "{page}");
    let (blank, answers) = cluster(&page, "&lt;script&gt;alert\\(1\\)&lt;/script&gt;");
    let fields = [("blank", blank.as_str()), ("answers", &answers), ("decision", "accept")];
    let done = teacher.post(&format!("/classes/{}/review", class.class.id), &fields).await.expect(303).location();
    let page = teacher.get(&done).await.expect(200).text();
    assert!(!page.contains("<script>alert"), "{page}");
    assert_eq!(mark(&site, &class, 0, id).await, Some(2_000_000));
});
