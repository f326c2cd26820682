//! How the operations of a plugin have gone.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use plugin_protocol::op::{OPS, Op};

use crate::plugins::Figures;

/// Counts of one plugin.
#[derive(Debug, Default)]
pub struct Counts {
    ops: [Count; OPS.len()],
}

#[derive(Debug, Default)]
struct Count {
    calls: AtomicU64,
    faults: AtomicU64,
    time_us: AtomicU64,
    longest_us: AtomicU64,
}

impl Counts {
    /// Notes a call.
    pub fn note(&self, op: Op, fault: bool, took: Duration) {
        let Some(count) = OPS.iter().position(|other| *other == op).map(|index| &self.ops[index]) else { return };
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        count.calls.fetch_add(1, Ordering::Relaxed);
        count.faults.fetch_add(u64::from(fault), Ordering::Relaxed);
        count.time_us.fetch_add(took, Ordering::Relaxed);
        count.longest_us.fetch_max(took, Ordering::Relaxed);
    }

    /// Those of operations that were called.
    pub fn read(&self) -> Vec<Figures> {
        let figures = |(op, count): (&Op, &Count)| Figures {
            op: *op,
            calls: count.calls.load(Ordering::Relaxed),
            faults: count.faults.load(Ordering::Relaxed),
            time_us: count.time_us.load(Ordering::Relaxed),
            longest_us: count.longest_us.load(Ordering::Relaxed),
        };
        OPS.iter().zip(&self.ops).map(figures).filter(|figures| figures.calls > 0).collect()
    }
}
