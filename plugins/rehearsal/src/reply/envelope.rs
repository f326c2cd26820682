//! An encrypted answer: its signature, then what is inside.

use super::Expected;
use super::tree::Node;
use crate::cipher::{Broken, signature};
use crate::options::Mode;
use crate::words::Problem;

/// Checks the signature of an encrypted answer and decrypts it.
pub fn open(root: &Node, encrypted: &str, expected: &Expected<'_>) -> Result<String, Problem> {
    let cipher = expected.cipher.filter(|_| expected.mode != Mode::Plain);
    let cipher = cipher.ok_or_else(|| Problem::new("problem-encrypted-in-plain-mode"))?;
    let (got, time, nonce) = (root.required("MsgSignature")?, root.required("TimeStamp")?, root.required("Nonce")?);
    let right = signature(&[expected.token, time, nonce, encrypted]);
    if got != right {
        let without = signature(&[expected.token, time, nonce]);
        let key = if got == without { "problem-signature-without-text" } else { "problem-signature" };
        return Err(Problem::new(key).with("got", got).with("expected", right));
    }
    cipher.decrypt(encrypted).map_err(|broken| {
        Problem::new(match broken {
            Broken::Base64 => "problem-encrypted-base64",
            Broken::Length => "problem-encrypted-length",
            Broken::Padding => "problem-encrypted-padding",
            Broken::Inside => "problem-encrypted-inside",
            Broken::Appid => "problem-encrypted-appid",
        })
    })
}
