//! The gradebook: who may look, what it adds up, points changed by hand, and how little it asks of the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join;
use regex::Regex;
use server::rules::{Counting, Rules};
use server::store::attempt;
use server::store::gradebook;
use server::store::person::Role;
use tests::sheet::Sheet;
use tests::{Classroom, Client, Database, Site, both};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use uuid::Uuid;

use crate::assignment::{SOURCE, rules};

/// Five right answers to [`SOURCE`].
pub(crate) const RIGHT: [&str; 5] = ["石榴籽", "琥珀色", "雨花石", "鹦鹉螺", "424242"];

/// Hands in as a student's first attempt.
pub(crate) async fn hand_in(
    site: &Site,
    class: &Classroom,
    student: usize,
    assignment: Uuid,
    answers: &[&str],
    essay: &str,
) {
    let client = site.signed_in(&class.students[student]).await;
    let sheet = Sheet::open(&client, assignment).await;
    sheet.send(&client, &sheet.form(answers, essay)).await.expect(303);
}

/// A student's mark in millionths.
pub(crate) async fn mark(site: &Site, class: &Classroom, student: usize, assignment: Uuid) -> Option<i64> {
    let book = gradebook::load(&site.app.db, class.class.id, Some(assignment)).await.expect("the gradebook");
    let row = book.students.iter().position(|found| found.id == class.students[student].id).expect("a student");
    let column = book.assignments.iter().position(|found| found.id == assignment).expect("an assignment");
    book.cells[row][column].points
}

/// The last attempt of a student and the id of a blank in it.
async fn answer(site: &Site, class: &Classroom, student: usize, assignment: Uuid, text: &str) -> (Uuid, Uuid) {
    let attempts = attempt::list(&site.app.db, assignment, class.students[student].id).await.expect("attempts");
    let id = attempts.last().expect("an attempt").id;
    let answers = attempt::answers(&site.app.db, id).await.expect("answers");
    (id, answers.into_iter().find(|answer| answer.text == text).expect("the answer").blank_id)
}

both!(only_its_teachers_and_administrators_see_the_desk, |site| {
    let class = site.classroom(2).await;
    let other = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let theirs = other.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 0, id, &RIGHT, "海边风大。").await;
    let (attempt, _) = answer(&site, &class, 0, id, "石榴籽").await;
    let base = format!("/classes/{}", class.class.id);
    let student_id = class.students[0].id;
    let essay = Sheet::open(&site.signed_in(&class.students[1]).await, id).await.texts[0];
    let mut pages: Vec<String> = ["assign", "gradebook", "review", "mark", "gradebook/export?format=csv"]
        .iter()
        .map(|page| format!("{base}/{page}"))
        .collect();
    pages.push(format!("{base}/assign/{id}"));
    pages.push(format!("{base}/assign/{id}/extensions"));
    pages.push(format!("{base}/gradebook/{id}"));
    pages.push(format!("{base}/gradebook/{id}/{student_id}"));
    pages.push(format!("{base}/mark/{essay}/{attempt}"));
    let teacher = site.signed_in(&class.teacher).await;
    let administrator = site.person(Role::Administrator, "root", "管理员").await;
    let administrator = site.signed_in(&administrator).await;
    let student = site.signed_in(&class.students[0]).await;
    let stranger = site.signed_in(&other.teacher).await;
    for page in &pages {
        teacher.get(page).await.expect(200);
        administrator.get(page).await.expect(200);
        student.get(page).await.expect(403);
        stranger.get(page).await.expect(404);
        let visitor = site.visitor().get(page).await.status.as_u16();
        assert!(visitor == 303 || visitor == 401, "{page}: {visitor}");
    }
    let writes = [
        format!("{base}/assign/{id}"),
        format!("{base}/assign/{id}/take-back"),
        format!("{base}/assign/{id}/keys"),
        format!("{base}/assign/{id}/extensions"),
        format!("{base}/assign/{id}/extensions/take"),
        format!("{base}/gradebook/{id}/{student_id}"),
        format!("{base}/review"),
        format!("{base}/review/{attempt}/undo"),
        format!("{base}/mark/{essay}/{attempt}"),
    ];
    for write in &writes {
        student.post(write, &[]).await.expect(403);
        stranger.post(write, &[]).await.expect(404);
    }
    // One's own class in the address does not open another's things.
    let own = format!("/classes/{}", other.class.id);
    for page in [
        format!("{own}/assign/{id}"),
        format!("{own}/assign/{id}/extensions"),
        format!("{own}/gradebook/{id}"),
        format!("{own}/gradebook/{id}/{student_id}"),
        format!("{own}/gradebook/{theirs}/{student_id}"),
        format!("{own}/mark/{essay}/{attempt}"),
    ] {
        stranger.get(&page).await.expect(404);
    }
    stranger.post(&format!("{own}/assign/{id}/take-back"), &[]).await.expect(404);
    stranger.post(&format!("{own}/assign/{id}/keys"), &[]).await.expect(404);
    let theft = [("points", "0"), ("comment", "")];
    stranger.post(&format!("{own}/mark/{essay}/{attempt}"), &theft).await.expect(404);
});

