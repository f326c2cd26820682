//! A peer that is not ours plays the WeChat platform: the Python package wechatpy signs and encrypts, repeats, and reads
//! what comes back, in each of the three modes, against a server with the plugin in a worker.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use plugin_loader::file;
use serde_json::{Value, json};
use server::plugins::State;
use server::store::plugin::setting::{self, Change};
use server::store::plugin::{self, File};
use tests::{Database, Site, binary};

use super::running::until;

const PEER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/wechat");
const TOKEN: &str = "class_token_2026";
const KEY: &str = "Zm9yVGVzdHNPbmx5Tm90QVJlYWxLZXkxMjM0NTY3ODl";
const APP: &str = "wx0123456789abcdef";
const WELCOME: &str = "欢迎！<a href=\"https://example.edu\">常见问题</a> & ]]>";
const FALLBACK: &str = "收到。";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wechatpy_talks_with_the_account_on_sqlite() {
    converse(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wechatpy_talks_with_the_account_on_postgres() {
    converse(Database::Postgres).await;
}

async fn converse(database: Database) {
    let Some(python) = tokio::task::spawn_blocking(|| python().clone()).await.expect("it is made") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let library = folder.path().join("wechat.so");
    std::fs::copy(binary::plugin("wechat"), &library).expect("the plugin is built");
    let searched = folder.path().to_owned();
    let site = Site::start_with(database, move |config| {
        config.plugins = vec![searched];
        config.plugin_worker = Some(binary::server());
    });
    let Some(site) = site.await else { return };
    let room = site.classroom(1).await;
    let read = file::read(&library).expect("a plugin");
    let used = File { version: read.manifest.version.clone(), sha256: read.sha256 };
    let (db, now) = (&site.app.db, site.app.clock.now());
    plugin::enable(db, None, &read.manifest, used, now).await.expect("it is enabled");
    plugin::class::add(db, room.actor(), room.class.id, "wechat", now).await.expect("the class takes it");
    let change = |name: &str, value: Value, is_secret| Change { name: name.into(), value: Some(value), is_secret };
    let changes = vec![
        change("app_id", json!(APP), false),
        change("token", json!(TOKEN), true),
        change("aes_key", json!(KEY), true),
        change("encrypted_only", json!(false), false),
        change("welcome", json!(WELCOME), false),
        change("fallback", json!(FALLBACK), false),
    ];
    setting::set(db, room.actor(), "wechat", Some(room.class.id), changes, now).await.expect("it is set up");
    site.app.plugins.nudge();
    let status = || site.app.plugins.status("wechat");
    until("the plugin", || status().filter(|status| status.state == State::Ready)).await;

    let url = format!("{}/classes/{}/tools/wechat/callback", site.base, room.class.id);
    let played = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(python);
        command.arg(format!("{PEER}/platform.py")).args([&url, TOKEN, KEY, APP, WELCOME, FALLBACK]);
        command.output().expect("Python runs")
    });
    let output = played.await.expect("it is waited for");
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success() && said[0].contains("45 checks"), "{said:?}");

    let teacher = site.signed_in(&room.teacher).await;
    let page = teacher.get(&format!("/classes/{}/tools/wechat/account", room.class.id)).await.expect(200).text();
    assert!(!page.contains("oPeer") && !page.contains(TOKEN) && !page.contains(KEY), "{page}");
    site.stop().await;
}

/// Python with the peer in it, made once; none where it cannot be had, which is a failure when
/// `COURSE_TESTS_REQUIRE_PEERS` is set.
fn python() -> &'static Option<PathBuf> {
    static MADE: OnceLock<Option<PathBuf>> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peer-wechatpy-1.8.18");
        match make(&folder) {
            Ok(()) => Some(folder.join("bin/python")),
            Err(why) => {
                let is_required = std::env::var_os("COURSE_TESTS_REQUIRE_PEERS").is_some();
                assert!(!is_required, "the peer cannot be had: {why}");
                eprintln!("NOT TESTED: the peer wechatpy cannot be had: {why}");
                None
            }
        }
    })
}

/// An environment of its own for the peer, with the versions that are written down.
fn make(folder: &Path) -> Result<(), String> {
    let wanted = std::fs::read_to_string(format!("{PEER}/requirements.txt")).map_err(|error| error.to_string())?;
    let installed = folder.join("installed.txt");
    if std::fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let run = |program: &Path, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(()) } else { Err(said) }
    };
    let place = folder.to_str().ok_or("the target directory has no readable name")?;
    run(Path::new("python3"), &["-m", "venv", "--clear", place])?;
    let requirements = format!("{PEER}/requirements.txt");
    run(
        &folder.join("bin/python"),
        &["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", &requirements],
    )?;
    std::fs::write(installed, wanted).map_err(|error| error.to_string())
}
