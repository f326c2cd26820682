//! Leaves an operation of a plugin alone for a moment when it fails again and again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use plugin_protocol::op::Op;

/// What is looked back at.
const WINDOW: Duration = Duration::from_secs(30);
/// Calls below which nothing is concluded.
const FEWEST: usize = 10;
/// The most calls that are remembered.
const MOST: usize = 200;
/// How long the operation is left alone; then one call tries.
const OPEN: Duration = Duration::from_secs(10);

/// The breakers of one plugin.
#[derive(Debug, Default)]
pub struct Breaker {
    ops: Mutex<HashMap<Op, One>>,
}

#[derive(Debug, Default)]
struct One {
    outcomes: VecDeque<(Instant, bool)>,
    opened: Option<Instant>,
    /// When the one call began that tries whether it works again.
    trying: Option<Instant>,
}

impl Breaker {
    /// Whether a call may be made; else how long to wait.
    pub fn enter(&self, op: Op, now: Instant) -> Result<(), Duration> {
        let mut ops = self.lock();
        let one = ops.entry(op).or_default();
        let Some(opened) = one.opened else { return Ok(()) };
        let since = now.saturating_duration_since(opened);
        if since < OPEN {
            return Err(OPEN - since);
        }
        // A try that never came back (its caller went away) is no reason to wait for ever.
        if one.trying.is_some_and(|began| now.saturating_duration_since(began) < OPEN) {
            return Err(Duration::from_secs(1));
        }
        one.trying = Some(now);
        Ok(())
    }

    /// Notes how a call ended.
    pub fn leave(&self, op: Op, fault: bool, now: Instant) {
        let mut ops = self.lock();
        let one = ops.entry(op).or_default();
        if one.opened.is_some() {
            if one.trying.take().is_some() {
                one.opened = fault.then_some(now);
                one.outcomes.clear();
            }
            return;
        }
        one.outcomes.push_back((now, fault));
        while one.outcomes.len() > MOST
            || one.outcomes.front().is_some_and(|(at, _)| now.saturating_duration_since(*at) > WINDOW)
        {
            one.outcomes.pop_front();
        }
        let faults = one.outcomes.iter().filter(|(_, fault)| *fault).count();
        if one.outcomes.len() >= FEWEST && faults * 2 >= one.outcomes.len() {
            one.opened = Some(now);
        }
    }

    /// Forgets everything: another file runs, or an administrator wants to try again.
    pub fn reset(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Op, One>> {
        self.ops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_at_half_of_ten_lets_one_try_and_closes_when_that_works() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for n in 0..10 {
            assert!(breaker.enter(Op::Http, start).is_ok(), "call {n}");
            breaker.leave(Op::Http, n % 2 == 0, start);
        }
        assert!(breaker.enter(Op::Http, start + Duration::from_secs(9)).is_err());
        assert!(breaker.enter(Op::Widget, start).is_ok(), "another operation is not concerned");
        let later = start + OPEN;
        assert!(breaker.enter(Op::Http, later).is_ok(), "one may try");
        assert!(breaker.enter(Op::Http, later).is_err(), "only one");
        breaker.leave(Op::Http, true, later);
        assert!(breaker.enter(Op::Http, later + Duration::from_secs(1)).is_err(), "it failed again");
        assert!(breaker.enter(Op::Http, later + OPEN).is_ok());
        breaker.leave(Op::Http, false, later + OPEN);
        assert!(breaker.enter(Op::Http, later + OPEN).is_ok());
        assert!(breaker.enter(Op::Http, later + OPEN).is_ok(), "it is closed");
    }

    #[test]
    fn old_faults_and_few_calls_conclude_nothing() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for _ in 0..9 {
            breaker.leave(Op::Job, true, start);
        }
        breaker.leave(Op::Job, true, start + WINDOW + Duration::from_secs(1));
        assert!(breaker.enter(Op::Job, start + WINDOW + Duration::from_secs(1)).is_ok());
    }
}
