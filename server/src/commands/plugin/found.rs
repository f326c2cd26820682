//! The plugin files of this machine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use plugin_loader::file::{self, FileError, PluginFile};

use super::Place;

/// What was found.
pub(super) struct Found {
    /// The file of each plugin; a folder that was named goes before DATA/plugins, that before the program's own.
    pub(super) plugins: BTreeMap<String, PluginFile>,
    /// Files that are refused, and why.
    pub(super) refused: BTreeMap<PathBuf, String>,
}

/// Looks into the folders. Nothing of a plugin runs.
///
/// # Errors
/// When a folder that was named is not there: it holds what somebody expects to find.
pub(super) fn look(place: &Place) -> Result<Found> {
    for folder in &place.folders {
        ensure!(folder.is_dir(), "--plugins {}: there is no such folder", folder.display());
    }
    let own = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_owned));
    let folders = own.into_iter().chain([place.storage.data.join("plugins")]).chain(place.folders.iter().cloned());
    let mut found = Found { plugins: BTreeMap::new(), refused: BTreeMap::new() };
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let paths: BTreeSet<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        for path in paths.into_iter().filter(|path| file::is_candidate(path)) {
            match file::read(&path) {
                Ok(file) => drop(found.plugins.insert(file.manifest.id.clone(), file)),
                // Any other library that lies there.
                Err(FileError::NoPlugin) => {}
                Err(error) => drop(found.refused.insert(path, error.to_string())),
            }
        }
    }
    Ok(found)
}

/// Why there is no plugin of this name: the nearest name, or the files that were refused.
pub(super) fn unknown(id: &str, known: &BTreeSet<String>, refused: &BTreeMap<PathBuf, String>) -> String {
    let nearest = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(id, name), name))
        .min()
        .filter(|(distance, name)| *distance <= 3.max(name.len() / 3));
    let mut message = format!("there is no plugin {id:?}");
    match nearest {
        Some((_, name)) => message.push_str(&format!("; did you mean {name}?")),
        None if known.is_empty() => {
            message.push_str("; put its file into DATA/plugins, or name its folder with --plugins")
        }
        None => {
            let names: Vec<&str> = known.iter().map(String::as_str).collect();
            message.push_str(&format!("; there are: {}", names.join(", ")));
        }
    }
    for (path, why) in refused {
        message.push_str(&format!("\nrefused: {}: {why}", path.display()));
    }
    message
}
