//! Who signed a callback: SHA-1 over the sorted parts, compared without telling by the time how much was right.

use sha1::{Digest as _, Sha1};
use subtle::ConstantTimeEq as _;

use crate::hexadecimal::hexadecimal;

/// The signature over these parts, in hexadecimal.
pub fn sign(parts: &[&str]) -> String {
    let mut sorted = parts.to_vec();
    sorted.sort_unstable();
    let mut digest = Sha1::new();
    for part in sorted {
        digest.update(part.as_bytes());
    }
    hexadecimal(&digest.finalize())
}

/// Whether a signature is that over these parts.
pub fn is_signed(parts: &[&str], signature: &str) -> bool {
    sign(parts).as_bytes().ct_eq(signature.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_signed_in_the_order_of_the_alphabet() {
        assert_eq!(sign(&["a", "b", "c"]), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(sign(&["c", "a", "b"]), sign(&["a", "b", "c"]));
        assert_eq!(sign(&["test", "1410685589", "test"]), "f21891de399b4e33a1a93c9a7b8a8fffb5a443ff");
        assert_eq!(sign(&["AAAAA", "1714037059", "486452656"]), "899cf89e464efb63f54ddac96b0a0a235f53aa78");
    }

    #[test]
    fn nothing_but_the_signature_is_one() {
        let parts = ["AAAAA", "1714036504", "1514711492"];
        let right = "f464b24fc39322e44b38aa78f5edd27bd1441696";
        assert!(is_signed(&parts, right));
        for wrong in ["", "f464b24f", &right.to_uppercase(), "f464b24fc39322e44b38aa78f5edd27bd1441697"] {
            assert!(!is_signed(&parts, wrong), "{wrong}");
        }
    }
}
