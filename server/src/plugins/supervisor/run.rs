//! What a supervisor does, one thing after another.

use std::collections::VecDeque;
use std::os::unix::process::ExitStatusExt as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use plugin_loader::file::PluginFile;
use rustix::process::Signal;
use serde_json::json;
use tokio::sync::mpsc;

use super::worker::{Surroundings, Worker, sentence};
use super::{DEATHS_WITHIN, MOST_DEATHS, Order, Supervisor};
use crate::plugins::State;
use crate::plugins::process::{End, NotStarted, Why};
use crate::store::plugin::incident::{self, Incident};
use crate::store::plugin::{self, File};

/// How long a worker with a call that hangs may go on with its other calls.
const SUSPECT: Duration = Duration::from_secs(2);
/// How long a worker that is replaced may take to finish.
const LONGEST_DRAIN: Duration = Duration::from_secs(30);
/// How often memory is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How often a worker is asked whether it lives, in looks.
const PING_EVERY: u32 = 5;
/// How long it may take to say so.
const PONG: Duration = Duration::from_secs(2);
/// The longest wait before a worker is started again.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Lines of the log that an incident keeps.
const LINES: usize = 50;

struct Keeper {
    of: Arc<Supervisor>,
    around: Surroundings,
    current: Option<Arc<Worker>>,
    /// What is to run; none: nothing.
    wanted: Option<Arc<PluginFile>>,
    /// Digest of a file that could not take over; it is not tried again before it changes.
    rejected: Option<String>,
    /// Deaths that count, the oldest first.
    deaths: VecDeque<Instant>,
    /// Starts in a row that failed.
    failures: u32,
    again_at: Option<Instant>,
    looks: u32,
}

pub(super) async fn run(of: Arc<Supervisor>, around: Surroundings, mut orders: mpsc::UnboundedReceiver<Order>) {
    let mut keeper = Keeper {
        of,
        around,
        current: None,
        wanted: None,
        rejected: None,
        deaths: VecDeque::new(),
        failures: 0,
        again_at: None,
        looks: 0,
    };
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let current = keeper.current.clone();
        let again_at = keeper.again_at;
        tokio::select! {
            order = orders.recv() => match order {
                Some(Order::Run { file, fallback, before, verdicts }) => {
                    if verdicts == keeper.of.verdicts() {
                        keeper.want(file, fallback, &before).await;
                    }
                }
                Some(Order::Off { state, reason }) => keeper.off(state, reason).await,
                Some(Order::Stop(done)) => {
                    keeper.off(State::Disabled, "the server stops".into()).await;
                    let _ = done.send(());
                    return;
                }
                None => return,
            },
            end = async { match &current { Some(worker) => worker.ended().await, None => std::future::pending().await } } => {
                keeper.died(&end).await;
            }
            () = async { match &current { Some(worker) => worker.hung().await, None => std::future::pending().await } } => {
                keeper.hung().await;
            }
            () = async { match again_at { Some(at) => tokio::time::sleep_until(at.into()).await, None => std::future::pending().await } } => {
                keeper.again_at = None;
                keeper.start(None).await;
            }
            _ = looks.tick() => keeper.look().await,
        }
    }
}

impl Keeper {
    /// Runs this file: at once where nothing runs, else by a swap that nobody notices. `before` is the version in use
    /// so far, `fallback` its file.
    async fn want(&mut self, file: Arc<PluginFile>, fallback: Option<Arc<PluginFile>>, before: &str) {
        let same = self.wanted.as_ref().is_some_and(|wanted| wanted.sha256 == file.sha256 && wanted.path == file.path);
        if same || self.rejected.as_ref() == Some(&file.sha256) {
            return;
        }
        if self.current.is_none() {
            self.deaths.clear();
            self.failures = 0;
            self.of.breaker.reset();
            let other = fallback.filter(|fallback| fallback.sha256 != file.sha256);
            let Some(fallback) = other else {
                self.wanted = Some(file);
                return self.start(Some(before)).await;
            };
            self.wanted = Some(fallback);
            self.start(None).await;
        }
        let launched = self.launch(&file, before).await;
        match launched {
            Ok(new) => {
                self.wanted = Some(file.clone());
                self.rejected = None;
                self.deaths.clear();
                self.of.breaker.reset();
                self.swap(new, None);
                self.note_use(&file).await;
            }
            Err(problem) => {
                self.rejected = Some(file.sha256.clone());
                let why = sentence(&problem);
                self.of.show(|view| {
                    view.reason = format!("version {} could not take over: {why}", file.manifest.version);
                });
                self.record("refused", "", &why, &file.manifest.version).await;
            }
        }
    }

