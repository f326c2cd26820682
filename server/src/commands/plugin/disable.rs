//! `server plugin disable`.

use anyhow::{Result, bail};
use clap::Args;

use super::found;
use crate::clock::Clock;
use crate::config::Storage;
use crate::error::Error;
use crate::store::plugin;

/// Arguments of `server plugin disable`.
#[derive(Args)]
pub struct Disable {
    /// Id of the plugin, as in `server plugin list`
    id: String,
    #[command(flatten)]
    storage: Storage,
}

impl Disable {
    /// Disables the plugin.
    pub async fn run(self) -> Result<()> {
        let db = self.storage.open().await?;
        let known = plugin::list(&db).await?;
        let disabled = plugin::disable(&db, None, &self.id, Clock::system().now()).await;
        db.close().await;
        match disabled {
            Ok(()) => println!("{} is disabled; its tables and settings stay.", self.id),
            Err(Error::NotFound) if known.iter().any(|one| one.id == self.id) => {
                println!("{} was disabled already.", self.id);
            }
            Err(Error::NotFound) => {
                let enabled = known.into_iter().filter(|one| one.enabled).map(|one| one.id).collect();
                bail!("{}", found::unknown(&self.id, &enabled, &Default::default()))
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}
