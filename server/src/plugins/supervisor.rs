//! Keeps one plugin running: starts its worker, replaces one that hangs or grows, starts another one when it dies,
//! and leaves a plugin alone that dies again and again.
//!
//! What counts against a plugin is what it did itself: a signal of its own making (a segmentation fault, an abort), an
//! exit, a hang, a broken protocol. SIGKILL, SIGTERM and their like, when the server did not send them, came from
//! outside: the sandbox keeps a plugin from sending them, and where there is none it gets the benefit of the doubt.

mod breaker;
mod figures;
mod run;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use plugin_loader::file::PluginFile;
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::Op;
use plugin_protocol::{Code, Failure};
use tokio::sync::{mpsc, oneshot, watch};

use super::log::Log;
use super::process::Unanswered;
use super::{Scope, State, Status, Update};
use breaker::Breaker;
use figures::Counts;
use worker::Worker;
pub use worker::{Surroundings, payload};

/// How often a call is made again when the worker died under it.
const AGAIN: usize = 2;

/// One plugin.
pub struct Supervisor {
    log: Arc<Log>,
    view: watch::Sender<View>,
    orders: mpsc::UnboundedSender<Order>,
    breaker: Breaker,
    counts: Counts,
    /// Raised with every verdict, so that an order that was given before it is not followed after it.
    verdicts: AtomicU64,
}

/// What is to happen.
pub enum Order {
    /// Run this file.
    Run {
        /// The file, where workers open it.
        file: Arc<PluginFile>,
        /// The file in use so far, for when this one does not start.
        fallback: Option<Arc<PluginFile>>,
        /// The version in use so far.
        before: String,
        /// What [`Supervisor::verdicts`] said before the database was asked.
        verdicts: u64,
    },
    /// Run nothing.
    Off {
        /// What to call that.
        state: State,
        /// Why.
        reason: String,
    },
    /// End; tells when that is done.
    Stop(oneshot::Sender<()>),
}

#[derive(Clone)]
struct View {
    manifest: Arc<Manifest>,
    state: State,
    reason: String,
    worker: Option<Arc<Worker>>,
    waiting: Option<Update>,
    sha256: String,
}

impl Supervisor {
    /// Of a plugin that does not run yet.
    pub fn new(manifest: Manifest, around: Surroundings) -> Arc<Self> {
        let view = View {
            manifest: Arc::new(manifest),
            state: State::Disabled,
            reason: String::new(),
            worker: None,
            waiting: None,
            sha256: String::new(),
        };
        let (orders, given) = mpsc::unbounded_channel();
        let supervisor = Arc::new(Self {
            log: around.log.clone(),
            view: watch::channel(view).0,
            orders,
            breaker: Breaker::default(),
            counts: Counts::default(),
            verdicts: AtomicU64::new(0),
        });
        tokio::spawn(run::run(supervisor.clone(), around, given));
        supervisor
    }

    /// Gives an order.
    pub fn order(&self, order: Order) {
        // After the end there is nobody to follow it.
        let _ = self.orders.send(order);
    }

    /// Ends it.
    pub async fn stop(&self) {
        let (done, is_done) = oneshot::channel();
        self.order(Order::Stop(done));
        let _ = is_done.await;
    }

    /// To be put into [`Order::Run`].
    pub fn verdicts(&self) -> u64 {
        self.verdicts.load(Ordering::Acquire)
    }

    /// What its files say now: what it declares where it does not run, and a newer file that waits for approval.
    pub fn describe(&self, manifest: &Manifest, sha256: &str, waiting: Option<Update>) {
        self.view.send_if_modified(|view| {
            let runs = view.worker.is_some();
            if !runs && (*view.manifest != *manifest || view.sha256 != sha256) {
                view.manifest = Arc::new(manifest.clone());
                sha256.clone_into(&mut view.sha256);
            }
            view.waiting = waiting;
            false
        });
    }

