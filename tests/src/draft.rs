//! What is being typed.

use std::collections::HashMap;

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use server::store::{attempt, draft};
use tests::sheet::Sheet;
use tests::{Site, at, both};
use uuid::Uuid;

use crate::assignment::{SOURCE, rules};

async fn stored(site: &Site, assignment: Uuid, person: Uuid) -> HashMap<Uuid, (String, i64)> {
    let attempts = attempt::list(&site.app.db, assignment, person).await.expect("the attempts");
    let drafts = draft::of_attempt(&site.app.db, attempts[0].id).await.expect("the drafts");
    drafts.into_iter().map(|stored| (stored.field.field, (stored.field.text, stored.field.sequence))).collect()
}

both!(the_highest_sequence_wins_whatever_the_order, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    let field = sheet.blanks[0];
    for (text, sequence) in [("二", 20), ("一", 10), ("又二", 20), ("三", 30)] {
        let reply = sheet.save(&client, &[(field, text, sequence)]).await.expect(200).value();
        assert_eq!(reply["saved"][0]["sequence"], sequence, "an old one is acknowledged and ignored");
        assert_eq!(reply["late"], false);
    }
    // Twice in one saving, the older one last.
    sheet.save(&client, &[(field, "五", 50), (field, "四", 40), (sheet.texts[0], "海", 7)]).await.expect(200);
    let now = stored(&site, id, class.students[0].id).await;
    assert_eq!(now[&field], ("五".to_owned(), 50));
    let page = Sheet::open(&client, id).await;
    assert_eq!(page.values[0], "五");
    assert!(page.html.contains("data-sequence=\"50\"") && page.html.contains(">\n海</textarea>"), "{}", page.html);
});

both!(any_interleaving_of_savings_ends_as_the_sequences_say, |site| {
    let class = site.classroom(12).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    for (seed, student) in class.students.iter().enumerate() {
        let client = site.signed_in(student).await;
        let sheet = Sheet::open(&client, id).await;
        let mut random = StdRng::seed_from_u64(seed as u64);
        let mut model: HashMap<Uuid, (String, i64)> = HashMap::new();
        let mut savings: Vec<Vec<(Uuid, String, i64)>> = Vec::new();
        let mut sequence = 0;
        for _ in 0..40 {
            let fields = (0..random.random_range(1..4)).map(|_| {
                sequence += random.random_range(1..3);
                let field = sheet.blanks[random.random_range(0..sheet.blanks.len())];
                (field, format!("{seed}-{sequence}"), sequence)
            });
            savings.push(fields.collect());
        }
        for (field, text, sequence) in savings.iter().flatten() {
            model.insert(*field, (text.clone(), *sequence));
        }
        // Repeated, shuffled and eight at a time.
        let repeated: Vec<_> = savings.iter().filter(|_| random.random_bool(0.3)).cloned().collect();
        savings.extend(repeated);
        for index in (1..savings.len()).rev() {
            savings.swap(index, random.random_range(0..=index));
        }
        for batch in savings.chunks(8) {
            let replies = join_all(batch.iter().map(|fields| async {
                let fields: Vec<(Uuid, &str, i64)> =
                    fields.iter().map(|(field, text, sequence)| (*field, text.as_str(), *sequence)).collect();
                sheet.save(&client, &fields).await
            }))
            .await;
            replies.into_iter().for_each(|reply| {
                reply.expect(200);
            });
        }
        assert_eq!(stored(&site, id, student.id).await, model);
    }
});

