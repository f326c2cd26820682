//! What the tools of a class counted, weighed by its teacher, and put into the gradebook as every student's own share of
//! the class's project.

use server::rules::Rules;
use server::store::project;

use super::room::*;
use crate::gradebook::{hand_in, mark};

const PROJECT: &str = "---
course: network-marketing
chapter: wechat-platform
title: 期末项目
---

1. 一天能发[[一]]条。

12. 全班办一个公众号。{project points=20}
";
/// Two tools that count.
const TOOLS: [&str; 2] = ["notebook", "steady"];
const PAGE: &str = "/tools/-/marks";
const RATES: [(&str, &str); 4] = [
    ("each.notebook.notes", "3"),
    ("most.notebook.notes", "5"),
    ("each.steady.replies", "0.5"),
    ("most.steady.replies", ""),
];

/// Two notes of the first student, none of the second.
async fn write_notes(room: &Room) {
    for text in ["一", "二"] {
        room.student(0).await.post(&room.path("/tools/notebook/notes"), &[("text", text)]).await.expect(303);
    }
}

/// The preview of these rates.
async fn preview(room: &Room, teacher: &Client, rates: &[(&str, &str)]) -> String {
    let query: Vec<String> = rates.iter().map(|(name, value)| format!("{name}={value}")).collect();
    teacher.get(&format!("{}?{}", room.path(PAGE), query.join("&"))).await.expect(200).text()
}

/// The fields that the preview's button sends.
fn fields(html: &str) -> Vec<(String, String)> {
    let form = html.split("<form").find(|form| form.contains("name=\"seen\"")).unwrap_or_else(|| panic!("{html}"));
    let hidden = form.split("<input type=\"hidden\" name=\"").skip(1);
    let field = |text: &str| {
        let (name, rest) = text.split_once("\" value=\"").expect("a value");
        (name.to_owned(), rest.split('"').next().expect("an end").to_owned())
    };
    hidden.map(field).collect()
}

/// Presses the preview's button.
async fn put(room: &Room, teacher: &Client, html: &str) -> tests::Reply {
    let fields = fields(html);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    teacher.post(&room.path(PAGE), &fields).await
}

async fn assign(room: &Room) -> uuid::Uuid {
    room.class.assign(&room.site, PROJECT, Rules { show_verdicts: true, ..Rules::default() }).await
}

/// Marks of both students.
async fn marks(room: &Room, assignment: uuid::Uuid) -> [Option<i64>; 2] {
    [mark(&room.site, &room.class, 0, assignment).await, mark(&room.site, &room.class, 1, assignment).await]
}

in_room!(facts_of_several_tools_become_each_students_share_of_the_project, TOOLS, |room| {
    let assignment = assign(&room).await;
    write_notes(&room).await;
    let teacher = room.teacher().await;

    let empty = teacher.get(&room.path(PAGE)).await.expect(200).text();
    assert!(empty.contains("记下的事") && empty.contains("回复") && !empty.contains("name=\"seen\""), "{empty}");
    let seen = preview(&room, &teacher, &RATES).await;
    assert_eq!(marks(&room, assignment).await, [None, None], "a preview changes nothing");
    // Two notes of three points are six, at most five; two replies of half a point are one.
    let row = |html: &str, name: &str| html.split("<tr>").find(|row| row.contains(name)).unwrap_or_default().to_owned();
    assert!(row(&seen, "学生 01").contains("<b>6</b>") && row(&seen, "学生 02").contains("<b>1</b>"), "{seen}");
    let to = put(&room, &teacher, &seen).await.expect(303).location();
    assert_eq!(to, room.path(&format!("/gradebook/{assignment}")));
    assert_eq!(marks(&room, assignment).await, [Some(6_000_000), Some(1_000_000)]);
    let book = teacher.get(&to).await.expect(200).text();
    assert!(row(&book, "学生 01").contains('6') && row(&book, "学生 02").contains('1'), "{book}");

    // Coming back: the rates are there, and so is the preview; there is nothing new.
    let again = teacher.get(&room.path(PAGE)).await.expect(200).text();
    assert!(again.contains("value=\"0.5\"") && again.contains("没有要更新的"), "{again}");

    // A third note and other rates: the share is replaced, what held before stays on record.
    room.student(1).await.post(&room.path("/tools/notebook/notes"), &[("text", "三")]).await.expect(303);
    let seen = teacher.get(&room.path(PAGE)).await.expect(200).text();
    put(&room, &teacher, &seen).await.expect(303);
    assert_eq!(marks(&room, assignment).await, [Some(6_000_000), Some(4_000_000)]);
    let of_student = project::of_person(&room.site.app.db, room.class.students[1].id).await.expect("it is read");
    assert_eq!(of_student[0].facts.iter().map(|fact| fact.points).collect::<Vec<_>>(), [3_000_000, 1_000_000]);
    room.site.stop().await;
});

