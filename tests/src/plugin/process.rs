//! One worker process: the real program, a real library, every fault.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use plugin_loader::file;
use plugin_protocol::context::Request;
use plugin_protocol::host::HostOp;
use plugin_protocol::op::{Op, Service};
use plugin_protocol::{Code, Failure};
use serde_json::{Value, json};
use server::clock::Clock;
use server::plugins::Scope;
use server::plugins::log::Log;
use server::plugins::process::{self, End, Launcher, NotStarted, Process, Unanswered, Why};
use server::plugins::worker::start::{Start, What};
use tempfile::TempDir;
use tests::binary;

use super::running::{context, until};

struct Bench {
    process: Process,
    log: Arc<Log>,
    folder: TempDir,
}

async fn start_file(path: &Path) -> Result<Bench, NotStarted> {
    let folder = tempfile::tempdir().expect("a folder");
    let log = Arc::new(Log::new("faults", folder.path()));
    let read = file::read(path).expect("the fixture is a plugin");
    let start = Start {
        plugin: read.manifest.id.clone(),
        what: What::Library,
        file: path.to_owned(),
        sha256: read.sha256,
        command: Vec::new(),
        folder: folder.path().to_owned(),
        memory_mib: read.manifest.limits.memory_mib,
        threads: read.manifest.limits.threads,
    };
    let answer: process::Answer = Arc::new(|_, op: HostOp, _| {
        Box::pin(async move { Err(Failure::new(Code::Unsupported, format!("no {}", op.name()))) })
    });
    let process = process::start(&Launcher::new(&binary::server(), folder.path()), &start, log.clone(), answer).await?;
    Ok(Bench { process, log, folder })
}

async fn start() -> Bench {
    start_file(&binary::plugin("faults")).await.expect("the worker starts")
}

/// The fixture with another fault at its start.
async fn start_with(word: &str) -> Result<Bench, NotStarted> {
    let mut bytes = std::fs::read(binary::plugin("faults")).expect("the fixture is built");
    let mark = b"fault-at-start:";
    let at = bytes.windows(mark.len()).position(|window| window == mark).expect("the mark is in the file") + mark.len();
    bytes[at..at + 9].copy_from_slice(format!("{word:;<9}").as_bytes());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("faults.so");
    std::fs::write(&path, bytes).expect("the folder is writable");
    start_file(&path).await
}

