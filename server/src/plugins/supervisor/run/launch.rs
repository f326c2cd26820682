//! A worker for a file, with its tables up to date and tried out; or why there is none.

use std::fmt;
use std::sync::Arc;

use plugin_loader::file::PluginFile;
use plugin_protocol::{Code, Failure};

use super::super::worker::{Surroundings, Worker, sentence};
use crate::plugins::process::{NotStarted, Why};

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
