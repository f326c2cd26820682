//! What a rehearsal is started with: the account, how it is connected, who comes, and how fast time runs.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a rehearsal is started with. [`Options::default`] is a connected, unverified account that nobody follows
/// yet, on a free port of this machine, in which nothing happens by itself.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address of the account's callback, `http://…`; `None` until it is known (see
    /// [`Rehearsal::set_callback`](crate::Rehearsal::set_callback)).
    pub callback: Option<String>,
    /// Where the API and the control page listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Who the account is.
    pub account: Account,
    /// How callbacks are encrypted.
    pub mode: Mode,
    /// XML or JSON.
    pub format: Format,
    /// What the account may do.
    pub tier: Tier,
    /// How many seconds people live in a second of this machine; 0: nothing happens by itself.
    pub speed: f64,
    /// The same seed gives the same people, who do the same at the same times.
    pub seed: u64,
    /// When the story begins; `None`: now.
    pub begin: Option<DateTime<Utc>>,
    /// Which clock the platform shows in `CreateTime`, windows, quotas and figures.
    pub stamps: Stamps,
    /// Who comes by themselves, and what they do.
    pub crowd: CrowdOptions,
    /// How long the platform waits for an answer; real time.
    pub answer_limit: Duration,
    /// How long it waits before it repeats a request without an answer; real time.
    pub retry_pause: Duration,
    /// How long an access token is good; real time, at most two hours on the platform.
    pub token_life: Duration,
    /// Addresses that may fetch tokens; `None`: every address.
    pub allowed_addresses: Option<Vec<IpAddr>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            callback: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            account: Account::default(),
            mode: Mode::Plain,
            format: Format::Xml,
            tier: Tier::U,
            speed: 0.0,
            seed: 1,
            begin: None,
            stamps: Stamps::Real,
            crowd: CrowdOptions::default(),
            answer_limit: Duration::from_secs(5),
            retry_pause: Duration::from_secs(1),
            token_life: Duration::from_secs(7200),
            allowed_addresses: None,
        }
    }
}

/// Who the account is: what its owner copies between the platform's back office and the class's server.
#[derive(Clone, Debug)]
pub struct Account {
    /// `wx…`
    pub appid: String,
    /// The AppSecret, with which tokens are fetched.
    pub secret: String,
    /// `gh_…`, the account's own name in messages.
    pub original_id: String,
    /// The word that signs callbacks, 3–32 letters and digits.
    pub token: String,
    /// The EncodingAESKey, 43 characters; needed by [`Mode::Compat`] and [`Mode::Safe`].
    pub aes_key: Option<String>,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            appid: "wx7265686561727361".to_owned(),
            secret: "7365637265746f6672656865617273616c".to_owned(),
            original_id: "gh_72656865617273".to_owned(),
            token: "rehearsal2026".to_owned(),
            aes_key: None,
        }
    }
}

/// How callbacks are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// In the clear (明文模式).
    Plain,
    /// In the clear and encrypted beside it (兼容模式); either answer is taken.
    Compat,
    /// Encrypted only (安全模式).
    Safe,
}

/// The form of callbacks, as chosen in the platform's developer console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// The form every account knows.
    Xml,
    /// The newer form.
    Json,
}

/// What the account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tier {
    /// No server is connected: no callback, and the calls of [`Tier::U`].
    #[serde(rename = "0")]
    Zero,
    /// Unverified 订阅号: the callback, and no call but for tokens, addresses and quotas.
    U,
    /// Verified 订阅号: all but QR codes with a scene and mass sends to chosen people.
    S,
    /// Verified 服务号: everything.
    F,
}

impl Tier {
    /// All tiers, the least first.
    pub const ALL: [Self; 4] = [Self::Zero, Self::U, Self::S, Self::F];

    /// `0`, `U`, `S` or `F`.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Zero => "0",
            Self::U => "U",
            Self::S => "S",
            Self::F => "F",
        }
    }

    /// The tier of a letter.
    pub fn of_letter(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.letter().eq_ignore_ascii_case(letter))
    }
}

/// Who comes by themselves. Shares are between 0 and 1.
#[derive(Clone, Debug)]
pub struct CrowdOptions {
    /// How many come on an ordinary day without any publication.
    pub arrivals_per_day: f64,
    /// Scenes of codes that hang somewhere and are scanned. Scenes that the account makes are added.
    pub scenes: Vec<String>,
    /// Words by which newcomers say who brought them.
    pub claim_words: Vec<String>,
    /// Of those who come, how many send a claim word, if there are any.
    pub claims: f64,
    /// How many ask something.
    pub asks: f64,
    /// How many leave some day.
    pub leaves: f64,
    /// Of those who left, how many come back.
    pub returns: f64,
    /// How many only follow and leave again, several times, so that somebody gets credit.
    pub cheaters: f64,
}

impl Default for CrowdOptions {
    fn default() -> Self {
        Self {
            arrivals_per_day: 12.0,
            scenes: Vec::new(),
            claim_words: Vec::new(),
            claims: 0.35,
            asks: 0.3,
            leaves: 0.2,
            returns: 0.1,
            cheaters: 0.02,
        }
    }
}

/// Which clock the platform shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamps {
    /// This machine's: people may live fast, but the server sees an ordinary day.
    Real,
    /// The story's: a semester of dates passes while the rehearsal runs.
    Simulated,
}
