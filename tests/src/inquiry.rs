//! Asking about a mark: what a student may ask, what a teacher sees and answers, and that a changed mark reaches all equal
//! answers.

use server::rules::{RevealKeys, Rules};
use server::store::inquiry;
use tests::sheet::Sheet;
use tests::{Classroom, Client, Site, both};
use uuid::Uuid;

use crate::assignment::{CANARIES, SOURCE, rules};
use crate::gradebook::{RIGHT, hand_in, mark};

/// A student's last attempt, and what stands in it: blank or essay by what was written.
async fn attempt(site: &Site, class: &Classroom, student: usize, assignment: Uuid, text: &str) -> (Uuid, Uuid) {
    use server::store::attempt;
    let attempts = attempt::list(&site.app.db, assignment, class.students[student].id).await.expect("attempts");
    let id = attempts.last().expect("an attempt").id;
    let fields = attempt::fields(&site.app.db, id).await.expect("fields");
    (id, fields.into_iter().find(|(_, known)| known == text).expect("written").0)
}

async fn ask(client: &Client, attempt: Uuid, field: Uuid, text: &str, status: u16) -> String {
    let field = field.to_string();
    let reply = client.post(&format!("/attempts/{attempt}/inquiries"), &[("field", &field), ("text", text)]).await;
    reply.expect(status).text()
}

async fn waiting(site: &Site, class: &Classroom) -> Vec<inquiry::Waiting> {
    inquiry::waiting(&site.app.db, class.class.id, 100).await.expect("the questions")
}

/// Answers the oldest question with these fields beside the version that is seen.
async fn answer(site: &Site, class: &Classroom, client: &Client, fields: &[(&str, &str)], status: u16) -> String {
    let found = waiting(site, class).await.remove(0);
    let seen = match found.key_version {
        Some(version) => version.to_string(),
        None => found.mark_id.map(|id| id.to_string()).unwrap_or_default(),
    };
    let mut fields = fields.to_vec();
    fields.push(("seen", &seen));
    let path = format!("/classes/{}/review/inquiries/{}", class.class.id, found.id);
    client.post(&path, &fields).await.expect(status).text()
}

both!(a_question_reaches_the_teacher_and_its_answer_the_student, |site| {
    let class = site.classroom(3).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 0, id, &["石榴籽", "深黄", "雨花石", "鹦鹉螺", "424242"], "").await;
    hand_in(&site, &class, 1, id, &["石榴籽", " 深黄。", "雨花石", "鹦鹉螺", "424242"], "").await;
    let (attempt, blank) = attempt(&site, &class, 0, id, "深黄").await;
    let student = site.signed_in(&class.students[0]).await;
    let sheet = student.get(&format!("/attempts/{attempt}")).await.expect(200).text();
    assert_eq!(sheet.matches("问一问这个评分").count(), 1, "only beside what is not all right: {sheet}");
    ask(&student, attempt, blank, "深黄不就是琥珀的颜色吗？\n书上 <b>没写</b>。", 303).await;
    let page = student.get(&format!("/attempts/{attempt}")).await.expect(200).text();
    assert!(
        page.contains("等老师回答") && page.contains("&lt;b&gt;没写&lt;") && !page.contains("问一问这个评分"),
        "{page}"
    );
    assert!(!page.contains("琥珀色"), "no key before the rule shows it: {page}");

    let teacher = site.signed_in(&class.teacher).await;
    let today = teacher.get("/").await.expect(200).text();
    assert!(today.contains("待答的疑问") && today.contains("review#inquiries"), "{today}");
    let review = teacher.get(&format!("/classes/{}/review", class.class.id)).await.expect(200).text();
    for words in [
        "学生 01",
        "深黄不就是",
        "queue-answer is-short\">深黄<",
        "琥珀色",
        "2 份相同",
        "第 1 题第 2 空",
        "现在 0 / 1 分",
    ] {
        assert!(review.contains(words), "{words} is missing in {review}");
    }
    // Equal answers of the class are marked alike.
    let said = [("text", "说得有理，算对。"), ("decision", "accept")];
    answer(&site, &class, &teacher, &said, 303).await;
    for (student, points) in [(0, 5_000_000), (1, 5_000_000)] {
        assert_eq!(mark(&site, &class, student, id).await, Some(points), "student {student}");
    }
    for path in [format!("/attempts/{attempt}"), "/".to_owned()] {
        let page = student.get(&path).await.expect(200).text();
        assert!(page.contains("说得有理，算对。") && page.contains("已改分"), "{path}: {page}");
    }
    let other = site.signed_in(&class.students[1]).await.get("/").await.expect(200).text();
    assert!(!other.contains("说得有理"), "{other}");
    assert_eq!(waiting(&site, &class).await.len(), 0);
    // The decision is one like any other and is taken back there.
    let review = teacher.get(&format!("/classes/{}/review", class.class.id)).await.expect(200).text();
    assert!(review.contains("“深黄”算对"), "{review}");
    site.set_time("2026-10-19 08:00:01");
    let student = site.signed_in(&class.students[0]).await;
    assert!(!student.get("/").await.expect(200).text().contains("说得有理"), "a week later it is no news");
    let data = student.get("/account/data").await.expect(200).value();
    assert_eq!(data["inquiries"][0]["reply"], "说得有理，算对。");
    assert_eq!(
        (data["inquiries"][0]["question"].as_str(), data["inquiries"][0]["blank"].as_i64()),
        (Some("1"), Some(2))
    );
});