in_room!(the_class_and_the_student_share_the_project_up_to_its_worth, TOOLS, |room| {
    let assignment = assign(&room).await;
    write_notes(&room).await;
    let (db, now) = (&room.site.app.db, room.site.app.clock.now());
    post::give(db, room.class.actor(), room.class.class.id, room.class.students[1].id, post::OPERATOR.into(), now)
        .await
        .expect("a post");
    hand_in(&room.site, &room.class, 0, assignment, &["一"], "").await;
    hand_in(&room.site, &room.class, 1, assignment, &["二"], "我们的公众号。").await;
    let teacher = room.teacher().await;
    let desk = teacher.get(&room.path("/mark")).await.expect(200).text();
    let link = format!("href=\"{}", room.path("/mark/"));
    let start = desk.find(&link).unwrap_or_else(|| panic!("{desk}")) + 6;
    let address = desk[start..].split('"').next().expect("an address");
    teacher.post(address, &[("points", "15"), ("comment", "很用心。"), ("seen", "")]).await.expect(303);
    let seen = preview(&room, &teacher, &RATES).await;
    put(&room, &teacher, &seen).await.expect(303);
    // One point for the blank, fifteen for the class's work and six of their own make more than 20 for the project.
    assert_eq!(marks(&room, assignment).await, [Some(21_000_000), Some(16_000_000)]);

    let student = room.student(0).await;
    let page = student.get("/marks").await.expect(200).text();
    assert!(page.contains("班级 15 分 + 个人 6 分，按满分 20 分计"), "{page}");
    assert!(page.contains("班级记事本 · 记下的事：2 × 3，最多 5 分"), "{page}");
    assert!(page.contains("稳定 · 回复：2 × 0.5 = 1 分"), "{page}");
    let list = student.get(&format!("/assignments/{assignment}")).await.expect(200).text();
    let attempt = list.split("href=\"/attempts/").nth(1).and_then(|rest| rest.split('"').next()).expect("an attempt");
    let sheet = student.get(&format!("/attempts/{attempt}")).await.expect(200).text();
    assert!(sheet.contains("按满分 20 分计") && sheet.contains("21"), "{sheet}");
    let english = room.student(1).await.with_header("accept-language", "en").get("/marks").await.expect(200).text();
    assert!(english.contains("15 points of the class + 1 of your own = 16"), "{english}");
    let data = student.get("/account/data").await.expect(200).text();
    assert!(data.contains("project_shares") && data.contains("记下的事"), "{data}");
    room.site.stop().await;
});

in_room!(nobody_gives_what_they_have_not_seen, TOOLS, |room| {
    let assignment = assign(&room).await;
    write_notes(&room).await;
    let teacher = room.teacher().await;
    for who in [room.student(0).await, room.student(1).await] {
        who.get(&room.path(PAGE)).await.expect(403);
        who.post(&room.path(PAGE), &RATES).await.expect(403);
    }
    let seen = preview(&room, &teacher, &RATES).await;
    room.student(1).await.post(&room.path("/tools/notebook/notes"), &[("text", "三")]).await.expect(303);
    let changed = put(&room, &teacher, &seen).await.expect(409).text();
    assert!(changed.contains("请看新的预览"), "{changed}");
    assert_eq!(marks(&room, assignment).await, [None, None]);
    let (first, second) = (preview(&room, &teacher, &RATES).await, preview(&room, &teacher, &RATES).await);
    put(&room, &teacher, &first).await.expect(303);
    put(&room, &teacher, &second).await.expect(409);

    let wrong = format!("{}?each.notebook.notes=viel", room.path(PAGE));
    let wrong = teacher.get(&wrong).await.expect(422).text();
    assert!(wrong.contains("value=\"viel\"") && !wrong.contains("name=\"seen\""), "{wrong}");
    let other = format!("{}?question={}&each.notebook.notes=1", room.path(PAGE), uuid::Uuid::now_v7());
    assert!(teacher.get(&other).await.expect(422).text().contains("请选一个班级项目"));
    room.site.stop().await;
});

in_room!(a_tool_that_is_down_loses_nobody_points, TOOLS, |room| {
    let assignment = assign(&room).await;
    write_notes(&room).await;
    let teacher = room.teacher().await;
    let seen = preview(&room, &teacher, &RATES).await;
    put(&room, &teacher, &seen).await.expect(303);
    room.disable("notebook").await;
    let page = teacher.get(&room.path(PAGE)).await.expect(200).text();
    assert!(page.contains("「班级记事本」现在没有运行") && !page.contains("name=\"seen\""), "{page}");
    put(&room, &teacher, &seen).await.expect(409);
    assert_eq!(marks(&room, assignment).await, [Some(6_000_000), Some(1_000_000)]);

    // The teacher may leave it out knowingly.
    let without = [("each.notebook.notes", ""), RATES[2]];
    let seen = preview(&room, &teacher, &without).await;
    put(&room, &teacher, &seen).await.expect(303);
    assert_eq!(marks(&room, assignment).await, [Some(1_000_000), Some(1_000_000)]);
    room.site.stop().await;
});

in_room!(without_a_project_or_a_tool_the_page_says_what_to_do, ["notebook"], |room| {
    let teacher = room.teacher().await;
    let page = teacher.get(&room.path(PAGE)).await.expect(200).text();
    assert!(page.contains("还没有布置班级项目") && page.contains(&room.path("/assign")), "{page}");
    let other = room.site.classroom(1).await;
    let elsewhere = format!("/classes/{}{PAGE}", other.class.id);
    let page = room.site.signed_in(&other.teacher).await.get(&elsewhere).await.expect(200).text();
    assert!(page.contains("还没有会计数的工具"), "{page}");
    room.site.stop().await;
});
