//! A file that is tried out beside the one that runs, which is looked after meanwhile.

use std::sync::Arc;

use plugin_loader::file::PluginFile;
use tokio::task::JoinHandle;

use super::super::worker::{Surroundings, Worker};
use super::Keeper;
use super::launch::{Trouble, launch};

/// A file on its way. Dropping it ends what it has begun.
pub(super) struct Candidate {
    file: Arc<PluginFile>,
    launching: JoinHandle<Result<Arc<Worker>, Trouble>>,
}

impl Candidate {
    /// Begins to try a file out. `before` is the version in use so far.
    pub(super) fn new(around: &Surroundings, file: Arc<PluginFile>, before: &str) -> Self {
        let (around, tried, before) = (around.clone(), file.clone(), before.to_owned());
        Self { file, launching: tokio::spawn(async move { launch(&around, &tried, &before).await }) }
    }

    /// Whether it is this file.
    pub(super) fn is(&self, file: &PluginFile) -> bool {
        self.file.sha256 == file.sha256
    }

    /// What came of it; to be asked once.
    pub(super) async fn tried(&mut self) -> Result<Arc<Worker>, Trouble> {
        let ended = (&mut self.launching).await;
        ended.unwrap_or_else(|error| Err(Trouble::Later(format!("it was not tried out to the end: {error}"))))
    }
}

impl Drop for Candidate {
    fn drop(&mut self) {
        self.launching.abort();
    }
}

impl Keeper {
    /// The candidate takes over, or the file before it goes on.
    pub(super) async fn take_over(&mut self, tried: Result<Arc<Worker>, Trouble>) {
        let Some(file) = self.candidate.take().map(|candidate| candidate.file.clone()) else { return };
        let version = file.manifest.version.clone();
        let problem = match tried {
            Ok(new) => {
                self.wanted = Some(file.clone());
                self.before = version;
                self.rejected = None;
                self.deaths.clear();
                self.again_at = None;
                self.of.breaker.reset();
                self.swap(new, None);
                return self.note_use(&file).await;
            }
            Err(problem) => problem,
        };
        self.of.show(|view| view.reason = format!("version {version} could not take over: {problem}"));
        // What is not its own fault is tried again with the next order.
        if !matches!(problem, Trouble::Later(_)) {
            self.rejected = Some(file.sha256.clone());
            self.record("refused", "", &problem.to_string(), &version).await;
        }
    }
}
