//! Plugins that run in a server: started, stopped, replaced, killed from outside.

use std::time::{Duration, Instant};

use plugin_protocol::Code;
use serde_json::json;
use server::plugins::State;
use server::store::plugin;

use super::running::*;

const SHORT: Duration = Duration::from_millis(200);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enabled_is_started_disabled_is_stopped() {
    let running = Running::sqlite(&["steady"]).await;
    assert_eq!(running.ask("steady", json!(7)).await.expect("an answer"), 7);
    let pid = running.pid("steady").expect("it runs");
    let site = &running.site;
    plugin::disable(&site.app.db, None, "steady", site.app.clock.now()).await.expect("it was enabled");
    site.app.plugins.nudge();
    running.until("steady", State::Disabled).await;
    assert_eq!(running.ask("steady", json!(7)).await.expect_err("it is off").code, Code::NotRunning);
    until("the end of the worker", || (!is_there(pid)).then_some(())).await;
    running.site.stop().await;
}

on_both!(it_comes_back_after_a_kill_from_outside_and_nobody_notices, |database| {
    let running = Running::start(database, &["steady"]).await;
    for n in 0..10 {
        let pid = until("a worker", || running.pid("steady")).await;
        signal(pid, "KILL");
        assert_eq!(running.ask("steady", json!(n)).await.expect("an answer"), n);
    }
    running.until("steady", State::Ready).await;
    running.until_incident("steady", "death", "from outside").await;
    running.site.stop().await;
});

on_both!(three_deaths_of_its_own_doing_are_enough_and_a_neighbour_is_untouched, |database| {
    let running = Running::start(database, &["faults", "steady"]).await;
    for _ in 0..3 {
        let dead = running.ask_once("faults", json!({ "do": "abort" }), PATIENCE).await;
        assert_eq!(dead.expect_err("it dies").code, Code::WorkerDied);
        assert_eq!(running.ask("steady", json!(1)).await.expect("a neighbour answers"), 1);
    }
    running.until("faults", State::Quarantined).await;
    running.until_incident("faults", "quarantine", "SIGABRT").await;
    running.retry("faults").await;
    running.site.stop().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hang_brings_another_worker() {
    let running = Running::sqlite(&["faults"]).await;
    let before = running.pid("faults").expect("it runs");
    let neighbour = running.ask("faults", json!({ "do": "sleep", "ms": 700 }));
    let hang = running.ask_once("faults", json!({ "do": "spin" }), SHORT);
    let (neighbour, hang) = tokio::join!(neighbour, hang);
    assert_eq!(hang.expect_err("it hangs").code, Code::Timeout);
    assert_eq!(neighbour.expect("a neighbour is answered"), "slept");
    until("the end of the worker that hangs", || (!is_there(before)).then_some(())).await;
    assert_eq!(running.ask("faults", json!({ "do": "echo" })).await.expect("an answer")["do"], "echo");
    running.site.stop().await;
}

on_both!(a_newer_file_takes_over_under_load_and_no_call_fails, |database| {
    let running = Running::start(database, &["steady"]).await;
    let original = std::fs::read(running.path("steady")).expect("it is there");
    let load = Load::start(&running, "steady", &json!(1), 20, Duration::ZERO);
    let swaps = number("COURSE_TESTS_SWAPS", 5);
    for n in 0..swaps {
        let before = running.status("steady").sha256;
        running.put("steady", &[&original[..], format!("swap {n}").as_bytes()].concat());
        let swapped = || (running.status("steady").sha256 != before).then_some(());
        until(format!("swap {n}: {:?}", running.status("steady").reason), swapped).await;
    }
    let (calls, slowest) = load.finish().await;
    println!("{swaps} swaps, {calls} calls, 0 errors, slowest {slowest:?}");
    running.site.stop().await;
});

/// How often a worker has grown too large and another one has taken over; `COURSE_TESTS_RECYCLES=1000` is the long run.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_grows_is_replaced_and_no_call_fails() {
    let running = Running::sqlite(&["faults"]).await;
    let load = Load::start(&running, "faults", &json!({ "do": "echo" }), 4, Duration::from_millis(20));
    let recycles = number("COURSE_TESTS_RECYCLES", 2);
    let began = Instant::now();
    let (mut memory, mut warm) = (Vec::new(), 0);
    for n in 0..recycles {
        let before = running.pid("faults").expect("it runs");
        running.ask("faults", json!({ "do": "leak", "mib": 80 })).await.expect("an answer");
        until(format!("recycle {n}"), || (running.pid("faults") != Some(before)).then_some(())).await;
        memory.push(own_memory_kib());
        if n == recycles / 10 {
            warm = *memory.last().expect("just noted");
        }
    }
    let (calls, slowest) = load.finish().await;
    let grown = own_memory_kib().saturating_sub(warm);
    println!("{recycles} recycles in {:?}, {calls} calls, 0 errors, slowest {slowest:?}", began.elapsed());
    println!(
        "memory of the server: {:?} KiB at the start, {warm} KiB after a tenth, grown by {grown} KiB since",
        memory[0]
    );
    if recycles >= 1_000 {
        assert!(grown < 1024, "the server grew by {grown} KiB");
    }
    running.site.stop().await;
}

/// Memory that is this process's own.
fn own_memory_kib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").expect("Linux");
    let field =
        |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.trim().split(' ').next()?.parse().ok());
    field("Private_Dirty:").unwrap_or(0)
}
