//! Digests that versions are made of.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// sha-256 of the parts, each with its length before it, in hex.
pub(super) fn hash<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    HEXLOWER.encode(&hasher.finalize())
}