impl Bench {
    async fn ask_within(&self, input: Value, within: Duration) -> Result<Value, Failure> {
        let scope = Arc::new(Scope::new(context(&Clock::system()), within));
        let service = Service { service: "faults.do/1".into(), caller: "tests".into(), input };
        let payload = serde_json::to_vec(&Request { context: context(&Clock::system()), input: service, until: None })
            .expect("plain data");
        match self.process.call(Op::Service, scope, payload).await {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).expect("an answer is JSON")),
            Err(Unanswered::Failed(failure)) => Err(failure),
            Err(Unanswered::NotSent) => Err(Failure::new(Code::NotRunning, "not sent")),
        }
    }

    async fn ask(&self, input: Value) -> Result<Value, Failure> {
        self.ask_within(input, Duration::from_secs(5)).await
    }

    async fn end(&self) -> End {
        tokio::time::timeout(Duration::from_secs(5), self.process.ended()).await.expect("the worker ends")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_answers_and_ends_well() {
    let bench = start().await;
    assert_eq!(bench.ask(json!({"do": "echo", "n": 7})).await.expect("an answer")["n"], 7);
    assert!(bench.process.ping(Duration::from_secs(1)).await);
    assert_eq!(bench.process.hello.plugin, "faults");
    let huge = bench.ask(json!({"do": "huge", "mib": 6})).await.expect("six MiB are allowed");
    assert_eq!(huge.as_str().map(str::len), Some(6 * 1024 * 1024));
    let refused = bench.ask(json!({"do": "huge", "mib": 9})).await.expect_err("nine are not");
    assert_eq!(refused.code, Code::PluginError, "{refused:?}");
    bench.process.drain(Duration::from_secs(2)).await;
    let end = bench.end().await;
    assert_eq!(end.killed, Some(Why::Done));
    let left = format!("/proc/{}", bench.process.pid());
    until("the system to forget the process", || (!Path::new(&left).exists()).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_for_a_worker_that_dies_is_told_at_once() {
    for (fault, signal) in [("abort", Some(6)), ("segfault", Some(11)), ("overflow", Some(6)), ("exit", None)] {
        let bench = start().await;
        let asked = Instant::now();
        let failure = bench.ask(json!({"do": fault})).await.expect_err("it dies");
        let took = asked.elapsed();
        assert_eq!(failure.code, Code::WorkerDied, "{fault}: {failure:?}");
        assert!(took < Duration::from_millis(500), "{fault}: told after {took:?}");
        let end = bench.end().await;
        assert_eq!(end.killed, None, "{fault}");
        assert_eq!(end.operation, Some(Op::Service), "{fault}");
        use std::os::unix::process::ExitStatusExt as _;
        assert_eq!(end.status.expect("a status").signal(), signal, "{fault}");
        println!("{fault}: {took:?}, {end}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_costs_one_call_and_nothing_else() {
    let bench = start().await;
    let failure = bench.ask(json!({"do": "panic"})).await.expect_err("it panics");
    assert_eq!(failure.code, Code::Panic);
    assert!(failure.message.contains("on request"), "{failure:?}");
    assert!(failure.place.expect("a place").contains("lib.rs"));
    assert_eq!(bench.ask(json!({"do": "thread-panic"})).await.expect("an answer"), "survived");
    assert!(bench.process.is_alive());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hang_frees_its_caller_at_the_deadline_and_leaves_neighbours_alone() {
    let bench = start().await;
    let neighbour = bench.ask(json!({"do": "sleep", "ms": 600}));
    let asked = Instant::now();
    let hang = async {
        let failure = bench.ask_within(json!({"do": "spin"}), Duration::from_millis(200)).await.expect_err("it hangs");
        (failure, asked.elapsed())
    };
    let hung = async {
        bench.process.hung().await;
        asked.elapsed()
    };
    let (neighbour, (failure, took), noticed) = tokio::join!(neighbour, hang, hung);
    assert_eq!(failure.code, Code::Timeout);
    assert!(took < Duration::from_millis(300), "freed after {took:?}");
    assert!(noticed >= Duration::from_millis(300), "noticed after {noticed:?}");
    assert_eq!(neighbour.expect("the neighbour is answered"), "slept");
    assert!(bench.process.ping(Duration::from_secs(1)).await, "the reader runs no plugin code");
    bench.process.drain(Duration::from_millis(100)).await;
    assert_eq!(bench.end().await.killed, Some(Why::Hung));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_notices_its_cancel_is_no_hang() {
    let bench = start().await;
    let failure = bench.ask_within(json!({"do": "wait"}), Duration::from_millis(100)).await.expect_err("too slow");
    assert_eq!(failure.code, Code::Timeout);
    let hung = tokio::time::timeout(process::NOTICE * 3, bench.process.hung()).await;
    assert!(hung.is_err(), "it counted as hung");
    assert_eq!(bench.process.calls(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn junk_on_the_socket_ends_the_worker() {
    for fault in ["garbage", "close"] {
        let bench = start().await;
        let failure = bench.ask(json!({"do": fault})).await.expect_err("it breaks the protocol");
        assert_eq!(failure.code, Code::WorkerDied, "{fault}: {failure:?}");
        let end = bench.end().await;
        let own_doing = matches!(end.killed, Some(Why::Protocol(_))) || end.killed.is_none();
        assert!(own_doing, "{fault}: {end:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_lines_is_cut_short() {
    let bench = start().await;
    let done = bench.ask_within(json!({"do": "flood", "lines": 3_000}), Duration::from_secs(20)).await;
    assert_eq!(done.expect("an answer"), "flooded");
    bench.ask(json!({"do": "long-line"})).await.expect("an answer");
    let lines = bench.log.last(1_000);
    assert!(!lines.is_empty() && lines.len() <= 200, "{} lines", lines.len());
    assert!(lines.iter().all(|line| line.text.len() <= 2_048));
    let written = std::fs::metadata(bench.folder.path().join("faults.log")).expect("a file").len();
    assert!(written < 512 * 1024, "{written} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_at_the_start_has_a_name() {
    for word in ["panic", "refuse"] {
        match start_with(word).await {
            Err(NotStarted::Refused(refusal)) => assert!(refusal.refused.contains("does not start"), "{refusal:?}"),
            other => panic!("{word}: {:?}", other.err()),
        }
    }
    for word in ["abort", "exit"] {
        match start_with(word).await {
            Err(NotStarted::Died(what)) => assert!(what.contains("before it said hello"), "{word}: {what}"),
            other => panic!("{word}: {:?}", other.err()),
        }
    }
    let asked = Instant::now();
    match start_with("hang").await {
        Err(NotStarted::Died(what)) => assert!(what.contains("said nothing"), "{what}"),
        other => panic!("{:?}", other.err()),
    }
    assert!(asked.elapsed() < process::HANDSHAKE + Duration::from_secs(1));
    let Ok(slow) = start_with("slow").await else { panic!("slow is allowed") };
    assert_eq!(slow.ask(json!({"do": "echo"})).await.expect("an answer")["do"], "echo");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_reaches_nothing() {
    use plugin_protocol::hello::Shut;

    let bench = start().await;
    let sandbox = &bench.process.hello.sandbox;
    println!("{sandbox:?}");
    assert_eq!(bench.ask(json!({"do": "reach", "what": "thread"})).await.expect("an answer"), "done");
    assert_eq!(reach(&bench, "secret").await, "refused: no environment");
    if let Shut::Shut(_) = sandbox.files {
        for what in ["read", "list", "write", "library", "remove", "environment"] {
            assert!(reach(&bench, what).await.starts_with("refused"), "{what}");
        }
    }
    if let Shut::Shut(_) = sandbox.calls {
        for what in ["tcp", "listen", "udp", "unix", "exec", "fork", "signal", "ptrace", "chmod", "limit", "namespace"]
        {
            assert!(reach(&bench, what).await.starts_with("refused"), "{what}");
        }
    }
    if cfg!(target_os = "linux") && std::env::var_os("COURSE_TESTS_REQUIRE_SANDBOX").is_some() {
        assert!(matches!((&sandbox.files, &sandbox.calls), (Shut::Shut(_), Shut::Shut(_))), "{sandbox:?}");
    }
    assert_eq!(bench.ask(json!({"do": "echo"})).await.expect("still there")["do"], "echo");
}

async fn reach(bench: &Bench, what: &str) -> String {
    let answer = bench.ask(json!({"do": "reach", "what": what})).await.expect("an answer");
    answer.as_str().expect("text").to_owned()
}
