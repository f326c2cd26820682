//! The sheet: what it shows to whom, and what it keeps to itself.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;
use server::rules::{Extension, RevealKeys, Rules};
use tests::sheet::Sheet;
use tests::{Site, at, both};
use uuid::Uuid;

/// Keys that appear nowhere else: whoever reads one has read a key.
pub(crate) const CANARIES: [&str; 5] = ["石榴籽", "琥珀色", "鹦鹉螺", "雨花石", "424242"];

pub(crate) const SOURCE: &str = "---
course: network-marketing
chapter: wechat-platform
title: 试题甲
---

1. 果实里最甜的是[[石榴籽]]，放久了变成[[琥珀色]]{hint=\"一种颜色\"}。

2. 海边能捡到 ① [[鹦鹉螺]]{group=finds} ② [[雨花石]]{group=finds}。

3. | 项 | 数 |
   |---|---|
   | 门牌 | **[[424242]]**号 |

4. 说说你喜欢的海边。{essay points=10}
";

pub(crate) fn rules() -> Rules {
    Rules {
        opens_at: Some(at("2026-10-01 08:00:00")),
        due_at: Some(at("2026-10-20 22:00:00")),
        closes_at: Some(at("2026-10-25 22:00:00")),
        late_per_day: Some(10),
        late_floor: 60,
        show_verdicts: true,
        ..Rules::default()
    }
}

both!(the_sheet_labels_its_blanks_and_gives_no_key_away, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    assert_eq!((sheet.blanks.len(), sheet.texts.len(), sheet.attempt), (5, 1, 1));
    for words in
        ["第 2 空，共 2 空，第 1 题", "一种颜色", "inputmode=\"decimal\"", "spellcheck=\"false\"", "2026-10-20 22:00"]
    {
        assert!(sheet.html.contains(words), "{words} is missing in {}", sheet.html);
    }
    assert!(sheet.html.contains("<td><strong><label class=\"blank"), "a blank in a table, emphasised: {}", sheet.html);
    for canary in CANARIES {
        assert!(!sheet.html.contains(canary), "the key {canary} is in the page");
    }
});

both!(who_is_not_asked_sees_nothing, |site| {
    let class = site.classroom(2).await;
    let other = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let hidden = class.import(&site, &SOURCE.replace("试题甲", "试题乙")).await;
    let path = format!("/assignments/{id}");
    let student = site.signed_in(&class.students[0]).await;
    let teacher = site.signed_in(&class.teacher).await;
    let stranger = site.signed_in(&other.students[0]).await;
    student.get(&path).await.expect(200);
    student.get(&format!("/assignments/{hidden}")).await.expect(404);
    teacher.get(&format!("/assignments/{hidden}")).await.expect(200);
    stranger.get(&path).await.expect(404);
    student.get("/assignments/not-an-id").await.expect(404);
    assert!(site.visitor().get(&path).await.expect(303).location().starts_with("/sign-in"));
    let preview = teacher.get(&path).await.expect(200).text();
    assert!(preview.contains("预览") && !preview.contains("id=\"sheet\""), "{preview}");
    for write in [format!("{path}/hand-in"), format!("{path}/draft")] {
        teacher.post(&write, &[]).await.expect(403);
        stranger.post(&write, &[]).await.expect(404);
    }
    let list = student.get("/assignments").await.expect(200).text();
    assert!(list.contains("试题甲") && !list.contains("试题乙"), "{list}");
    assert!(teacher.get("/assignments").await.expect(200).text().contains("试题乙"));
});