    /// How it is.
    pub fn status(&self) -> Status {
        let view = self.view.borrow().clone();
        Status {
            manifest: view.manifest,
            state: view.state,
            reason: view.reason,
            sha256: view.sha256,
            waiting: view.waiting,
            sandbox: view.worker.as_ref().map(|worker| worker.process.hello.sandbox.clone()),
            memory_kib: view.worker.as_ref().and_then(|worker| worker.memory_kib()),
            figures: self.counts.read(),
        }
    }

    /// Its log.
    pub fn log(&self) -> &Arc<Log> {
        &self.log
    }

    /// Process of its worker, where it runs.
    pub fn pid(&self) -> Option<u32> {
        self.view.borrow().worker.as_ref().map(|worker| worker.process.pid())
    }

    /// Does an operation: waits for a worker where one is on its way, and makes the call again where that is harmless.
    ///
    /// # Errors
    /// The plugin's own, and those of the host.
    pub async fn ask(&self, op: Op, scope: Arc<Scope>, payload: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let began = Instant::now();
        if let Err(wait) = self.breaker.enter(op, began) {
            let seconds = wait.as_secs().max(1);
            return Err(Failure::new(Code::BreakerOpen, "it failed too often in the last moments")
                .hint(format!("try again in {seconds} s")));
        }
        let outcome = self.attempt(op, &scope, payload).await;
        let fault = outcome.as_ref().is_err_and(|failure| failure.code.is_fault());
        let now = Instant::now();
        self.breaker.leave(op, fault, now);
        self.counts.note(op, fault, now - began);
        outcome
    }

    async fn attempt(&self, op: Op, scope: &Arc<Scope>, payload: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let mut deaths = 0;
        let mut before: Option<Arc<Worker>> = None;
        loop {
            let worker = self.ready(scope.deadline, before.as_ref()).await?;
            match worker.call(op, scope.clone(), payload.clone()).await {
                Ok(answer) => return Ok(answer),
                // Nothing of the call has reached a worker.
                Err(Unanswered::NotSent) => {}
                Err(Unanswered::Failed(failure))
                    if failure.code == Code::WorkerDied
                        && deaths < AGAIN
                        && (scope.idempotent || may_come_again(op) && worker.ended().await.came_from_outside()) =>
                {
                    deaths += 1;
                }
                Err(Unanswered::Failed(failure)) => return Err(failure),
            }
            before = Some(worker);
        }
    }

    /// A worker that takes calls, another one than `before`.
    async fn ready(&self, deadline: Instant, before: Option<&Arc<Worker>>) -> Result<Arc<Worker>, Failure> {
        let mut views = self.view.subscribe();
        let found = views.wait_for(|view| match (view.state, &view.worker) {
            (State::Ready, Some(worker)) => before.is_none_or(|before| !Arc::ptr_eq(before, worker)),
            (State::Ready | State::Starting | State::Restarting, _) => false,
            _ => true,
        });
        let view = match tokio::time::timeout_at(deadline.into(), found).await {
            Ok(Ok(view)) => view.clone(),
            Ok(Err(_)) => return Err(Failure::new(Code::NotRunning, "the server stops")),
            Err(_) => return Err(Failure::new(Code::NotRunning, "it is being started")),
        };
        match view.worker {
            Some(worker) if view.state == State::Ready => Ok(worker),
            _ => {
                let why = if view.reason.is_empty() { "it does not run".to_owned() } else { view.reason };
                Err(Failure::new(Code::NotRunning, why))
            }
        }
    }

    fn show(&self, change: impl FnOnce(&mut View)) {
        self.view.send_modify(change);
    }
}

/// Whether an operation comes again when it fails, so that it may as well come again at once when it was not its fault.
fn may_come_again(op: Op) -> bool {
    matches!(op, Op::Event | Op::Job)
}

/// Seconds in which deaths are counted.
const DEATHS_WITHIN: Duration = Duration::from_secs(5 * 60);
/// Deaths in that time after which a plugin is left alone.
const MOST_DEATHS: usize = 3;
