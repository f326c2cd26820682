//! The one error of handlers and stores. Only [`pages::error`](crate::pages::error) turns it into a page or JSON:
//! a person sees what happened and what to do, the log has the cause and the request id.

use std::borrow::Cow;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use plugin_protocol::{Code, Failure};

/// What stores and handlers return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A sentence for a person: a Fluent key and its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Key of the sentence.
    pub key: Cow<'static, str>,
    /// Its arguments.
    pub arguments: Vec<(Cow<'static, str>, String)>,
}

impl Message {
    /// A sentence without arguments.
    pub fn new(key: &'static str) -> Self {
        Self { key: key.into(), arguments: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push((name.into(), value.to_string()));
        self
    }
}

/// A part of a request that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// The query of the address.
    Query,
    /// A form: a field is missing or malformed, or it is no form at all.
    Form,
    /// A JSON body.
    Json,
    /// A body that stopped in the middle.
    Unfinished,
}

impl Unreadable {
    /// Its name in keys of sentences.
    pub fn name(self) -> &'static str {
        match self {
            Unreadable::Query => "query",
            Unreadable::Form => "form",
            Unreadable::Json => "json",
            Unreadable::Unfinished => "unfinished",
        }
    }
}

/// What a plugin did not do, and why.
#[derive(Clone, Debug)]
pub struct PluginFault {
    /// Id of the plugin.
    pub plugin: String,
    /// What people call it, in the language of the page.
    pub title: String,
    /// What it, or the host, says.
    pub failure: Failure,
}

/// Why a request was not done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it belongs to a class the person is not in.
    #[error("not found")]
    NotFound,
    /// The person must sign in first.
    #[error("not signed in")]
    SignInNeeded,
    /// The person lacks the role.
    #[error("forbidden")]
    Forbidden,
    /// The address is known, but not for such a request: a form's address opened as a page.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// A part of the request cannot be read at all; the cause is for whoever wrote the program that sent it.
    #[error("unreadable {}: {}", .0.name(), .1)]
    Unreadable(Unreadable, String),
    /// What was sent cannot be accepted; the sentence says what and how to mend it.
    #[error("refused: {}", .0.key)]
    Invalid(Message),
    /// Something changed meanwhile.
    #[error("conflict: {}", .0.key)]
    Conflict(Message),
    /// More was sent than is taken.
    #[error("too large: {}", .0.key)]
    TooLarge(Message),
    /// Too many tries; again after this many seconds.
    #[error("too many requests, again in {0} s")]
    SlowDown(i64),
    /// A plugin did not do it.
    #[error("plugin {}: {}", .0.plugin, .0.failure)]
    Plugin(Box<PluginFault>),
    /// The server cannot do it just now.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A fault of ours.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// Refuses what was sent, with a sentence that has no arguments.
    pub fn invalid(key: &'static str) -> Self {
        Error::Invalid(Message::new(key))
    }

    /// A conflict, with a sentence that has no arguments.
    pub fn conflict(key: &'static str) -> Self {
        Error::Conflict(Message::new(key))
    }

    /// A fault of ours; the cause goes to the log only.
    pub fn internal(cause: impl ToString) -> Self {
        Error::Internal(cause.to_string())
    }

    /// The server cannot do it just now; the cause goes to the log only.
    pub fn unavailable(cause: impl ToString) -> Self {
        Error::Unavailable(cause.to_string())
    }

    /// The status of the reply.
    pub fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::SignInNeeded => StatusCode::UNAUTHORIZED,
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Error::Unreadable(..) => StatusCode::BAD_REQUEST,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Error::SlowDown(_) => StatusCode::TOO_MANY_REQUESTS,
            // 499 is no status of HTTP.
            Error::Plugin(fault) if fault.failure.code == Code::Cancelled => StatusCode::SERVICE_UNAVAILABLE,
            Error::Plugin(fault) => {
                StatusCode::from_u16(fault.failure.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Error::NotFound => "not-found",
            Error::SignInNeeded => "sign-in-needed",
            Error::Forbidden => "forbidden",
            Error::MethodNotAllowed => "method-not-allowed",
            Error::Unreadable(..) => "unreadable",
            Error::Invalid(_) => "invalid",
            Error::Conflict(_) => "conflict",
            Error::TooLarge(_) => "too-large",
            Error::SlowDown(_) => "slow-down",
            Error::Plugin(fault) => fault.failure.code.name(),
            Error::Unavailable(_) => "unavailable",
            Error::Internal(_) => "internal",
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Error::NotFound,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Error::unavailable(error),
            sqlx::Error::Database(ref cause) if is_full_or_failing(cause.as_ref()) => Error::unavailable(error),
            error => Error::internal(error),
        }
    }
}

/// SQLite codes for a full disk (13), a failing one (10) and a busy file (5); PostgreSQL classes 53 (resources), 57 (shutdown).
fn is_full_or_failing(cause: &dyn sqlx::error::DatabaseError) -> bool {
    let Some(code) = cause.code() else { return false };
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 10 | 13),
        _ => code.starts_with("53") || code.starts_with("57"),
    }
}

impl From<tera::Error> for Error {
    fn from(error: tera::Error) -> Self {
        Error::internal(format!("{error:#}"))
    }
}

impl IntoResponse for Error {
    /// A bare reply that carries the error; the outermost layer makes the page or JSON from it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Error::SlowDown(seconds) = self {
            response.headers_mut().insert(axum::http::header::RETRY_AFTER, seconds.max(1).into());
        }
        response.extensions_mut().insert(self);
        response
    }
}
