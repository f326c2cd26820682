//! The services of the host, what goes in and what comes out. Each needs a permission from the manifest; without it
//! the answer is [`Code::Denied`](crate::Code).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::body::Body;
use crate::value::Value;

/// A service of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u16)]
pub enum HostOp {
    /// A line for the log: [`Log`] → nothing. No permission needed.
    Log = 1,
    /// Rows of the plugin's own tables: [`Query`] → [`Rows`]. Permission `tables`.
    Query = 2,
    /// Changes to them, all or none: [`Batch`] → [`Done`]. Permission `tables`.
    Batch = 3,
    /// Tells other plugins: [`Emit`] → [`Emitted`]. Permission: named in `events.emits`.
    Emit = 4,
    /// Asks another plugin: [`Service`] → any JSON. Permission: named in `needs` or `wants`.
    Service = 5,
    /// Who is in a class: [`OfClass`] → [`Roster`]. Permission `roster`.
    Roster = 6,
    /// Outgoing HTTP: [`Fetch`] → [`Fetched`]. Permission: the host is named in `http`.
    Fetch = 7,
    /// A setting that no page shows: [`Secret`] → [`SecretValue`]. Permission `secrets`.
    Secret = 8,
    /// The settings of a class, without secrets: [`OfClass`] → an object. No permission needed.
    Settings = 9,
    /// A job at a moment: [`Schedule`] → nothing. Permission `schedule`.
    Schedule = 10,
    /// The classes that use the plugin: nothing → [`Classes`]. Permission `roster`.
    Classes = 11,
}

/// All services of the host.
pub const HOST_OPS: [HostOp; 11] = [
    HostOp::Log,
    HostOp::Query,
    HostOp::Batch,
    HostOp::Emit,
    HostOp::Service,
    HostOp::Roster,
    HostOp::Fetch,
    HostOp::Secret,
    HostOp::Settings,
    HostOp::Schedule,
    HostOp::Classes,
];

/// The most rows that a query returns.
pub const MOST_ROWS: usize = 5_000;
/// The most bytes that a query returns, as JSON.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;
/// The most statements of a batch.
pub const MOST_STATEMENTS: usize = 1_000;

impl HostOp {
    /// The service with this number.
    pub fn from_number(number: u32) -> Option<Self> {
        HOST_OPS.into_iter().find(|op| *op as u32 == number)
    }

    /// Its name in logs and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            HostOp::Log => "log",
            HostOp::Query => "query",
            HostOp::Batch => "batch",
            HostOp::Emit => "emit",
            HostOp::Service => "service",
            HostOp::Roster => "roster",
            HostOp::Fetch => "fetch",
            HostOp::Secret => "secret",
            HostOp::Settings => "settings",
            HostOp::Schedule => "schedule",
            HostOp::Classes => "classes",
        }
    }
}

/// A line for the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// `error`, `warn`, `info` or `debug`.
    pub level: String,
    /// What to say.
    pub message: String,
}

/// A statement that reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// One SQL statement with `$1`, `$2` … for its parameters.
    pub sql: String,
    /// Its parameters.
    #[serde(default)]
    pub parameters: Vec<Value>,
}

/// Rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Values in the order of the columns.
    pub rows: Vec<Vec<Value>>,
}

/// Statements that change something, done together or not at all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// In this order.
    pub statements: Vec<Statement>,
    /// Done once for this key, however often it is sent; such as the id of an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once: Option<String>,
    /// Events that are told if, and only if, the changes are made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emit: Vec<Emit>,
}

/// A statement of a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// One SQL statement with `$1`, `$2` … for its parameters.
    pub sql: String,
    /// Its parameters.
    #[serde(default)]
    pub parameters: Vec<Value>,
    /// The number of rows it must touch; another number undoes the batch ([`Code::Conflict`](crate::Code)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect_rows: Option<u64>,
}

/// What a batch did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Rows that each statement touched; empty when the key was done before.
    pub rows: Vec<u64>,
    /// Whether the key was done before, so that nothing was done now.
    #[serde(default)]
    pub repeated: bool,
}

/// An event for other plugins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Emit {
    /// Name, from the manifest.
    pub name: String,
    /// Class; the call's own without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Uuid>,
    /// What to say.
    #[serde(default)]
    pub data: Json,
}

/// The id of an emitted event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Emitted {
    /// Id.
    pub id: Uuid,
}

/// A service of another plugin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// Its name with version, such as `rota.on_duty/1`.
    pub service: String,
    /// Class; the call's own without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Uuid>,
    /// What to send.
    #[serde(default)]
    pub input: Json,
    /// The most milliseconds that the other may take; the call's own time without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_ms: Option<u32>,
}

/// A class; the call's own without one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfClass {
    /// Class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Uuid>,
}

/// Who is in a class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// Teachers, then students by number.
    pub people: Vec<crate::context::Person>,
}

/// The classes that use the plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classes {
    /// Those that are not archived.
    pub classes: Vec<crate::context::Class>,
}

/// A request to another server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    /// `GET`, `POST`, `PUT`, `DELETE`.
    pub method: String,
    /// Address, whose host the manifest allows.
    pub url: String,
    /// Headers.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// Body.
    #[serde(default)]
    pub body: Body,
}

/// Its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// Status.
    pub status: u16,
    /// Headers.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// Body, at most 4 MiB.
    #[serde(default)]
    pub body: Body,
}

impl Fetch {
    /// A request without a body.
    pub fn get(url: impl Into<String>) -> Self {
        Self { method: "GET".into(), url: url.into(), headers: Vec::new(), body: Body::default() }
    }

    /// A request with a body of this type.
    pub fn post(url: impl Into<String>, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = Body::new(body.into());
        Self { method: "POST".into(), url: url.into(), headers: Vec::new(), body }.header("content-type", content_type)
    }

    /// The same with a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

impl Fetched {
    /// The first header with this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none of this shape.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_slice(self.body.as_bytes())
    }
}

/// A secret setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// Name of the setting.
    pub name: String,
    /// Class; the call's own without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Uuid>,
}

/// Its value.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretValue {
    /// None: nobody has set it.
    pub value: Option<String>,
}

/// A job at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// A job of the manifest.
    pub job: String,
    /// When; none cancels the key.
    pub at: Option<DateTime<Utc>>,
    /// What it is about: a second one with the same key takes the place of the first.
    pub key: String,
    /// Class; the call's own without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Uuid>,
    /// What the job gets.
    #[serde(default)]
    pub data: Json,
}