both!(every_mark_leads_to_its_answers, |site| {
    let class = site.classroom(2).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 0, id, &["石榴籽", "墨绿色", "雨花石", "鹦鹉螺", "424242"], "").await;
    let teacher = site.signed_in(&class.teacher).await;
    let base = format!("/classes/{}/gradebook", class.class.id);
    let page = teacher.get(&base).await.expect(200).text();
    let link = Regex::new(r"<a href=(\?[0-9a-f]+\.[0-9a-f]+)>4</a>").expect("a pattern");
    let link = link.captures(&page).unwrap_or_else(|| panic!("no mark in {page}"))[1].to_owned();
    let work = teacher.get(&format!("{base}{link}")).await.expect(303).location();
    assert_eq!(work, format!("{base}/{id}/{}", class.students[0].id));
    let work = teacher.get(&work).await.expect(200).text();
    for words in ["学生 01", "墨绿色", "琥珀色", "is-incorrect", "不对。", "4 <small>分"] {
        assert!(work.contains(words), "{words} is missing in {work}");
    }
    let table = teacher.get(&format!("{base}/{id}")).await.expect(200).text();
    assert!(table.contains("第 1 题") && table.contains("已判") && table.contains("未作答"), "{table}");
    assert!(teacher.get(&format!("{base}?zzzz.00")).await.expect(303).location().ends_with("/gradebook"));
    let empty = teacher.get(&format!("{base}/{id}/{}", class.students[1].id)).await.expect(200).text();
    assert!(empty.contains("还没有作答"), "{empty}");
});

both!(points_changed_by_hand_hold_and_are_not_overwritten_unseen, |site| {
    let class = site.classroom(2).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 0, id, &["石榴籽", "墨绿色"], "").await;
    hand_in(&site, &class, 1, id, &["石榴籽", "墨绿色"], "").await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(1_000_000));
    let (attempt, blank) = answer(&site, &class, 0, id, "墨绿色").await;
    let (attempt, blank) = (attempt.to_string(), blank.to_string());
    let path = format!("/classes/{}/gradebook/{id}/{}", class.class.id, class.students[0].id);
    let one = site.signed_in(&class.teacher).await;
    let two = site.signed_in(&site.person(Role::Administrator, "root", "管理员").await).await;
    let change = |points: &'static str, reason: &'static str| {
        [("attempt", attempt.as_str()), ("blank", blank.as_str()), ("points", points), ("reason", reason), ("seen", "")]
    };
    // Nothing that makes no sense is taken.
    for (points, reason) in [("2", "太多"), ("-1", "负数"), ("abc", "不是数"), ("0.5", "  ")] {
        let reply = one.post(&path, &change(points, reason)).await.expect(422).text();
        assert!(reply.contains("aria-invalid=\"true\"") && reply.contains(points), "{reply}");
    }
    assert_eq!(mark(&site, &class, 0, id).await, Some(1_000_000));
    // Two teachers who both saw no change: one of them gets through, the other one sees both values.
    let (first, second) = (change("0.5", "甲的理由"), change("1", "乙的理由"));
    let (first, second) = join(one.post(&path, &first), two.post(&path, &second)).await;
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort();
    assert_eq!(statuses, [303, 409]);
    let (refused, won, lost) = if first.status.as_u16() == 409 { (first, "1", "0.5") } else { (second, "0.5", "1") };
    let page = refused.text();
    assert!(page.contains("没有覆盖"), "{page}");
    assert!(page.contains(&format!("<b>{won} 分</b>")) && page.contains(&format!("value=\"{lost}\"")), "{page}");
    let seen =
        Regex::new(&format!(r#"name="blank" value="{blank}"><input type="hidden" name="seen" value="([0-9a-f-]+)""#));
    let seen = seen.expect("a pattern").captures(&page).expect("the change that was seen")[1].to_owned();
    let again =
        [("attempt", attempt.as_str()), ("blank", &blank), ("points", "0.25"), ("reason", "商量过了"), ("seen", &seen)];
    one.post(&path, &again).await.expect(303);
    assert_eq!(mark(&site, &class, 0, id).await, Some(1_250_000), "the last one holds");
    assert_eq!(mark(&site, &class, 1, id).await, Some(1_000_000), "nobody else's mark changed");
    let page = one.get(&path).await.expect(200).text();
    for words in ["甲的理由", "乙的理由", "商量过了"] {
        assert_eq!(page.contains(words), words != if won == "1" { "甲的理由" } else { "乙的理由" }, "{words}");
    }
    // A student reads the reason; another student's attempt cannot be changed through this one's address.
    let (foreign, blank) = answer(&site, &class, 1, id, "墨绿色").await;
    let (foreign, blank) = (foreign.to_string(), blank.to_string());
    let forged = [("attempt", foreign.as_str()), ("blank", &blank), ("points", "1"), ("reason", "x"), ("seen", "")];
    one.post(&path, &forged).await.expect(404);
    // A key that changes marks everything anew but what was changed by hand.
    class.import(&site, &SOURCE.replace("[[琥珀色]]", "[[墨绿色]]")).await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(1_250_000));
    assert_eq!(mark(&site, &class, 1, id).await, Some(2_000_000));
});

