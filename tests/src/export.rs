//! Marks as files: exact, complete, and never a formula.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use chrono::TimeDelta;
use server::secret;
use server::store::person;
use server::store::token::{self, NewToken};
use tests::{Classroom, Site, both};

use crate::assignment::{SOURCE, rules};
use crate::gradebook::{RIGHT, hand_in};

/// A token of the teacher, good for a day.
fn new(site: &Site, class: &Classroom) -> NewToken {
    NewToken {
        token_hash: Vec::new(),
        person_id: class.teacher.id,
        label: "test".into(),
        expires_at: site.app.clock.now() + TimeDelta::days(1),
    }
}

both!(marks_leave_as_csv_xlsx_and_json, |site| {
    let class = site.classroom(3).await;
    let source = SOURCE.replace("试题甲", "=1+1").replace("[[石榴籽]]", "[[石榴籽|%33.3333%石榴]]");
    let id = class.assign(&site, &source, rules()).await;
    hand_in(&site, &class, 0, id, &RIGHT, "").await;
    hand_in(&site, &class, 1, id, &["石榴"], "").await;
    let name = "=HYPERLINK(\"http://evil.example\",\"x\")";
    let db = site.app.db.clone();
    let student = class.students[2].id;
    db.write(move |tx| {
        Box::pin(async move {
            server::execute!(tx, "update person set name = $2 where id = $1", student, name)?;
            Ok(())
        })
    })
    .await
    .expect("a name");
    assert_eq!(person::find(&site.app.db, student).await.expect("a reply").expect("a person").name, name);
    let teacher = site.signed_in(&class.teacher).await;
    let base = format!("/classes/{}/gradebook/export", class.class.id);

    let reply = teacher.get(&format!("{base}?format=csv")).await.expect(200);
    let disposition = reply.headers["content-disposition"].to_str().expect("ASCII").to_owned();
    assert!(disposition.starts_with("attachment;") && disposition.ends_with("2026-10-12.csv"), "{disposition}");
    assert!(disposition.contains("%E8%90%A5%E9%94%80"), "the class is in the name: {disposition}");
    let text = reply.text();
    assert!(text.starts_with('\u{feff}'), "Excel reads UTF-8 by this");
    let mut lines = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(lines.headers().expect("a header").iter().next(), Some("学号"));
    assert_eq!(lines.headers().expect("a header").get(2), Some("'=1+1 (15)"));
    let rows: Vec<csv::StringRecord> = lines.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[0].get(2), rows[0].get(3), rows[0].get(4)), (Some("5"), Some("已判"), Some("5")));
    assert_eq!(rows[1].get(2), Some("0.333333"), "exact, not rounded");
    assert_eq!(
        (rows[2].get(1), rows[2].get(2), rows[2].get(3)),
        (Some(&*format!("'{name}")), Some(""), Some("未作答"))
    );

    let reply = teacher.get(&format!("{base}?format=xlsx")).await.expect(200);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(reply.bytes)).expect("a workbook");
    let sheet = book.worksheet_range_at(0).expect("a sheet").expect("its cells");
    assert_eq!(sheet.get_value((3, 1)), Some(&Data::String(name.into())), "text stays text");
    assert_eq!(sheet.get_value((1, 2)), Some(&Data::Float(5.0)), "a mark is a number");
    assert_eq!(sheet.get_value((2, 2)), Some(&Data::Float(0.333333)));
    let formulas = book.worksheet_formula(&book.sheet_names()[0].clone()).expect("formulas");
    assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()), "no formula");

    teacher.get(&format!("{base}?format=exe")).await.expect(422);
    teacher.get(&base).await.expect(422);

    let secret = secret::new_token();
    let own = NewToken { token_hash: secret::token_hash(&secret), ..new(&site, &class) };
    token::create(&site.app.db, own, site.app.clock.now()).await.expect("a token");
    let program = site.visitor().with_header("authorization", &format!("Bearer {secret}"));
    let api = format!("/api/v1/classes/{}/marks", class.class.id);
    let value = program.get(&api).await.expect(200).value();
    assert_eq!(value["assignments"][0]["points"], "15");
    assert_eq!(value["students"][1]["marks"][0]["points"], "0.333333");
    assert_eq!(value["students"][2]["marks"][0]["state"], "not-started");
    assert!(value["students"][2]["marks"][0]["points"].is_null());
    let student =
        NewToken { token_hash: secret::token_hash("student"), person_id: class.students[0].id, ..new(&site, &class) };
    token::create(&site.app.db, student, site.app.clock.now()).await.expect("a token");
    let stranger = site.visitor().with_header("authorization", "Bearer student");
    stranger.get(&api).await.expect(403);
    site.visitor().get(&api).await.expect(401);
    let file = program.get(&format!("{api}?format=csv&assignment={id}")).await.expect(200);
    assert!(file.text().contains("0.333333"));
    program.get(&format!("{api}?assignment={}", class.teacher.id)).await.expect(404);
    program.get(&format!("{api}?format=pdf")).await.expect(422);
});