    /// Starts a worker where none runs.
    async fn start(&mut self, before: Option<&str>) {
        let Some(file) = self.wanted.clone() else { return };
        let starting = if self.deaths.is_empty() { State::Starting } else { State::Restarting };
        self.of.show(|view| view.state = starting);
        match self.launch(&file, before.unwrap_or(&file.manifest.version)).await {
            Ok(new) => {
                self.failures = 0;
                self.swap(new, None);
                self.note_use(&file).await;
            }
            Err(NotStarted::Refused(refusal)) => {
                let why = sentence(&NotStarted::Refused(refusal));
                self.record("refused", "", &why, &file.manifest.version).await;
                self.show_off(State::Incompatible, why);
            }
            Err(NotStarted::Died(what)) => {
                self.failures += 1;
                self.record("death", "start", &what, &file.manifest.version).await;
                self.count_death(&what, "start").await;
            }
        }
    }

    /// A new worker with its tables up to date, tried out.
    async fn launch(&self, file: &Arc<PluginFile>, before: &str) -> Result<Arc<Worker>, NotStarted> {
        let refuse =
            |why: String| NotStarted::Refused(plugin_protocol::hello::Refusal { refused: why, hint: String::new() });
        if !file.manifest.migrations.is_empty() {
            let host = &self.around.host;
            let tables = host.shared.tables.of(&host.parts, &file.manifest.id).await;
            let migrated = match tables {
                Ok(tables) => tables.migrate(&file.manifest, host.parts.clock.now()).await,
                Err(failure) => Err(failure),
            };
            migrated.map_err(|failure| refuse(format!("its tables cannot be brought up to date: {failure}")))?;
        }
        let worker = Worker::start(&self.around, file.clone()).await?;
        match worker.try_out(&self.around, before).await {
            Ok(()) => Ok(Arc::new(worker)),
            Err(failure) => {
                let died = !worker.process.is_alive();
                worker.kill(Why::Done).await;
                Err(if died { NotStarted::Died(failure.to_string()) } else { refuse(failure.to_string()) })
            }
        }
    }

    /// Lets a worker take over; the one before finishes what it has begun.
    fn swap(&mut self, new: Arc<Worker>, patience: Option<Duration>) {
        let old = self.current.replace(new.clone());
        self.of.show(|view| {
            view.state = State::Ready;
            view.reason = String::new();
            view.manifest = Arc::new(new.file.manifest.clone());
            view.sha256 = new.file.sha256.clone();
            view.worker = Some(new);
        });
        if let Some(old) = old {
            let patience = patience.unwrap_or_else(|| old.process.longest().min(LONGEST_DRAIN) + SUSPECT);
            old.process.retire();
            tokio::spawn(async move { old.drain(patience).await });
        }
    }

    /// The worker's process is gone.
    async fn died(&mut self, end: &End) {
        let Some(old) = self.current.take() else { return };
        let outside = came_from_outside(end);
        self.of.show(|view| {
            view.state = State::Restarting;
            view.reason = end.to_string();
            view.worker = None;
        });
        tokio::spawn(async move { old.kill(Why::Done).await });
        let operation = end.operation.map(plugin_protocol::op::Op::name).unwrap_or_default();
        if outside {
            // At once, and before the incident is written: somebody may be waiting.
            self.start(None).await;
            self.record("death", operation, &format!("{end} (from outside)"), &self.version()).await;
        } else {
            self.record_later("death", operation, &end.to_string());
            self.count_death(&end.to_string(), operation).await;
        }
    }

    /// A call neither ended in time nor when it was cancelled: another worker takes over at once.
    async fn hung(&mut self) {
        let Some(file) = self.current.as_ref().map(|worker| worker.file.clone()) else { return };
        self.record_later("hang", "", "a call did not end when its time was up");
        if !self.note_death() {
            return self.quarantine("a call did not end when its time was up", "").await;
        }
        match self.launch(&file, &file.manifest.version).await {
            Ok(new) => self.swap(new, Some(SUSPECT)),
            // The old one still has threads that answer; its next hang brings us back here.
            Err(problem) => self.of.show(|view| view.reason = sentence(&problem)),
        }
    }

    async fn look(&mut self) {
        let Some(worker) = self.current.clone() else { return };
        self.looks += 1;
        if self.looks.is_multiple_of(PING_EVERY) {
            let of = worker.clone();
            tokio::spawn(async move {
                if of.process.is_alive() && !of.process.ping(PONG).await {
                    of.kill(Why::Silent).await;
                }
            });
        }
        let most = u64::from(worker.file.manifest.limits.memory_mib) * 1024;
        if let Some(memory) = worker.memory_kib().filter(|memory| *memory > most)
            && let Ok(new) = self.launch(&worker.file, &worker.file.manifest.version).await
        {
            self.swap(new, None);
            let detail = format!("{} MiB of {} MiB; another worker took over", memory / 1024, most / 1024);
            self.record_later("memory", "", &detail);
        }
    }

