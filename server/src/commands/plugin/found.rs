//! The plugin files of this machine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::Place;
use crate::plugins::files::{self, Found, Search};

/// Looks into the folders. Nothing of a plugin runs.
///
/// # Errors
/// When a folder that was named is not there: it holds what somebody expects to find.
pub(super) fn look(place: &Place) -> Result<Found> {
    for folder in &place.folders {
        ensure!(folder.is_dir(), "--plugins {}: there is no such folder", folder.display());
    }
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("server"));
    Ok(Search::default().look(&files::folders_of(&program, &place.storage.data, &place.folders)))
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