both!(an_answer_without_a_change_leaves_the_mark, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 0, id, &["石榴籽", "深黄", "雨花石", "鹦鹉螺", "424242"], "").await;
    let (attempt, blank) = attempt(&site, &class, 0, id, "深黄").await;
    let student = site.signed_in(&class.students[0]).await;
    ask(&student, attempt, blank, "为什么错？", 303).await;
    let teacher = site.signed_in(&class.teacher).await;
    let malformed = [("text", "看看书。"), ("decision", "part"), ("share", "120")];
    let page = answer(&site, &class, &teacher, &malformed, 422).await;
    assert!(page.contains("看看书。") && page.contains("大于 0、小于 100"), "what was typed is not lost: {page}");
    answer(&site, &class, &teacher, &[("text", "  "), ("decision", "accept")], 422).await;
    answer(&site, &class, &teacher, &[("text", "看看书。"), ("decision", "shrug")], 422).await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(4_000_000), "nothing was done by halves");
    assert_eq!(waiting(&site, &class).await.len(), 1);
    let found = waiting(&site, &class).await.remove(0).id;
    answer(&site, &class, &teacher, &[("text", "看看书。"), ("decision", "keep")], 303).await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(4_000_000));
    // A colleague who still sees it open does not answer twice.
    let path = format!("/classes/{}/review/inquiries/{found}", class.class.id);
    teacher.post(&path, &[("text", "再答一次。"), ("decision", "accept")]).await.expect(303);
    assert_eq!(mark(&site, &class, 0, id).await, Some(4_000_000));
    let page = student.get(&format!("/attempts/{attempt}")).await.expect(200).text();
    assert!(page.contains("看看书。") && !page.contains("再答一次") && !page.contains("已改分"), "{page}");
    assert!(page.contains("问一问这个评分"), "one may ask again: {page}");
});

both!(an_essays_mark_is_asked_about_and_changed, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 0, id, &RIGHT, "海边风大。").await;
    let (attempt, essay) = attempt(&site, &class, 0, id, "海边风大。").await;
    let student = site.signed_in(&class.students[0]).await;
    ask(&student, attempt, essay, "什么时候批？", 404).await;
    let teacher = site.signed_in(&class.teacher).await;
    let given = [("points", "6"), ("comment", "短了些"), ("seen", "")];
    teacher.post(&format!("/classes/{}/mark/{essay}/{attempt}", class.class.id), &given).await.expect(303);
    ask(&student, attempt, essay, "短就要扣四分吗？", 303).await;
    let review = teacher.get(&format!("/classes/{}/review", class.class.id)).await.expect(200).text();
    assert!(review.contains("短就要扣四分吗？") && review.contains("海边风大。"), "{review}");
    let page = answer(&site, &class, &teacher, &[("text", "加两分。"), ("points", "18")], 422).await;
    assert!(page.contains("最多 10 分") && page.contains("加两分。"), "{page}");
    answer(&site, &class, &teacher, &[("text", "加两分。"), ("points", "8")], 303).await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(13_000_000));
    let page = student.get(&format!("/attempts/{attempt}")).await.expect(200).text();
    assert!(page.contains("加两分。") && page.contains("短了些"), "the comment stays: {page}");
});

