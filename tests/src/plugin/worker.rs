//! Plugins that run in a server: what goes wrong with one is nobody else's matter.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::program;
use plugin_loader::file;
use plugin_protocol::context::Context;
use plugin_protocol::op::{Op, Service};
use plugin_protocol::{Code, Failure};
use serde_json::{Value, json};
use server::plugins::{Scope, State};
use server::store::plugin::{self, File};
use tests::{Database, Site, binary};

fn context() -> Context {
    Context {
        now: chrono::Utc::now(),
        language: "zh-CN".into(),
        class: None,
        person: None,
        settings: Default::default(),
        base: String::new(),
        site: String::new(),
    }
}

async fn site_with(plugins: &[&str]) -> (Site, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder").keep();
    for name in plugins {
        std::fs::copy(binary::plugin(name), folder.join(format!("{name}.so"))).expect("the fixture is built");
    }
    let searched = folder.clone();
    let site = Site::start_with(Database::Sqlite, move |config| {
        config.plugins = vec![searched];
        config.plugin_worker = Some(binary::server());
    })
    .await
    .expect("SQLite is built in");
    for name in plugins {
        enable(&site, &folder.join(format!("{name}.so"))).await;
    }
    for name in plugins {
        until(&site, name, State::Ready).await;
    }
    (site, folder)
}

async fn enable(site: &Site, path: &Path) {
    let read = file::read(path).expect("a plugin");
    let used = File { version: read.manifest.version.clone(), sha256: read.sha256 };
    plugin::enable(&site.app.db, None, &read.manifest, used, site.app.clock.now()).await.expect("it is enabled");
    site.app.plugins.nudge();
}