both!(the_attempt_that_counts_is_chosen_by_the_rule, |site| {
    let class = site.classroom(1).await;
    let tries: [&[&str]; 3] = [&["石榴籽", "墨绿色"], &["石榴籽", "琥珀色"], &["错", "墨绿色"]];
    for (counting, points) in [(Counting::Best, 2_000_000), (Counting::Last, 0), (Counting::First, 1_000_000)] {
        let source = SOURCE.replace("试题甲", &format!("试题 {counting:?}"));
        let id = class.assign(&site, &source, Rules { counting, ..rules() }).await;
        let client = site.signed_in(&class.students[0]).await;
        for (index, answers) in tries.iter().enumerate() {
            let sheet = Sheet::again(&client, id, index as i64 + 1).await;
            sheet.hand_in(&client, answers).await.expect(303);
        }
        assert_eq!(mark(&site, &class, 0, id).await, Some(points), "{counting:?}");
    }
    let book = gradebook::load(&site.app.db, class.class.id, None).await.expect("the gradebook");
    assert_eq!(book.total(0), 3_000_000);
    let page = site.signed_in(&class.teacher).await.get(&format!("/classes/{}/gradebook", class.class.id)).await.text();
    assert!(page.contains("<b>3</b>") && page.contains("<small>45</small>"), "{page}");
});

both!(lateness_takes_its_share_and_an_extension_gives_it_back, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    site.set_time("2026-10-22 10:00:00");
    hand_in(&site, &class, 0, id, &RIGHT, "").await;
    assert_eq!(mark(&site, &class, 0, id).await, Some(4_000_000), "two days begun, ten per cent each");
    let teacher = site.signed_in(&class.teacher).await;
    let page = teacher.get(&format!("/classes/{}/gradebook", class.class.id)).await.text();
    assert!(page.contains("<small>迟</small>"), "{page}");
    let path = format!("/classes/{}/assign/{id}/extensions", class.class.id);
    let student = class.students[0].id.to_string();
    let earlier = [("student", student.as_str()), ("due", "2026-10-19T08:00"), ("reason", "生病")];
    assert!(teacher.post(&path, &earlier).await.expect(422).text().contains("应比全班的时间晚"));
    let without_reason = [("student", student.as_str()), ("due", "2026-10-23T08:00"), ("reason", "")];
    assert!(teacher.post(&path, &without_reason).await.expect(422).text().contains("请写明理由"));
    let later =
        [("student", student.as_str()), ("due", "2026-10-23T08:00:00"), ("closes", ""), ("reason", "住院，有证明")];
    teacher.post(&path, &later).await.expect(303);
    assert_eq!(mark(&site, &class, 0, id).await, Some(5_000_000));
    let page = teacher.get(&path).await.expect(200).text();
    assert!(page.contains("住院，有证明") && page.contains("2026-10-23 08:00"), "{page}");
    teacher.post(&format!("{path}/take"), &[("student", &student)]).await.expect(303);
    assert_eq!(mark(&site, &class, 0, id).await, Some(4_000_000));
});