both!(only_what_is_marked_and_shown_can_be_asked_about, |site| {
    let class = site.classroom(2).await;
    let id = class.assign(&site, SOURCE, Rules { show_verdicts: false, ..rules() }).await;
    hand_in(&site, &class, 0, id, &["石榴子", "深黄", "", "鹦鹉螺", "424242"], "").await;
    let (mine, blank) = attempt(&site, &class, 0, id, "深黄").await;
    let (_, doubtful) = attempt(&site, &class, 0, id, "石榴子").await;
    let student = site.signed_in(&class.students[0]).await;
    let page = student.get(&format!("/attempts/{mine}")).await.expect(200).text();
    assert!(!page.contains("问一问这个评分"), "{page}");
    ask(&student, mine, blank, "为什么？", 409).await;
    site.set_time("2026-10-25 22:00:11");
    let student = site.signed_in(&class.students[0]).await;
    ask(&student, mine, doubtful, "为什么？", 404).await;
    ask(&student, mine, Uuid::now_v7(), "为什么？", 404).await;
    let classmate = site.signed_in(&class.students[1]).await;
    ask(&classmate, mine, blank, "为什么？", 404).await;
    let teacher = site.signed_in(&class.teacher).await;
    ask(&teacher, mine, blank, "为什么？", 404).await;
    ask(&student, mine, blank, " \n ", 422).await;
    let long = "长".repeat(501);
    let page = ask(&student, mine, blank, &long, 422).await;
    assert!(page.contains(&long) && page.contains("最多 500 个字"), "what was typed is not lost");
    ask(&student, mine, blank, &"长".repeat(500), 303).await;
    ask(&student, mine, blank, "还有一句。", 409).await;
    assert_eq!(waiting(&site, &class).await.len(), 1);
    let other = site.classroom(0).await;
    let stranger = site.signed_in(&other.teacher).await;
    let found = waiting(&site, &class).await.remove(0).id;
    let fields = [("text", "不该有的回答"), ("decision", "accept")];
    stranger.post(&format!("/classes/{}/review/inquiries/{found}", class.class.id), &fields).await.expect(404);
    stranger.post(&format!("/classes/{}/review/inquiries/{found}", other.class.id), &fields).await.expect(303);
    student.post(&format!("/classes/{}/review/inquiries/{found}", class.class.id), &fields).await.expect(403);
    assert_eq!(waiting(&site, &class).await.len(), 1, "nobody else answered it");
});

both!(nobody_floods_the_teacher, |site| {
    let class = site.classroom(1).await;
    let blanks: String = (1..=12).map(|number| format!("{number}. 第{number}个是[[甲{number}乙]]。\n\n")).collect();
    let source = format!("---\ncourse: network-marketing\nchapter: wechat-platform\ntitle: 十二问\n---\n\n{blanks}");
    let id = class.assign(&site, &source, rules()).await;
    let student = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&student, id).await;
    let place = sheet.hand_in(&student, &["错"; 12]).await.expect(303).location();
    let attempt: Uuid = place.trim_start_matches("/attempts/").parse().expect("an id");
    for (index, blank) in sheet.blanks.iter().enumerate() {
        ask(&student, attempt, *blank, "为什么？", if index < 10 { 303 } else { 429 }).await;
    }
    site.set_time("2026-10-13 08:00:01");
    let student = site.signed_in(&class.students[0]).await;
    ask(&student, attempt, sheet.blanks[10], "为什么？", 303).await;
});

