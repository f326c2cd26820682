//! The people of the class.

use std::collections::HashMap;

use plugin_sdk::prelude::*;

/// What everybody is called.
pub fn names(host: &Host) -> Result<HashMap<Uuid, String>> {
    Ok(host.roster()?.into_iter().map(|person| (person.id, person.name)).collect())
}

/// The students, by number.
pub fn students(host: &Host) -> Result<Vec<Person>> {
    Ok(host.roster()?.into_iter().filter(|person| !person.is_teacher()).collect())
}
