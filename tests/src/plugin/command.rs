//! `server plugin` and `server admin erase`, as an administrator types them beside a running server.

use std::process::{Command, Stdio};

use server::plugins::delivery::run_due;
use server::plugins::personal;
use server::store::audit;
use tests::{binary, both};

use super::stage::*;

/// What a run of the command gave: exit code, what it printed, what it said.
struct Run {
    code: i32,
    text: String,
    words: String,
}

impl Run {
    #[track_caller]
    fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.words, self.text);
        self
    }

    #[track_caller]
    fn says(self, words: &str) -> Self {
        assert!(self.text.contains(words) || self.words.contains(words), "{}\n{}", self.words, self.text);
        self
    }
}

async fn run(site: &Site, arguments: &[&str]) -> Run {
    let mut command = Command::new(binary::server());
    command.args(arguments).arg("--data").arg(site.folder()).stdin(Stdio::null());
    command.env("COURSE_DATABASE_URL", &site.database_url).env("COURSE_ALLOW_UNSAFE_POSTGRES", "true");
    let done = tokio::task::spawn_blocking(move || command.output()).await.expect("no panic").expect("it starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Run { code: done.status.code().unwrap_or(-1), text: text(&done.stdout), words: text(&done.stderr) }
}

both!(a_plugin_is_listed_enabled_and_disabled, |site| {
    let folder = site.folder().join("plugins");
    std::fs::create_dir_all(&folder).expect("the directory is writable");
    std::fs::copy(binary::plugin("steady"), folder.join("libsteady.so")).expect("the library is there");
    std::fs::write(folder.join("broken.plugin.json"), "{").expect("the directory is writable");

    let listed = run(&site, &["plugin", "list", "--json"]).await.expect(0);
    let listed: Value = serde_json::from_str(&listed.text).expect("JSON");
    let find = |list: &Value, id: &str| {
        list.as_array().into_iter().flatten().find(|line| line["id"] == id).cloned().unwrap_or_default()
    };
    assert_eq!(find(&listed, "steady")["state"], "disabled", "{listed}");
    assert_eq!(find(&listed, "broken.plugin.json")["state"], "refused", "{listed}");

    run(&site, &["plugin", "enable", "steedy", "--yes"]).await.expect(3).says("did you mean steady?");
    run(&site, &["plugin", "enable", "steady"]).await.expect(3).says("--yes");
    assert_eq!(plugin::list(&site.app.db).await.expect("the list"), []);
    run(&site, &["plugin", "enable", "steady", "--yes"]).await.expect(0).says("steady is enabled");
    let stored = plugin::find(&site.app.db, "steady").await.expect("the database").expect("it is there");
    assert!(stored.enabled);
    assert_eq!(stored.sha256.len(), 64);
    let log = audit::list(&site.app.db, 0, 5).await.expect("the log");
    assert_eq!((log[0].action.as_str(), log[0].subject.as_str(), &log[0].person), ("plugin.enable", "steady", &None));

    run(&site, &["plugin", "logs", "nothing-like-it"]).await.expect(3).says("there is no plugin");
    let logs = site.folder().join("run").join("plugins");
    std::fs::create_dir_all(&logs).expect("the directory is writable");
    std::fs::write(logs.join("steady.log"), "one\ntwo\nthree\n").expect("the directory is writable");
    let said = run(&site, &["plugin", "logs", "steady", "--lines", "2"]).await.expect(0);
    assert!(said.text.ends_with("three\n"), "{}", said.text);
    assert!(said.text.lines().count() <= 2, "{}", said.text);

    run(&site, &["plugin", "disable", "steady"]).await.expect(0).says("is disabled");
    run(&site, &["plugin", "disable", "steady"]).await.expect(0).says("already");
    run(&site, &["plugin", "disable", "other-name"]).await.expect(3).says("there is no plugin");
});

both!(a_person_sees_what_plugins_know_and_is_forgotten, |site| {
    let room = site.classroom(2).await;
    let create = "create table note (id uuid primary key, person uuid not null, text text not null)";
    let fields = json!({
        "permissions": ["tables"],
        "migrations": [{ "name": "001_note", "sqlite": create, "postgres": create }],
        "personal_data": [{ "table": "note", "person": "person", "purpose": { "zh": "笔记", "en": "notes" } }],
    });
    let plugin = manifest("near", fields);
    enable(&site, &plugin, &[&room]).await;
    let host = host(&site, vec![ready(plugin.clone())], |_, op, _, _| async move {
        match op {
            Op::ExportPerson => Ok(json!({ "drawings": 3 })),
            _ => Ok(Value::Null),
        }
    });
    let tables = host.shared.tables.of(&host.parts, "near").await.expect("the tables open");
    tables.migrate(&plugin, site.app.clock.now()).await.expect("the tables are made");
    let own = scope(&host, &plugin, Some(room.class.id)).await;
    let (one, other) = (&room.students[0], &room.students[1]);
    for person in [one, other] {
        let parameters = json!([{ "uuid": Uuid::now_v7() }, { "uuid": person.id }, format!("von {}", person.login)]);
        let insert =
            json!({ "statements": [{ "sql": "insert into note values ($1, $2, $3)", "parameters": parameters }] });
        answer(&host, &plugin, &own, HostOp::Batch, insert).await.expect("a note");
    }
    let known = personal::export(&host, one.id).await.expect("all of it");
    let text = serde_json::to_string(&known).expect("JSON");
    assert_eq!(known["near"]["more"]["drawings"], 3, "{text}");
    assert!(text.contains(&one.login) && !text.contains(&other.login), "{text}");

    // The page names the plugin, though this server has lost its file.
    let client = site.signed_in(one).await;
    let page = client.get("/account/data").await.expect(200).value();
    assert!(page["plugins"]["near"]["incomplete"].is_string(), "{page}");

    run(&site, &["admin", "erase", &one.login]).await.expect(3).says("--yes");
    run(&site, &["admin", "erase", "nobody-at-all", "--yes"]).await.expect(3).says("nobody signs in");
    run(&site, &["admin", "erase", &one.login, "--yes"]).await.expect(0).says("near");
    // The command goes by the machine's clock, not by that of the test.
    site.app.clock.set(chrono::Utc::now());
    run_due(&host).await.expect("the plugin is told");
    let known = personal::export(&host, one.id).await.expect("all of it");
    assert!(!serde_json::to_string(&known).expect("JSON").contains(&one.login), "{known:?}");
    let known = personal::export(&host, other.id).await.expect("all of it");
    assert!(serde_json::to_string(&known).expect("JSON").contains(&other.login), "the other stays");
    let roster = server::store::roster::entries(&site.app.db, room.class.id).await.expect("the roster");
    assert!(roster.iter().all(|entry| entry.name != one.name && entry.number != one.login), "{roster:?}");
    assert!(client.get("/account").await.location().starts_with("/sign-in"));
});
