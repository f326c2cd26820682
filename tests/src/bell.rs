//! The bell: what was typed is handed in when an assignment closes.

use futures_util::future::join_all;
use server::bell;
use server::rules::{BellRule, Extension, Rules};
use server::store::attempt::{self, Attempt};
use tests::sheet::Sheet;
use tests::{Site, at, both};
use uuid::Uuid;

use crate::assignment::{SOURCE, extend, rules};

async fn attempts(site: &Site, assignment: Uuid, person: Uuid) -> Vec<Attempt> {
    attempt::list(&site.app.db, assignment, person).await.expect("the attempts")
}

both!(what_was_typed_is_handed_in_once_however_many_nodes_ring, |site| {
    let class = site.classroom(8).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    site.app.clock.set(at("2026-10-19 08:00:00"));
    for student in &class.students[..6] {
        let client = site.signed_in(student).await;
        let sheet = Sheet::open(&client, id).await;
        sheet
            .save(&client, &[(sheet.blanks[0], "石榴籽", 1), (sheet.blanks[1], "错", 2), (sheet.texts[0], "海", 3)])
            .await
            .expect(200);
    }
    // One handed in, one typed nothing but spaces.
    let client = site.signed_in(&class.students[6]).await;
    Sheet::open(&client, id).await.hand_in(&client, &["错"]).await.expect(303);
    let client = site.signed_in(&class.students[7]).await;
    let sheet = Sheet::open(&client, id).await;
    sheet.save(&client, &[(sheet.blanks[0], "  ", 1)]).await.expect(200);
    site.app.clock.set(at("2026-10-25 22:00:10"));
    bell::ring(&site.app).await.expect("the bell");
    assert!(
        attempts(&site, id, class.students[0].id).await[0].handed_in_at.is_none(),
        "not before everything has arrived"
    );
    site.app.clock.set(at("2026-10-25 22:00:16"));
    for rung in join_all((0..4).map(|_| bell::ring(&site.app))).await {
        rung.expect("the bell");
    }
    for student in &class.students[..6] {
        let own = attempts(&site, id, student.id).await;
        assert_eq!(own.len(), 1);
        assert_eq!(own[0].handed_in_by.as_deref(), Some("bell"));
        assert_eq!(own[0].handed_in_at, Some(at("2026-10-25 22:00:00")));
        assert_eq!((own[0].blanks_points, own[0].late_per_cent, own[0].waiting), (1_000_000, 40, 1));
        assert_eq!(attempt::answers(&site.app.db, own[0].id).await.expect("the answers").len(), 5);
    }
    assert_eq!(attempts(&site, id, class.students[6].id).await[0].handed_in_by.as_deref(), Some("student"));
    assert!(attempts(&site, id, class.students[7].id).await[0].handed_in_at.is_none());
    let client = site.signed_in(&class.students[0]).await;
    let page = client.get(&format!("/attempts/{}", attempts(&site, id, class.students[0].id).await[0].id)).await.text();
    assert!(page.contains("到点自动收卷") && page.contains("2026-10-25 22:00"), "{page}");
});

both!(an_extension_has_a_bell_of_its_own, |site| {
    let class = site.classroom(2).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let later = at("2026-10-27 12:00:00");
    extend(&site, id, class.students[0].id, Extension { due_at: None, closes_at: Some(later) }).await;
    for student in &class.students {
        let client = site.signed_in(student).await;
        let sheet = Sheet::open(&client, id).await;
        sheet.save(&client, &[(sheet.blanks[0], "石榴籽", 1)]).await.expect(200);
    }
    site.app.clock.set(at("2026-10-25 22:01:00"));
    bell::ring(&site.app).await.expect("the bell");
    assert!(attempts(&site, id, class.students[0].id).await[0].handed_in_at.is_none(), "has more time");
    assert!(attempts(&site, id, class.students[1].id).await[0].handed_in_at.is_some());
    site.app.clock.set(at("2026-10-27 12:01:00"));
    bell::ring(&site.app).await.expect("the bell");
    assert_eq!(attempts(&site, id, class.students[0].id).await[0].handed_in_at, Some(later));
});

both!(without_late_work_due_is_the_bell, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, Rules { late_per_day: None, ..rules() }).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    sheet.save(&client, &[(sheet.blanks[0], "石榴籽", 1)]).await.expect(200);
    site.app.clock.set(at("2026-10-20 22:01:00"));
    bell::ring(&site.app).await.expect("the bell");
    let own = attempts(&site, id, class.students[0].id).await;
    assert_eq!((own[0].handed_in_at, own[0].late_per_cent), (Some(at("2026-10-20 22:00:00")), 0));
});

both!(where_the_teacher_says_so_only_what_was_handed_in_counts, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, Rules { bell_rule: BellRule::None, ..rules() }).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    assert!(sheet.html.contains("到点不自动收卷"), "and the page says so");
    sheet.save(&client, &[(sheet.blanks[0], "石榴籽", 1)]).await.expect(200);
    site.app.clock.set(at("2026-10-26 07:00:00"));
    bell::ring(&site.app).await.expect("the bell");
    assert!(attempts(&site, id, class.students[0].id).await[0].handed_in_at.is_none());
    let page = client.get(&format!("/assignments/{id}")).await.expect(200).text();
    assert!(page.contains("value=\"石榴籽\"") && page.contains("disabled"), "what was typed can still be read: {page}");
});

both!(a_further_attempt_is_handed_in_with_what_the_student_saw, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    Sheet::open(&client, id).await.hand_in(&client, &["石榴籽", "错"]).await.expect(303);
    let second = Sheet::again(&client, id, 2).await;
    second.save(&client, &[(second.blanks[1], "琥珀色", 1)]).await.expect(200);
    site.app.clock.set(at("2026-10-25 22:01:00"));
    bell::ring(&site.app).await.expect("the bell");
    let own = attempts(&site, id, class.students[0].id).await;
    assert_eq!((own[1].handed_in_by.as_deref(), own[1].blanks_points), (Some("bell"), 2_000_000));
});

both!(a_hand_in_that_arrived_in_time_replaces_what_the_bell_handed_in, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    sheet.save(&client, &[(sheet.blanks[0], "错", 1)]).await.expect(200);
    site.app.clock.set(at("2026-10-25 22:01:00"));
    bell::ring(&site.app).await.expect("the bell");
    // As if its head had arrived in time and its body slowly: the clock that notes arrivals is set back.
    site.app.clock.set(at("2026-10-25 22:00:09"));
    sheet.hand_in(&client, &["石榴籽"]).await.expect(303);
    let own = attempts(&site, id, class.students[0].id).await;
    assert_eq!((own.len(), own[0].handed_in_by.as_deref(), own[0].blanks_points), (1, Some("student"), 1_000_000));
});
