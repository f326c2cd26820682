//! `server plugin enable`.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use anyhow::{Result, bail};
use clap::Args;

use super::{Place, found, words};
use crate::clock::Clock;
use crate::store::plugin::{self, Approved, File};

/// Arguments of `server plugin enable`.
#[derive(Args)]
pub struct Enable {
    /// Id of the plugin, as in `server plugin list`
    id: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    place: Place,
}

impl Enable {
    /// Shows what the plugin may do, asks, and enables it.
    pub async fn run(self) -> Result<()> {
        let mut found = found::look(&self.place)?;
        let Some(file) = found.plugins.remove(&self.id) else {
            bail!("{}", found::unknown(&self.id, &found.plugins.into_keys().collect(), &found.refused));
        };
        let manifest = file.manifest;
        let db = self.place.storage.open().await?;
        let stored = plugin::find(&db, &self.id).await?;
        let asked = Approved::all_of(&manifest);
        let more = stored.as_ref().filter(|one| one.enabled).map(|one| one.approved().missing_for(&manifest));
        println!("{} {} ({})", manifest.title_in("en"), manifest.version, self.id);
        println!("{}", file.path.display());
        let lines = words::permissions(more.as_ref().filter(|more| !more.is_empty()).unwrap_or(&asked));
        match (&more, lines.is_empty()) {
            (_, true) => println!("It asks for nothing."),
            (Some(more), false) if !more.is_empty() => println!("It newly asks to:"),
            _ => println!("It asks to:"),
        }
        for line in &lines {
            println!("  - {line}");
        }
        if !self.yes && !agrees()? {
            db.close().await;
            bail!("nothing was changed");
        }
        let file = File { version: manifest.version.clone(), sha256: file.sha256 };
        let enabled = plugin::enable(&db, None, &manifest, file, Clock::system().now()).await;
        db.close().await;
        enabled?;
        println!("{} is enabled; teachers add it to their classes.", self.id);
        Ok(())
    }
}

/// Asks the person at the terminal.
fn agrees() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("nobody is there to ask; read the list above and say --yes");
    }
    print!("Enable it? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是"))
}
