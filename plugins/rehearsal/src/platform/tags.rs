//! Tags of followers.

use std::collections::BTreeMap;

/// The platform's own tag, which nobody may change.
pub const STARRED: u32 = 2;

/// Names by number.
pub struct Tags {
    pub names: BTreeMap<u32, String>,
    last: u32,
}

impl Default for Tags {
    fn default() -> Self {
        Self { names: BTreeMap::from([(STARRED, "星标组".to_owned())]), last: 99 }
    }
}

impl Tags {
    /// Makes a tag; gives its number.
    pub fn make(&mut self, name: &str) -> u32 {
        self.last += 1;
        self.names.insert(self.last, name.to_owned());
        self.last
    }
}
