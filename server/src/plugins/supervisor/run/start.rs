//! A file gets its worker: at once, or by taking over from another one that nobody misses.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use plugin_loader::file::PluginFile;
use plugin_protocol::{Code, Failure};

use super::super::worker::{Surroundings, Worker, sentence};
use super::candidate::Candidate;
use super::{Keeper, SUSPECT};
use crate::plugins::State;
use crate::plugins::process::{NotStarted, Why};

/// How long a worker that is replaced may take to finish.
const LONGEST_DRAIN: Duration = Duration::from_secs(30);

/// Why a file has no worker.
pub(super) enum Trouble {
    /// It does not work here; trying again changes nothing.
    Refused(String),
    /// It died.
    Died(String),
    /// Something that is not its own fault; it is tried again.
    Later(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Refused(why) | Self::Died(why) | Self::Later(why)) = self;
        f.write_str(why)
    }
}

impl From<NotStarted> for Trouble {
    fn from(problem: NotStarted) -> Self {
        let why = sentence(&problem);
        match problem {
            NotStarted::Refused(_) => Self::Refused(why),
            NotStarted::Died(_) => Self::Died(why),
            NotStarted::Outside(_) => Self::Later(why),
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure.code {
            // The database did not answer, or the call was never made.
            Code::Busy | Code::NotRunning => Self::Later(failure.to_string()),
            _ => Self::Refused(failure.to_string()),
        }
    }
}

impl Keeper {
    /// Runs this file: at once where nothing runs, else by a swap that nobody notices, once it has been tried out.
    /// `before` is the version in use so far, `fallback` its file.
    pub(super) async fn want(&mut self, file: Arc<PluginFile>, fallback: Option<Arc<PluginFile>>, before: &str) {
        if self.candidate.as_ref().is_some_and(|candidate| candidate.is(&file)) {
            return;
        }
        self.candidate = None;
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
            let version = fallback.manifest.version.clone();
            self.wanted = Some(fallback);
            self.start(Some(&version)).await;
        }
        self.candidate = Some(Candidate::new(&self.around, file, before));
    }

    /// Starts a worker where none runs. `before` is the version in use so far, where that may have been another one.
    pub(super) async fn start(&mut self, before: Option<&str>) {
        let Some(file) = self.wanted.clone() else { return };
        let starting = if self.deaths.is_empty() { State::Starting } else { State::Restarting };
        self.of.show(|view| view.state = starting);
        if let Some(before) = before {
            self.before = before.to_owned();
        }
        let version = file.manifest.version.clone();
        match self.launch(&file, &self.before).await {
            Ok(new) => {
                self.failures = 0;
                self.before = version;
                self.swap(new, None);
                self.note_use(&file).await;
            }
            Err(Trouble::Refused(why)) => {
                self.record("refused", "", &why, &version).await;
                self.show_off(State::Incompatible, why);
            }
            Err(Trouble::Died(what)) => {
                self.failures += 1;
                self.record("death", "start", &what, &version).await;
                self.count_death(&what, "start").await;
            }
            Err(Trouble::Later(why)) => {
                self.failures += 1;
                self.of.show(|view| view.reason = why);
                self.start_again_after(self.failures + 1);
            }
        }
    }

    pub(super) async fn launch(&self, file: &Arc<PluginFile>, before: &str) -> Result<Arc<Worker>, Trouble> {
        launch(&self.around, file, before).await
    }

    /// Lets a worker take over; the one before finishes what it has begun.
    pub(super) fn swap(&mut self, new: Arc<Worker>, patience: Option<Duration>) {
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
}

/// A new worker with its tables up to date, tried out.
pub(super) async fn launch(
    around: &Surroundings,
    file: &Arc<PluginFile>,
    before: &str,
) -> Result<Arc<Worker>, Trouble> {
    if !file.manifest.migrations.is_empty() {
        let host = &around.host;
        let tables = host.shared.tables.of(&host.parts, &file.manifest.id).await?;
        let migrated = tables.migrate(&file.manifest, host.parts.clock.now()).await;
        migrated.map_err(|failure| {
            let message = format!("its tables cannot be brought up to date: {}", failure.message);
            Failure { message, ..failure }
        })?;
    }
    let worker = Worker::start(around, file.clone()).await?;
    match worker.try_out(around, before).await {
        Ok(()) => Ok(Arc::new(worker)),
        Err(failure) => {
            // It may be gone a moment before anybody has noted how.
            let died = failure.code == Code::WorkerDied || !worker.process.is_alive();
            let outside = if died { Some(worker.process.ended().await.came_from_outside()) } else { None };
            worker.kill(Why::Done).await;
            Err(match outside {
                Some(true) => Trouble::Later(failure.to_string()),
                Some(false) => Trouble::Died(failure.to_string()),
                None => failure.into(),
            })
        }
    }
}
