//! Essays and projects marked by hand.

use server::store::{post, today};
use tests::sheet::Sheet;
use tests::{Client, both};
use uuid::Uuid;

use crate::assignment::{SOURCE, rules};
use crate::gradebook::{hand_in, mark};

const PROJECT: &str = "---
course: network-marketing
chapter: wechat-platform
title: 项目甲
---

1. 一天能发[[一]]条。

12. 全班办一个公众号。{project points=20}
";

/// Where the queue of a class begins.
async fn first(client: &Client, class: Uuid) -> String {
    let page = client.get(&format!("/classes/{class}/mark")).await.expect(200).text();
    let start =
        page.find(&format!("href=\"/classes/{class}/mark/")).unwrap_or_else(|| panic!("nothing to mark: {page}"));
    page[start + 6..].split('"').next().expect("an address").to_owned()
}

fn form<'f>(points: &'f str, comment: &'f str, seen: &'f str) -> [(&'f str, &'f str); 3] {
    [("points", points), ("comment", comment), ("seen", seen)]
}

fn seen(page: &str) -> String {
    let start = page.find("name=\"seen\" value=\"").expect("the field") + 19;
    page[start..].split('"').next().expect("a value").to_owned()
}

both!(an_essay_is_marked_without_its_name_and_counts, |site| {
    let class = site.classroom(3).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    for (student, text) in [(0, "沙子 & <b>贝壳</b>"), (1, "浪花很白"), (2, "灯塔很高")] {
        hand_in(&site, &class, student, id, &["石榴籽"], text).await;
    }
    let teacher = site.signed_in(&class.teacher).await;
    let list = teacher.get(&format!("/classes/{}/mark", class.class.id)).await.expect(200).text();
    assert!(list.contains("3 份等待批改") && list.contains("待批 3 份"), "{list}");
    let mut address = first(&teacher, class.class.id).await;
    let page = teacher.get(&address).await.expect(200).text();
    assert!(page.contains("第 1 份，共 3 份") && page.contains("姓名已隐藏") && !page.contains("学生 0"), "{page}");
    assert!(!page.contains("<b>贝壳"), "{page}");
    assert!(teacher.get(&format!("{address}?names=1")).await.expect(200).text().contains("学生 0"));
    // What makes no sense is refused beside its field, with what was typed.
    for points in ["11", "-1", "zehn"] {
        let page = teacher.post(&address, &form(points, "评语在此", "")).await.expect(422).text();
        assert!(page.contains("aria-invalid=\"true\"") && page.contains("评语在此"), "{points}: {page}");
    }
    let start = address.clone();
    let mut order = vec![address.clone()];
    for points in ["6", "7.5", "8"] {
        let next = teacher.post(&address, &form(points, "写得具体。", "")).await.expect(303).location();
        order.push(next.clone());
        address = next;
    }
    assert_eq!(address, format!("/classes/{}/mark", class.class.id), "after the last one the list");
    let mut marks = Vec::new();
    for student in 0..3 {
        marks.push(mark(&site, &class, student, id).await.expect("handed in") - 1_000_000);
    }
    marks.sort();
    assert_eq!(marks, [6_000_000, 7_500_000, 8_000_000]);
    // Two teachers: the second one has not seen the first one's mark.
    let page = teacher.post(&start, &form("2", "另一种看法", "")).await.expect(409).text();
    assert!(page.contains("没有覆盖") && page.contains("<b>6 分</b>") && page.contains("另一种看法"), "{page}");
    let again = teacher.post(&start, &form("9", "再读一遍，更好。", &seen(&page))).await.expect(303);
    assert!(again.location().ends_with("/mark"));
    let page = teacher.get(&start).await.expect(200).text();
    assert!(page.contains("<b>9 分</b>") && page.contains("<b>6 分</b>"), "earlier marks are kept: {page}");
    let done = teacher.get(&format!("/classes/{}/mark", class.class.id)).await.text();
    assert!(done.contains("已批完"), "{done}");
    assert_eq!(first(&teacher, class.class.id).await, start, "the order stays");
});

both!(a_further_attempt_with_the_same_text_keeps_its_mark, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 0, id, &["石榴籽"], "浪花很白").await;
    let teacher = site.signed_in(&class.teacher).await;
    let address = first(&teacher, class.class.id).await;
    teacher.post(&address, &form("8", "", "")).await.expect(303);
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::again(&client, id, 2).await;
    sheet.send(&client, &sheet.form(&["石榴籽", "琥珀色"], "浪花很白")).await.expect(303);
    assert_eq!(mark(&site, &class, 0, id).await, Some(10_000_000));
    let sheet = Sheet::again(&client, id, 3).await;
    sheet.send(&client, &sheet.form(&["石榴籽", "琥珀色"], "浪花又白又高")).await.expect(303);
    assert_eq!(mark(&site, &class, 0, id).await, Some(10_000_000), "the best attempt goes on counting");
    let fresh = first(&teacher, class.class.id).await;
    assert_ne!(fresh, address, "the new text waits");
    let sheet = Sheet::again(&client, id, 4).await;
    sheet.send(&client, &sheet.form(&["石榴籽", "琥珀色"], "浪花比云还白")).await.expect(303);
    let list = teacher.get(&format!("/classes/{}/mark", class.class.id)).await.expect(200).text();
    assert!(list.contains("1 份等待批改"), "only the last text is to be marked: {list}");
    let desks =
        today::for_teacher(&site.app.db, class.teacher.id, site.app.clock.now()).await.expect("the database answers");
    assert_eq!(desks[0].essays, 1, "the front page counts what the page of marking shows");
    let page = teacher.get(&address).await.expect(200).text();
    assert!(page.contains("后来交了新的一份"), "{page}");
});

both!(a_project_is_marked_once_for_everybody, |site| {
    let class = site.classroom(3).await;
    let id = class.assign(&site, PROJECT, rules()).await;
    let (db, now) = (&site.app.db, site.app.clock.now());
    let operator = class.students[2].id;
    post::give(db, class.actor(), class.class.id, operator, "operator".into(), now).await.expect("a post");
    hand_in(&site, &class, 0, id, &["一"], "").await;
    hand_in(&site, &class, 2, id, &["二"], "我们的公众号叫“海边”。").await;
    let teacher = site.signed_in(&class.teacher).await;
    let address = first(&teacher, class.class.id).await;
    let page = teacher.get(&address).await.expect(200).text();
    assert!(page.contains("由 学生 03 代表全班提交") && page.contains("海边"), "{page}");
    teacher.post(&address, &form("18", "很用心。", "")).await.expect(303);
    for (student, points) in [(0, 19_000_000), (1, 18_000_000), (2, 18_000_000)] {
        assert_eq!(mark(&site, &class, student, id).await, Some(points), "student {student}");
    }
});
