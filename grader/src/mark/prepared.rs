//! Ways to write a key that are kept with it, and how an answer finds its own among them.

/// One way to write an alternative.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Equivalent {
    pub(super) hash: u64,
    pub(super) written: Box<str>,
    pub(super) alternative: u16,
    pub(super) steps: u16,
}

/// Longest way of writing that is kept, in bytes.
pub(super) const MAX_PREPARED: usize = 256;

/// A hash of a text. Texts with equal hashes are compared in full, so that nothing depends on it but speed.
pub(super) fn hash(text: &[u8]) -> u64 {
    let fold = |hash: u64, part: u64| (hash ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let mut chunks = text.chunks_exact(8);
    let mut hash = fold(0, text.len() as u64);
    for chunk in &mut chunks {
        hash = fold(hash, u64::from_le_bytes(chunk.try_into().expect("eight bytes")));
    }
    let rest = chunks.remainder().iter().fold(0, |rest, byte| rest << 8 | u64::from(*byte));
    fold(hash, rest)
}
