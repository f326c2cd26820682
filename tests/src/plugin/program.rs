//! The real program with plugins: what it starts, what it does not, and what it leaves behind.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use plugin_loader::file;
use serde_json::Value;
use server::plugins::State;
use server::store::plugin::{self, File};
use tests::{Database, Site, binary};

use super::running::{children, is_there, until};
use super::variant::version;

const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/speaking-python");

/// A folder with the plugin in Python, its manifest changed.
fn python(change: impl FnOnce(&mut Value)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::copy(format!("{PYTHON}/speaking.py"), folder.path().join("speaking.py")).expect("it is copied");
    let manifest = std::fs::read(format!("{PYTHON}/speaking-python.plugin.json")).expect("the manifest");
    let mut manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
    change(&mut manifest);
    std::fs::write(folder.path().join("speaking-python.plugin.json"), manifest.to_string()).expect("it is written");
    folder
}

async fn site(folder: &Path, safe_mode: bool) -> Site {
    let searched = folder.to_owned();
    let site = Site::start_with(Database::Sqlite, move |config| {
        config.plugins = vec![searched];
        config.plugin_worker = Some(binary::server());
        config.safe_mode = safe_mode;
    });
    let site = site.await.expect("SQLite is built in");
    let read = file::read(&folder.join("speaking-python.plugin.json")).expect("a plugin");
    let used = File { version: read.manifest.version.clone(), sha256: read.sha256 };
    plugin::enable(&site.app.db, None, &read.manifest, used, site.app.clock.now()).await.expect("it is enabled");
    site.app.plugins.nudge();
    site
}

async fn reason(site: &Site, state: State, words: &str) {
    until(words, || {
        let status = site.app.plugins.status("speaking-python")?;
        (status.state == state && status.reason.contains(words)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_has_pages_in_the_sites_layout() {
    if !Path::new("/usr/bin/python3").exists() {
        assert!(std::env::var_os("CI").is_none(), "/usr/bin/python3 is missing");
        return;
    }
    let folder = python(|_| {});
    let site = site(folder.path(), false).await;
    let room = site.classroom(1).await;
    let (db, now) = (&site.app.db, site.app.clock.now());
    plugin::class::add(db, room.actor(), room.class.id, "speaking-python", now).await.expect("the class takes it");
    let status = || site.app.plugins.status("speaking-python");
    until("the program", || status().filter(|status| status.state == State::Ready)).await;
    let student = site.signed_in(&room.students[0]).await;
    let base = format!("/classes/{}/tools/speaking-python", room.class.id);
    student.post(&format!("{base}/entries"), &[("text", "<b>你好</b>")]).await.expect(303);
    let page = student.get(&base).await.expect(200).text();
    assert!(
        page.contains("<li>&lt;b&gt;你好&lt;&#x2F;b&gt;</li>") || page.contains("<li>&lt;b&gt;你好&lt;/b&gt;</li>"),
        "{page}"
    );
    assert!(page.contains("<h1>留言板</h1>"), "{page}");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lacks_a_service_does_not_start_and_says_which() {
    let folder = python(|manifest| manifest["needs"] = serde_json::json!(["rota.on_duty/1"]));
    let site = site(folder.path(), false).await;
    reason(&site, State::Incompatible, "rota.on_duty/1").await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_safe_mode_no_plugin_starts() {
    let folder = python(|_| {});
    let site = site(folder.path(), true).await;
    reason(&site, State::Disabled, "--safe-mode").await;
    site.stop().await;
}

/// The worker processes of a server: the children of its zygote.
fn workers(server: u32) -> Vec<u32> {
    children(server).into_iter().flat_map(children).collect()
}

/// A server that does not outlive the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(data: &Path, plugins: &Path) -> Server {
    let mut command = Command::new(binary::server());
    command.arg("--data").arg(data).arg("--plugins").arg(plugins).args(["--listen", "127.0.0.1:0"]);
    command.env("COURSE_LOG", "error").stdout(Stdio::null());
    Server(command.spawn().expect("the server starts"))
}

/// As the command does it, before the server runs.
fn enable(data: &Path, plugins: &Path, id: &str) {
    let enabled = Command::new(binary::server())
        .args(["plugin", "enable", id, "--yes", "--data"])
        .arg(data)
        .arg("--plugins")
        .arg(plugins)
        .output()
        .expect("the command runs");
    assert!(enabled.status.success(), "{}", String::from_utf8_lossy(&enabled.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_worker_outlives_a_server_that_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, plugins): (PathBuf, PathBuf) = (folder.path().join("data"), folder.path().join("plugins"));
    std::fs::create_dir(&plugins).expect("a folder");
    std::fs::copy(binary::plugin("steady"), plugins.join("steady.so")).expect("the fixture is built");
    enable(&data, &plugins, "steady");
    for _ in 0..2 {
        let server = start(&data, &plugins);
        let worker = until("a worker", || workers(server.0.id()).first().copied()).await;
        let zygote = children(server.0.id());
        drop(server);
        for gone in zygote.into_iter().chain([worker]) {
            until("the end of its processes", || (!Path::new(&format!("/proc/{gone}")).exists()).then_some(())).await;
        }
    }
    let copies: Vec<_> = std::fs::read_dir(data.join("run/plugins")).expect("the folder of copies").flatten().collect();
    let names: Vec<String> = copies.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(names.iter().filter(|name| name.ends_with(".so")).count(), 1, "{names:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_of_a_server_that_is_killed_while_a_plugin_spins() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, plugins): (PathBuf, PathBuf) = (folder.path().join("data"), folder.path().join("plugins"));
    std::fs::create_dir(&plugins).expect("a folder");
    std::fs::write(plugins.join("faults.so"), version("1.0.0", "hang")).expect("the folder is writable");
    enable(&data, &plugins, "faults");
    let server = start(&data, &plugins);
    // It spins while it starts, and for two seconds nobody minds.
    let spins = |pid: &u32| {
        let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
        maps.contains(&data.display().to_string())
    };
    let worker = until("a worker", || workers(server.0.id()).into_iter().find(spins)).await;
    drop(server);
    let killed = std::time::Instant::now();
    until("the end of the worker", || (!is_there(worker)).then_some(())).await;
    println!("a worker that spins ended {:?} after its server", killed.elapsed());

    // A file that is no longer used, and one that was never finished.
    let copies = data.join("run/plugins");
    let (unused, unfinished) = (copies.join(format!("{}.so", "0a".repeat(32))), copies.join("0b.new"));
    std::fs::write(&unused, "old").expect("the folder is writable");
    std::fs::write(&unfinished, "half").expect("the folder is writable");
    let server = start(&data, &plugins);
    until("the removal of copies", || (!unused.exists() && !unfinished.exists()).then_some(())).await;
    drop(server);
}
