//! What `server plugin new` makes: it compiles, passes its tests and the conformance run, and shows its page.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::room::*;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const NAME: &str = "notice-board";

#[track_caller]
fn run(command: &mut Command) {
    let done = command.output().expect("the program is there");
    let said = |bytes| String::from_utf8_lossy(bytes).into_owned();
    assert!(done.status.success(), "{command:?}\n{}\n{}", said(&done.stdout), said(&done.stderr));
}

/// Where this test was built, so that nothing is compiled twice.
fn target() -> PathBuf {
    let own = std::env::current_exe().expect("the test knows where it is");
    own.ancestors().nth(3).expect("tests lie in target/debug/deps").to_owned()
}

/// The library of the plugin in this folder, tested.
fn tested(folder: &Path) -> PathBuf {
    // The versions of the workspace: nothing is fetched.
    std::fs::copy(Path::new(SOURCES).join("Cargo.lock"), folder.join("Cargo.lock")).expect("the sources have one");
    for task in ["test", "build"] {
        let mut cargo = Command::new(env!("CARGO"));
        run(cargo.args([task, "--offline", "--target-dir"]).arg(target()).current_dir(folder));
    }
    target().join("debug/libnotice_board.so")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_plugin_passes_its_tests_and_shows_its_page() {
    let elsewhere = tempfile::tempdir().expect("a folder");
    let folder = elsewhere.path().join(NAME);
    let made = ["plugin", "new", NAME, "--sources", SOURCES, "--folder"];
    run(Command::new(binary::server()).args(made).arg(&folder));
    let lines = std::fs::read_to_string(folder.join("src/lib.rs")).expect("a plugin").lines().count();
    assert!(lines <= 40, "{lines} lines of Rust");
    let library = tested(&folder);
    run(Command::new(binary::server()).args(["plugin", "check"]).arg(&library));

    let room = Room::new(Database::Sqlite, &[]).await.expect("SQLite is built in");
    std::fs::copy(library, room.folder.path().join(format!("{NAME}.so"))).expect("the folder is writable");
    room.enable(NAME).await;
    let (db, now) = (&room.site.app.db, room.site.app.clock.now());
    plugin::class::add(db, room.class.actor(), room.class.class.id, NAME, now).await.expect("the class takes it");
    room.until(NAME, State::Ready).await;
    let student = room.student(0).await;
    let tool = room.path("/tools/notice-board");
    student.post(&format!("{tool}/notes"), &[("text", "周五上午开会")]).await.expect(303);
    let page = student.get(&tool).await.expect(200).text();
    assert!(page.contains("周五上午开会") && page.contains("学生"), "{page}");
    room.site.stop().await;
}
