//! Updates of a plugin that runs: what a file does that is no good, what waits for approval, and the way back.

use std::time::Duration;

use serde_json::{Value, json};
use server::plugins::State;
use server::store::person::Role;
use server::store::plugin;
use tests::binary;

use super::running::*;
use super::variant::*;

/// What the plugin has written down about moving its data.
async fn moves(running: &Running) -> Vec<String> {
    let host = server::plugins::host::Host::new((&running.site.app).into(), &running.site.app.plugins);
    let store = host.shared.tables.of(&host.parts, "faults").await.expect("the tables open");
    let query = plugin_protocol::host::Query { sql: "select what from heard".into(), parameters: vec![] };
    let rows = store.query(&query, Duration::from_secs(2)).await.expect("the rows");
    let rows = serde_json::to_value(rows).expect("plain data");
    let rows = rows["rows"].as_array().expect("rows").iter();
    let mut moves: Vec<String> = rows.map(|row| row[0].as_str().expect("text").to_owned()).collect();
    moves.sort_unstable();
    moves
}

async fn until_version(running: &Running, version: &str) {
    let what = format!("version {version}, {:?}", running.status("faults").reason);
    until(what, || {
        let status = running.status("faults");
        (status.manifest.version == version && status.state == State::Ready).then_some(())
    })
    .await;
}

on_both!(a_file_that_is_no_good_leaves_the_one_before_in_service, |database| {
    let running = Running::start(database, &["faults"]).await;
    let load = Load::start(&running, "faults", &json!({ "do": "echo" }), 4, Duration::from_millis(5));
    let before = running.status("faults");
    let broken = |manifest: &mut Value| {
        manifest["version"] = "1.1.0".into();
        let sql = "alter table nowhere add column lost text";
        manifest["migrations"].as_array_mut().expect("a list").push(json!({
            "name": "002_broken", "sqlite": sql, "postgres": sql,
        }));
    };
    let mut other_table = version("1.1.0", "none");
    // The section says version 1 of the interface, the table in the library says 2.
    let table = place(&other_table, SIZE_OF_TABLE);
    other_table[table + 8] = 2;
    let mut other_manifest = version("1.1.0", "none");
    let section = place(&other_manifest, SIZE_OF_SECTION_HEADER);
    // The section, which is what an administrator approves, says less memory than the library.
    let limit = b"\"memory_mib\":64";
    let limits = find_all(&other_manifest, limit);
    let in_section = limits.into_iter().find(|at| *at > section).expect("the manifest of the section");
    other_manifest[in_section + limit.len() - 1] = b'3';
    for (file, words) in [
        (version("1.1.0", "c-abort"), "SIGABRT"),
        (version("1.1.0", "abort"), "SIGABRT"),
        (version("1.1.0", "exit"), "ended before it said hello"),
        (version("1.1.0", "refuse"), "does not start"),
        (version("1.1.0", "panic"), "does not start"),
        (version("1.1.0", "hang"), "said nothing for 2 s"),
        (version("1.1.0", "m-refuse"), "a reason not to start"),
        (version("1.1.0", "m-abort"), "SIGABRT"),
        (version("1.1.0", "h-panic"), "a panic at the start"),
        (variant(broken, "none"), "its tables cannot be brought up to date"),
        (other_table, "version 2 of the interface"),
        (other_manifest, "another manifest"),
    ] {
        running.put("faults", &file);
        let sentence = format!("{words:?} as the reason, but {:?}", running.status("faults").reason);
        until(sentence, || {
            let reason = running.status("faults").reason;
            (reason.starts_with("version 1.1.0 could not take over") && reason.contains(words)).then_some(())
        })
        .await;
        let now = running.status("faults");
        assert_eq!((now.state, &now.sha256), (State::Ready, &before.sha256), "{words}");
        running.until_incident("faults", "refused", words).await;
    }
    // One that lies about itself is not even opened.
    let mut elsewhere = version("1.1.0", "none");
    let section = place(&elsewhere, SIZE_OF_SECTION_HEADER);
    elsewhere[section + 8] = 2;
    running.put("faults", &elsewhere);
    let refused = until("the refusal", || running.site.app.plugins.refused().into_values().next()).await;
    assert!(refused.contains("built for version 2.x of the interface"), "{refused}");
    assert_eq!(running.status("faults").sha256, before.sha256);

    let administrator = running.site.person(Role::Administrator, "admin", "管理员").await;
    let page = running.site.signed_in(&administrator).await.get("/admin/plugins/faults").await.expect(200).text();
    assert!(page.contains("没能接替"), "{page}");

    running.put("faults", &version("1.2.0", "none"));
    until_version(&running, "1.2.0").await;
    assert_eq!(running.status("faults").reason, "");
    let (calls, slowest) = load.finish().await;
    println!("13 files that are no good, {calls} calls, 0 errors, slowest {slowest:?}");
    // A version that was refused after its data had been moved leaves its move too.
    assert!(moves(&running).await.contains(&"1.0.0 to 1.2.0".to_owned()), "the data of the new version");
    running.site.stop().await;
});

const SIZE_OF_TABLE: u8 = 80;
const SIZE_OF_SECTION_HEADER: u8 = 24;

