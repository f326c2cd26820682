//! Every fault, again and again: the plugin is back in a moment, its neighbours and the course never notice.
//! `COURSE_TESTS_FAULTS=100` repeats each a hundred times.

use std::time::{Duration, Instant};

use plugin_protocol::Code;
use plugin_protocol::hello::Shut;
use serde_json::{Value, json};
use server::plugins::State;
use tokio_util::sync::CancellationToken;

use super::running::*;

/// What a call may take that hangs.
const DEADLINE: Duration = Duration::from_millis(200);
/// What any other call may take, on a busy machine.
const LONG: Duration = Duration::from_secs(15);

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Becomes {
    /// It is answered.
    Fine,
    /// It fails with this code, and the worker lives.
    Fails(Code),
    /// The worker dies under it.
    Dies,
    /// It breaks the protocol or its limits, and the worker is killed.
    Breaks,
    /// It is answered, and the worker dies then.
    DiesLater,
    /// Its time is up, and the worker is replaced.
    Hangs,
    /// Its time is up, and the worker notices soon enough.
    Late,
}

fn faults(shut_in: bool) -> Vec<(Value, Becomes)> {
    use Becomes::{Breaks, Dies, DiesLater, Fails, Fine, Hangs, Late};
    let one = |word: &str, becomes| (json!({ "do": word }), becomes);
    let socket = |what: &str, becomes| (json!({ "do": "socket", "what": what }), becomes);
    let raise = |signal: i32, becomes| (json!({ "do": "raise", "signal": signal }), becomes);
    let mut all = vec![
        one("panic", Fails(Code::Panic)),
        one("panic-without-words", Fails(Code::Panic)),
        one("panic-twice", Dies),
        one("thread-panic", Fine),
        one("abort", Dies),
        one("later-abort", DiesLater),
        one("segfault", Dies),
        one("overflow", Dies),
        one("exit", Dies),
        raise(4, Dies),
        raise(8, Dies),
        raise(14, Dies),
        one("spin", Hangs),
        one("spin-deaf", Hangs),
        one("endless-line", Hangs),
        (json!({ "do": "sleep", "ms": 600 }), Hangs),
        (json!({ "do": "sleep", "ms": 220 }), Late),
        one("wait", Late),
        (json!({ "do": "huge", "mib": 6 }), Fine),
        (json!({ "do": "huge", "mib": 9 }), Fails(Code::PluginError)),
        one("nested", Fails(Code::PluginError)),
        (json!({ "do": "leak", "mib": 1_000 }), Breaks),
        one("many-threads", Fine),
        one("many-files", Fine),
        (json!({ "do": "flood", "lines": 1_500 }), Fine),
        socket("garbage", Breaks),
        socket("unknown", Breaks),
        socket("host-only", Breaks),
        socket("too-long", Breaks),
        socket("endless-message", Breaks),
        socket("half", Hangs),
        socket("half-then-reply", Hangs),
        socket("close", Breaks),
        socket("close-all", Breaks),
        socket("shut", Breaks),
        socket("ask-after-reply", Fine),
    ];
    if shut_in {
        // What a signal from outside does, it cannot do to itself, nor become two.
        all.extend([raise(9, Fine), raise(15, Fine), raise(19, Fine)]);
        all.push((json!({ "do": "reach", "what": "fork" }), Fine));
    }
    all
}

