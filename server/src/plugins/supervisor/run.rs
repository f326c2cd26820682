//! What a supervisor does, one thing after another.

mod candidate;
mod death;
mod incident;
mod launch;
mod start;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use plugin_loader::file::PluginFile;
use tokio::sync::mpsc;

use super::worker::{Surroundings, Worker};
use super::{Order, Supervisor};
use crate::plugins::State;
use crate::plugins::process::Why;
use candidate::Candidate;

/// How long a worker with a call that hangs may go on with its other calls.
const SUSPECT: Duration = Duration::from_secs(2);
/// How often memory is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How often a worker is asked whether it lives, in looks.
const PING_EVERY: u32 = 5;
/// How long it may take to say so.
const PONG: Duration = Duration::from_secs(2);

struct Keeper {
    of: Arc<Supervisor>,
    around: Surroundings,
    current: Option<Arc<Worker>>,
    /// What is to run; none: nothing.
    wanted: Option<Arc<PluginFile>>,
    /// The version whose data it finds at its first start.
    before: String,
    /// A file that is tried out while another one runs.
    candidate: Option<Candidate>,
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
        before: String::new(),
        candidate: None,
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
            tried = async { match &mut keeper.candidate { Some(candidate) => candidate.tried().await, None => std::future::pending().await } } => {
                keeper.take_over(tried).await;
            }
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
    async fn look(&mut self) {
        let Some(worker) = self.current.clone() else { return };
        if worker.is_stopped() {
            return self.stopped().await;
        }
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
        self.candidate = None;
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
}
