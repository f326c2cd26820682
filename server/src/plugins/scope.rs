//! On whose behalf a plugin is called, and how long that may take.

use std::time::{Duration, Instant};

use plugin_protocol::context::Context;

/// On whose behalf a plugin is called. What the plugin asks of the host is judged by it, never by what the plugin says.
#[derive(Clone, Debug)]
pub struct Scope {
    /// What the plugin is told: class, person, language, settings.
    pub context: Context,
    /// When nobody waits any more.
    pub deadline: Instant,
    /// Plugins that wait for this call, the first caller first.
    pub chain: Vec<String>,
    /// Events that led to this call.
    pub hops: u8,
    /// Whether the call may be made again when the worker died under it.
    pub idempotent: bool,
}

impl Scope {
    /// A call that nobody else waits for.
    pub fn new(context: Context, within: Duration) -> Self {
        Self { context, deadline: Instant::now() + within, chain: Vec::new(), hops: 0, idempotent: false }
    }

    /// The same, and it may be made again when the worker died under it.
    #[must_use]
    pub fn idempotent(self) -> Self {
        Self { idempotent: true, ..self }
    }
}