/// Visits to the course, until told to stop; all succeed.
async fn visit(visitor: tests::Client, stop: CancellationToken) -> usize {
    let mut visits = 0;
    while !stop.is_cancelled() {
        visitor.get("/sign-in").await.expect(200);
        visits += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    visits
}

/// The value below which so many of a hundred are.
fn percentile(times: &mut [Duration], of_hundred: usize) -> Duration {
    times.sort_unstable();
    times.get((times.len() * of_hundred).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
}

/// What was measured.
#[derive(Default)]
struct Measured {
    /// From the call to the error, where a worker died.
    told: Vec<Duration>,
    /// The same, where it broke the protocol or its limits and had to be found out.
    broken: Vec<Duration>,
    /// From the error to the next answer, after the first death and after the second.
    back: [Vec<Duration>; 2],
    /// What a caller waited beyond its deadline.
    freed: Vec<Duration>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_fault_of_a_plugin_is_anybody_elses() {
    let running = Running::sqlite(&["faults", "steady"]).await;
    let sandbox = running.status("faults").sandbox.expect("it runs");
    let steady = running.pid("steady");
    let neighbours = Load::start(&running, "steady", &json!(1), 2, Duration::from_millis(1));
    let stop = CancellationToken::new();
    let visits = tokio::spawn(visit(running.site.visitor(), stop.clone()));
    let mut measured = Measured::default();
    let mut deaths = 0;
    let rounds = number("COURSE_TESTS_FAULTS", 1);
    for _ in 0..rounds {
        for (input, becomes) in faults(matches!(sandbox.calls, Shut::Shut(_))) {
            once(&running, &input, becomes, &mut deaths, &mut measured).await;
        }
    }
    let (calls, slowest) = neighbours.finish().await;
    stop.cancel();
    let visits = visits.await.expect("no page of the course fails");
    assert_eq!(running.pid("steady"), steady, "the neighbour was replaced");
    let count = faults(true).len() * rounds;
    println!(
        "{count} faults; {calls} calls of a neighbour, the slowest {slowest:?}, {visits} pages of the course: 0 errors"
    );
    for (what, mut times) in [
        ("a death until its caller has the error", measured.told),
        ("a broken protocol until its caller has the error", measured.broken),
        ("back in service after a first death", std::mem::take(&mut measured.back[0])),
        ("back in service after a second death", std::mem::take(&mut measured.back[1])),
        ("beyond the deadline of a call that hangs", measured.freed),
    ] {
        let (half, most) = (percentile(&mut times, 50), percentile(&mut times, 99));
        println!("{what}: p50 {half:?}, p99 {most:?} of {}", times.len());
        assert!(most < LONG, "{what}: {most:?}");
    }
    running.site.stop().await;
}

/// One fault, and what comes after it. `deaths` are those since the plugin was last let run.
async fn once(running: &Running, input: &Value, becomes: Becomes, deaths: &mut usize, measured: &mut Measured) {
    let before = running.pid("faults").expect("it runs");
    let within = if matches!(becomes, Becomes::Hangs | Becomes::Late) { DEADLINE } else { LONG };
    let began = Instant::now();
    let outcome = running.ask_once("faults", input.clone(), within).await;
    let (took, ended) = (began.elapsed(), Instant::now());
    let code = outcome.as_ref().err().map(|failure| failure.code);
    let expected = match becomes {
        Becomes::Fine | Becomes::DiesLater => None,
        // The plugin sees the end of its time, too, and may be the quicker one.
        Becomes::Late if took >= DEADLINE && outcome.is_ok() => None,
        Becomes::Fails(code) => Some(code),
        Becomes::Dies | Becomes::Breaks => Some(Code::WorkerDied),
        Becomes::Hangs | Becomes::Late => Some(Code::Timeout),
    };
    assert_eq!(code, expected, "{input} {becomes:?}: {outcome:?}, {:?}", running.status("faults").reason);
    if let Err(failure) = &outcome {
        assert!(!failure.message.is_empty(), "{input}: an error without words");
    }
    if within == DEADLINE {
        measured.freed.push(took.saturating_sub(DEADLINE));
    }
    match becomes {
        Becomes::Dies => measured.told.push(took),
        Becomes::Breaks => measured.broken.push(took),
        _ => {}
    }
    let costs_a_worker = matches!(becomes, Becomes::Dies | Becomes::Breaks | Becomes::DiesLater | Becomes::Hangs);
    if costs_a_worker {
        *deaths += 1;
        // A hang is noticed a moment after the deadline.
        until(format!("the end of the worker with {input}"), || (running.pid("faults") != Some(before)).then_some(()))
            .await;
        if *deaths == 3 {
            *deaths = 0;
            running.until("faults", State::Quarantined).await;
            let reason = running.status("faults").reason;
            assert!(reason.contains("3 times"), "{reason}");
            return running.retry("faults").await;
        }
    }
    let echo = running.ask("faults", json!({ "do": "echo" })).await;
    assert_eq!(echo.expect("it is back")["do"], "echo", "after {input}");
    if matches!(becomes, Becomes::Dies | Becomes::Breaks) {
        measured.back[*deaths - 1].push(ended.elapsed());
    }
    if !costs_a_worker {
        assert_eq!(running.pid("faults"), Some(before), "{input} cost a worker");
        // So that half of the calls never fail, at which point the plugin would be left alone for a while.
        running.ask("faults", json!({ "do": "echo" })).await.expect("an answer");
    }
}