both!(who_left_is_shown_only_on_demand, |site| {
    let class = site.classroom(2).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    hand_in(&site, &class, 1, id, &RIGHT, "").await;
    let db = &site.app.db;
    let (group, person, now) = (class.class.id, class.students[1].id, site.app.clock.now());
    server::store::roster::student::set_present(db, class.actor(), group, person, false, now)
        .await
        .expect("the student leaves");
    let teacher = site.signed_in(&class.teacher).await;
    let base = format!("/classes/{group}/gradebook");
    let page = teacher.get(&base).await.text();
    assert!(page.contains("学生 01") && !page.contains("学生 02") && page.contains("已离班的 1 名"), "{page}");
    let page = teacher.get(&format!("{base}?left=1")).await.text();
    assert!(page.contains("学生 02") && page.contains(">5</a>"), "marks are kept: {page}");
});

/// Counts what sqlx says it asked.
#[derive(Clone, Default)]
struct Queries(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> Layer<S> for Queries {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The least of three times: the bell looks at the database every second in between.
async fn queries(counter: &Queries, client: &Client, path: &str) -> usize {
    let mut least = usize::MAX;
    for _ in 0..3 {
        let before = counter.0.load(Ordering::Relaxed);
        client.get(path).await.expect(200);
        least = least.min(counter.0.load(Ordering::Relaxed) - before);
    }
    least
}

/// On one thread, so that everything the server asks is counted and nothing of other tests; SQLite asks from threads of
/// its own.
#[tokio::test]
async fn ten_times_the_class_asks_no_more_of_the_database() {
    let counter = Queries::default();
    // With a single dispatcher alive, tracing remembers what a thread without one found: nobody is interested.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(counter.clone()));
    let Some(site) = Site::start(Database::Postgres).await else { return };
    let small = site.lecture(5, 3).await;
    let large = site.lecture(50, 30).await;
    let mut counts = Vec::new();
    for class in [&small, &large] {
        let teacher = site.signed_in(&class.teacher).await;
        let base = format!("/classes/{}", class.class.id);
        let column = gradebook::assignments(&site.app.db, class.class.id).await.expect("assignments")[0].id;
        let mut asked = Vec::new();
        for page in ["gradebook", "review", "mark", "assign", "gradebook/export?format=csv"] {
            asked.push(queries(&counter, &teacher, &format!("{base}/{page}")).await);
        }
        asked.push(queries(&counter, &teacher, &format!("{base}/gradebook/{column}")).await);
        counts.push(asked);
    }
    assert_eq!(counts[0], counts[1], "the number of queries grows with the class");
    assert!(counts[0].iter().all(|count| (4..=16).contains(count)), "{counts:?}");
}

/// 300 × 60 would be ten thousand statements if they stood in a loop; what it takes in milliseconds is the benchmark's.
#[tokio::test]
async fn a_page_of_a_large_lecture_stays_light() {
    let site = Site::start(Database::Sqlite).await.expect("SQLite is built in");
    let class = site.lecture(120, 60).await;
    let teacher = site.signed_in(&class.teacher).await;
    let reply = teacher.get(&format!("/classes/{}/gradebook", class.class.id)).await.expect(200);
    assert!(reply.bytes.len() <= 250_000, "{} bytes", reply.bytes.len());
    let page = reply.text();
    assert_eq!(page.matches("<tr><th scope=row>").count(), 100);
    assert!(page.contains("学生 099") && !page.contains("学生 100"), "the second page has the rest");
    let rest = teacher.get(&format!("/classes/{}/gradebook?page=2", class.class.id)).await.expect(200).text();
    assert_eq!(rest.matches("<tr><th scope=row>").count(), 20);
    let all =
        teacher.get(&format!("/classes/{}/gradebook?show=all&sort=total&order=desc", class.class.id)).await.text();
    assert_eq!(all.matches("<tr><th scope=row>").count(), 120);
}
