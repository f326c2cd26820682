//! Results: the same codes in the C interface, on the socket, in logs, in metrics and behind a page's status.

use serde::{Deserialize, Serialize};

/// How a call ended. Codes from 100 on are the host's own: returned by a plugin, as any unknown one, they count as its
/// error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(i32)]
pub enum Code {
    /// Done.
    Ok = 0,
    /// The input cannot be accepted.
    BadRequest = 1,
    /// There is no such thing.
    NotFound = 2,
    /// Not allowed: to the person, or to the plugin.
    Denied = 3,
    /// Something changed meanwhile.
    Conflict = 4,
    /// The plugin failed and says so.
    PluginError = 5,
    /// The plugin panicked.
    Panic = 6,
    /// The plugin, or the host, knows no such operation.
    Unsupported = 7,
    /// Too many calls are waiting.
    Busy = 8,
    /// Whoever asked no longer waits.
    Cancelled = 9,
    /// The time was up before the plugin answered.
    Timeout = 100,
    /// The worker process ended during the call.
    WorkerDied = 101,
    /// The plugin failed too often lately and is left alone for a moment.
    BreakerOpen = 102,
    /// The plugin cannot be loaded here.
    Incompatible = 103,
    /// The worker said something that is no message.
    Protocol = 104,
    /// The plugin is not running: disabled, quarantined, or a needed plugin is missing.
    NotRunning = 105,
}

/// All codes, for tables.
pub const CODES: [Code; 16] = [
    Code::Ok,
    Code::BadRequest,
    Code::NotFound,
    Code::Denied,
    Code::Conflict,
    Code::PluginError,
    Code::Panic,
    Code::Unsupported,
    Code::Busy,
    Code::Cancelled,
    Code::Timeout,
    Code::WorkerDied,
    Code::BreakerOpen,
    Code::Incompatible,
    Code::Protocol,
    Code::NotRunning,
];

impl Code {
    /// The code with this number.
    pub fn from_number(number: i32) -> Option<Self> {
        CODES.into_iter().find(|code| code.number() == number)
    }

    /// The code that a plugin returned: what it may not return counts as its error.
    pub fn from_plugin(number: i32) -> Self {
        Self::from_number(number).filter(|code| code.number() < 100).unwrap_or(Code::PluginError)
    }

    /// Its number.
    pub const fn number(self) -> i32 {
        self as i32
    }

    /// Its name in logs, metrics and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Code::Ok => "ok",
            Code::BadRequest => "bad-request",
            Code::NotFound => "not-found",
            Code::Denied => "denied",
            Code::Conflict => "conflict",
            Code::PluginError => "plugin-error",
            Code::Panic => "panic",
            Code::Unsupported => "unsupported",
            Code::Busy => "busy",
            Code::Cancelled => "cancelled",
            Code::Timeout => "timeout",
            Code::WorkerDied => "worker-died",
            Code::BreakerOpen => "breaker-open",
            Code::Incompatible => "incompatible",
            Code::Protocol => "protocol",
            Code::NotRunning => "not-running",
        }
    }

    /// The status of a page that ended so.
    pub const fn status(self) -> u16 {
        match self {
            Code::Ok => 200,
            Code::BadRequest => 400,
            Code::NotFound => 404,
            Code::Denied => 403,
            Code::Conflict => 409,
            Code::PluginError | Code::Panic => 500,
            Code::Unsupported => 501,
            Code::Busy
            | Code::WorkerDied
            | Code::BreakerOpen
            | Code::Incompatible
            | Code::Protocol
            | Code::NotRunning => 503,
            Code::Cancelled => 499,
            Code::Timeout => 504,
        }
    }

    /// Whether it is a fault of the plugin, which the breaker counts.
    pub const fn is_fault(self) -> bool {
        matches!(self, Code::PluginError | Code::Panic | Code::Timeout | Code::WorkerDied | Code::Protocol)
    }
}

/// A code other than [`Code::Ok`] and what explains it; as JSON the answer to a failed call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}: {message}", code.name())]
pub struct Failure {
    /// Name of the code.
    #[serde(with = "by_name")]
    pub code: Code,
    /// What happened, for a person.
    #[serde(default)]
    pub message: String,
    /// Key of a sentence in the plugin's own translations, instead of `message`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Box<str>>,
    /// Arguments of that sentence.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub arguments: serde_json::Map<String, serde_json::Value>,
    /// Where: a place in the plugin, a field of a form, a statement of a batch.
    #[serde(rename = "where", default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Box<str>>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Box<str>>,
}

impl Failure {
    /// A failure that a sentence explains.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), key: None, arguments: serde_json::Map::new(), place: None, hint: None }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into().into());
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into().into());
        self
    }

    /// As the bytes of an answer.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// From the bytes of an answer. The code that came with them decides; bytes that are no failure are no reason to
    /// forget it.
    pub fn from_bytes(code: Code, bytes: &[u8]) -> Self {
        match serde_json::from_slice::<Self>(bytes) {
            Ok(failure) => Self { code, ..failure },
            Err(_) => Self::new(code, ""),
        }
    }
}

mod by_name {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::{CODES, Code};

    pub(super) fn serialize<S: Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(code.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Code, D::Error> {
        let name = String::deserialize(deserializer)?;
        CODES.into_iter().find(|code| code.name() == name).ok_or_else(|| D::Error::custom(format!("no code {name}")))
    }
}
