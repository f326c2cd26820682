//! What makes an author's life easier: days, sentences with arguments, fields in words, bodies as they are, facts; and
//! the kit's pages in HTML, its classes, and the servers and services that it stands in for.

#![allow(missing_docs, clippy::unwrap_used)]

use std::time::Duration;

use plugin_sdk::abi::PluginV1;
use plugin_sdk::prelude::*;
use plugin_test::{ARCHIVED_CLASS, CLASS, TestHost};

const MANIFEST: &str = r#"{
    "id": "loans", "version": "0.1.0", "title": { "zh": "借还", "en": "Loans" }, "permissions": ["tables", "roster"],
    "http": ["api.example.com"], "wants": ["rota.on_duty/1"],
    "routes": [
        { "method": "GET", "path": "/{what}" }, { "method": "POST", "path": "/loans" },
        { "method": "POST", "path": "/hook", "for": "public" }
    ],
    "settings": [{ "name": "start", "title": { "zh": "", "en": "" }, "kind": "date", "default": "2026-10-10" }],
    "facts": [{ "id": "loans", "title": { "zh": "借出", "en": "Loans" } }],
    "templates": {
        "loans.html": "{{ <button label={t(key=\"lend\")} /> }}<p>{{ camera }}</p>",
        "plain.html": "", "broken.html": "{{ missing.deep }}"
    },
    "locales": {
        "zh-CN": "lend = 借出\nlent = 借出了 { $camera }，{ $days } 天。\nfield-days = 天数\ntitle = 借还",
        "en": "lend = Lend\nlent = { $camera } is lent for { $days ->\n   [one] a day\n  *[other] { $days } days\n }.\nfield-days = Days\ntitle = Loans"
    },
    "personal_data": [{ "table": "loan", "person": "person_id", "purpose": { "zh": "谁", "en": "who" } }],
    "migrations": [{ "name": "001", "sqlite": "create table loan (person_id uuid, day text, back text)", "postgres": "" }]
}"#;

static LOANS: PluginV1 = plugin_sdk::entry::export::<Loans>(MANIFEST);

#[derive(Default)]
struct Loans;

impl Plugin for Loans {
    fn page(&self, host: &Host, request: &Page) -> Result<Response> {
        match request.path.as_str() {
            "/loans" => lend(host, request),
            "/hook" => Ok(bytes(202, "application/json", [request.content_type().as_bytes(), request.body()].concat())),
            "/broken" => Ok(page("broken.html", json!({}))),
            "/time" => Ok(page("plain.html", json!({ "left": host.time_left().as_millis() as u64 }))),
            "/people" => Ok(page("plain.html", json!({ "n": host.roster()?.len(), "classes": host.classes()?.len() }))),
            "/fetch" => {
                let mut texts = Vec::new();
                for (method, address) in [("GET", "/a?page=1"), ("POST", "/a"), ("GET", "/a?page=2"), ("GET", "/b")] {
                    let url = format!("https://api.example.com{address}");
                    let asked = if method == "GET" { Fetch::get(url) } else { Fetch::post(url, "text/plain", "hello") };
                    texts.push(host.fetch(&asked.header("x-key", "hush"))?.json::<Value>()?);
                }
                Ok(page("plain.html", json!({ "texts": texts })))
            }
            "/duty" => {
                Ok(page("plain.html", json!({ "who": host.service::<Value>("rota.on_duty/1", json!({})).ok() })))
            }
            _ => Ok(page("loans.html", json!({ "camera": "<A>", "today": host.today() })).title("title")),
        }
    }

    fn facts(&self, host: &Host) -> Result<Facts> {
        let counted = host.query("select person_id, count(*) as n from loan group by person_id", params![])?;
        counted
            .iter()
            .map(|row| Ok(StudentFacts::new(row.get("person_id")?).with("loans", row.get::<i64>("n")?)))
            .collect()
    }
}

fn lend(host: &Host, request: &Page) -> Result<Response> {
    let days: i64 = request.required("days")?;
    let from: NaiveDate = request.optional("from")?.unwrap_or(host.today());
    let back = from + TimeDelta::days(days);
    host.exec("insert into loan values ($1, $2, $3)", params![host.person()?.id, from, back])?;
    let found = host.query("select day, back from loan where back = $1", params![back])?;
    let row = found.first().ok_or_else(not_found)?;
    assert_eq!((row.get::<NaiveDate>("day")?, row.get::<NaiveDate>("back")?), (from, back));
    assert_eq!(host.setting::<NaiveDate>("start"), NaiveDate::from_ymd_opt(2026, 10, 10));
    Ok(redirect("/loans").notice_with("lent", json!({ "camera": "A7", "days": days })))
}

fn host() -> TestHost {
    TestHost::new(&LOANS)
}

#[test]
fn a_day_is_the_classes_own() {
    let host = host();
    assert_eq!(host.get("/x").values()["today"], "2026-10-12");
    // Ten past midnight in Shanghai is the evening before in UTC.
    host.advance(Duration::from_secs(16 * 3600 + 600));
    assert_eq!(host.get("/x").values()["today"], "2026-10-13");
    host.set("start", "2026-10-10");
    host.post("/loans", &[("days", "3"), ("from", "2026-10-14")]).redirects_to("/loans");
}

