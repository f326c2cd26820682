//! Signatures and encryption of callbacks, from the platform's side.

use aes::Aes256;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use data_encoding::{BASE64, Encoding, HEXLOWER, Specification};
use sha1::{Digest, Sha1};

/// The block to which a message is filled up: 32 bytes, although the cipher's own blocks have 16.
const BLOCK: usize = 32;

/// The signature of some texts: sorted, joined, hashed. Over token, time and nonce it is the `signature` of a
/// request, with the encrypted text as a fourth the `msg_signature`.
pub fn signature(parts: &[&str]) -> String {
    let mut sorted = parts.to_vec();
    sorted.sort_unstable();
    HEXLOWER.encode(&Sha1::digest(sorted.concat()))
}

/// Why a key is none.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BadKey {
    /// Not 43 characters.
    #[error("an EncodingAESKey has 43 characters, this one has {0}; copy it once more from the back office")]
    Length(usize),
    /// Something that is not of base64.
    #[error("an EncodingAESKey has letters, digits, + and / only; character {0} is something else")]
    Character(usize),
}

/// Why an encrypted text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It is not base64.
    Base64,
    /// Its length is no multiple of the cipher's block.
    Length,
    /// What fills it up is not 1 to 32 times its own number.
    Padding,
    /// The length inside goes beyond the end, or what it spans is not UTF-8.
    Inside,
    /// It was made for another account.
    Appid,
}

/// Encrypts and decrypts for one account.
#[derive(Clone)]
pub struct Cipher {
    key: [u8; 32],
    appid: String,
}

impl Cipher {
    /// The cipher of an EncodingAESKey. Its last character carries two bits that belong to nothing; most keys have
    /// them set, so a strict decoder refuses most keys.
    pub fn new(encoding_aes_key: &str, appid: &str) -> Result<Self, BadKey> {
        let length = encoding_aes_key.chars().count();
        if length != 43 {
            return Err(BadKey::Length(length));
        }
        let key = lenient()
            .decode(encoding_aes_key.as_bytes())
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .ok_or_else(|| {
                let of_base64 = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
                BadKey::Character(encoding_aes_key.chars().position(|c| !of_base64(c)).unwrap_or(42) + 1)
            })?;
        Ok(Self { key, appid: appid.to_owned() })
    }

    /// Encrypts a message: 16 random bytes, its length, itself, the account; filled up to a multiple of 32.
    pub fn encrypt(&self, message: &str, random: [u8; 16]) -> String {
        let length = u32::try_from(message.len()).expect("a message is shorter than four gigabytes");
        let mut plain = random.to_vec();
        plain.extend(length.to_be_bytes());
        plain.extend(message.as_bytes());
        plain.extend(self.appid.as_bytes());
        let filling = BLOCK - plain.len() % BLOCK;
        plain.extend(vec![filling as u8; filling]);
        let encryptor = cbc::Encryptor::<Aes256>::new_from_slices(&self.key, &self.key[..16])
            .expect("the key has 32 bytes and its beginning 16");
        BASE64.encode(&encryptor.encrypt_padded_vec::<NoPadding>(&plain))
    }

    /// Decrypts a message and checks that it is for this account.
    pub fn decrypt(&self, encrypted: &str) -> Result<String, Broken> {
        let bytes = BASE64.decode(encrypted.as_bytes()).map_err(|_| Broken::Base64)?;
        let decryptor = cbc::Decryptor::<Aes256>::new_from_slices(&self.key, &self.key[..16])
            .expect("the key has 32 bytes and its beginning 16");
        let plain = decryptor.decrypt_padded_vec::<NoPadding>(&bytes).map_err(|_| Broken::Length)?;
        let filling = usize::from(*plain.last().ok_or(Broken::Length)?);
        if !(1..=BLOCK).contains(&filling) || filling > plain.len() {
            return Err(Broken::Padding);
        }
        let (content, rest) = plain.split_at(plain.len() - filling);
        if rest.iter().any(|byte| usize::from(*byte) != filling) {
            return Err(Broken::Padding);
        }
        let length = content.get(16..20).ok_or(Broken::Inside)?;
        let length = u32::from_be_bytes(length.try_into().expect("four bytes")) as usize;
        let message = content[20..].get(..length).ok_or(Broken::Inside)?;
        if content[20 + length..] != *self.appid.as_bytes() {
            return Err(Broken::Appid);
        }
        String::from_utf8(message.to_vec()).map_err(|_| Broken::Inside)
    }
}

fn lenient() -> Encoding {
    let mut specification = Specification::new();
    specification.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    specification.check_trailing_bits = false;
    specification.encoding().expect("64 different symbols make an encoding")
}

#[cfg(test)]
mod tests;
