//! Secrets that let somebody in: tokens for machines, codes for people to type. Only hashes of them are stored.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// Letters and digits of codes: none that is taken for another (0 O, 1 I L, U V).
pub const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What is stored of a token: its SHA-256.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// A new random token of 256 bits, as text that fits an address.
pub fn new_token() -> String {
    data_encoding::BASE64URL_NOPAD.encode(&rand::random::<[u8; 32]>())
}

/// Random characters of [`ALPHABET`].
pub fn random_code(length: usize) -> String {
    // 30 does not divide 256; bytes past the last multiple would prefer the first letters.
    let mut bytes = std::iter::repeat_with(rand::random::<u8>).filter(|byte| *byte < 240);
    (0..length).map(|_| char::from(ALPHABET[usize::from(bytes.next().expect("an endless iterator")) % 30])).collect()
}

/// A code as it is hashed: upper case, half width, without the dashes and spaces between groups.
pub fn normal_code(typed: &str) -> String {
    typed
        .nfkc()
        .filter(|character| character.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_uppercase())
        .take(64)
        .collect()
}

/// What is stored of a code: the SHA-256 of its normal form.
pub fn code_hash(code: &str) -> Vec<u8> {
    token_hash(&normal_code(code))
}

/// A code in groups of four, as it is printed.
pub fn grouped(code: &str) -> String {
    code.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join("-")
}
