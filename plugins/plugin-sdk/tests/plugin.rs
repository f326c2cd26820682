//! What the kit for authors makes of a plugin's mistakes, and what it offers, seen from the host's side.

#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::Arc;
use std::time::Duration;

use plugin_sdk::abi::PluginV1;
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::protocol::op::Op;
use plugin_test::TestHost;

const MANIFEST: &str = r#"{
    "id": "odd", "version": "0.1.0", "title": { "zh": "怪", "en": "Odd" }, "permissions": ["tables", "schedule"],
    "events": { "emits": ["odd.happened"] },
    "routes": [
        { "method": "GET", "path": "/{what}" }, { "method": "GET", "path": "/items/{item}" },
        { "method": "POST", "path": "/{what}" }, { "method": "GET", "path": "/open", "for": "public" },
        { "method": "GET", "path": "/operators", "for": "operator" }
    ],
    "jobs": [{ "id": "later" }], "templates": { "a.html": "" },
    "locales": {
        "zh-CN": "too-long = 最多 { $most } 个字。\nno-picture = 没有图片。",
        "en": "too-long = At most { $most } characters.\nno-picture = There is no picture."
    },
    "impersonal_tables": ["item"],
    "migrations": [{
        "name": "001", "sqlite": "create table item (id bigint primary key, name text, at timestamptz, odd uuid)",
        "postgres": ""
    }]
}"#;

static ODD: PluginV1 = plugin_sdk::entry::export::<Odd>(MANIFEST);
static BROKEN: PluginV1 = plugin_sdk::entry::export::<Broken>(MANIFEST);

#[derive(Default)]
struct Odd;

impl Plugin for Odd {
    fn page(&self, host: &Host, request: &Page) -> Result<Response> {
        match request.path.as_str() {
            "/panic" => panic!("nobody expected {}", request.path),
            "/string" => std::panic::panic_any(7),
            "/cause" => Err(std::fs::read("/no/such/file").map(drop).unwrap_err())?,
            "/number" => Ok(page("a.html", json!({ "n": "x".parse::<i64>()? }))),
            "/nothing" => Err(not_found()),
            "/invalid" => Err(invalid("too-long").with("most", 3).at("name")),
            "/wrong-column" => Ok(page("a.html", json!(host.query("select id from item", vec![])?.first_name()?))),
            "/wrong-type" => {
                host.exec("insert into item (id, name) values ($1, $2)", params![1, "one"])?;
                let rows = host.query("select name from item", vec![])?;
                Ok(page("a.html", json!({ "n": rows.value::<i64>()? })))
            }
            "/denied" => Ok(page("a.html", json!({ "n": host.roster()?.len() }))),
            "/unsaid" => host.emit("odd.unsaid", json!({})).map(|_| redirect("/")),
            "/unscheduled" => host.schedule("never", "k", host.now(), json!({})).map(|()| redirect("/")),
            "/sleep" => host.sleep(Duration::from_secs(600)).map(|()| redirect("/")),
            "/open" | "/operators" => Ok(bytes(201, "text/plain", b"open".to_vec())),
            "/values" => values(host),
            "/batch" => batch(host),
            "/later" => later(host, request),
            "/form" => form(request),
            _ => Ok(page("a.html", json!({ "item": request.param::<u32>("item")?, "q": request.query("q") }))),
        }
    }

    fn job(&self, host: &Host, job: &Job) -> Result<()> {
        let id = job.data["id"].as_i64();
        host.exec("insert into item (id, name, at) values ($1, $2, $3)", params![id, "job", job.due_at])?;
        log::info!("job for {}", host.class()?.name);
        log::debug!("too much to say");
        Ok(())
    }
}

trait FirstName {
    fn first_name(&self) -> Result<Option<String>>;
}

impl FirstName for Table {
    fn first_name(&self) -> Result<Option<String>> {
        match self.first() {
            Some(row) => row.get("name"),
            None => Ok(None),
        }
    }
}

