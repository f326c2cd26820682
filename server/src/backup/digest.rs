//! A digest of rows that does not depend on their order: two databases sort texts and ids differently.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Count and sum of the SHA-256 of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// How many rows.
    pub rows: u64,
    /// The first 64 bits of each row's SHA-256, added up.
    pub sum: u64,
    /// The next 64 bits, likewise.
    pub sum2: u64,
}

impl Digest {
    /// Takes in one row, as its line in the backup.
    pub fn add(&mut self, line: &[u8]) {
        let hash = Sha256::digest(line);
        let word = |at: usize| u64::from_be_bytes(hash[at..at + 8].try_into().expect("eight bytes"));
        self.rows += 1;
        self.sum = self.sum.wrapping_add(word(0));
        self.sum2 = self.sum2.wrapping_add(word(8));
    }
}
