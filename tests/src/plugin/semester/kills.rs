//! Workers that are killed while they are at work, again and again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use server::plugins::Plugins;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::super::running::signal;
use super::class::TOOLS;

/// After so many more calls of a tool its worker is killed: in the middle of the next one, or shortly before it.
const CALLS: u64 = 20;

/// Kills the workers of the tools as long as it lives.
pub struct Kills {
    count: Arc<AtomicUsize>,
    stop: CancellationToken,
    killing: JoinHandle<()>,
}

impl Kills {
    pub fn begin(plugins: &Plugins) -> Self {
        let (count, stop) = (Arc::<AtomicUsize>::default(), CancellationToken::new());
        let (plugins, counted, stopped) = (plugins.clone(), count.clone(), stop.clone());
        let killing = tokio::spawn(async move {
            let calls = |id| -> u64 {
                plugins.status(id).map_or(0, |status| status.figures.iter().map(|figures| figures.calls).sum())
            };
            let mut next = TOOLS.map(|id| calls(id) + CALLS);
            while !stopped.is_cancelled() {
                for (id, next) in TOOLS.into_iter().zip(&mut next) {
                    let Some(pid) = plugins.pid(id).filter(|_| calls(id) >= *next) else { continue };
                    signal(pid, "KILL");
                    counted.fetch_add(1, Ordering::Relaxed);
                    *next = calls(id) + CALLS;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        Self { count, stop, killing }
    }

    /// How many were killed.
    pub async fn end(self) -> usize {
        self.stop.cancel();
        self.killing.await.expect("it does not panic");
        self.count.load(Ordering::Relaxed)
    }
}
