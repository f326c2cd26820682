//! `server plugin`: looks after plugins on the server's own machine. It works on the database and the data directory; a
//! server that runs follows within two seconds.

mod check;
mod disable;
mod enable;
mod found;
mod list;
mod logs;
mod new;
mod words;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::config::Storage;

/// Subcommands of `server plugin`.
#[derive(Subcommand)]
pub enum Plugin {
    /// List the plugins that are here and how they are
    List(list::List),
    /// Let a plugin run, after showing what it may do
    Enable(enable::Enable),
    /// Stop a plugin; what it has stored stays
    Disable(disable::Disable),
    /// Print the last lines of a plugin's log
    Logs(logs::Logs),
    /// Check a plugin file: does it keep what the boundary asks of it?
    Check(check::Check),
    /// Make a new plugin that compiles, passes its tests and shows a page
    New(new::New),
}

/// Where plugins are.
#[derive(Args)]
struct Place {
    /// Folder of plugins, beside the program's own and DATA/plugins
    #[arg(long = "plugins", env = "COURSE_PLUGINS", value_name = "DIR")]
    folders: Vec<PathBuf>,
    #[command(flatten)]
    storage: Storage,
}

impl Place {
    /// Whether there is anything a server has kept: no command that only looks makes a new database.
    fn has_data(storage: &Storage) -> bool {
        storage.database.is_some() || storage.database_file.is_some() || storage.data.is_dir()
    }
}

impl Plugin {
    /// Runs the subcommand.
    pub async fn run(self) -> Result<()> {
        match self {
            Plugin::List(list) => list.run().await,
            Plugin::Enable(enable) => enable.run().await,
            Plugin::Disable(disable) => disable.run().await,
            Plugin::Logs(logs) => logs.run(),
            Plugin::Check(check) => check.run().await,
            Plugin::New(new) => new.run(),
        }
    }
}