#[test]
fn sentences_are_put_together_in_both_languages() {
    let host = host();
    assert_eq!(host.post("/loans", &[("days", "1")]).says(), "借出了 A7，1 天。");
    let english = host.in_language("en");
    assert_eq!(english.post("/loans", &[("days", "1")]).says(), "A7 is lent for a day.");
    assert_eq!(english.post("/loans", &[("days", "2")]).notice(), Some("lent"));
}

#[test]
fn a_refused_field_is_named_as_its_label_names_it() {
    let host = host().in_language("en");
    let missing = host.post("/loans", &[("days", " ")]);
    assert!(missing.expect(400).says().contains("“Days” is missing"), "{}", missing.says());
    let junk = host.post("/loans", &[("days", "three")]);
    assert!(junk.expect(400).says().contains("“Days” cannot be read"), "{}", junk.says());
    let other = host.post("/loans", &[("days", "3"), ("from", "tomorrow")]);
    assert!(other.expect(400).says().contains("“from” cannot be read"), "{}", other.says());
    host.post("/loans", &[("days", "3"), ("from", "")]).redirects_to("/loans");
}

#[test]
fn a_body_that_is_no_form_comes_as_it_was_sent() {
    let answer = host().as_visitor().post_body("/hook", "application/xml", "<a>\u{4e2d}</a>");
    assert_eq!(answer.expect(202).bytes(), "application/xml<a>\u{4e2d}</a>".as_bytes());
}

#[test]
fn pages_are_rendered_as_the_site_renders_them() {
    let host = host().in_language("en");
    let page = host.get("/x");
    assert_eq!(page.html(), r#"<button class="button is-primary" type="submit">Lend</button><p>&lt;A&gt;</p>"#);
    assert_eq!(page.title(), "Loans");
    let broken = host.get("/broken");
    let failure = broken.expect(500).failure();
    assert_eq!((failure.code, failure.place.as_deref()), (Code::PluginError, Some("templates/broken.html")));
}

#[test]
fn time_runs_out_where_nobody_waits() {
    let left = |host: TestHost| host.get("/time").values()["left"].as_u64().unwrap();
    assert!((1..=5_000).contains(&left(host())));
    assert_eq!(left(host().abandoned()), 0);
}

#[test]
fn facts_are_counted_for_each_student() {
    let host = host();
    let student = host.as_student(2);
    student.post("/loans", &[("days", "1")]).redirects_to("/loans");
    student.post("/loans", &[("days", "2")]).redirects_to("/loans");
    assert_eq!(host.facts().students, [StudentFacts::new(student.person()).with("loans", 2)]);
}

#[test]
fn an_archived_class_can_be_read_and_nothing_more() {
    let archived = host().in_archived_class();
    archived.get("/x").expect(200);
    archived.post("/loans", &[("days", "1")]).expect(409);
    assert_eq!(archived.get("/people").values()["classes"], 2, "it is not among those that use the plugin");
    assert_ne!(ARCHIVED_CLASS, CLASS);
}

#[test]
fn a_student_who_left_is_on_no_roster_and_opens_nothing() {
    let host = host();
    assert_eq!(host.get("/people").values()["n"], 6);
    host.leaves(2);
    assert_eq!(host.get("/people").values()["n"], 5);
    host.as_student(2).get("/x").expect(404);
    host.as_student(3).get("/x").expect(200);
    assert_eq!(host.in_other_class().get("/people").values()["n"], 6);
}

#[test]
fn services_are_offered_in_one_class_or_in_all() {
    let host = host();
    assert_eq!(host.get("/duty").values()["who"], json!(null));
    host.in_other_class().provide_here("rota.on_duty/1", |_| Ok(json!("B")));
    assert_eq!(host.get("/duty").values()["who"], json!(null));
    assert_eq!(host.in_other_class().get("/duty").values()["who"], "B");
    host.provide("rota.on_duty/1", |_| Ok(json!("A")));
    assert_eq!(host.get("/duty").values()["who"], "A");
    assert_eq!(host.in_other_class().get("/duty").values()["who"], "B");
}

#[test]
fn servers_answer_by_method_and_address_in_turn() {
    let host = host();
    let address = "https://api.example.com/a";
    host.answer_fetch_of("GET", address, 200, "\"first\"");
    host.answer_fetch_of("POST", address, 200, "\"sent\"");
    host.answer_fetch_of("GET", address, 200, "\"second\"");
    host.answer_fetch(200, "\"other\"");
    assert_eq!(host.get("/fetch").values()["texts"], json!(["first", "sent", "second", "other"]));
    let asked: Vec<_> = host.fetches_of("GET", address).into_iter().map(|asked| asked.url).collect();
    assert_eq!(asked, [format!("{address}?page=1"), format!("{address}?page=2")]);
    assert_eq!(host.fetches().len(), 4);
    let sent = &host.fetches_of("POST", address)[0];
    assert_eq!(sent.body.as_bytes(), b"hello");
    let headers = [("content-type", "text/plain"), ("x-key", "hush")].map(|(name, value)| (name.into(), value.into()));
    assert_eq!(sent.headers, headers);
    assert_eq!(host.get("/fetch").code(), Code::PluginError, "nobody answers any more");
}
