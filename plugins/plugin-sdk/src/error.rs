//! The one error of a plugin: a code, and a sentence for a person.

use plugin_protocol::{Code, Failure};
use serde_json::Value;

/// What the methods of a plugin return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call was not done. Anything that is an error becomes one with `?` and counts as the plugin's own fault; the
/// functions of this module make those that are not.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(pub Failure);

/// There is no such thing (404).
pub fn not_found() -> Error {
    Error(Failure::new(Code::NotFound, ""))
}

/// The person, or the plugin, may not do this (403).
pub fn denied() -> Error {
    Error(Failure::new(Code::Denied, ""))
}

/// What was sent cannot be accepted (400); the key of a sentence in the plugin's translations, or the sentence.
pub fn invalid(key: impl Into<String>) -> Error {
    Error(Failure { key: Some(key.into().into()), ..Failure::new(Code::BadRequest, "") })
}

/// Something changed meanwhile (409); the key of a sentence in the plugin's translations, or the sentence.
pub fn conflict(key: impl Into<String>) -> Error {
    Error(Failure { key: Some(key.into().into()), ..Failure::new(Code::Conflict, "") })
}

impl Error {
    /// Adds an argument to the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.arguments.insert(name.to_owned(), value.into());
        self
    }

    /// Says where: a field of a form, a step.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.0.place = Some(place.into().into());
        self
    }

    /// Its code.
    pub fn code(&self) -> Code {
        self.0.code
    }
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(next) = cause {
            message.push_str(": ");
            message.push_str(&next.to_string());
            cause = next.source();
        }
        Error(Failure::new(Code::PluginError, message))
    }
}
