//! `server plugin logs`.

use anyhow::{Context as _, Result, bail};
use clap::Args;

use super::{Place, found};

/// Arguments of `server plugin logs`.
#[derive(Args)]
pub struct Logs {
    /// Id of the plugin, as in `server plugin list`
    id: String,
    /// How many lines
    #[arg(long, default_value_t = 50, value_name = "COUNT")]
    lines: usize,
    #[command(flatten)]
    place: Place,
}

impl Logs {
    /// Prints the last lines.
    pub fn run(self) -> Result<()> {
        let folder = self.place.storage.data.join("run").join("plugins");
        let is_id = self.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let path = folder.join(format!("{}.log", self.id));
        if !is_id || !path.is_file() {
            let found = found::look(&self.place)?;
            if found.plugins.contains_key(&self.id) {
                bail!("{} has said nothing yet: there is no {}", self.id, path.display());
            }
            bail!("{}", found::unknown(&self.id, &found.plugins.into_keys().collect(), &found.refused));
        }
        // The file before it was put aside when it grew too long.
        let before = std::fs::read(path.with_extension("log.1")).unwrap_or_default();
        let now = std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let text = String::from_utf8_lossy(&[before, now].concat()).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        for line in &lines[lines.len().saturating_sub(self.lines)..] {
            println!("{line}");
        }
        Ok(())
    }
}
