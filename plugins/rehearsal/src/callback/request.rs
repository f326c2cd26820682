//! One request to the callback.

use std::time::SystemTime;

use crate::cipher::{Cipher, signature};
use crate::message::{Fields, Value, body};
use crate::options::{Account, Format, Mode, Tier};
use crate::room::Room;
use crate::words::Problem;

/// No more of an answer is read.
const LARGEST_ANSWER: usize = 256 * 1024;

/// How the account is connected at this moment.
pub struct Connection {
    pub account: Account,
    pub callback: Option<String>,
    pub mode: Mode,
    pub format: Format,
    pub tier: Tier,
    pub cipher: Option<Cipher>,
}

impl Connection {
    /// `None` when there is no address to call.
    pub fn of(room: &Room) -> Option<Self> {
        let platform = room.platform();
        platform.callback.as_ref()?;
        let account = platform.account.clone();
        // The key was checked when the rehearsal began.
        let cipher = account.aes_key.as_ref().and_then(|key| Cipher::new(key, &account.appid).ok());
        Some(Self {
            account,
            callback: platform.callback.clone(),
            mode: platform.mode,
            format: platform.format,
            tier: platform.tier,
            cipher,
        })
    }
}

/// A request that is ready, to be sent once or more often without a byte of difference.
pub struct Request {
    pub url: String,
    pub body: String,
    kind: &'static str,
}

impl Request {
    /// Signs, and encrypts as the mode says.
    pub fn new(connection: &Connection, callback: &str, openid: &str, fields: &Fields) -> Self {
        let (time, nonce) = (seconds().to_string(), nonce());
        let account = &connection.account;
        let clear = body(fields, connection.format);
        let mut query = signed(&account.token, &time, &nonce);
        query.push(("openid", openid.to_owned()));
        let cipher = connection.cipher.as_ref().filter(|_| connection.mode != Mode::Plain);
        let body = match cipher {
            None => clear,
            Some(cipher) => {
                let encrypted = cipher.encrypt(&clear, rand::random());
                let signature = signature(&[&account.token, &time, &nonce, &encrypted]);
                query.extend([("encrypt_type", "aes".to_owned()), ("msg_signature", signature)]);
                let mut sent: Fields = match connection.mode {
                    Mode::Compat => fields.clone(),
                    _ => vec![("ToUserName", Value::Text(account.original_id.clone()))],
                };
                sent.push(("Encrypt", Value::Text(encrypted)));
                body(&sent, connection.format)
            }
        };
        let kind = match connection.format {
            Format::Xml => "text/xml",
            Format::Json => "application/json",
        };
        Self { url: with_query(callback, &query), body, kind }
    }

    /// Sends it and waits for the whole answer, as long as the platform does.
    pub async fn send(&self, room: &Room) -> Result<(u16, Vec<u8>), Problem> {
        let request = room.http.post(&self.url).header("content-type", self.kind).body(self.body.clone());
        answer(room, request).await
    }
}

/// Sends a request and reads its answer within the limit.
pub async fn answer(room: &Room, request: reqwest::RequestBuilder) -> Result<(u16, Vec<u8>), Problem> {
    let limit = room.options.answer_limit;
    let whole = async {
        let mut response = request.header("user-agent", "Mozilla/4.0").header("pragma", "no-cache").send().await?;
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await? {
            body.extend_from_slice(&piece);
            if body.len() > LARGEST_ANSWER {
                break;
            }
        }
        Ok((response.status().as_u16(), body))
    };
    match tokio::time::timeout(limit, whole).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(failure(&error)),
        Err(_) => Err(Problem::new("failure-slow").with("seconds", limit.as_secs_f32())),
    }
}

fn failure(error: &reqwest::Error) -> Problem {
    let mut source: &dyn std::error::Error = error;
    while let Some(deeper) = source.source() {
        source = deeper;
    }
    let key = if error.is_connect() { "failure-unreachable" } else { "failure-broken-off" };
    Problem::new(key).with("reason", source)
}

/// What signs a request, whoever made it with this token.
pub fn signed(token: &str, time: &str, nonce: &str) -> Vec<(&'static str, String)> {
    vec![("signature", signature(&[token, time, nonce])), ("timestamp", time.to_owned()), ("nonce", nonce.to_owned())]
}

/// An address with a query added to the one it may have.
pub fn with_query(address: &str, query: &[(&'static str, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{query}")
}

/// When a request is made is always told by this machine's clock, whatever the story's says.
pub fn seconds() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A number of nine or ten digits.
pub fn nonce() -> String {
    rand::random_range(100_000_000..=u32::MAX).to_string()
}
