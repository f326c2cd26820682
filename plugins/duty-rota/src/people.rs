//! Who is in the class.

use std::collections::HashMap;

use plugin_sdk::prelude::*;

/// Who is in the class.
pub struct People {
    /// Its students, by number.
    pub students: Vec<Person>,
    names: HashMap<Uuid, String>,
}

impl People {
    /// Those of the call's class.
    pub fn of(host: &Host) -> Result<Self> {
        let roster = host.roster()?;
        let names = roster.iter().map(|person| (person.id, person.name.clone())).collect();
        Ok(Self { students: roster.into_iter().filter(|person| !person.is_teacher()).collect(), names })
    }

    /// Somebody's name; none: they are not in the class any more.
    pub fn name(&self, id: Uuid) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// Whether somebody is a student of the class.
    pub fn is_student(&self, id: Uuid) -> bool {
        self.students.iter().any(|student| student.id == id)
    }

    /// The student with an id as a form sends it.
    pub fn student(&self, sent: &str) -> Option<Uuid> {
        sent.trim().parse().ok().filter(|id| self.is_student(*id))
    }
}
