//! What the author of a plugin uses. A plugin is a folder with `plugin.toml`, and a struct:
//!
//! ```ignore
//! use plugin_sdk::prelude::*;
//!
//! #[derive(Default)]
//! struct Hello;
//!
//! impl Plugin for Hello {
//!     fn page(&self, host: &Host, request: &Page) -> Result<Response> {
//!         let notes = host.query("select text from note where class_id = $1", params![host.class()?.id])?;
//!         Ok(page("notes.html", json!({ "notes": notes.column::<String>("text")? })))
//!     }
//! }
//!
//! plugin_sdk::plugin!(Hello);
//! ```
//!
//! [`Plugin`] has one method for each thing a plugin can do, and each has a default; [`Host`] is what it may ask.
//! Methods are called from several threads at once: what a plugin keeps between calls belongs into its tables, and what
//! it caches behind a lock. There is no asynchronous runtime and no network of its own in the process.

mod csv;
mod error;
mod host;
mod line;
mod plugin;
mod reply;
mod request;
mod table;
#[cfg(feature = "words")]
mod words;
mod zone;

pub mod entry;

pub use chrono;
pub use plugin_abi as abi;
pub use plugin_macros::plugin;
pub use plugin_protocol as protocol;
pub use serde_json;
pub use uuid;

pub use csv::cell;
pub use error::{Error, Result};
pub use host::{Batch, Host};
pub use plugin::Plugin;
pub use table::{FromValue, Row, Table};
#[cfg(feature = "words")]
pub use words::Words;

/// What a plugin needs in scope.
pub mod prelude {
    pub use std::time::Duration;

    pub use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
    pub use plugin_protocol::Code;
    pub use plugin_protocol::context::{Class, Context, Person};
    pub use plugin_protocol::host::{Fetch, Fetched};
    pub use plugin_protocol::op::{
        Event, Facts, Health, Job, Page, Response, Service, StudentFacts, Upgrade, Upload, View, Widget,
    };
    pub use serde_json::{self, Value, json};
    pub use uuid::Uuid;

    pub use crate::csv::csv;
    pub use crate::error::{Error, Result, conflict, denied, invalid, not_found};
    pub use crate::host::{Batch, Host};
    pub use crate::plugin::Plugin;
    pub use crate::reply::{Notify, bytes, download, page, redirect, view};
    pub use crate::request::Ask;
    pub use crate::table::{Row, Table};
    pub use crate::{log, params};
}

pub use ::log;

/// Parameters of a statement: `params![id, "text", 3]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::protocol::value::Value::from($value)),*]
    };
}