fn values(host: &Host) -> Result<Response> {
    let id = host.new_id();
    let insert = "insert into item (id, name, at, odd) values ($1, $2, $3, $4)";
    host.exec(insert, params![5, None::<String>, host.now(), id])?;
    let rows = host.query("select id, name, at, odd, at is null as unset from item", vec![])?;
    let row = rows.first().ok_or_else(not_found)?;
    assert_eq!(row.get::<DateTime<Utc>>("at")?, host.now());
    assert_eq!((row.get::<Uuid>("odd")?, row.get::<Option<String>>("name")?), (id, None));
    assert!(!row.get::<bool>("unset")?);
    Ok(page("a.html", json!({ "id": id, "row": row.to_json() })))
}

fn batch(host: &Host) -> Result<Response> {
    let once = || {
        let batch = host.batch().once("key").add("insert into item (id) values ($1)", params![1]);
        batch.emit("odd.happened", json!({ "id": 1 })).run()
    };
    let (first, second) = (once()?, once()?);
    let undone = host
        .batch()
        .add("insert into item (id) values ($1)", params![2])
        .expect(1, "update item set name = 'x' where id = $1", params![99])
        .emit("odd.happened", json!({ "id": 2 }))
        .run();
    let code = undone.map_or_else(|error| error.code().name(), |_| "done");
    let count: i64 = host.query("select count(*) from item", vec![])?.value()?;
    Ok(page("a.html", json!({ "rows": first.rows, "repeated": second.repeated, "undone": code, "count": count })))
}

fn later(host: &Host, request: &Page) -> Result<Response> {
    let minutes: i64 = request.required("minutes")?;
    let at = host.now() + TimeDelta::minutes(minutes);
    host.schedule("later", "a", at, json!({ "id": 1 }))?;
    host.schedule("later", "b", at + TimeDelta::minutes(1), json!({ "id": 2 }))?;
    host.schedule("later", "c", at, json!({ "id": 3 }))?;
    host.unschedule("later", "c")?;
    Ok(redirect("/"))
}

fn form(request: &Page) -> Result<Response> {
    let file = request.file("picture").ok_or_else(|| invalid("no-picture"))?;
    let text = format!("{} {} {:?}", file.name, file.body.as_bytes().len(), request.all("tag"));
    Ok(download("列表.txt", "text/plain", text.into_bytes()))
}

/// Does not start.
#[derive(Default)]
struct Broken;

impl Plugin for Broken {
    fn start(&self) -> Result<()> {
        panic!("not today")
    }
}

fn host() -> TestHost {
    TestHost::new(&ODD)
}

#[test]
fn a_panic_ends_the_call_and_says_where() {
    let host = host();
    let failed = host.get("/panic");
    let failure = failed.expect(500).failure();
    assert_eq!((failure.code, failure.message.as_str()), (Code::Panic, "nobody expected /panic"));
    assert!(failure.place.as_deref().unwrap().contains("tests/plugin.rs:"), "{failure:?}");
    assert_eq!(host.get("/string").failure().message, "a panic without words");
    host.get("/items/7").expect(200);
}

#[test]
fn a_plugin_that_panics_at_its_start_is_refused() {
    let plugin = plugin_loader::Plugin::linked(&BROKEN, Arc::new(Nobody));
    let error = plugin.init().unwrap_err();
    assert!(matches!(error, plugin_loader::OpenError::Start(Code::Panic)), "{error}");
}

/// Answers nothing.
struct Nobody;

impl plugin_loader::Services for Nobody {
    fn call(&self, _: u64, _: u32, _: &[u8]) -> (i32, Vec<u8>) {
        (Code::Unsupported.number(), Vec::new())
    }

    fn alive(&self, _: u64) -> bool {
        true
    }
}

#[test]
fn junk_is_a_bad_request() {
    let plugin = plugin_loader::Plugin::linked(&ODD, Arc::new(Nobody));
    plugin.init().unwrap();
    let request = serde_json::to_vec(&json!({ "context": {}, "input": {} })).unwrap();
    let deep = "[".repeat(100_000).into_bytes();
    for (index, junk) in [b"".as_slice(), b"null", b"{}", b"\xff\xfe", &request, &deep].into_iter().enumerate() {
        for op in 1..=11 {
            let token = u64::MAX - (index as u64 * 100 + op);
            let (code, answer) = plugin.call(token, op as u32, junk);
            assert_eq!(code, Code::BadRequest.number(), "{op} {}", String::from_utf8_lossy(&answer));
        }
    }
    for op in [0, Op::Render as u32, 13, u32::MAX] {
        assert_eq!(plugin.call(u64::MAX, op, b"{}").0, Code::Unsupported.number());
    }
}