/// Where the structure of this size begins; the version is eight bytes further on.
fn place(bytes: &[u8], size: u8) -> usize {
    let places = find_all(bytes, b"CLSP");
    places.into_iter().find(|at| bytes[at + 4..at + 8] == [size, 0, 0, 0]).expect("it is in the file")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_may_go_back_and_forth_and_the_data_moves_forward_alone() {
    let running = Running::sqlite(&["faults"]).await;
    let administrator = running.site.person(Role::Administrator, "admin", "管理员").await;
    let administrator = running.site.signed_in(&administrator).await;
    let load = Load::start(&running, "faults", &json!({ "do": "echo" }), 4, Duration::from_millis(5));
    running.put("faults", &version("1.1.0", "none"));
    until_version(&running, "1.1.0").await;
    let back = "/admin/plugins/faults/roll-back";
    // That it is in use is noted a moment after it is.
    let end = std::time::Instant::now() + PATIENCE;
    while administrator.post(back, &[]).await.status != 303 {
        assert!(std::time::Instant::now() < end, "there is nothing to go back to");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    until_version(&running, "1.0.0").await;
    // The newer file still lies there; what an administrator decided holds.
    let row = plugin::find(&running.site.app.db, "faults").await.expect("a row").expect("a row");
    assert_eq!(row.version, "1.0.0");
    running.put("faults", &version("1.2.0", "none"));
    until_version(&running, "1.2.0").await;
    load.finish().await;
    assert_eq!(moves(&running).await, ["1.0.0 to 1.1.0", "1.0.0 to 1.2.0"]);
    running.site.stop().await;
}

on_both!(an_update_that_asks_for_more_waits_while_the_old_one_runs, |database| {
    let running = Running::start(database, &["faults"]).await;
    let load = Load::start(&running, "faults", &json!({ "do": "echo" }), 4, Duration::from_millis(5));
    let more = |version: &'static str| {
        move |manifest: &mut Value| {
            manifest["version"] = version.into();
            manifest["permissions"] = json!(["tables", "schedule", "roster"]);
        }
    };
    let before = running.status("faults").sha256;
    running.put("faults", &variant(more("1.1.0"), "none"));
    let waiting = until("the update", || running.status("faults").waiting).await;
    assert_eq!(waiting.manifest.version, "1.1.0");
    assert_eq!((running.status("faults").state, running.status("faults").sha256), (State::Ready, before.clone()));

    // Approved, it does not start: the old one goes on, also after the next start of the server.
    running.put("faults", &variant(more("1.1.0"), "abort"));
    let broken = plugin_loader::file::read(&running.path("faults")).expect("a plugin").sha256;
    until("the other update", || running.status("faults").waiting.filter(|update| update.sha256 == broken)).await;
    running.enable("faults").await;
    until("the failure", || running.status("faults").reason.contains("could not take over").then_some(())).await;
    let row = plugin::find(&running.site.app.db, "faults").await.expect("a row").expect("a row");
    assert_eq!((row.version.as_str(), &row.sha256), ("1.0.0", &before));

    running.put("faults", &variant(more("1.2.0"), "none"));
    until_version(&running, "1.2.0").await;
    load.finish().await;
    assert_eq!(moves(&running).await, ["1.0.0 to 1.2.0"]);
    running.site.stop().await;
});

/// Whether a process has opened the library with these bytes.
fn is_open(bytes: &[u8]) -> bool {
    let copy = plugin_loader::file::digest(bytes);
    let processes = std::fs::read_dir("/proc").expect("this system has it").flatten();
    let mut maps = processes.filter_map(|process| std::fs::read_to_string(process.path().join("maps")).ok());
    maps.any(|maps| maps.contains(&copy))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_dies_while_a_newer_file_is_tried_out_is_missed_by_nobody() {
    let running = Running::sqlite(&["faults"]).await;
    let worker = running.pid("faults").expect("it runs");
    // For ten seconds, unless the server stops.
    let hangs = version("1.1.0", "m-hang");
    running.put("faults", &hangs);
    until("the newer file", || is_open(&hangs).then_some(())).await;
    signal(worker, "KILL");
    let echo = json!({ "do": "echo" });
    assert_eq!(running.ask("faults", echo.clone()).await.expect("an answer"), echo);
    assert_eq!(running.status("faults").manifest.version, "1.0.0");
    assert!(is_open(&hangs), "it is still tried out");
    running.site.stop().await;
    until("its end", || (!is_open(&hangs)).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_file_that_dies_at_its_start_is_left_alone_and_says_why() {
    for (fault, state, words) in [
        ("c-abort", State::Quarantined, "SIGABRT"),
        ("exit", State::Quarantined, "ended before it said hello"),
        ("h-abort", State::Quarantined, "SIGABRT"),
        ("refuse", State::Incompatible, "does not start"),
        ("h-refuse", State::Incompatible, "a reason not to start"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut bytes = std::fs::read(binary::plugin("faults")).expect("the fixture is built");
        write_fault(&mut bytes, fault);
        std::fs::write(folder.path().join("faults.so"), bytes).expect("the folder is writable");
        let running = Running::open(tests::Database::Sqlite, folder, |_| {}).await;
        running.enable("faults").await;
        running.until("faults", state).await;
        let reason = running.status("faults").reason;
        assert!(reason.contains(words), "{fault}: {reason}");
        running.site.stop().await;
    }
}