both!(a_hand_in_takes_unsent_fields_from_the_draft, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    sheet
        .save(&client, &[(sheet.blanks[0], "石榴籽", 1), (sheet.blanks[1], "琥珀色", 2), (sheet.texts[0], "海边", 3)])
        .await
        .expect(200);
    let form: Vec<(String, String)> = sheet
        .form(&["石榴籽", ""], "")
        .into_iter()
        .filter(|(name, _)| !name.ends_with(&sheet.blanks[0].to_string()) && !name.starts_with("text."))
        .collect();
    sheet.send(&client, &form).await.expect(303);
    let attempts = attempt::list(&site.app.db, id, class.students[0].id).await.expect("the attempts");
    let fields: HashMap<Uuid, String> =
        attempt::fields(&site.app.db, attempts[0].id).await.expect("the fields").into_iter().collect();
    assert_eq!(fields[&sheet.blanks[0]], "石榴籽", "left out: as saved");
    assert_eq!(fields[&sheet.blanks[1]], "", "sent empty: empty");
    assert_eq!(fields[&sheet.texts[0]], "海边");
});

both!(after_the_hand_in_a_draft_is_told_so, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    sheet.hand_in(&client, &["石榴籽"]).await.expect(303);
    let reply = sheet.save(&client, &[(sheet.blanks[0], "晚了", 99)]).await.expect(409).value();
    assert_eq!((reply["handed_in"].as_bool(), reply["attempt"].as_i64()), (Some(true), Some(1)));
});

both!(what_cannot_be_saved_says_why, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    let blank = sheet.blanks[0];
    sheet.save(&client, &[(blank, &"长".repeat(1_000), 1)]).await.expect(200);
    let reply = sheet.save(&client, &[(blank, &"长".repeat(1_001), 2)]).await.expect(413).value();
    assert!(reply["error"]["message"].as_str().expect("words").contains("1000"));
    sheet.save(&client, &[(sheet.texts[0], &"长".repeat(20_000), 1)]).await.expect(200);
    sheet.save(&client, &[(sheet.texts[0], &"长".repeat(20_001), 2)]).await.expect(413);
    for (field, sequence) in [(Uuid::now_v7(), 1), (blank, 0), (blank, -5), (blank, i64::MAX)] {
        sheet.save(&client, &[(field, "x", sequence)]).await.expect(422);
    }
    sheet.save(&client, &[]).await.expect(422);
    let path = format!("/assignments/{id}/draft");
    let half = client.request(reqwest::Method::POST, &path).header("content-type", "application/json");
    let half = client.send(half.body("{\"attempt\":")).await.expect(400).value();
    assert_eq!(half["error"]["code"], "unreadable");
    assert_eq!(site.visitor().with_header("accept", "application/json").post(&path, &[]).await.status.as_u16(), 401);
    let far = Sheet { attempt: 9, ..sheet.clone() };
    far.save(&client, &[(blank, "x", 5)]).await.expect(409);
});

both!(what_arrives_after_closing_is_kept_beside_and_said_to_be_late, |site| {
    let class = site.classroom(1).await;
    let id = class.assign(&site, SOURCE, rules()).await;
    let client = site.signed_in(&class.students[0]).await;
    let sheet = Sheet::open(&client, id).await;
    sheet.save(&client, &[(sheet.blanks[0], "石榴籽", 1)]).await.expect(200);
    site.app.clock.set(at("2026-10-25 22:00:12"));
    let reply = sheet.save(&client, &[(sheet.blanks[0], "改过", 2)]).await.expect(200).value();
    assert_eq!(reply["late"], true);
    site.app.clock.set(at("2026-10-25 22:01:00"));
    server::bell::ring(&site.app).await.expect("the bell rings");
    let attempts = attempt::list(&site.app.db, id, class.students[0].id).await.expect("the attempts");
    let answers = attempt::answers(&site.app.db, attempts[0].id).await.expect("the answers");
    let answer = answers.iter().find(|answer| answer.blank_id == sheet.blanks[0]).expect("the first blank");
    assert_eq!(answer.text, "石榴籽", "what was there in time is handed in");
    let reply = sheet.save(&client, &[(sheet.blanks[1], "更晚", 3)]).await.expect(200).value();
    assert_eq!(reply["late"], true, "also once the bell has rung");
    let page = client.get(&format!("/assignments/{id}")).await.expect(200).text();
    assert!(page.contains("有 2 处内容在截止之后才到服务器"), "{page}");
});
