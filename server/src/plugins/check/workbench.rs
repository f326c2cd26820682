//! A server with one class, for a conformance run, and workers that ask it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use plugin_database::Store;
use plugin_loader::{FileKind, PluginFile};
use plugin_protocol::context::Context;
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::Op;
use plugin_protocol::{Code, Failure};
use serde::Serialize;
use serde_json::Value;
use tempfile::TempDir;

use super::found::Wrong;
use crate::clock::Clock;
use crate::config::Config;
use crate::plugins::context::{self, Parts};
use crate::plugins::host::{self, Host};
use crate::plugins::log::Log;
use crate::plugins::process::{self, Answer, Launcher, NotStarted, Process, Unanswered};
use crate::plugins::render::Renderer;
use crate::plugins::worker::start::{Start, What};
use crate::plugins::{Plugins, Scope};
use crate::store::class::{self, Class, Membership, Settings};
use crate::store::person::{self, Actor, NewPerson, Person, Role};
use crate::store::plugin::{self, File};

/// How long a call of a check may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// A server that lives for the run.
pub(super) struct Workbench {
    pub(super) file: PluginFile,
    pub(super) manifest: Arc<Manifest>,
    pub(super) store: Store,
    renderer: Renderer,
    launcher: Launcher,
    parts: Parts,
    plugins: Plugins,
    class: Class,
    teacher: Person,
    folder: TempDir,
}

/// A running worker of the plugin.
pub(super) struct Worker<'b> {
    pub(super) process: Process,
    bench: &'b Workbench,
}

impl Workbench {
    pub(super) async fn new(file: PluginFile, program: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("no temporary directory can be made")?;
        let config = Config::in_folder(folder.path());
        let db = config.storage.open().await?;
        let parts = Parts { db, clock: Clock::system(), config: Arc::new(config) };
        let plugins = Plugins::default();
        let manifest = Arc::new(file.manifest.clone());
        let (class, teacher) = found_class(&parts, &manifest, &file.sha256).await?;
        let host = Host::new(parts.clone(), &plugins);
        let store = host.shared.tables.of(&host.parts, &manifest.id).await?;
        store.migrate(&manifest, parts.clock.now()).await.ok();
        let renderer = Renderer::new(&manifest);
        let launcher = Launcher::new(program, folder.path());
        Ok(Self { file, manifest, store, renderer, launcher, parts, plugins, class, teacher, folder })
    }

    pub(super) async fn close(self) {
        self.store.close().await;
        self.parts.db.close().await;
    }

    /// Who asks in a check: a teacher, who may open everything.
    pub(super) async fn context(&self, language: &str) -> Result<Context, Wrong> {
        let membership = Membership::of_administrator(self.class.id, self.teacher.id);
        let person = Some((&self.teacher, &membership));
        context::of_class(&self.parts, &self.manifest, &self.class, person, language)
            .await
            .map_err(|error| Wrong::new(error.to_string()))
    }

    /// Starts a worker.
    pub(super) async fn worker(&self) -> Result<Worker<'_>, Wrong> {
        let is_program = self.file.kind == FileKind::Program;
        let path = self.file.path.canonicalize().unwrap_or_else(|_| self.file.path.clone());
        let start = Start {
            plugin: self.manifest.id.clone(),
            what: if is_program { What::Program } else { What::Library },
            folder: path.parent().unwrap_or(Path::new("/")).to_owned(),
            file: path,
            sha256: self.file.sha256.clone(),
            command: self.manifest.command.clone(),
            memory_mib: self.manifest.limits.memory_mib,
            threads: self.manifest.limits.threads,
        };
        let log = Arc::new(Log::new(&self.manifest.id, self.folder.path()));
        let answer = self.answer(Arc::clone(&log));
        match process::start(&self.launcher, &start, log, answer).await {
            Ok(process) => Ok(Worker { process, bench: self }),
            Err(NotStarted::Refused(refusal)) => Err(Wrong::new(refusal.refused).hint(refusal.hint)),
            Err(NotStarted::Died(why) | NotStarted::Outside(why)) => {
                Err(Wrong::new(format!("it does not start: {why}")))
            }
        }
    }

    fn answer(&self, log: Arc<Log>) -> Answer {
        let sink: host::LogSink = Arc::new(move |_, level, line| {
            log.push(level, line);
        });
        let host = Host { log: sink, ..Host::new(self.parts.clone(), &self.plugins) };
        let manifest = Arc::clone(&self.manifest);
        Arc::new(move |scope, op, payload| {
            let (host, manifest) = (host.clone(), Arc::clone(&manifest));
            Box::pin(async move { host::answer(&host, &manifest, &scope, op, &payload).await })
        })
    }
}

impl Worker<'_> {
    /// Does an operation in a language.
    pub(super) async fn ask(&self, op: Op, language: &str, input: impl Serialize) -> Result<Vec<u8>, Failure> {
        let context = self.bench.context(language).await.map_err(|wrong| Failure::new(Code::Busy, wrong.message))?;
        let payload = serde_json::json!({ "context": &context, "input": input }).to_string().into_bytes();
        self.send(op, context, payload, PATIENCE).await
    }

    /// The same with bytes as they are.
    pub(super) async fn send(
        &self,
        op: Op,
        context: Context,
        payload: Vec<u8>,
        within: Duration,
    ) -> Result<Vec<u8>, Failure> {
        let scope = Arc::new(Scope::new(context, within));
        match self.process.call(op, scope, payload.clone()).await {
            // A program's templates are rendered beside it.
            Ok(reply) if self.bench.file.kind == FileKind::Program => {
                let (code, bytes) = self.bench.renderer.finish(op as u32, Code::Ok.number(), reply, &payload);
                match Code::from_number(code) {
                    Some(Code::Ok) => Ok(bytes),
                    code => Err(Failure::from_bytes(code.unwrap_or(Code::PluginError), &bytes)),
                }
            }
            Ok(reply) => Ok(reply),
            Err(Unanswered::Failed(failure)) => Err(failure),
            Err(Unanswered::NotSent) => Err(Failure::new(Code::WorkerDied, "the worker is gone")),
        }
    }

    /// Ends it.
    pub(super) async fn end(self) {
        self.process.kill(process::Why::Done).await;
    }
}

async fn found_class(parts: &Parts, manifest: &Manifest, sha256: &str) -> anyhow::Result<(Class, Person)> {
    let (db, now) = (&parts.db, parts.clock.now());
    let new = NewPerson { login: "teacher".into(), name: "教师 A".into(), role: Role::Teacher, password_hash: None };
    let id = person::create(db, new, now).await?;
    let teacher = person::find(db, id).await?.context("just created")?;
    let actor = Actor { id, address: String::new() };
    let settings = Settings {
        course: "course".into(),
        name: "测试班".into(),
        term: "2026".into(),
        join_rule: "closed".into(),
        time_zone: crate::moment::DEFAULT_ZONE.into(),
    };
    let class_id = class::create(db, actor.clone(), settings, now).await?;
    let class = class::find(db, class_id).await?.context("just founded")?;
    let file = File { version: manifest.version.clone(), sha256: sha256.to_owned() };
    plugin::enable(db, None, manifest, file, now).await?;
    plugin::class::add(db, actor, class_id, &manifest.id, now).await?;
    Ok((class, teacher))
}

/// A value as an answer of an operation.
pub(super) fn parsed(bytes: &[u8]) -> Result<Value, Wrong> {
    let bytes: &[u8] = if bytes.is_empty() { b"null" } else { bytes };
    serde_json::from_slice(bytes).map_err(|error| Wrong::new(format!("the answer is no JSON: {error}")))
}
