//! A plugin's worker, with the one that renders for it where the plugin is a program.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use plugin_loader::file::{FileKind, PluginFile};
use plugin_protocol::context::{Context, Request};
use plugin_protocol::hello::Refusal;
use plugin_protocol::op::{Op, Upgrade};
use plugin_protocol::{Code, Failure};
use serde::Serialize;

use crate::plugins::host::{self, Host};
use crate::plugins::log::Log;
use crate::plugins::process::{self, Answer, Launcher, NotStarted, Process, Unanswered, Why};
use crate::plugins::worker::start::{Finish, Start, What};
use crate::plugins::{Scope, context};

/// How long a new worker may take for what is asked of it before it is used.
const FIRST_CALLS: Duration = Duration::from_secs(10);

/// Everything that a worker of a plugin needs.
#[derive(Clone)]
pub struct Surroundings {
    /// Answers what it asks.
    pub host: Host,
    /// What it says.
    pub log: Arc<Log>,
    /// Makes its process.
    pub launcher: Arc<Launcher>,
}

/// A running plugin.
pub struct Worker {
    /// The plugin.
    pub process: Process,
    /// What it runs.
    pub file: Arc<PluginFile>,
    renderer: Option<Process>,
}

impl Worker {
    /// Starts a worker.
    ///
    /// # Errors
    /// Why it did not start.
    pub async fn start(around: &Surroundings, file: Arc<PluginFile>) -> Result<Self, NotStarted> {
        let what = if file.kind == FileKind::Program { What::Program } else { What::Library };
        let start = |what| order(&file, what);
        let launch = |order: Start| {
            let (around, answer) = (around.clone(), answers(&around.host, &file));
            async move { process::start(&around.launcher, &order, around.log.clone(), answer).await }
        };
        let process = launch(start(what)).await?;
        let renderer = if what == What::Program { Some(launch(start(What::Renderer)).await?) } else { None };
        Ok(Self { process, file, renderer })
    }

    /// What comes before the first call of a new version: its data, and a question how it is.
    ///
    /// # Errors
    /// Why it is not used.
    pub async fn try_out(&self, around: &Surroundings, before: &str) -> Result<(), Failure> {
        let manifest = &self.file.manifest;
        let context = context::of_site(&around.host.parts, manifest, "zh-CN").await;
        let context = context.map_err(|error| Failure::new(Code::Busy, error.to_string()))?;
        if is_upgrade(before, &manifest.version) {
            let upgrade = Upgrade { from: Some(before.to_owned()), to: manifest.version.clone() };
            self.first_call(Op::MigrateData, &context, upgrade).await?;
        }
        self.first_call(Op::Health, &context, ()).await
    }

    async fn first_call(&self, op: Op, context: &Context, input: impl Serialize) -> Result<(), Failure> {
        let scope = Arc::new(Scope::new(context.clone(), FIRST_CALLS));
        let payload = payload(&scope, &input)?;
        match self.process.call(op, scope, payload).await {
            Ok(_) => Ok(()),
            Err(Unanswered::Failed(failure)) if failure.code == Code::Unsupported => Ok(()),
            Err(Unanswered::Failed(failure)) => Err(failure),
            Err(Unanswered::NotSent) => Err(Failure::new(Code::WorkerDied, "the worker ended")),
        }
    }

    /// Does an operation.
    ///
    /// # Errors
    /// See [`Process::call`].
    pub async fn call(&self, op: Op, scope: Arc<Scope>, payload: Vec<u8>) -> Result<Vec<u8>, Unanswered> {
        let Some(renderer) = &self.renderer else { return self.process.call(op, scope, payload).await };
        let request = payload.clone();
        let (code, reply) = match self.process.call(op, scope.clone(), payload).await {
            Ok(reply) if matches!(op, Op::Http | Op::Widget) => (Code::Ok, reply),
            // Its own sentence, to be put into words.
            Err(Unanswered::Failed(failure)) if failure.key.is_some() => (failure.code, failure.to_bytes()),
            other => return other,
        };
        let finish = Finish::new(op, code, &reply, &request).map_err(Unanswered::Failed)?;
        renderer.call(op, scope, finish.to_bytes()).await
    }

    /// Finishes what is in progress, then ends.
    pub async fn drain(&self, within: Duration) {
        self.process.drain(within).await;
        if let Some(renderer) = &self.renderer {
            renderer.drain(within).await;
        }
    }

    /// Ends at once.
    pub async fn kill(&self, why: Why) {
        self.process.kill(why).await;
        if let Some(renderer) = &self.renderer {
            renderer.kill(Why::Done).await;
        }
    }

    /// Waits until one of its processes is gone.
    pub async fn ended(&self) -> process::End {
        match &self.renderer {
            None => self.process.ended().await,
            Some(renderer) => tokio::select! {
                end = self.process.ended() => end,
                end = renderer.ended() => end,
            },
        }
    }

    /// Waits until a call hangs.
    pub async fn hung(&self) {
        match &self.renderer {
            None => self.process.hung().await,
            Some(renderer) => tokio::select! {
                () = self.process.hung() => {}
                () = renderer.hung() => {}
            },
        }
    }

    /// Whether somebody has stopped it, so that it does nothing until it is told to go on.
    pub fn is_stopped(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.pid())).unwrap_or_default();
        // After the name, which may hold anything.
        stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
    }

    /// Memory of its own (not shared with other processes), KiB; none where the system does not say.
    pub fn memory_kib(&self) -> Option<u64> {
        let text = std::fs::read_to_string(format!("/proc/{}/statm", self.process.pid())).ok()?;
        let mut pages = text.split(' ').skip(1).map(|number| number.parse::<u64>().ok());
        let (resident, shared) = (pages.next()??, pages.next()??);
        Some(resident.saturating_sub(shared) * rustix::param::page_size() as u64 / 1024)
    }
}

/// The payload of an operation.
pub fn payload(scope: &Scope, input: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let left = scope.deadline.saturating_duration_since(Instant::now());
    serde_json::to_vec(&Request { context: scope.context.clone(), input, until: Some(chrono::Utc::now() + left) })
        .map_err(|error| Failure::new(Code::BadRequest, error.to_string()))
}

fn order(file: &PluginFile, what: What) -> Start {
    let limits = file.manifest.limits;
    Start {
        plugin: file.manifest.id.clone(),
        what,
        file: file.path.clone(),
        sha256: file.sha256.clone(),
        command: file.manifest.command.clone(),
        folder: file.path.parent().map(Path::to_owned).unwrap_or_default(),
        memory_mib: limits.memory_mib,
        threads: limits.threads,
    }
}

fn answers(host: &Host, file: &Arc<PluginFile>) -> Answer {
    let (host, file) = (host.clone(), file.clone());
    Arc::new(move |scope, op, payload| {
        let (host, file) = (host.clone(), file.clone());
        Box::pin(async move { host::answer(&host, &file.manifest, &scope, op, &payload).await })
    })
}

/// Why it did not start, in one sentence.
pub fn sentence(problem: &NotStarted) -> String {
    match problem {
        NotStarted::Refused(Refusal { refused, hint }) if hint.is_empty() => refused.clone(),
        NotStarted::Refused(Refusal { refused, hint }) => format!("{refused}; {hint}"),
        NotStarted::Died(what) | NotStarted::Outside(what) => what.clone(),
    }
}

/// Whether data of the version before is to be brought to this one. Going back changes nothing: a version leaves data
/// that the one before it can read.
fn is_upgrade(before: &str, now: &str) -> bool {
    let parts = |version: &str| version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    parts(before) < parts(now)
}
