//! Giving assignments: rules, taking back, keys to confirm.

mod key;

use server::rules::{Counting, RevealKeys};
use server::store::{give, gradebook};
use tests::sheet::Sheet;
use tests::{Client, both};

use crate::assignment::{SOURCE, rules};
use crate::gradebook::{RIGHT, hand_in, mark};

fn seen(page: &str) -> String {
    let start = page.find("name=\"seen\" value=\"").expect("the field") + 19;
    page[start..].split('"').next().expect("a value").to_owned()
}

/// The form with these fields changed.
async fn send(client: &Client, path: &str, changes: &[(&str, &str)]) -> tests::Reply {
    let seen = seen(&client.get(path).await.expect(200).text());
    let mut fields = vec![
        ("opens", "2026-10-12T08:00:00"),
        ("due", "2026-10-20T22:00:00"),
        ("closes", "2026-10-25T22:00:00"),
        ("attempts", "3"),
        ("counting", "best"),
        ("bell", "hand-in"),
        ("late", "taken"),
        ("late_per_day", "10"),
        ("late_floor", "50"),
        ("reveal", "closed"),
        ("verdicts", "on"),
        ("seen", seen.as_str()),
        ("action", "give"),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    client.post(path, &fields).await
}

both!(an_assignment_is_given_with_its_rules_in_words, |site| {
    let class = site.classroom(1).await;
    let id = class.import(&site, SOURCE).await;
    let teacher = site.signed_in(&class.teacher).await;
    let student = site.signed_in(&class.students[0]).await;
    let path = format!("/classes/{}/assign/{id}", class.class.id);
    let list = teacher.get(&format!("/classes/{}/assign", class.class.id)).await.expect(200).text();
    assert!(list.contains("试题甲") && list.contains("未布置"), "{list}");
    let page = teacher.get(&path).await.expect(200).text();
    assert!(page.contains("value=\"2026-10-19T23:59:59\""), "due in a week at the end of the day: {page}");
    for words in ["石榴籽", "乱序组", "学生会读到", "Asia/Shanghai", "step=\"1\""] {
        assert!(page.contains(words), "{words} is missing in {page}");
    }
    student.get(&format!("/assignments/{id}")).await.expect(404);
    // Mistakes stand beside their fields, and what was typed stays.
    for (changes, words) in [
        (vec![("closes", "2026-10-19T08:00")], "截止时间不能早于应交时间"),
        (vec![("due", "2026-10-11T08:00")], "应交时间应在开放时间之后"),
        (vec![("due", "morgen")], "请填日期和时间"),
        (vec![("attempts", "0")], "1–99"),
        (vec![("late_per_day", "200")], "0–100"),
    ] {
        let page = send(&teacher, &path, &changes).await.expect(422).text();
        assert!(page.contains(words) && page.contains("aria-invalid"), "{words}: {page}");
    }
    student.get(&format!("/assignments/{id}")).await.expect(404);
    // Looking at what the rules say writes nothing.
    let tried =
        send(&teacher, &path, &[("action", "preview"), ("reveal", "always"), ("attempts", "")]).await.expect(200);
    assert!(tried.text().contains("学生看到答案以后还能再做一次"));
    student.get(&format!("/assignments/{id}")).await.expect(404);
    send(&teacher, &path, &[("counting", "last"), ("reveal", "handed-in"), ("verdicts", "")]).await.expect(303);
    let found = give::find(&site.app.db, class.class.id, id).await.expect("a reply").expect("the assignment");
    let given = &found.assignment.rules;
    assert_eq!((given.counting, given.reveal_keys, given.show_verdicts), (Counting::Last, RevealKeys::HandedIn, false));
    let sheet = student.get(&format!("/assignments/{id}")).await.expect(200).text();
    assert!(sheet.contains("2026-10-20 22:00") && sheet.contains("2026-10-25 22:00"), "{sheet}");
    let page = teacher.get(&path).await.expect(200).text();
    assert!(page.contains("selected>最后一次</option>"), "the rules in force stand in the form: {page}");
    // A form that was opened before somebody else's change does not overwrite it.
    let stale = [("seen", "2026-10-12T00:00:00.000Z"), ("attempts", "1")];
    assert!(send(&teacher, &path, &stale).await.expect(409).text().contains("有了变动"));
});

both!(it_is_taken_back_only_while_nobody_has_begun, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let teacher = site.signed_in(&class.teacher).await;
    let student = site.signed_in(&class.students[0]).await;
    let path = format!("/classes/{}/assign/{id}", class.class.id);
    teacher.post(&format!("{path}/take-back"), &[]).await.expect(303);
    student.get(&format!("/assignments/{id}")).await.expect(404);
    assert!(gradebook::assignments(&site.app.db, class.class.id).await.expect("a reply").is_empty());
    send(&teacher, &path, &[]).await.expect(303);
    let sheet = Sheet::open(&student, id).await;
    sheet.save(&student, &[(sheet.blanks[0], "石", 1)]).await.expect(200);
    teacher.post(&format!("{path}/take-back"), &[]).await.expect(303);
    student.get(&format!("/assignments/{id}")).await.expect(200);
    assert!(teacher.get(&path).await.text().contains("不能收回"));
});