#[test]
fn errors_carry_code_cause_and_place() {
    let host = host();
    assert!(host.get("/cause").expect(500).failure().message.contains("No such file"));
    assert!(host.get("/number").expect(500).failure().message.contains("invalid digit"));
    host.get("/nothing").expect(404);
    host.get("/items/seven").expect(404);
    let invalid = host.get("/invalid");
    let failure = invalid.expect(400).failure();
    assert_eq!((failure.key.as_deref(), failure.place.as_deref()), (Some("too-long"), Some("name")));
    assert_eq!(failure.arguments["most"], 3);
    assert!(host.get("/wrong-type").failure().message.contains("another type"));
    assert!(host.get("/wrong-column").failure().message.contains("no column name; it has id"));
}

#[test]
fn what_the_manifest_does_not_say_is_denied() {
    let host = host();
    for (path, words) in [("/denied", "\"roster\""), ("/unsaid", "emits = [\"odd.unsaid\"]")] {
        let answer = host.get(path);
        assert!(answer.expect(403).failure().hint.as_deref().unwrap().contains(words), "{answer:?}");
    }
    host.get("/unscheduled").expect(404);
    host.as_visitor().get("/items/1").expect(403);
    assert_eq!(host.as_visitor().get("/open").expect(201).bytes(), b"open");
    host.as_student(1).get("/operators").expect(403);
    host.as_operator().get("/operators").expect(201);
}

#[test]
fn a_call_that_nobody_waits_for_ends() {
    assert_eq!(host().abandoned().get("/sleep").code(), Code::Cancelled);
}

#[test]
fn values_have_their_types() {
    let answer = host().get("/values");
    let values = answer.values();
    assert_eq!(values["row"]["odd"], values["id"]);
    assert_eq!(values["row"]["at"], "2026-10-12T00:00:00+00:00");
}

#[test]
fn a_batch_is_done_once_and_whole() {
    let host = host();
    let answer = host.get("/batch");
    assert_eq!(*answer.values(), json!({ "rows": [1], "repeated": true, "undone": "conflict", "count": 1 }));
    let told: Vec<_> = host.events().into_iter().map(|event| event.data).collect();
    assert_eq!(told, [json!({ "id": 1 })]);
}

#[test]
fn a_scheduled_job_runs_at_its_moment() {
    let host = host();
    host.post("/later", &[("minutes", "5")]).redirects_to("/");
    assert_eq!(host.post("/later", &[("minutes", "soon")]).expect(400).failure().place.as_deref(), Some("minutes"));
    assert_eq!(host.scheduled().len(), 2);
    host.advance(Duration::from_secs(299));
    assert!(host.rows("select id from item", vec![]).rows.is_empty());
    host.advance(Duration::from_secs(1));
    assert_eq!(host.rows("select id from item", vec![]).rows.len(), 1);
    host.advance(Duration::from_secs(3_600));
    let rows = host.rows("select at from item order by id", vec![]).rows;
    let moments = serde_json::to_value(rows).unwrap();
    assert_eq!(moments[1][0]["time"], "2026-10-12T00:06:00Z");
    let said: Vec<_> = host.logs().into_iter().map(|log| (log.level, log.message)).collect();
    assert_eq!(said, vec![("info".to_owned(), "job for 营销 2401 班".to_owned()); 2]);
}

#[test]
fn forms_bring_fields_and_files() {
    let host = host();
    let files: &[(&str, &str, &[u8])] = &[("picture", "a.png", &[0, 255, 0])];
    let answer = host.post_files("/form", &[("tag", "a"), ("tag", "b")], files);
    assert_eq!(answer.bytes(), br#"a.png 3 ["a", "b"]"#);
    host.post("/form", &[]).expect(400);
    assert_eq!(host.get("/items/7?q=x&r=y").values()["q"], "x");
}
