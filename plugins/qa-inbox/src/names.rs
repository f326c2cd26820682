//! What the people of the class are called.

use std::collections::HashMap;

use plugin_sdk::prelude::*;

/// Names by id.
pub struct Names(HashMap<Uuid, String>);

impl Names {
    /// Of the class.
    pub fn of(host: &Host) -> Result<Self> {
        Ok(Self(host.roster()?.into_iter().map(|person| (person.id, person.name)).collect()))
    }

    /// Somebody's; none for those who left the class.
    pub fn get(&self, person: Option<Uuid>) -> Option<&str> {
        self.0.get(&person?).map(String::as_str)
    }

    /// Several in a sentence of this language.
    pub fn joined(&self, people: impl IntoIterator<Item = Uuid>, language: &str) -> String {
        let names: Vec<&str> = people.into_iter().filter_map(|person| self.get(Some(person))).collect();
        names.join(if language == "en" { ", " } else { "、" })
    }
}
