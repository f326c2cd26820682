//! `server restore`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::backup;
use crate::clock::Clock;
use crate::config::Storage;

/// Arguments of `server restore`.
#[derive(Args)]
pub struct Restore {
    /// The backup to read
    file: PathBuf,
    /// Only check that the file is a whole backup; change nothing
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    storage: Storage,
}

impl Restore {
    /// Checks the backup, restores it into an empty database and compares.
    pub async fn run(self) -> Result<()> {
        if self.check {
            let manifest = backup::check(&self.file)?;
            println!("{} is a whole backup, taken at {}", self.file.display(), manifest.taken_at.format("%F %T UTC"));
            return Ok(());
        }
        let db = self.storage.open().await?;
        let restored = backup::restore(&db, &self.storage.data, &self.file, Clock::system().now()).await;
        db.close().await;
        let manifest = restored?;
        let rows = manifest.rows();
        println!(
            "restored {rows} rows as of {}; every table holds the same rows",
            manifest.taken_at.format("%F %T UTC")
        );
        Ok(())
    }
}
