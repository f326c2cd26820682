//! The index of a class, kept between calls as long as its entries and synonyms stay what they are.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};

use plugin_sdk::prelude::*;

use super::entry::{self, Entry};
use crate::similarity::{Index, Synonyms, Text};

/// The most classes whose index is kept.
const CLASSES: usize = 32;
/// What people say that no public account answers.
const EVERYDAY: &str = include_str!("everyday.txt");

/// The entries in force, ready to be asked.
pub struct Kept {
    /// Entries in the order of the index.
    pub entries: Vec<Entry>,
    /// Their index, with everyday talk as one more entry, the last.
    pub index: Index,
    /// What they are made from.
    pub fingerprint: u64,
}

static KEPT: Mutex<Option<HashMap<Uuid, Arc<Kept>>>> = Mutex::new(None);

/// The entries in force.
pub fn of_class(host: &Host) -> Result<Arc<Kept>> {
    let entries: Vec<Entry> = entry::all(host)?.into_iter().filter(|entry| entry.state == "approved").collect();
    let synonyms: String = host.setting("synonyms").unwrap_or_default();
    let fingerprint = fingerprint(&entries, &synonyms);
    let class = host.class()?.id;
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = kept.get_or_insert_default();
    if let Some(known) = kept.get(&class).filter(|known| known.fingerprint == fingerprint) {
        return Ok(Arc::clone(known));
    }
    let mut texts: Vec<Text<'_>> = entries.iter().map(text).collect();
    texts.push(Text { questions: EVERYDAY.lines().collect(), answer: "" });
    let index = Index::new(&texts, Synonyms::new(&synonyms));
    let made = Arc::new(Kept { entries, index, fingerprint });
    if kept.len() >= CLASSES {
        kept.clear();
    }
    kept.insert(class, Arc::clone(&made));
    Ok(made)
}

fn text(entry: &Entry) -> Text<'_> {
    let questions = std::iter::once(&entry.question).chain(&entry.variants).map(String::as_str).collect();
    Text { questions, answer: &entry.answer }
}

fn fingerprint(entries: &[Entry], synonyms: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    synonyms.hash(&mut hasher);
    for entry in entries {
        (entry.id, &entry.question, &entry.variants, &entry.answer, entry.automatic).hash(&mut hasher);
    }
    hasher.finish()
}
