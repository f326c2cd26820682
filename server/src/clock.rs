//! The one clock that decides: the server's, corrected to the database's where many servers share one.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the time in whole milliseconds, so that what is stored equals what was read on both databases.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Milliseconds added to the machine's clock.
    offset: Arc<AtomicI64>,
    /// In tests: the time itself, in milliseconds since the epoch; 0 when the machine's clock runs.
    fixed: Arc<AtomicI64>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still until it is set.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        let clock = Self::default();
        clock.set(at);
        clock
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        let fixed = self.fixed.load(Ordering::Relaxed);
        if fixed != 0 {
            return DateTime::from_timestamp_millis(fixed).expect("the clock was set from a time");
        }
        let offset = chrono::TimeDelta::milliseconds(self.offset.load(Ordering::Relaxed));
        (Utc::now() + offset).trunc_subsecs(3)
    }

    /// Stops the clock at a time.
    pub fn set(&self, at: DateTime<Utc>) {
        self.fixed.store(at.timestamp_millis(), Ordering::Relaxed);
    }

    /// Follows another clock: `theirs` was read while ours showed `ours`.
    pub fn follow(&self, theirs: DateTime<Utc>, ours: DateTime<Utc>) {
        let drift = (theirs - ours).num_milliseconds();
        self.offset.store(drift, Ordering::Relaxed);
    }
}
