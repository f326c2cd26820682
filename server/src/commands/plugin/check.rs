//! `server plugin check`: the conformance run.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::plugins::check::{self, Outcome};

/// Arguments of `server plugin check`.
#[derive(Args)]
pub struct Check {
    /// The library (lib….so), or the manifest of a program (….plugin.json)
    file: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Check {
    /// Runs every check and says how each went.
    ///
    /// # Errors
    /// When a check fails.
    pub async fn run(self) -> Result<()> {
        if self.file.is_dir() {
            bail!("{} is a folder; name the library in it (lib….so) or its ….plugin.json", self.file.display());
        }
        if !self.file.is_file() {
            bail!("there is no file {}; build the plugin first: cargo build -p NAME", self.file.display());
        }
        let program = std::env::current_exe().context("this program does not know where it is")?;
        let json = self.json;
        let outcomes = check::run(&self.file, &program, |outcome| {
            if !json {
                say(outcome);
            }
        })
        .await?;
        let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
        if json {
            let report = serde_json::json!({ "file": self.file, "passed": failed == 0, "checks": outcomes });
            println!("{report:#}");
        } else {
            let checks = if outcomes.len() == 1 { "check" } else { "checks" };
            println!("\n{} {checks}, {failed} failed", outcomes.len());
        }
        if failed > 0 {
            bail!("{} does not pass", self.file.display());
        }
        Ok(())
    }
}

fn say(outcome: &Outcome) {
    let mark = if outcome.passed { "ok    " } else { "FAILED" };
    println!("{mark}  {:<9} {}: {}", outcome.check, outcome.asks, outcome.found);
    if !outcome.hint.is_empty() {
        println!("                  {}", outcome.hint);
    }
    let _ = std::io::stdout().flush();
}
