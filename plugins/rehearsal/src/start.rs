//! What must be right before a rehearsal begins.

use crate::cipher::{BadKey, Cipher};
use crate::options::{Mode, Options};

/// Why a rehearsal cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on; the text says how to mend it.
    #[error("{0}")]
    Listen(#[from] std::io::Error),
    /// The callback is no address that can be called.
    #[error(
        "the callback {0} cannot be called: it must begin with http:// and name a host, such as http://127.0.0.1:3000/…; an https address of this machine has an http one behind it"
    )]
    Callback(String),
    /// The mode encrypts, but there is no key.
    #[error(
        "{0:?} mode encrypts and needs an EncodingAESKey of 43 letters and digits; give the one that the account's settings have (--aes-key)"
    )]
    NoKey(Mode),
    /// The key is none.
    #[error("{0}")]
    Key(#[from] BadKey),
    /// The token cannot be one.
    #[error("the token {0:?} cannot be one: it has 3 to 32 letters or digits")]
    Token(String),
    /// The speed is no number of seconds.
    #[error("the speed {0} cannot be one: 0 stands still, 1 is real time, 1440 lives a day in a minute")]
    Speed(f64),
    /// No HTTP client can be made here.
    #[error("no HTTP client can be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// Checks all that can be checked without opening anything.
pub fn check(options: &Options) -> Result<(), StartError> {
    if let Some(url) = &options.callback {
        check_callback(url)?;
    }
    let token = &options.account.token;
    if !(3..=32).contains(&token.len()) || !token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Err(StartError::Token(token.clone()));
    }
    match &options.account.aes_key {
        Some(key) => drop(Cipher::new(key, &options.account.appid)?),
        None if options.mode != Mode::Plain => return Err(StartError::NoKey(options.mode)),
        None => {}
    }
    check_speed(options.speed)
}

/// Whether the story can run so fast.
pub fn check_speed(speed: f64) -> Result<(), StartError> {
    (speed.is_finite() && (0.0..=1_000_000.0).contains(&speed)).then_some(()).ok_or(StartError::Speed(speed))
}

/// Whether the address can be called.
pub fn check_callback(url: &str) -> Result<(), StartError> {
    let good = reqwest::Url::parse(url).is_ok_and(|url| url.scheme() == "http" && url.has_host());
    good.then_some(()).ok_or_else(|| StartError::Callback(url.to_owned()))
}
