//! `server plugin` and `server admin erase`, as an administrator types them beside a running server.

use std::io::Write as _;
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

/// Types an answer at a terminal: `script` gives the program one.
async fn at_a_terminal(site: &Site, arguments: &str, answer: &'static str) -> Run {
    let program = format!("{} {arguments} --data {}", binary::server().display(), site.folder().display());
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command", &program, "/dev/null"]);
    command.env("COURSE_DATABASE_URL", &site.database_url).env("COURSE_ALLOW_UNSAFE_POSTGRES", "true");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let done = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().expect("script is part of every Linux");
        let mut typed = child.stdin.take().expect("it is piped");
        typed.write_all(answer.as_bytes()).expect("it reads");
        child.wait_with_output()
    });
    let done = done.await.expect("no panic").expect("it runs");
    // A terminal has one stream for both.
    let text = String::from_utf8_lossy(&done.stdout).replace('\r', "");
    Run { code: done.status.code().unwrap_or(-1), text, words: String::from_utf8_lossy(&done.stderr).into_owned() }
}

both!(who_enables_a_plugin_reads_what_it_may_do_and_is_asked, |site| {
    let folder = site.folder().join("plugins");
    std::fs::create_dir_all(&folder).expect("the directory is writable");
    std::fs::copy(binary::plugin("notebook"), folder.join("libnotebook.so")).expect("the library is there");
    let enabled = async || plugin::find(&site.app.db, "notebook").await.expect("the database").is_some();
    for (answer, code) in [("\n", 3), ("n\n", 3), ("what?\n", 3), ("\u{4}", 3)] {
        let asked = at_a_terminal(&site, "plugin enable notebook", answer).await.expect(code);
        let asked = asked.says("keep tables of its own").says("read names, numbers, roles and posts");
        let asked = asked.says("talk to other servers: {mirror}").says("hear of: note.added").says("[y/N]");
        asked.says("nothing was changed");
        assert!(!enabled().await, "{answer:?} is no yes");
    }
    at_a_terminal(&site, "plugin enable notebook", "y\n").await.expect(0).says("notebook is enabled");
    assert!(enabled().await);
});

both!(commands_used_wrongly_say_what_is_wrong, |site| {
    run(&site, &["plugin", "list", "--plugins", "/no/such/folder"]).await.expect(3).says("there is no such folder");
    run(&site, &["plugin", "enable", "steady", "--plugins", "/no/such/folder"]).await.expect(3).says("/no/such/folder");
    run(&site, &["plugin", "disable", "steady"]).await.expect(3).says("none is enabled");
    run(&site, &["plugin", "logs", "../../etc/passwd"]).await.expect(3).says("there is no plugin \"../../etc/passwd\"");
    run(&site, &["plugin", "logs", "steady", "--lines", "many"]).await.expect(2).says("invalid value 'many'");
    run(&site, &["plugin", "lst"]).await.expect(2).says("'list'");
    let check = async |file: &str| {
        let mut command = Command::new(binary::server());
        let done = command.args(["plugin", "check", file]).stdin(Stdio::null()).output().expect("it starts");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Run { code: done.status.code().unwrap_or(-1), text: text(&done.stdout), words: text(&done.stderr) }
    };
    check("no-such.so").await.expect(3).says("there is no file no-such.so").says("cargo build -p NAME");
    let folder = site.folder().display().to_string();
    check(&folder).await.expect(3).says("is a folder; name the library in it");
    let text = site.folder().join("text.so");
    std::fs::write(&text, "no library").expect("the directory is writable");
    check(&text.display().to_string()).await.expect(3).says("FAILED").says("1 check, 1 failed");

    // A mistyped directory is no empty school.
    let nowhere = site.folder().join("nowhere");
    for (arguments, code) in [(["plugin", "list"].as_slice(), 0), (&["plugin", "disable", "steady"], 3)] {
        let mut command = Command::new(binary::server());
        command.args(arguments).arg("--data").arg(&nowhere).env_remove("COURSE_DATABASE_URL").stdin(Stdio::null());
        let done = command.output().expect("it starts");
        let words = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code() == Some(code) && words.contains("there is no data directory"), "{words}");
        assert!(!nowhere.exists(), "looking makes nothing");
    }
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
