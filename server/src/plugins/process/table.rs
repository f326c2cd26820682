//! The calls of one worker that have no answer yet.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use plugin_protocol::op::Op;
use plugin_protocol::{Code, Failure};
use tokio::sync::{Notify, oneshot, watch};

use crate::plugins::scope::Scope;

/// What answers a call: a code and JSON.
pub(super) type Reply = (Code, Vec<u8>);

/// The calls without an answer.
#[derive(Default)]
pub(super) struct Table {
    state: Mutex<State>,
    emptied: Notify,
    bye: watch::Sender<bool>,
}

#[derive(Default)]
struct State {
    calls: HashMap<u64, Call>,
    last: u64,
    ended: Option<Ended>,
}

struct Call {
    op: Op,
    scope: Arc<Scope>,
    /// Nobody waits any more, and still the worker may be busy with it.
    answer: Option<oneshot::Sender<Reply>>,
}

/// Why no more calls are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Another worker has taken its place.
    Retired,
    /// Its process is gone.
    Died,
}

/// Whether a reply belongs to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// To a call.
    Yes,
    /// To nothing that was ever asked.
    Never,
}

impl Table {
    /// Notes a call; `None` when no more are taken.
    pub(super) fn enter(&self, op: Op, scope: Arc<Scope>) -> Option<(u64, oneshot::Receiver<Reply>)> {
        let mut state = self.state();
        if state.ended.is_some() {
            return None;
        }
        state.last += 1;
        let id = state.last;
        let (answer, answered) = oneshot::channel();
        state.calls.insert(id, Call { op, scope, answer: Some(answer) });
        Some((id, answered))
    }

    /// Forgets a call that was never sent.
    pub(super) fn leave(&self, id: u64) {
        self.state().calls.remove(&id);
        self.emptied.notify_waiters();
    }

    /// The worker has answered.
    pub(super) fn answer(&self, id: u64, reply: Reply) -> Known {
        let mut state = self.state();
        let known = if (1..=state.last).contains(&id) { Known::Yes } else { Known::Never };
        if let Some(answer) = state.calls.remove(&id).and_then(|call| call.answer) {
            // Whoever asked may have gone meanwhile.
            let _ = answer.send(reply);
        }
        if state.calls.is_empty() {
            self.emptied.notify_waiters();
        }
        known
    }

    /// On whose behalf a call runs; `None`: nobody waits for it.
    pub(super) fn scope(&self, id: u64) -> Option<Arc<Scope>> {
        let state = self.state();
        let call = state.calls.get(&id)?;
        let waited_for = call.answer.as_ref().is_some_and(|answer| !answer.is_closed());
        waited_for.then(|| call.scope.clone())
    }

    pub(super) fn is_running(&self, id: u64) -> bool {
        self.state().calls.contains_key(&id)
    }

    pub(super) fn count(&self) -> usize {
        self.state().calls.len()
    }

    /// The operation of the call that has run longest.
    pub(super) fn oldest(&self) -> Option<Op> {
        self.state().calls.iter().min_by_key(|(id, _)| **id).map(|(_, call)| call.op)
    }

    pub(super) fn longest(&self) -> Duration {
        let now = Instant::now();
        let left = |call: &Call| call.scope.deadline.saturating_duration_since(now);
        self.state().calls.values().map(left).max().unwrap_or_default()
    }

    /// No more calls are taken.
    pub(super) fn close(&self, ended: Ended) {
        self.state().ended.get_or_insert(ended);
    }

    /// Everybody who waits gets this failure.
    pub(super) fn fail_all(&self, failure: &Failure) {
        let calls = std::mem::take(&mut self.state().calls);
        for answer in calls.into_values().filter_map(|call| call.answer) {
            let _ = answer.send((failure.code, failure.to_bytes()));
        }
        self.emptied.notify_waiters();
        self.bye.send_replace(true);
    }

    /// Waits until nothing runs; says whether that came in time.
    pub(super) async fn idle(&self, until: Instant) -> bool {
        loop {
            let emptied = self.emptied.notified();
            tokio::pin!(emptied);
            emptied.as_mut().enable();
            if self.count() == 0 {
                return true;
            }
            if tokio::time::timeout_at(until.into(), emptied).await.is_err() {
                return self.count() == 0;
            }
        }
    }

    /// The worker said its last word.
    pub(super) fn bye(&self) {
        self.bye.send_replace(true);
    }

    /// Waits for it.
    pub(super) async fn said_bye(&self) {
        let _ = self.bye.subscribe().wait_for(|said| *said).await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
