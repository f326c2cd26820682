//! The platform's encryption: AES-256 in CBC mode over sixteen random bytes, a length, a text and the account's id,
//! padded to whole blocks of 32.

use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _, block_padding::NoPadding};
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, Engine as _, GeneralPurpose, GeneralPurposeConfig};

/// Texts are padded to a multiple of this, twice the cipher's own block.
const PADDED_TO: usize = 32;
/// Random bytes before the text.
const RANDOM: usize = 16;
/// Random bytes and length before the text.
const HEAD: usize = RANDOM + 4;

/// A key of 43 characters carries 258 bits, and nobody clears the last two.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A key of 32 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Cipher([u8; 32]);

impl std::fmt::Debug for Cipher {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Cipher(…)")
    }
}

impl Cipher {
    /// The key that an EncodingAESKey of 43 characters stands for; none when it is no such key.
    pub fn from_encoded(key: &str) -> Option<Self> {
        let key = key.trim().trim_end_matches('=');
        (key.len() == 43).then(|| BASE64.decode(key).ok()?.try_into().ok().map(Self))?
    }

    /// A key made of any secret, for what only we read again.
    pub fn of_secret(secret: &str) -> Self {
        use sha2::Digest as _;
        Self(sha2::Sha256::digest(secret.as_bytes()).into())
    }

    /// The text in an encrypted one, in base64, that was written for this account; none when it is not.
    pub fn decrypt(&self, encrypted: &str, account: &str) -> Option<String> {
        let mut bytes = BASE64.decode(encrypted.trim()).ok()?;
        if bytes.is_empty() || !bytes.len().is_multiple_of(PADDED_TO) {
            return None;
        }
        let plain = cbc::Decryptor::<aes::Aes256>::new(&self.0.into(), &self.start().into())
            .decrypt_padded::<NoPadding>(&mut bytes)
            .ok()?;
        let padding = usize::from(*plain.last()?);
        if !(1..=PADDED_TO).contains(&padding) {
            return None;
        }
        let (content, padded) = plain.split_at_checked(plain.len().checked_sub(padding)?)?;
        if padded.iter().any(|byte| usize::from(*byte) != padding) {
            return None;
        }
        let (length, rest) = content.get(RANDOM..)?.split_first_chunk::<4>()?;
        let (text, written_for) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        (written_for == account.as_bytes()).then(|| String::from_utf8(text.to_vec()).ok())?
    }

    /// The text, encrypted for this account, in base64.
    pub fn encrypt(&self, text: &str, account: &str, random: [u8; RANDOM]) -> String {
        let length = u32::try_from(text.len()).expect("a text of ours is far below 4 GiB");
        let mut plain = Vec::with_capacity(HEAD + text.len() + account.len() + PADDED_TO);
        plain.extend_from_slice(&random);
        plain.extend_from_slice(&length.to_be_bytes());
        plain.extend_from_slice(text.as_bytes());
        plain.extend_from_slice(account.as_bytes());
        let padding = PADDED_TO - plain.len() % PADDED_TO;
        plain.extend(std::iter::repeat_n(u8::try_from(padding).expect("1 to 32"), padding));
        let encrypted = cbc::Encryptor::<aes::Aes256>::new(&self.0.into(), &self.start().into())
            .encrypt_padded_vec::<NoPadding>(&plain);
        BASE64.encode(encrypted)
    }

    /// What the first block is mixed with: the platform takes the beginning of the key.
    fn start(&self) -> [u8; 16] {
        *self.0.first_chunk().expect("a key has 32 bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits after the 256th that are not zero, as in most keys.
    const KEY: &str = "Zm9yVGVzdHNPbmx5Tm90QVJlYWxLZXkxMjM0NTY3ODl";

    #[test]
    fn a_key_is_43_characters_whatever_its_last_bits() {
        let bytes = Cipher::from_encoded(KEY).unwrap().0;
        assert_eq!(&bytes, b"forTestsOnlyNotARealKey123456789");
        assert_eq!(Cipher::from_encoded(&format!(" {KEY}= ")).unwrap().0, bytes);
        for wrong in ["", "short", &KEY[1..], &format!("{KEY}a"), &KEY.replace('Z', "-")] {
            assert!(Cipher::from_encoded(wrong).is_none(), "{wrong}");
        }
        assert!(!format!("{:?}", Cipher::from_encoded(KEY)).contains("102"), "a key is never shown");
    }

    #[test]
    fn what_was_encrypted_is_read_again_at_every_length() {
        let cipher = Cipher::from_encoded(KEY).unwrap();
        for length in 0..100 {
            let text = "好".repeat(length / 3) + &"a".repeat(length % 3);
            let encrypted = cipher.encrypt(&text, "wx0123456789abcdef", [7; 16]);
            assert_eq!(cipher.decrypt(&encrypted, "wx0123456789abcdef").as_deref(), Some(text.as_str()));
            assert_eq!(cipher.decrypt(&encrypted, "wxother"), None);
            assert_eq!(Cipher::of_secret("other").decrypt(&encrypted, "wx0123456789abcdef"), None);
        }
    }

    /// A text and a key that several SDKs of the platform test themselves with.
    #[test]
    fn it_is_the_encryption_of_others() {
        let cipher = Cipher::from_encoded("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").unwrap();
        let encrypted = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==";
        assert_eq!(cipher.encrypt("我是中文abcd123", "wxb11529c136998cb6", *b"aaaabbbbccccdddd"), encrypted);
        assert_eq!(cipher.decrypt(encrypted, "wxb11529c136998cb6").as_deref(), Some("我是中文abcd123"));
    }
}
