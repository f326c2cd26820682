//! Changing a key in the browser: checked, its effect shown, put in place, and the file with it.

use std::collections::HashMap;

use grader::Language;
use server::importing;
use server::store::audit;
use tests::sheet::Sheet;
use tests::{Classroom, Client, Reply, Site, both};
use uuid::Uuid;

use crate::assignment::rules;
use crate::gradebook::{hand_in, mark};

const SOURCE: &str = "---
course: network-marketing
chapter: wechat-platform
title: 改答案
---

<!-- 第一稿 -->

1. 一年有[[四]]个季节。

2. 最大的洋是[[太平洋]]{?}，最高的峰是[[珠峰]]{hint=\"在西藏\"}。
";

struct Desk {
    room: Classroom,
    id: Uuid,
    blanks: Vec<Uuid>,
}

impl Desk {
    async fn open(site: &Site) -> Self {
        let room = site.classroom(3).await;
        let id = room.assign(site, SOURCE, rules()).await;
        let student = site.signed_in(&room.students[0]).await;
        let blanks = Sheet::open(&student, id).await.blanks;
        Self { room, id, blanks }
    }

    fn page(&self) -> String {
        format!("/classes/{}/assign/{}", self.room.class.id, self.id)
    }

    fn key(&self, blank: usize) -> String {
        format!("{}/keys/{}", self.page(), self.blanks[blank])
    }

    async fn file(&self, client: &Client) -> String {
        client.get(&format!("{}/file", self.page())).await.expect(200).text()
    }
}

/// The value of a field, unescaped.
fn value(page: &str, name: &str) -> String {
    let field = page.split(&format!(" name=\"{name}\"")).nth(1).and_then(|rest| rest.split('>').next());
    let value = field.and_then(|field| field.split("value=\"").nth(1)).and_then(|rest| rest.split('"').next());
    let value = value.unwrap_or_default();
    ["&quot;", "&#x27;", "&lt;", "&gt;", "&#x2F;", "&amp;"]
        .iter()
        .zip(["\"", "'", "<", ">", "/", "&"])
        .fold(value.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

async fn send(client: &Client, path: &str, was: &str, key: &str, attributes: &str, action: &str) -> Reply {
    let fields = [("was", was), ("key", key), ("attributes", attributes), ("action", action)];
    client.post(path, &fields).await
}

both!(a_key_is_changed_after_its_effect_was_seen, |site| {
    let desk = Desk::open(&site).await;
    let (room, id) = (&desk.room, desk.id);
    for (student, answers) in
        [["四", "太平洋", "珠峰"], ["四", "太平洋", "珠穆朗玛峰"], ["四", "大西洋", "泰山"]].iter().enumerate()
    {
        hand_in(&site, room, student, id, answers, "").await;
    }
    let teacher = site.signed_in(&room.teacher).await;
    let path = desk.key(2);
    assert!(teacher.get(&desk.page()).await.expect(200).text().contains(&path), "the key is a link");
    let form = teacher.get(&path).await.expect(200).text();
    let (was, attributes) = (value(&form, "was"), value(&form, "attributes"));
    assert_eq!(value(&form, "key"), "珠峰");
    assert_eq!((was.as_str(), attributes.as_str()), ("[[珠峰]]{hint=\"在西藏\"}", "hint=\"在西藏\""));

    let shown = send(&teacher, &path, &was, "珠穆朗玛峰", &attributes, "show").await.expect(200).text();
    for words in ["1 人得分提高，1 人得分降低", "学生 01", "学生 02", "<q>珠峰</q>", "<q>珠穆朗玛峰</q>"]
    {
        assert!(shown.contains(words), "{words} is missing in {shown}");
    }
    assert!(!shown.contains("学生 03") && !shown.contains("泰山"), "nothing changes for the third: {shown}");
    assert_eq!(mark(&site, room, 0, id).await, Some(3_000_000), "only shown");
    assert!(desk.file(&teacher).await.contains("[[珠峰]]"), "only shown");

    let saved = send(&teacher, &path, &was, "珠穆朗玛峰", &attributes, "save").await.expect(303).location();
    assert_eq!(saved, format!("{}#question-2", desk.page()));
    assert_eq!(mark(&site, room, 0, id).await, Some(2_000_000));
    assert_eq!(mark(&site, room, 1, id).await, Some(3_000_000));
    assert_eq!(mark(&site, room, 2, id).await, Some(1_000_000));
    let file = desk.file(&teacher).await;
    assert_eq!(file, SOURCE.replace("[[珠峰]]", "[[珠穆朗玛峰]]"), "everything else of the file is as it was");
    let log = audit::list(&site.app.db, 0, 50).await.expect("the log");
    let entry = log.iter().find(|entry| entry.action == "key.change").expect("an entry");
    assert_eq!(entry.detail, "2.2: version 2");
    let form = teacher.get(&path).await.expect(200).text();
    assert!(form.contains("教师 A") && form.contains("[[珠峰]]"), "the change is on record: {form}");

    // A key that is confirmed is confirmed in the file too; the file as it is exported changes nothing.
    teacher.post(&format!("{}/keys", desk.page()), &[]).await.expect(303);
    let file = desk.file(&teacher).await;
    assert!(file.contains("[[太平洋]]，") && file.contains("<!-- 第一稿 -->"), "{file}");
    let preview = importing::preview(&site.app, &room.class, &file, &HashMap::new(), Language::English).await;
    let preview = preview.expect("the file is fine");
    assert!(preview.current.is_some() && preview.plan.is_empty(), "{:?}", preview.plan.changes);
    // Sent again it is no change.
    let was = value(&teacher.get(&path).await.expect(200).text(), "was");
    send(&teacher, &path, &was, "珠穆朗玛峰", &attributes, "save").await.expect(303);
    assert_eq!(desk.file(&teacher).await, file);
});

both!(what_cannot_be_a_key_is_refused_with_its_place_and_nothing_is_lost, |site| {
    let desk = Desk::open(&site).await;
    hand_in(&site, &desk.room, 0, desk.id, &["四", "太平洋", "珠峰"], "").await;
    let teacher = site.signed_in(&desk.room.teacher).await;
    let path = desk.key(0);
    let english = teacher.clone().with_header("accept-language", "en");
    for (key, attributes, words) in [
        ("四||肆", "", "<mark>"),
        ("%500%四", "", "<mark>"),
        ("四", "grup=a", "group"),
        ("四个", "match=number unit=个 unit=个", "<mark>"),
        ("(四", "match=regex", "<mark>"),
        ("四]]个[[月", "", "方括号"),
        ("四]]\n\n2. 问题[[x", "", "方括号"),
        ("[[四", "", "<h1>"),
        ("四", "}，又有[[五]]{", "<h1>"),
    ] {
        for action in ["show", "save"] {
            let reply = send(&teacher, &path, "[[四]]", key, attributes, action).await.expect(422);
            let page = reply.text();
            assert!(page.contains(words) && page.contains("role=\"alert\""), "{key} {attributes}: {page}");
            assert_eq!(value(&page, "attributes"), attributes, "what was typed stays");
            assert_eq!(value(&page, "key"), key, "what was typed stays");
        }
        let page = send(&english, &path, "[[四]]", key, attributes, "show").await.expect(422).text();
        assert!(page.contains("What you typed stands below"), "{page}");
    }
    assert_eq!(desk.file(&teacher).await, SOURCE);
    assert_eq!(mark(&site, &desk.room, 0, desk.id).await, Some(3_000_000));
    // A doubtful key is shown with the doubt, and may be used.
    let page = send(&teacher, &path, "[[四]]", "%50%四", "", "show").await.expect(200).text();
    assert!(page.contains("notice is-warning") && page.contains("value=\"save\""), "{page}");
    // Brackets of a key that are written as such stay its own.
    send(&teacher, &path, "[[四]]", "四|\\[4\\]", "", "save").await.expect(303);
    assert!(desk.file(&teacher).await.contains("一年有[[四|\\[4\\]]]个季节"));
});

both!(a_change_made_meanwhile_is_shown_and_not_overwritten, |site| {
    let desk = Desk::open(&site).await;
    let teacher = site.signed_in(&desk.room.teacher).await;
    let (second, colleague) = site.teacher("b").await;
    let added = server::store::class::add_teacher(
        &site.app.db,
        desk.room.actor(),
        desk.room.class.id,
        &second.login,
        site.app.clock.now(),
    );
    added.await.expect("a colleague");
    let path = desk.key(0);
    let was = value(&teacher.get(&path).await.expect(200).text(), "was");
    send(&colleague, &path, &was, "四|肆", "", "save").await.expect(303);
    for action in ["show", "save"] {
        let page = send(&teacher, &path, &was, "4|四", "", action).await.expect(409).text();
        for words in ["答案已经改了", "教师 B", "[[四|肆]]"] {
            assert!(page.contains(words), "{words} is missing in {page}");
        }
        assert_eq!(value(&page, "key"), "4|四", "what was typed stays");
        assert_eq!(value(&page, "was"), "[[四|肆]]", "the next try is against what holds now");
    }
    assert!(desk.file(&teacher).await.contains("[[四|肆]]"));
    send(&teacher, &path, "[[四|肆]]", "4|四", "", "save").await.expect(303);
    assert!(desk.file(&teacher).await.contains("[[4|四]]"));
    // Another blank's change stands in nobody's way.
    send(&colleague, &desk.key(2), "[[珠峰]]{hint=\"在西藏\"}", "珠峰|珠穆朗玛峰", "", "save").await.expect(303);
    send(&teacher, &path, "[[4|四]]", "四", "", "save").await.expect(303);
    assert!(desk.file(&teacher).await.contains("[[珠峰|珠穆朗玛峰]]"));
    // A blank that is gone is not found; in an archived class nothing changes.
    teacher.get(&format!("{}/keys/{}", desk.page(), Uuid::now_v7())).await.expect(404);
    let actor = desk.room.actor();
    let now = site.app.clock.now();
    server::store::class::set_archived(&site.app.db, actor, desk.room.class.id, true, now).await.expect("archived");
    send(&teacher, &path, "[[四]]", "五", "", "save").await.expect(409);
    assert!(desk.file(&teacher).await.contains("一年有[[四]]个季节"));
});
