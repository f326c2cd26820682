//! `server plugin disable`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use clap::Args;

use super::{Place, found};
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
        if !Place::has_data(&self.storage) {
            bail!("there is no data directory {}; name the server's with --data", self.storage.data.display());
        }
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
                let enabled: BTreeSet<String> = known.into_iter().filter(|one| one.enabled).map(|one| one.id).collect();
                if enabled.is_empty() {
                    bail!("there is no plugin {:?} to disable: none is enabled", self.id);
                }
                bail!("{}", found::unknown(&self.id, &enabled, &BTreeMap::new()))
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}
