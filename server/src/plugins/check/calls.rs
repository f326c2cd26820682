//! What is found by calling the plugin, each time in a worker of its own.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use plugin_protocol::hello::Shut;
use plugin_protocol::op::{Event, Facts, Health, Job, OPS, Op, Page, Service, Widget};
use plugin_protocol::{Code, Failure};
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::found::{Found, Wrong, count};
use super::workbench::{PATIENCE, Workbench, Worker, parsed};

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];
/// Calls with junk.
const JUNK: usize = 1_000;
/// Calls at once.
const CROWD: usize = 32;

/// It starts, and says how far it is shut in.
pub(super) async fn start(bench: &Workbench) -> Found {
    let began = Instant::now();
    let worker = bench.worker().await?;
    let hello = worker.process.hello.clone();
    let took = began.elapsed();
    worker.end().await;
    if hello.plugin != bench.manifest.id {
        let (said, known) = (&hello.plugin, &bench.manifest.id);
        return Err(Wrong::new(format!("it says it is {said:?}, its manifest says {known:?}")));
    }
    let shut = |shut: &Shut| match shut {
        Shut::Shut(by) => format!("shut ({by})"),
        Shut::Open(why) => format!("OPEN ({why})"),
        Shut::Unknown => "unknown".to_owned(),
    };
    let (files, calls) = (shut(&hello.sandbox.files), shut(&hello.sandbox.calls));
    Ok(format!("in {:.1} ms; files {files}, system calls {calls}", took.as_secs_f64() * 1000.0))
}

/// It answers to the question how it is.
pub(super) async fn health(bench: &Workbench) -> Found {
    let worker = bench.worker().await?;
    let answer = worker.ask(Op::Health, "en", Value::Null).await;
    worker.end().await;
    let health: Health = serde_json::from_slice(&answer?).map_err(|error| Wrong::new(format!("no health: {error}")))?;
    Ok(if health.note.is_empty() { "well".to_owned() } else { health.note })
}

/// Every page that is only read answers, with names made up where the route has some.
pub(super) async fn pages(bench: &Workbench) -> Found {
    let worker = bench.worker().await?;
    let mut count = 0;
    for route in bench.manifest.routes.iter().filter(|route| route.method == "GET") {
        let mut params = serde_json::Map::new();
        let mut path = String::new();
        for part in route.path.split('/').skip(1) {
            let filled = match part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => {
                    let id = Uuid::from_u128(1).to_string();
                    params.insert(name.to_owned(), id.clone().into());
                    id
                }
                None => part.to_owned(),
            };
            path = format!("{path}/{filled}");
        }
        let page = Page {
            method: route.method.clone(),
            route: route.path.clone(),
            path,
            params: params.clone(),
            ..Page::default()
        };
        for language in LANGUAGES {
            let answer = worker.ask(Op::Http, language, &page).await;
            let missing_is_fine = !params.is_empty();
            fine(&format!("GET {} in {language}", route.path), answer, |code| {
                matches!(code, Code::NotFound | Code::BadRequest) && missing_is_fine
            })?;
            count += 1;
        }
    }
    worker.end().await;
    Ok(format!("{count} pages"))
}

/// Every widget answers.
pub(super) async fn widgets(bench: &Workbench) -> Found {
    let worker = bench.worker().await?;
    for widget in &bench.manifest.widgets {
        for language in LANGUAGES {
            let answer = worker.ask(Op::Widget, language, Widget { widget: widget.id.clone() }).await;
            fine(&format!("the widget {} in {language}", widget.id), answer, |_| false)?;
        }
    }
    worker.end().await;
    Ok(count(bench.manifest.widgets.len(), "widget"))
}

