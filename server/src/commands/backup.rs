//! `server backup`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::backup;
use crate::clock::Clock;
use crate::config::Storage;

/// Arguments of `server backup`.
#[derive(Args)]
pub struct Backup {
    /// File to write [default: DATA/backups/course-DATE-TIME.zip]
    file: Option<PathBuf>,
    #[command(flatten)]
    storage: Storage,
}

impl Backup {
    /// Writes the backup and says what is in it.
    pub async fn run(self) -> Result<()> {
        let now = Clock::system().now();
        let db = self.storage.open_existing().await?;
        let file = match self.file {
            Some(file) => file,
            None => {
                let folder = self.storage.data.join("backups");
                std::fs::create_dir_all(&folder)
                    .with_context(|| format!("the directory for backups cannot be created: {}", folder.display()))?;
                folder.join(format!("course-{}.zip", now.format("%Y%m%d-%H%M%S")))
            }
        };
        let manifest = backup::backup(&db, &self.storage.data, &file, now).await?;
        db.close().await;
        let rows = manifest.rows();
        println!("{}", file.display());
        eprintln!("{rows} rows of {} tables. Keep a copy on another machine.", manifest.tables.len());
        Ok(())
    }
}
