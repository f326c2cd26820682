//! What a plugin may know of why the server could not do what it asked.

use plugin_protocol::{Code, Failure};

use crate::error::Error;

/// The course's database did not do what it was asked; the log has the cause, the plugin need not know it.
pub(super) fn not_answered(error: &Error) -> Failure {
    match error {
        Error::NotFound => Failure::new(Code::NotFound, "there is no such thing"),
        error => {
            tracing::warn!(%error, "a call of a plugin could not be answered");
            Failure::new(Code::Busy, "the course's database did not answer").hint("try again later")
        }
    }
}
