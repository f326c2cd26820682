//! A worker died, hung, or was stopped: who did it, and what comes next.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use plugin_protocol::op::Op;
use serde_json::json;

use super::super::{DEATHS_WITHIN, MOST_DEATHS};
use super::{Keeper, SUSPECT};
use crate::plugins::State;
use crate::plugins::process::{End, Why};
use crate::store::plugin;

/// The longest wait before a worker is started again.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

impl Keeper {
    /// The worker's process is gone.
    pub(super) async fn died(&mut self, end: &End) {
        let Some(old) = self.current.take() else { return };
        self.of.show(|view| {
            view.state = State::Restarting;
            view.reason = end.to_string();
            view.worker = None;
        });
        tokio::spawn(async move { old.kill(Why::Done).await });
        let operation = end.operation.map(Op::name).unwrap_or_default();
        if end.came_from_outside() {
            // At once, and before the incident is written: somebody may be waiting.
            self.start(None).await;
            self.record("death", operation, &format!("{end} (from outside)"), &self.version()).await;
        } else {
            self.record_later("death", operation, &end.to_string());
            self.count_death(&end.to_string(), operation).await;
        }
    }

    /// Somebody has stopped the worker's process (SIGSTOP), which it cannot do itself: another one takes its place.
    pub(super) async fn stopped(&mut self) {
        let Some(old) = self.current.take() else { return };
        let what = "the worker was stopped by a signal and is replaced";
        self.of.show(|view| {
            view.state = State::Restarting;
            view.reason = what.to_owned();
            view.worker = None;
        });
        tokio::spawn(async move { old.kill(Why::Done).await });
        self.start(None).await;
        self.record("death", "", &format!("{what} (from outside)"), &self.version()).await;
    }

    /// A call neither ended in time nor when it was cancelled: another worker takes over at once.
    pub(super) async fn hung(&mut self) {
        let Some(current) = self.current.clone() else { return };
        if current.is_stopped() {
            return self.stopped().await;
        }
        self.record_later("hang", "", "a call did not end when its time was up");
        if !self.note_death() {
            return self.quarantine("a call did not end when its time was up", "").await;
        }
        match self.launch(&current.file, &current.file.manifest.version).await {
            Ok(new) => self.swap(new, Some(SUSPECT)),
            // The old one still has threads that answer; its next hang brings us back here.
            Err(problem) => self.of.show(|view| view.reason = problem.to_string()),
        }
    }

    /// Notes a death that counts; says whether the plugin may go on.
    fn note_death(&mut self) -> bool {
        let now = Instant::now();
        self.deaths.push_back(now);
        while self.deaths.front().is_some_and(|at| now - *at > DEATHS_WITHIN) {
            self.deaths.pop_front();
        }
        self.deaths.len() < MOST_DEATHS
    }

    pub(super) async fn count_death(&mut self, what: &str, operation: &str) {
        if !self.note_death() {
            return self.quarantine(what, operation).await;
        }
        self.of.show(|view| {
            view.state = State::Restarting;
            view.reason = what.to_owned();
        });
        self.start_again_after(u32::try_from(self.deaths.len()).unwrap_or(u32::MAX).max(self.failures + 1));
    }

    /// At once the first time, then after 0.1, 0.4, 1.6 … seconds.
    pub(super) fn start_again_after(&mut self, tries: u32) {
        let wait = match tries {
            0 | 1 => Duration::ZERO,
            more => Duration::from_millis(100).saturating_mul(4_u32.saturating_pow(more - 2)).min(LONGEST_WAIT),
        };
        self.again_at = Some(Instant::now() + wait);
    }

    /// Leaves the plugin alone until an administrator says otherwise.
    async fn quarantine(&mut self, what: &str, operation: &str) {
        let within = DEATHS_WITHIN.as_secs() / 60;
        let reason = format!("its worker died {MOST_DEATHS} times in {within} minutes; the last time: {what}");
        let version = self.version();
        self.off(State::Quarantined, reason.clone()).await;
        let host = &self.around.host.parts;
        let id = self.of.view.borrow().manifest.id.clone();
        let now = host.clock.now();
        let note = json!({
            "reason": reason, "detail": what, "operation": operation, "version": version, "at": now, "log": self.tail(),
        });
        if let Err(error) = plugin::quarantine(&host.db, &id, &note, now).await {
            tracing::warn!(%error, plugin = id, "the quarantine could not be written down");
        }
        self.of.verdicts.fetch_add(1, Ordering::AcqRel);
        self.deaths.clear();
        self.record("quarantine", operation, &reason, &version).await;
    }
}
