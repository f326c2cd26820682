//! `server plugin list`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::{Place, found};
use crate::store::plugin;

/// Arguments of `server plugin list`.
#[derive(Args)]
pub struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Serialize)]
struct Line {
    id: String,
    version: String,
    /// `disabled`, `enabled`, `quarantined`, `missing`, `needs approval` or `refused`.
    state: &'static str,
    title: String,
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl List {
    /// Prints one line for each plugin.
    pub async fn run(self) -> Result<()> {
        let found = found::look(&self.place)?;
        let stored = self.stored().await?;
        let stored: BTreeMap<String, plugin::Plugin> = stored.into_iter().map(|one| (one.id.clone(), one)).collect();
        let ids: BTreeSet<&String> = found.plugins.keys().chain(stored.keys()).collect();
        let mut lines: Vec<Line> = ids.into_iter().map(|id| line(id, stored.get(id), found.plugins.get(id))).collect();
        lines.extend(found.refused.into_iter().map(|(path, why)| Line {
            id: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            version: String::new(),
            state: "refused",
            title: String::new(),
            file: Some(path.display().to_string()),
            why: Some(why),
        }));
        if self.json {
            println!("{}", serde_json::to_string_pretty(&lines)?);
            return Ok(());
        }
        if lines.is_empty() {
            eprintln!("no plugins; put their files into DATA/plugins, or name their folder with --plugins");
        }
        for line in lines {
            println!("{:<20} {:<9} {:<15} {}", line.id, line.version, line.state, line.title);
            if let Some(why) = line.why {
                println!("{:<20} {why}", "");
            }
        }
        Ok(())
    }

    /// What was ever enabled. Looking makes no new database.
    async fn stored(&self) -> Result<Vec<plugin::Plugin>> {
        let storage = &self.place.storage;
        if !Place::has_data(storage) {
            eprintln!("there is no data directory {}: nothing is enabled yet", storage.data.display());
            return Ok(Vec::new());
        }
        let db = storage.open().await?;
        let stored = plugin::list(&db).await;
        db.close().await;
        Ok(stored?)
    }
}

fn line(id: &str, stored: Option<&plugin::Plugin>, file: Option<&plugin_loader::file::PluginFile>) -> Line {
    let more = stored.zip(file).is_some_and(|(one, file)| !one.approved().missing_for(&file.manifest).is_empty());
    let (state, why) = match (stored, file) {
        (Some(one), None) if one.enabled => ("missing", Some("its file is gone".to_owned())),
        (Some(one), Some(_)) if one.enabled && more => {
            ("needs approval", Some(format!("a newer file asks for more: server plugin enable {id}")))
        }
        (Some(one), _) if one.enabled && one.quarantine.is_some() => ("quarantined", one.quarantine.clone()),
        (Some(one), _) if one.enabled => ("enabled", None),
        _ => ("disabled", None),
    };
    let version = file.map(|file| &file.manifest.version).or(stored.map(|one| &one.version));
    Line {
        id: id.to_owned(),
        version: version.cloned().unwrap_or_default(),
        state,
        title: file.map(|file| file.manifest.title_in("en").to_owned()).unwrap_or_default(),
        file: file.map(|file| file.path.display().to_string()),
        why,
    }
}