both!(before_opening_no_question_is_shown_and_nothing_is_taken, |site| {
    let class = site.classroom(1).await;
    let opens = at("2026-10-12 09:00:00");
    let id = class.assign(&site, SOURCE, Rules { opens_at: Some(opens), ..rules() }).await;
    let client = site.signed_in(&class.students[0]).await;
    site.app.clock.set(opens - TimeDelta::milliseconds(1));
    let page = client.get(&format!("/assignments/{id}")).await.expect(200).text();
    assert!(page.contains("2026-10-12 09:00") && !page.contains("海边"), "{page}");
    let draft = json!({"attempt": 1, "fields": [{"field": Uuid::now_v7(), "text": "石榴籽", "sequence": 1}]});
    let refused = client.json(Method::POST, &format!("/assignments/{id}/draft"), &draft).await.expect(422);
    assert!(refused.value()["error"]["message"].as_str().expect("words").contains("还没有开放"), "{refused}");
    site.app.clock.set(opens);
    assert_eq!(Sheet::open(&client, id).await.blanks.len(), 5);
});

both!(an_extension_is_shown_to_its_student_alone, |site| {
    let class = site.classroom(2).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    extend(&site, id, class.students[0].id, Extension { due_at: Some(at("2026-10-28 12:00:00")), closes_at: None })
        .await;
    let first = site.signed_in(&class.students[0]).await.get(&format!("/assignments/{id}")).await.text();
    let second = site.signed_in(&class.students[1]).await.get(&format!("/assignments/{id}")).await.text();
    assert!(first.contains("2026-10-28 12:00") && first.contains("老师为你延了时间"), "{first}");
    assert!(second.contains("2026-10-20 22:00") && !second.contains("老师为你延了时间"), "{second}");
});

both!(looking_changes_nothing, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, Rules { reveal_keys: RevealKeys::Always, ..rules() }).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    let done = sheet.hand_in(&client, &["石榴籽"]).await.expect(303).location();
    let before = contents(&site).await;
    assert!(before.len() > 20, "the tables are looked at");
    for path in
        ["/assignments", &format!("/assignments/{id}"), &format!("/assignments/{id}?attempt=2"), &done, "/marks"]
    {
        client.get(path).await.expect(200);
    }
    assert_eq!(contents(&site).await, before);
});

/// Gives a student more time, as the teacher's page does.
pub(crate) async fn extend(site: &Site, assignment: Uuid, person: Uuid, extension: Extension) {
    let now = site.app.clock.now();
    site.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                server::execute!(
                    tx,
                    "insert into extension (assignment_id, person_id, class_id, due_at, closes_at, reason, given_by, given_at)
                     select a.id, $2, a.class_id, $3, $4, 'ill', a.created_by, $5 from assignment a where a.id = $1",
                    assignment,
                    person,
                    extension.due_at,
                    extension.closes_at,
                    now,
                )?;
                Ok(())
            })
        })
        .await
        .expect("the extension is given");
}

/// How many rows each table has, and for the tables of answering what stands in them.
async fn contents(site: &Site) -> Vec<String> {
    let tables = [
        "person",
        "session",
        "class",
        "membership",
        "post",
        "assignment",
        "extension",
        "question",
        "blank",
        "blank_key",
        "decision",
        "attempt",
        "draft",
        "answer",
        "essay",
        "project_hand_in",
        "attachment",
        "attachment_content",
        "mark",
        "override",
        "audit",
        "setting",
        "reading_position",
    ];
    let mut found = Vec::new();
    for table in tables {
        let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        let rows: i64 = server::on!(&site.app.db, |c| sqlx::query_scalar(sql).fetch_one(c).await).expect("a count");
        found.push(format!("{table} {rows}"));
    }
    let attempts: Vec<(Uuid, i64, bool, i64)> = server::on!(&site.app.db, |c| sqlx::query_as(
        "select id, number, counts, blanks_points from attempt order by id"
    )
    .fetch_all(c)
    .await)
    .expect("attempts");
    let drafts: Vec<(Uuid, String, i64)> =
        server::on!(&site.app.db, |c| sqlx::query_as("select field, text, sequence from draft order by field")
            .fetch_all(c)
            .await)
        .expect("drafts");
    found.push(format!("{attempts:?} {drafts:?}"));
    found
}