/// Every service that is offered is there; what it says to an empty question is its own matter.
pub(super) async fn services(bench: &Workbench) -> Found {
    let worker = bench.worker().await?;
    for service in &bench.manifest.provides {
        let asked = Service { service: service.clone(), caller: "conformance-run".into(), input: json!({}) };
        let answer = worker.ask(Op::Service, "en", asked).await;
        fine(&format!("the service {service}"), answer, |code| {
            matches!(code, Code::BadRequest | Code::NotFound | Code::Denied | Code::Conflict)
        })?;
    }
    worker.end().await;
    Ok(count(bench.manifest.provides.len(), "service"))
}

/// Every event it hears may come twice.
pub(super) async fn events(bench: &Workbench) -> Found {
    let worker = bench.worker().await?;
    for name in &bench.manifest.events.hears {
        let event = Event {
            id: Uuid::now_v7(),
            name: name.clone(),
            from: "conformance-run".into(),
            at: chrono::Utc::now(),
            attempt: 1,
            data: json!({}),
        };
        for attempt in [1, 2] {
            let answer = worker.ask(Op::Event, "zh-CN", Event { attempt, ..event.clone() }).await;
            fine(&format!("the event {name}, try {attempt}"), answer, |code| code == Code::BadRequest)?;
        }
    }
    worker.end().await;
    Ok(count(bench.manifest.events.hears.len(), "event"))
}

/// Every job runs.
pub(super) async fn jobs(bench: &Workbench) -> Found {
    let worker = bench.worker().await?;
    for job in &bench.manifest.jobs {
        let asked = Job { job: job.id.clone(), due_at: chrono::Utc::now(), data: json!({}) };
        let answer = worker.ask(Op::Job, "zh-CN", asked).await;
        // A job that is scheduled by calls may need what they put in; one by the clock gets nothing.
        let is_scheduled = job.schedule.is_empty();
        fine(&format!("the job {}", job.id), answer, |code| is_scheduled && code == Code::BadRequest)?;
    }
    worker.end().await;
    Ok(count(bench.manifest.jobs.len(), "job"))
}

/// The facts have the names that the manifest declares.
pub(super) async fn facts(bench: &Workbench) -> Found {
    if bench.manifest.facts.is_empty() {
        return Ok("it has none".into());
    }
    let worker = bench.worker().await?;
    let answer = worker.ask(Op::Facts, "en", Value::Null).await;
    worker.end().await;
    let facts: Facts = serde_json::from_slice(&answer?).map_err(|error| Wrong::new(format!("no facts: {error}")))?;
    let declared: BTreeSet<&str> = bench.manifest.facts.iter().map(|fact| fact.id.as_str()).collect();
    let names = facts.students.iter().flat_map(|student| student.values.keys());
    match names.into_iter().find(|name| !declared.contains(name.as_str())) {
        Some(name) => Err(Wrong::new(format!("the fact {name} is not in the manifest"))),
        None => Ok(format!("{} declared", declared.len())),
    }
}

/// Bytes that are no request are refused, and the worker lives on.
pub(super) async fn junk(bench: &Workbench) -> Found {
    let worker = bench.worker().await?;
    let context = bench.context("en").await?;
    let mut random = rand::rngs::SmallRng::seed_from_u64(1);
    let whole = json!({ "context": &context, "input": { "method": "GET", "route": "/", "path": "/" } }).to_string();
    for index in 0..JUNK {
        let op = OPS[random.random_range(0..OPS.len())];
        if op == Op::Render {
            continue;
        }
        let mut payload = match index % 3 {
            0 => (0..random.random_range(0..200)).map(|_| random.random()).collect(),
            1 => whole.as_bytes()[..random.random_range(0..whole.len())].to_vec(),
            _ => json!({ "context": &context, "input": [null, -1, { "method": {} }, "𝄞"] }).to_string().into_bytes(),
        };
        if index % 5 == 0 && !payload.is_empty() {
            let place = random.random_range(0..payload.len());
            payload[place] ^= 0x20;
        }
        if let Err(failure) = worker.send(op, context.clone(), payload, PATIENCE).await
            && matches!(failure.code, Code::Panic | Code::WorkerDied | Code::Timeout | Code::Protocol)
        {
            return Err(Wrong::new(format!("junk for {}: {failure}", op.name()))
                .hint("answer bad-request to what cannot be read"));
        }
    }
    let answer = worker.ask(Op::Health, "en", Value::Null).await;
    worker.end().await;
    fine("the health after junk", answer, |_| false)?;
    Ok(format!("{JUNK} calls"))
}