both!(a_group_answer_is_accepted_for_the_key_that_is_left, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    // The second key of the group stands in the first blank; what is asked about stands in the second.
    hand_in(&site, &class, 0, id, &["石榴籽", "琥珀色", "雨花石", "海螺", "424242"], "").await;
    let (attempt, blank) = attempt(&site, &class, 0, id, "海螺").await;
    let student = site.signed_in(&class.students[0]).await;
    ask(&student, attempt, blank, "海螺也能捡到。", 303).await;
    let teacher = site.signed_in(&class.teacher).await;
    answer(&site, &class, &teacher, &[("text", "可以。"), ("decision", "accept")], 303).await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(5_000_000));
});

both!(neither_page_nor_form_gives_a_key_to_a_student, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, Rules { reveal_keys: RevealKeys::Never, ..rules() }).await;
    hand_in(&site, &class, 0, id, &["甲", "乙", "丙", "丁", "1"], "海边风大。").await;
    let (attempt, blank) = attempt(&site, &class, 0, id, "乙").await;
    let student = site.signed_in(&class.students[0]).await;
    let mut pages = vec![ask(&student, attempt, blank, "", 422).await];
    ask(&student, attempt, blank, "为什么？", 303).await;
    pages.push(ask(&student, attempt, blank, "为什么？", 409).await);
    pages.push(student.get(&format!("/attempts/{attempt}")).await.text());
    let teacher = site.signed_in(&class.teacher).await;
    answer(&site, &class, &teacher, &[("text", "再读一遍。"), ("decision", "reject")], 303).await;
    for path in [format!("/attempts/{attempt}"), "/".into(), "/account/data".into(), "/marks".into()] {
        pages.push(student.get(&path).await.text());
    }
    for (page, canary) in pages.iter().flat_map(|page| CANARIES.iter().map(move |canary| (page, canary))) {
        assert!(!page.contains(canary), "{canary} in {page}");
    }
});

both!(points_given_by_hand_are_not_moved_by_an_answer, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 0, id, &["石榴籽", "深黄", "雨花石", "鹦鹉螺", "424242"], "").await;
    let (attempt, blank) = attempt(&site, &class, 0, id, "深黄").await;
    let teacher = site.signed_in(&class.teacher).await;
    let (number, field) = (attempt.to_string(), blank.to_string());
    let fields = [("attempt", number.as_str()), ("blank", &field), ("points", "0.4"), ("reason", "沾边"), ("seen", "")];
    let work = format!("/classes/{}/gradebook/{id}/{}", class.class.id, class.students[0].id);
    teacher.post(&work, &fields).await.expect(303);
    let student = site.signed_in(&class.students[0]).await;
    ask(&student, attempt, blank, "为什么是 0.4？", 303).await;
    let review = teacher.get(&format!("/classes/{}/review", class.class.id)).await.expect(200).text();
    assert!(review.contains("手改的") && !review.contains("value=\"accept\""), "{review}");
    answer(&site, &class, &teacher, &[("text", "沾边而已。"), ("decision", "accept")], 422).await;
    answer(&site, &class, &teacher, &[("text", "沾边而已。")], 303).await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(4_400_000));
});

both!(questions_go_with_a_person_who_is_erased, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 0, id, &["石榴籽", "深黄", "雨花石", "鹦鹉螺", "424242"], "").await;
    let (attempt, blank) = attempt(&site, &class, 0, id, "深黄").await;
    let student = site.signed_in(&class.students[0]).await;
    ask(&student, attempt, blank, "为什么？", 303).await;
    // Whoever removes an attempt removes what was asked about it.
    site.app
        .db
        .write(move |tx| {
            Box::pin(async move {
                server::execute!(tx, "delete from answer where attempt_id = $1", attempt)?;
                server::execute!(tx, "delete from essay where attempt_id = $1", attempt)?;
                server::execute!(tx, "delete from attempt where id = $1", attempt)?;
                Ok(())
            })
        })
        .await
        .expect("removed");
    let left: i64 =
        server::on!(&site.app.db, |c| sqlx::query_scalar("select count(*) from inquiry").fetch_one(c).await)
            .expect("a count");
    assert_eq!(left, 0);
});
