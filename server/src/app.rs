//! What every handler can ask for.

use std::sync::Arc;

use axum::extract::FromRef;

use crate::clock::Clock;
use crate::config::Config;
use crate::content::{Content, Source};
use crate::db::Db;
use crate::local_access::LocalAccess;
use crate::plugins::Plugins;
use crate::plugins::context::Parts;
use crate::plugins::host::Host;
use crate::prepared::Shelf;
use crate::store::assignment::Forms;
use crate::templates::Templates;

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
    /// The courses.
    pub content: Arc<Content>,
    /// Questions and compiled keys of assignments that were asked for lately.
    pub forms: Forms,
    /// Pages that are the same for many.
    pub prepared: Shelf,
    /// The way in for the command on this machine.
    pub local_access: Arc<LocalAccess>,
    /// The plugins.
    pub plugins: Plugins,
}

impl From<&App> for Parts {
    fn from(app: &App) -> Self {
        Self { db: app.db.clone(), clock: app.clock.clone(), config: app.config.clone() }
    }
}

impl App {
    /// Answers plugins, for what the server does by itself: deliveries, jobs, export and erasure.
    pub fn plugin_host(&self) -> Host {
        Host::new(Parts::from(self), &self.plugins)
    }

    /// Puts a server together from its parts.
    pub fn new(config: Config, db: Db, clock: Clock) -> anyhow::Result<Self> {
        if let Some(directory) = config.content.as_deref().filter(|directory| !directory.is_dir()) {
            anyhow::bail!("there is no directory {} (--content)", directory.display());
        }
        let content = Content::open(Source::choose(config.content.as_deref()));
        content.watch();
        Ok(Self {
            db,
            clock,
            local_access: Arc::new(LocalAccess::new(&config.storage.data)),
            config: Arc::new(config),
            templates: Templates::load()?,
            content,
            forms: Forms::default(),
            prepared: Shelf::default(),
            plugins: Plugins::default(),
        })
    }
}
