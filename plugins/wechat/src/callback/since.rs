//! How long a call of the platform has lasted, and how long it may.

use std::time::{Duration, Instant};

use plugin_sdk::prelude::*;

/// Until when a call of the platform, which waits five seconds, must have been answered.
const ANSWERED_WITHIN: Duration = Duration::from_millis(4_200);

/// A call of the platform, and how long it has lasted.
#[derive(Clone, Copy)]
pub struct Since(Instant);

impl Since {
    /// A call that begins now.
    pub fn now() -> Self {
        Self(Instant::now())
    }

    /// The server's clock now.
    pub fn clock(self, host: &Host) -> DateTime<Utc> {
        host.now() + TimeDelta::from_std(self.0.elapsed()).unwrap_or_default()
    }

    /// What is left of the platform's patience.
    pub fn left(self) -> Duration {
        ANSWERED_WITHIN.saturating_sub(self.0.elapsed())
    }
}
