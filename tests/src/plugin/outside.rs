//! Signals from outside of the server: they cost a moment and are never held against a plugin.

use std::time::{Duration, Instant};

use rand::RngExt as _;
use serde_json::json;
use server::plugins::State;
use server::store::plugin;

use super::running::*;
use super::variant::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_stopped_is_replaced() {
    let running = Running::sqlite(&["steady"]).await;
    for n in 0..4 {
        let pid = until("a worker", || running.pid("steady")).await;
        signal(pid, "STOP");
        assert_eq!(running.ask("steady", json!(n)).await.expect("an answer"), n);
        until("the end of the worker that was stopped", || (!is_there(pid)).then_some(())).await;
    }
    running.until("steady", State::Ready).await;
    running.until_incident("steady", "death", "stopped by a signal").await;
    running.site.stop().await;
}

/// Every process below this one.
fn below(parent: u32) -> Vec<u32> {
    children(parent).into_iter().flat_map(|pid| [vec![pid], below(pid)].concat()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_killed_while_it_starts_is_started_again() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("faults.so"), version("1.0.0", "slow")).expect("the folder is writable");
    let running = Running::open(tests::Database::Sqlite, folder, |_| {}).await;
    running.enable("faults").await;
    let is_of_it = |pid: &u32| {
        let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
        maps.contains(&running.site.folder().display().to_string())
    };
    for _ in 0..4 {
        let starting = until("a worker that starts", || {
            let status = running.site.app.plugins.status("faults");
            assert!(status.is_none_or(|status| status.state != State::Ready), "it was too quick");
            below(std::process::id()).into_iter().find(is_of_it)
        });
        let pid = starting.await;
        signal(pid, "KILL");
        until("its end", || (!is_there(pid)).then_some(())).await;
    }
    running.until("faults", State::Ready).await;
    running.site.stop().await;
}

/// `COURSE_TESTS_KILLS=30` kills thirty workers within two seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_shown_while_workers_are_killed() {
    let running = Running::sqlite(&["steady", "faults"]).await;
    let room = running.site.classroom(1).await;
    let (db, now) = (&running.site.app.db, running.site.app.clock.now());
    for id in ["steady", "faults"] {
        plugin::class::add(db, room.actor(), room.class.id, id, now).await.expect("the class takes it");
    }
    let stop = tokio_util::sync::CancellationToken::new();
    let mut readers = Vec::new();
    for reader in 0..8 {
        let (visitor, stop) = (running.site.visitor(), stop.clone());
        let tool = if reader % 2 == 0 { "steady" } else { "faults?do=echo" };
        let path = format!("/classes/{}/tools/{tool}", room.class.id);
        readers.push(tokio::spawn(async move {
            let (mut shown, mut failed, mut slowest) = (0_usize, 0_usize, Duration::ZERO);
            while !stop.is_cancelled() {
                let began = Instant::now();
                match visitor.get(&path).await.status.as_u16() {
                    200 => shown += 1,
                    _ => failed += 1,
                }
                slowest = slowest.max(began.elapsed());
            }
            (shown, failed, slowest)
        }));
    }
    let (kills, began) = (number("COURSE_TESTS_KILLS", 6), Instant::now());
    for kill in 0..kills {
        let at = began + Duration::from_secs(2).mul_f64(kill as f64 / 30.0);
        let jitter = Duration::from_millis(rand::rng().random_range(0..50));
        tokio::time::sleep_until((at + jitter).into()).await;
        let id = if rand::rng().random_bool(0.5) { "steady" } else { "faults" };
        // One that is just being started has no number yet.
        let pid = until("a worker", || running.pid(id)).await;
        signal(pid, "KILL");
    }
    let took = began.elapsed();
    for id in ["steady", "faults"] {
        running.ask(id, json!({ "do": "echo" })).await.expect("it is back");
        running.until(id, State::Ready).await;
    }
    stop.cancel();
    let (mut shown, mut failed, mut slowest) = (0, 0, Duration::ZERO);
    for reader in readers {
        let (some, lost, longest) = reader.await.expect("no reader fails");
        (shown, failed, slowest) = (shown + some, failed + lost, slowest.max(longest));
    }
    println!("{kills} workers killed in {took:?}: {shown} pages shown, {failed} failed, slowest {slowest:?}");
    assert!(failed * 1_000 <= shown, "{failed} of {shown} failed");
    running.site.stop().await;
}
