//! The answer as the platform reads it.

use plugin_sdk::prelude::*;

use super::incoming::Incoming;
use super::signature::sign;
use crate::cipher::Cipher;

/// The longest reply, in characters: what is longer may not reach the follower at all.
pub const LONGEST: usize = 600;

/// How the answer must go back.
#[derive(Debug)]
pub enum Envelope {
    /// As it is.
    Plain,
    /// Encrypted, with the key that read the message.
    Encrypted {
        /// The key.
        cipher: Cipher,
        /// The account's id.
        account: String,
        /// The token.
        token: String,
        /// The nonce of the call.
        nonce: String,
    },
}

impl Envelope {
    /// Whether it is encrypted.
    pub fn is_encrypted(&self) -> bool {
        matches!(self, Envelope::Encrypted { .. })
    }

    /// The answer with this reply; an empty one says nothing to the follower.
    pub fn seal(&self, incoming: &Incoming, reply: &str, now: DateTime<Utc>) -> Response {
        if reply.is_empty() {
            return bytes(200, "text/plain; charset=utf-8", b"success".to_vec());
        }
        let clear = message(incoming, reply);
        let sealed = match self {
            Envelope::Plain => clear,
            Envelope::Encrypted { cipher, account, token, nonce } => {
                let encrypted = cipher.encrypt(&clear, account, rand::random());
                let timestamp = now.timestamp().to_string();
                let signature = sign(&[token, &timestamp, nonce, &encrypted]);
                format!(
                    "<xml><Encrypt>{}</Encrypt><MsgSignature>{}</MsgSignature><TimeStamp>{timestamp}</TimeStamp>\
                     <Nonce>{}</Nonce></xml>",
                    cdata(&encrypted),
                    cdata(&signature),
                    cdata(nonce),
                )
            }
        };
        bytes(200, "application/xml; charset=utf-8", sealed.into_bytes())
    }
}

/// A text message back to who wrote. Its time is that of the message, so that a repeat gets the same bytes.
fn message(incoming: &Incoming, reply: &str) -> String {
    format!(
        "<xml><ToUserName>{}</ToUserName><FromUserName>{}</FromUserName><CreateTime>{}</CreateTime>\
         <MsgType><![CDATA[text]]></MsgType><Content>{}</Content></xml>",
        cdata(&incoming.openid),
        cdata(&incoming.account),
        incoming.at.timestamp(),
        cdata(reply),
    )
}

fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

/// A reply cut to what the platform takes.
pub fn cut(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some(_) => text.chars().take(LONGEST - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callback::fields::Fields;

    #[test]
    fn a_reply_survives_its_own_marks() {
        let asked = "<xml><ToUserName>gh_a</ToUserName><FromUserName>o</FromUserName><CreateTime>5</CreateTime>\
                     <MsgType>text</MsgType></xml>";
        let incoming = Incoming::read(&Fields::read(asked).unwrap()).unwrap();
        let reply = "a]]>b <a href=\"https://c\">&amp;</a>";
        let fields = Fields::read(&message(&incoming, reply)).unwrap();
        let got = ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"].map(|name| fields.get(name));
        assert_eq!(got, ["o", "gh_a", "5", "text", reply]);
    }

    #[test]
    fn a_long_reply_is_cut() {
        assert_eq!(cut(" 好 "), "好");
        assert_eq!(cut(&"好".repeat(600)).chars().count(), 600);
        let cut = cut(&"好".repeat(601));
        assert_eq!((cut.chars().count(), cut.chars().last()), (600, Some('…')));
    }
}
