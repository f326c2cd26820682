//! A server whose plugins really run: files in a folder, workers, and what may be done to them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use plugin_loader::file;
use plugin_protocol::Failure;
use plugin_protocol::context::Context;
use plugin_protocol::op::{Op, Service};
use serde_json::Value;
use server::clock::Clock;
use server::config::Config;
use server::plugins::{Scope, State, Status};
use server::store::plugin::{self, File, incident};
use tempfile::TempDir;
use tests::{Database, Site, binary};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long the tests wait for what is to come, on a busy machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// The context of a call for the whole site, at the time that its server has.
pub(super) fn context(clock: &Clock) -> Context {
    Context {
        now: clock.now(),
        language: "zh-CN".into(),
        class: None,
        person: None,
        settings: Default::default(),
        base: String::new(),
        site: String::new(),
    }
}

/// A number from the environment: how long a test runs in its long form.
pub(super) fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Waits for something, and says what when it does not come.
#[track_caller]
pub(super) fn until<T>(what: impl std::fmt::Display, mut found: impl FnMut() -> Option<T>) -> impl Future<Output = T> {
    let caller = std::panic::Location::caller();
    async move {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = found() {
                return found;
            }
            assert!(Instant::now() < end, "{what} did not come; waited for at {caller}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// Whether a process is there, zombies included.
pub(super) fn is_there(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

/// Sends a signal, as a stranger would.
pub(super) fn signal(pid: u32, name: &str) {
    // The process may be gone by now.
    let _ = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).output().expect("kill runs");
}

/// The processes that this one has started.
pub(super) fn children(parent: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_child = |pid: &u32| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let found = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        found.is_some_and(|found| found.trim() == parent.to_string())
    };
    pids.filter(is_child).collect()
}

/// A server and the folder of its plugins.
pub(super) struct Running {
    pub(super) site: Site,
    pub(super) folder: TempDir,
}

impl Running {
    /// With these fixtures, enabled and ready.
    pub(super) async fn start(database: Database, plugins: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for name in plugins {
            let path = folder.path().join(format!("{name}.so"));
            std::fs::copy(binary::plugin(name), path).expect("the fixture is built");
        }
        let running = Self::open(database, folder, |_| {}).await;
        for name in plugins {
            running.enable(name).await;
        }
        for name in plugins {
            running.until(name, State::Ready).await;
        }
        running
    }

    pub(super) async fn sqlite(plugins: &[&str]) -> Self {
        Self::start(Database::Sqlite, plugins).await
    }

    /// With what lies in a folder; nothing is enabled yet.
    pub(super) async fn open(database: Database, folder: TempDir, change: impl FnOnce(&mut Config)) -> Self {
        let searched = folder.path().to_owned();
        let site = Site::start_with(database, move |config| {
            config.plugins = vec![searched];
            config.plugin_worker = Some(binary::server());
            change(config);
        });
        Self { site: site.await.expect("the database is installed"), folder }
    }

    pub(super) fn path(&self, id: &str) -> PathBuf {
        self.folder.path().join(format!("{id}.so"))
    }

    /// As an administrator who read what the file asks for.
    pub(super) async fn enable(&self, id: &str) {
        let read = file::read(&self.path(id)).expect("a plugin");
        let used = File { version: read.manifest.version.clone(), sha256: read.sha256 };
        let (db, now) = (&self.site.app.db, self.site.app.clock.now());
        plugin::enable(db, None, &read.manifest, used, now).await.expect("it is enabled");
        self.site.app.plugins.nudge();
    }

    /// Puts a file into the folder, whole at once.
    pub(super) fn put(&self, id: &str, bytes: &[u8]) {
        let unfinished = self.folder.path().join(format!("{id}.unfinished"));
        std::fs::write(&unfinished, bytes).expect("the folder is writable");
        std::fs::rename(unfinished, self.path(id)).expect("the folder is writable");
        self.site.app.plugins.nudge();
    }

    pub(super) fn status(&self, id: &str) -> Status {
        self.site.app.plugins.status(id).expect("it is known")
    }

    pub(super) fn pid(&self, id: &str) -> Option<u32> {
        self.site.app.plugins.pid(id)
    }

    /// Waits for a state.
    pub(super) async fn until(&self, id: &str, state: State) {
        let end = Instant::now() + PATIENCE;
        loop {
            let status = self.site.app.plugins.status(id);
            if status.as_ref().is_some_and(|status| status.state == state) {
                return;
            }
            assert!(Instant::now() < end, "{id} is not {state:?}: {:?}", status.map(|s| (s.state, s.reason)));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Asks a fixture for its service, once.
    pub(super) async fn ask_once(&self, id: &str, input: Value, within: Duration) -> Result<Value, Failure> {
        self.site
            .app
            .plugins
            .ask(id, Op::Service, Scope::new(context(&self.site.app.clock), within), service(id, input))
            .await
    }

    /// The same, and again where the worker died under it.
    pub(super) async fn ask(&self, id: &str, input: Value) -> Result<Value, Failure> {
        let scope = Scope::new(context(&self.site.app.clock), Duration::from_secs(10)).idempotent();
        self.site.app.plugins.ask(id, Op::Service, scope, service(id, input)).await
    }

    /// Waits until its quarantine is written down, and ends it as an administrator does.
    pub(super) async fn retry(&self, id: &str) {
        let (db, now) = (&self.site.app.db, self.site.app.clock.now());
        let end = Instant::now() + PATIENCE;
        while plugin::retry(db, None, id, now).await.is_err() {
            assert!(Instant::now() < end, "the quarantine of {id} is not written down");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        self.site.app.plugins.nudge();
        self.until(id, State::Ready).await;
    }

    /// What went wrong with it, the latest first: kind and detail.
    pub(super) async fn incidents(&self, id: &str) -> Vec<(String, String)> {
        let list = incident::list(&self.site.app.db, id, 100).await.expect("the list");
        list.into_iter().map(|incident| (incident.kind, incident.detail)).collect()
    }

    /// Waits for an incident of a kind whose detail has these words.
    pub(super) async fn until_incident(&self, id: &str, kind: &str, words: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let incidents = self.incidents(id).await;
            if incidents.iter().any(|(of, detail)| of == kind && detail.contains(words)) {
                return;
            }
            assert!(Instant::now() < end, "no {kind} with {words:?} among {incidents:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// What the fixtures are asked for.
pub(super) fn service(id: &str, input: Value) -> Service {
    Service { service: format!("{id}.do/1"), caller: "tests".into(), input }
}

/// Callers of a plugin whose calls must all succeed, each once.
pub(super) struct Load {
    calls: Arc<AtomicUsize>,
    stop: CancellationToken,
    callers: Vec<JoinHandle<Duration>>,
}

impl Load {
    /// So many callers that ask for this, one call after another with a pause between.
    pub(super) fn start(running: &Running, id: &'static str, asked: &Value, callers: usize, pause: Duration) -> Self {
        let (calls, stop) = (Arc::<AtomicUsize>::default(), CancellationToken::new());
        let caller = |_| {
            let (plugins, calls, stop) = (running.site.app.plugins.clone(), calls.clone(), stop.clone());
            let clock = running.site.app.clock.clone();
            let asked = asked.clone();
            tokio::spawn(async move {
                let mut slowest = Duration::ZERO;
                while !stop.is_cancelled() {
                    let began = Instant::now();
                    let scope = Scope::new(context(&clock), PATIENCE);
                    let answer = plugins.ask(id, Op::Service, scope, service(id, asked.clone())).await;
                    let answer: Value = answer.unwrap_or_else(|failure| panic!("a call of {id} failed: {failure:?}"));
                    assert_eq!(answer, asked);
                    slowest = slowest.max(began.elapsed());
                    calls.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(pause).await;
                }
                slowest
            })
        };
        let callers = (0..callers).map(caller).collect();
        Self { calls, stop, callers }
    }

    /// How many calls there were, and how long the slowest took.
    pub(super) async fn finish(self) -> (usize, Duration) {
        self.stop.cancel();
        let mut slowest = Duration::ZERO;
        for caller in self.callers {
            slowest = slowest.max(caller.await.expect("no call fails"));
        }
        (self.calls.load(Ordering::Relaxed), slowest)
    }
}

/// Two tests of one body, on SQLite and on PostgreSQL, for servers whose plugins run.
macro_rules! on_both {
    ($name:ident, |$database:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn body($database: tests::Database) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body(tests::Database::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if tests::postgres::database().await.is_some() {
                    body(tests::Database::Postgres).await;
                }
            }
        }
    };
}
pub(super) use on_both;
