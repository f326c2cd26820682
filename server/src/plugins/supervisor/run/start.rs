//! A file gets its worker: at once, or by taking over from another one that nobody misses.

use std::sync::Arc;
use std::time::Duration;

use plugin_loader::file::PluginFile;

use super::super::worker::Worker;
use super::candidate::Candidate;
use super::launch::{Trouble, launch};
use super::{Keeper, SUSPECT};
use crate::plugins::State;

/// How long a worker that is replaced may take to finish.
const LONGEST_DRAIN: Duration = Duration::from_secs(30);

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