both!(new_rules_hold_for_what_was_handed_in, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    site.set_time("2026-10-22 10:00:00");
    hand_in(&site, &class, 0, id, &RIGHT, "").await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(4_000_000));
    let teacher = site.signed_in(&class.teacher).await;
    let path = format!("/classes/{}/assign/{id}", class.class.id);
    send(&teacher, &path, &[("late_per_day", "25"), ("late_floor", "0")]).await.expect(303);
    assert_eq!(mark(&site, &class, 0, id).await, Some(2_500_000));
    send(&teacher, &path, &[("late_per_day", "25"), ("late_floor", "90")]).await.expect(303);
    assert_eq!(mark(&site, &class, 0, id).await, Some(4_500_000));
    send(&teacher, &path, &[("due", "2026-10-23T22:00:00")]).await.expect(303);
    assert_eq!(mark(&site, &class, 0, id).await, Some(5_000_000));
});

both!(proposed_keys_are_confirmed_and_marks_stay, |site| {
    let class = site.classroom(1).await;
    let source = SOURCE
        .replace("[[石榴籽]]", "[[石榴籽]]{?}")
        .replace("[[424242]]", "[[424242]]{?}")
        .replace("[[琥珀色]]", "[[]]");
    let id = class.assign(&site, &source, rules()).await;
    hand_in(&site, &class, 0, id, &RIGHT, "").await;
    let before = mark(&site, &class, 0, id).await;
    let teacher = site.signed_in(&class.teacher).await;
    let path = format!("/classes/{}/assign/{id}", class.class.id);
    let page = teacher.get(&path).await.expect(200).text();
    for words in ["确认全部 2 个答案", "有 1 个空没有答案", "未确认", "无答案", "确认第 1 空：石榴籽"]
    {
        assert!(page.contains(words), "{words} is missing in {page}");
    }
    let blanks = regex::Regex::new(r#"name="blank" value="([0-9a-f-]+)""#).expect("a pattern");
    let one = blanks.captures(&page).expect("a button")[1].to_owned();
    teacher.post(&format!("{path}/keys"), &[("blank", &one)]).await.expect(303);
    let found = give::find(&site.app.db, class.class.id, id).await.expect("a reply").expect("the assignment");
    assert_eq!((found.unconfirmed, found.open), (1, 1));
    teacher.post(&format!("{path}/keys"), &[]).await.expect(303);
    let page = teacher.get(&path).await.expect(200).text();
    assert!(!page.contains("未确认") && page.contains("无答案"), "{page}");
    assert_eq!(mark(&site, &class, 0, id).await, before);
    let other = site.classroom(0).await;
    let stranger = site.signed_in(&other.teacher).await;
    stranger.post(&format!("/classes/{}/assign/{id}/keys", other.class.id), &[]).await.expect(404);
});
