//! What every handler can ask for.

use std::sync::Arc;

use axum::extract::FromRef;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::view::Templates;

/// The state of a running server. Nothing in it must survive a restart.
#[derive(Clone, FromRef)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The clock that decides.
    pub clock: Clock,
    /// Settings of the process.
    pub config: Arc<Config>,
    /// Parsed templates.
    pub templates: Templates,
}

impl App {
    /// Puts a server together from its parts.
    pub fn new(config: Config, db: Db, clock: Clock) -> anyhow::Result<Self> {
        Ok(Self { db, clock, config: Arc::new(config), templates: Templates::load()? })
    }
}