async fn until(site: &Site, id: &str, state: State) {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let status = site.app.plugins.status(id);
        if status.as_ref().is_some_and(|status| status.state == state) {
            return;
        }
        assert!(Instant::now() < end, "{id} is not {state:?}: {:?}", status.map(|s| (s.state, s.reason)));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn ask(site: &Site, id: &str, input: Value, ms: u64) -> Result<Value, Failure> {
    let service = Service { service: format!("{id}.do/1"), caller: "tests".into(), input };
    let scope = Scope::new(context(), Duration::from_millis(ms)).idempotent();
    site.app.plugins.ask(id, Op::Service, scope, service).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enabled_is_started_disabled_is_stopped() {
    let (site, _) = site_with(&["steady"]).await;
    assert_eq!(ask(&site, "steady", json!(7), 2_000).await.expect("an answer"), 7);
    let pid = site.app.plugins.pid("steady").expect("it runs");
    plugin::disable(&site.app.db, None, "steady", site.app.clock.now()).await.expect("it was enabled");
    site.app.plugins.nudge();
    until(&site, "steady", State::Disabled).await;
    assert_eq!(ask(&site, "steady", json!(7), 2_000).await.expect_err("it is off").code, Code::NotRunning);
    let left = format!("/proc/{pid}");
    program::until("the system to forget the process", || (!Path::new(&left).exists()).then_some(())).await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_comes_back_after_a_kill_from_outside_and_nobody_notices() {
    let (site, _) = site_with(&["steady"]).await;
    for n in 0..10 {
        let pid = site.app.plugins.pid("steady").expect("it runs");
        std::process::Command::new("kill").args(["-9", &pid.to_string()]).status().expect("kill runs");
        assert_eq!(ask(&site, "steady", json!(n), 3_000).await.expect("an answer"), n);
    }
    until(&site, "steady", State::Ready).await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_deaths_of_its_own_doing_are_enough_and_a_neighbour_is_untouched() {
    let (site, _) = site_with(&["faults", "steady"]).await;
    for _ in 0..3 {
        let service = Service { service: "faults.do/1".into(), caller: "tests".into(), input: json!({"do": "abort"}) };
        let scope = Scope::new(context(), Duration::from_secs(3));
        let dead: Result<Value, _> = site.app.plugins.ask("faults", Op::Service, scope, service).await;
        assert_eq!(dead.expect_err("it dies").code, Code::WorkerDied);
        assert_eq!(ask(&site, "steady", json!(1), 1_000).await.expect("a neighbour answers"), 1);
    }
    until(&site, "faults", State::Quarantined).await;
    let end = Instant::now() + Duration::from_secs(5);
    while plugin::find(&site.app.db, "faults").await.expect("a row").expect("a row").quarantine.is_none() {
        assert!(Instant::now() < end, "the quarantine is not written down");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    plugin::retry(&site.app.db, None, "faults", site.app.clock.now()).await.expect("it was quarantined");
    site.app.plugins.nudge();
    until(&site, "faults", State::Ready).await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hang_brings_another_worker() {
    let (site, _) = site_with(&["faults"]).await;
    let before = site.app.plugins.pid("faults").expect("it runs");
    let neighbour = ask(&site, "faults", json!({"do": "sleep", "ms": 700}), 3_000);
    let hang = ask(&site, "faults", json!({"do": "spin"}), 200);
    let (neighbour, hang) = tokio::join!(neighbour, hang);
    assert_eq!(hang.expect_err("it hangs").code, Code::Timeout);
    assert_eq!(neighbour.expect("a neighbour is answered"), "slept");
    let end = Instant::now() + Duration::from_secs(5);
    while Path::new(&format!("/proc/{before}")).exists() {
        assert!(Instant::now() < end, "the worker that hangs is still there");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(ask(&site, "faults", json!({"do": "echo"}), 2_000).await.expect("an answer")["do"], "echo");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_grows_is_replaced() {
    let (site, _) = site_with(&["faults"]).await;
    let before = site.app.plugins.pid("faults").expect("it runs");
    ask(&site, "faults", json!({"do": "leak", "mib": 80}), 5_000).await.expect("an answer");
    let end = Instant::now() + Duration::from_secs(10);
    while site.app.plugins.pid("faults") == Some(before) {
        assert!(Instant::now() < end, "it was not replaced");
        ask(&site, "faults", json!({"do": "echo"}), 2_000).await.expect("no call fails meanwhile");
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_file_takes_over_under_load_and_no_call_fails() {
    let (site, folder) = site_with(&["steady"]).await;
    let path = folder.join("steady.so");
    let original = std::fs::read(&path).expect("it is there");
    let stop = tokio_util::sync::CancellationToken::new();
    let mut callers = Vec::new();
    for _ in 0..20 {
        let (plugins, stop) = (site.app.plugins.clone(), stop.clone());
        callers.push(tokio::spawn(async move {
            let (mut calls, mut slowest) = (0_u32, Duration::ZERO);
            while !stop.is_cancelled() {
                let began = Instant::now();
                let service = Service { service: "steady.echo/1".into(), caller: "tests".into(), input: json!(1) };
                let scope = Scope::new(context(), Duration::from_secs(5));
                let answer: Result<Value, Failure> = plugins.ask("steady", Op::Service, scope, service).await;
                assert_eq!(answer.expect("no call fails"), 1);
                slowest = slowest.max(began.elapsed());
                calls += 1;
            }
            (calls, slowest)
        }));
    }
    let swaps = std::env::var("COURSE_TESTS_SWAPS").ok().and_then(|n| n.parse().ok()).unwrap_or(5);
    for n in 0..swaps {
        let before = site.app.plugins.status("steady").expect("known").sha256;
        let mut next = original.clone();
        next.extend_from_slice(format!("swap {n}").as_bytes());
        let unfinished = folder.join("steady.tmp");
        std::fs::write(&unfinished, next).expect("writable");
        std::fs::rename(unfinished, &path).expect("writable");
        site.app.plugins.nudge();
        let end = Instant::now() + Duration::from_secs(10);
        while site.app.plugins.status("steady").expect("known").sha256 == before {
            assert!(
                Instant::now() < end,
                "swap {n} did not happen: {:?}",
                site.app.plugins.status("steady").unwrap().reason
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    stop.cancel();
    let (mut calls, mut slowest) = (0, Duration::ZERO);
    for caller in callers {
        let (own, longest) = caller.await.expect("no caller fails");
        calls += own;
        slowest = slowest.max(longest);
    }
    println!("{swaps} swaps, {calls} calls, slowest {slowest:?}");
    site.stop().await;
}