    async fn off(&mut self, state: State, reason: String) {
        self.wanted = None;
        self.rejected = None;
        self.again_at = None;
        self.show_off(state, reason);
        if let Some(old) = self.current.take() {
            old.drain(SUSPECT).await;
        }
    }

    fn show_off(&self, state: State, reason: String) {
        self.of.show(|view| {
            view.state = state;
            view.reason = reason;
            view.worker = None;
        });
    }

    /// Notes a death that counts; says whether the plugin may go on.
    fn note_death(&mut self) -> bool {
        let now = Instant::now();
        self.deaths.push_back(now);
        while self.deaths.front().is_some_and(|at| now - *at > DEATHS_WITHIN) {
            self.deaths.pop_front();
        }
        self.deaths.len() < MOST_DEATHS
    }

    async fn count_death(&mut self, what: &str, operation: &str) {
        if !self.note_death() {
            return self.quarantine(what, operation).await;
        }
        self.of.show(|view| {
            view.state = State::Restarting;
            view.reason = what.to_owned();
        });
        // At once, then 0.1, 0.4, 1.6 … seconds.
        let before = u32::try_from(self.deaths.len()).unwrap_or(u32::MAX).max(self.failures + 1);
        let wait = match before {
            0 | 1 => Duration::ZERO,
            more => Duration::from_millis(100).saturating_mul(4_u32.saturating_pow(more - 2)).min(LONGEST_WAIT),
        };
        self.again_at = Some(Instant::now() + wait);
    }

    /// Leaves the plugin alone until an administrator says otherwise.
    async fn quarantine(&mut self, what: &str, operation: &str) {
        let within = DEATHS_WITHIN.as_secs() / 60;
        let reason = format!("its worker died {MOST_DEATHS} times in {within} minutes; the last time: {what}");
        let version = self.version();
        self.off(State::Quarantined, reason.clone()).await;
        let host = &self.around.host.parts;
        let id = self.of.view.borrow().manifest.id.clone();
        let now = host.clock.now();
        let note = json!({
            "reason": reason, "detail": what, "operation": operation, "version": version, "at": now, "log": self.tail(),
        });
        if let Err(error) = plugin::quarantine(&host.db, &id, &note, now).await {
            tracing::warn!(%error, plugin = id, "the quarantine could not be written down");
        }
        self.of.verdicts.fetch_add(1, Ordering::AcqRel);
        self.deaths.clear();
        self.record("quarantine", operation, &reason, &version).await;
    }

    fn version(&self) -> String {
        self.of.view.borrow().manifest.version.clone()
    }

    fn tail(&self) -> String {
        self.around.log.last(LINES).iter().map(|line| format!("{line}\n")).collect()
    }

    async fn note_use(&self, file: &PluginFile) {
        let parts = &self.around.host.parts;
        let used = File { version: file.manifest.version.clone(), sha256: file.sha256.clone() };
        if let Err(error) = plugin::use_file(&parts.db, &file.manifest.id, used, parts.clock.now()).await {
            tracing::warn!(%error, plugin = file.manifest.id, "the file in use could not be written down");
        }
    }

    fn incident(&self, kind: &str, operation: &str, detail: &str, version: &str) -> Incident {
        let id = self.of.view.borrow().manifest.id.clone();
        tracing::warn!(plugin = id, kind, operation, "{detail}");
        Incident {
            plugin_id: id,
            at: self.around.host.parts.clock.now(),
            kind: kind.to_owned(),
            operation: operation.to_owned(),
            detail: detail.to_owned(),
            version: version.to_owned(),
            log: self.tail(),
        }
    }

    async fn record(&self, kind: &str, operation: &str, detail: &str, version: &str) {
        let incident = self.incident(kind, operation, detail, version);
        if let Err(error) = incident::record(&self.around.host.parts.db, incident).await {
            tracing::warn!(%error, "an incident could not be written down");
        }
    }

    /// The same, without waiting for the database.
    fn record_later(&self, kind: &str, operation: &str, detail: &str) {
        let incident = self.incident(kind, operation, detail, &self.version());
        let db = self.around.host.parts.db.clone();
        tokio::spawn(async move {
            if let Err(error) = incident::record(&db, incident).await {
                tracing::warn!(%error, "an incident could not be written down");
            }
        });
    }
}

/// Whether somebody else ended the process; see [`super`].
fn came_from_outside(end: &End) -> bool {
    let signal = end.status.and_then(|status| status.signal());
    let outside = [Signal::KILL, Signal::TERM, Signal::INT, Signal::HUP];
    match &end.killed {
        Some(Why::Done) => true,
        Some(_) => false,
        None => signal.is_some_and(|signal| outside.iter().any(|other| other.as_raw() == signal)),
    }
}