/// Calls at once each get an answer.
pub(super) async fn crowd(bench: &Workbench) -> Found {
    let worker = bench.worker().await?;
    let began = Instant::now();
    let answers = join_all((0..CROWD).map(|_| worker.ask(Op::Health, "en", Value::Null))).await;
    let took = began.elapsed();
    worker.end().await;
    for answer in answers {
        fine("one of many calls", answer, |code| code == Code::Busy)?;
    }
    Ok(format!("{CROWD} calls in {:.1} ms", took.as_secs_f64() * 1000.0))
}

/// A call that nobody waits for any more leaves the worker well.
pub(super) async fn cancel(bench: &Workbench) -> Found {
    let worker = bench.worker().await?;
    let context = bench.context("en").await?;
    let payload = json!({ "context": &context, "input": null }).to_string().into_bytes();
    let hurry = Duration::from_micros(1);
    let hasty = (0..CROWD).map(|_| worker.send(Op::Health, context.clone(), payload.clone(), hurry));
    join_all(hasty).await;
    let answer = worker.ask(Op::Health, "en", Value::Null).await;
    worker.end().await;
    fine("the health after cancelled calls", answer, |_| false)?;
    Ok(format!("{CROWD} calls were given up"))
}

/// After calls in numbers its memory is within what the manifest says.
pub(super) async fn memory(bench: &Workbench) -> Found {
    let worker = bench.worker().await?;
    for _ in 0..200 {
        answered(&worker).await?;
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", worker.process.pid())).unwrap_or_default();
    worker.end().await;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: Option<u64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    let Some(kib) = kib else { return Ok("not known on this system".into()) };
    let most = u64::from(bench.manifest.limits.memory_mib) * 1024;
    if kib > most {
        return Err(Wrong::new(format!("{kib} KiB after 200 calls; its manifest says at most {most}"))
            .hint("limits.memory_mib, or less memory"));
    }
    Ok(format!("{:.1} MiB of {}", kib as f64 / 1024.0, bench.manifest.limits.memory_mib))
}

async fn answered(worker: &Worker<'_>) -> Result<(), Wrong> {
    fine("the health", worker.ask(Op::Health, "en", Value::Null).await, |_| false).map(drop)
}

/// It finishes what runs and ends.
pub(super) async fn end(bench: &Workbench) -> Found {
    let worker = bench.worker().await?;
    answered(&worker).await?;
    let began = Instant::now();
    worker.process.drain(Duration::from_secs(2)).await;
    let took = began.elapsed();
    if took > Duration::from_secs(1) {
        return Err(Wrong::new("it did not say goodbye within a second after it was asked to end")
            .hint("answer a drain with bye when the calls in progress are done"));
    }
    Ok(format!("in {:.1} ms", took.as_secs_f64() * 1000.0))
}

/// An answer is JSON, or a code that is allowed here.
fn fine(what: &str, answer: Result<Vec<u8>, Failure>, allowed: impl Fn(Code) -> bool) -> Found {
    match answer {
        Ok(bytes) => parsed(&bytes).map(|_| String::new()),
        Err(failure) if allowed(failure.code) => Ok(String::new()),
        Err(failure) => {
            let place = failure.place.as_deref().map(|place| format!(" ({place})")).unwrap_or_default();
            let wrong = Wrong::new(format!("{what}: {failure}{place}"));
            Err(match failure.code {
                Code::Unsupported => wrong.hint("the manifest declares it; implement it, or take it out"),
                _ => wrong.hint(failure.hint.unwrap_or_default()),
            })
        }
    }
}
