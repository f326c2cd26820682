//! Events through workers that are killed, and through those that an event kills; two servers on one database.
//! `COURSE_TESTS_EVENTS=10000` is the long run.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::{Value, json};
use server::plugins::host::Host;
use server::store::plugin::delivery;

use super::running::*;

struct Heard {
    store: plugin_database::Store,
}

impl Heard {
    async fn of(running: &Running) -> Self {
        let host = Host::new((&running.site.app).into(), &running.site.app.plugins);
        Self { store: host.shared.tables.of(&host.parts, "faults").await.expect("the tables open") }
    }

    /// Rows, and different ones among them.
    async fn counts(&self) -> (usize, usize) {
        let sql = "select count(*), count(distinct what) from heard".into();
        let query = plugin_protocol::host::Query { sql, parameters: vec![] };
        let rows = self.store.query(&query, Duration::from_secs(2)).await.expect("the rows");
        let rows = serde_json::to_value(rows).expect("plain data");
        let count = |column: usize| rows["rows"][0][column].as_u64().expect("a number") as usize;
        (count(0), count(1))
    }
}

async fn emit(running: &Running, first: usize, count: usize, each: Value) {
    for start in (first..first + count).step_by(40) {
        let some = 40.min(first + count - start);
        let asked = json!({ "do": "emit", "first": start, "count": some, "each": each });
        running.ask("faults", asked).await.expect("they are told");
    }
}

/// Time goes on, so that what failed is tried again.
fn pass(running: &Running) {
    let clock = &running.site.app.clock;
    clock.set(clock.now() + TimeDelta::milliseconds(200));
}

on_both!(every_event_takes_effect_once_though_workers_are_killed, |database| {
    let running = Running::start(database, &["faults"]).await;
    let count = number("COURSE_TESTS_EVENTS", 300);
    let heard = Heard::of(&running).await;
    let began = Instant::now();
    emit(&running, 0, count / 2, Value::Null).await;
    emit(&running, count, 1, json!("abort")).await;
    emit(&running, count / 2, count - count / 2, Value::Null).await;
    let (mut kills, mut next) = (0, 50);
    let mut end = Instant::now() + PATIENCE;
    let mut last = 0;
    loop {
        let (rows, different) = heard.counts().await;
        assert_eq!(rows, different, "an effect twice");
        if rows >= count {
            break;
        }
        if rows > last {
            (last, end) = (rows, Instant::now() + PATIENCE);
        }
        assert!(Instant::now() < end, "only {rows} of {count} were handled: {:?}", running.status("faults"));
        if rows >= next {
            next += 100;
            if let Some(pid) = running.pid("faults") {
                kills += 1;
                signal(pid, "KILL");
            }
        }
        pass(&running);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let db = &running.site.app.db;
    let end = Instant::now() + PATIENCE;
    while delivery::counts(db, "faults").await.expect("counts") != (0, 1) {
        assert!(Instant::now() < end, "{:?} wait and are given up", delivery::counts(db, "faults").await);
        pass(&running);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let dead = delivery::dead(db, "faults", 10).await.expect("the list");
    assert_eq!((dead[0].deaths, dead[0].data.contains("abort")), (2, true), "{dead:?}");
    assert_eq!(heard.counts().await, (count, count));
    assert!(kills >= count / 200, "only {kills} workers were killed");
    println!("{count} events, {kills} workers killed, in {:?}: each effect once", began.elapsed());
    // What went wrong is in the plugin's own log.
    let log = running.site.app.plugins.log("faults", 200);
    assert!(log.iter().any(|line| line.text.contains("it was given up")), "{log:?}");
    running.site.stop().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_database_hear_each_event_once_and_run_each_job_once() {
    if tests::postgres::database().await.is_none() {
        return;
    }
    let one = Running::start(tests::Database::Postgres, &["faults"]).await;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::copy(tests::binary::plugin("faults"), folder.path().join("faults.so")).expect("the fixture is built");
    let url = one.site.database_url.clone();
    let two = Running::open(tests::Database::Postgres, folder, |config| config.storage.database = Some(url)).await;
    two.until("faults", server::plugins::State::Ready).await;
    let heard = Heard::of(&one).await;
    for n in 0..20 {
        let (emitter, other) = if n % 2 == 0 { (&one, &two) } else { (&two, &one) };
        emit(emitter, n * 10, 10, Value::Null).await;
        let job = json!({ "do": "schedule", "n": n, "data": { "n": 1_000 + n } });
        other.ask_once("faults", job, PATIENCE).await.expect("it is scheduled");
    }
    let end = Instant::now() + PATIENCE;
    while heard.counts().await.0 < 220 {
        assert!(Instant::now() < end, "{:?}", heard.counts().await);
        pass(&one);
        pass(&two);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(heard.counts().await, (220, 220), "an event or a job came twice");
    // What was heard is noted a moment later.
    while delivery::counts(&one.site.app.db, "faults").await.expect("counts") != (0, 0) {
        assert!(Instant::now() < end, "{:?} wait and are given up", delivery::counts(&one.site.app.db, "faults").await);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let asked = |running: &Running| running.status("faults").figures.iter().map(|of| of.calls).sum::<u64>();
    println!("calls of the one {}, of the other {}", asked(&one), asked(&two));
    two.site.stop().await;
    one.site.stop().await;
}
