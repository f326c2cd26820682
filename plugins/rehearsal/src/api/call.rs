//! A call as handlers get it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Instant;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::failure::Failure;

/// A call that was let through.
pub struct Call {
    pub query: HashMap<String, String>,
    pub body: Value,
    pub files: Vec<Upload>,
    /// The platform's clock.
    pub now: DateTime<Utc>,
    /// What it showed when a call that arrives now may have been on its way already: with a story that is moved on, hours
    /// before.
    pub earlier: DateTime<Utc>,
    /// This machine's, by which tokens age.
    pub real: Instant,
    /// Where this server is reached, for addresses in answers.
    pub base: String,
    pub from: IpAddr,
}

impl Call {
    /// A field of the body that must be text.
    pub fn text(&self, name: &str) -> Result<&str, Failure> {
        text(&self.body, name)
    }
}

/// A field that must be text and not empty.
pub fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, Failure> {
    let found = value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    found.ok_or_else(|| Failure::saying(40097, format!("invalid args, {name} is missing or no text")))
}

/// A file that came with a call.
pub struct Upload {
    /// The form's field.
    pub field: String,
    pub name: String,
    pub size: usize,
}
