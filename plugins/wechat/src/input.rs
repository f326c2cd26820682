//! Fields of what other plugins ask, refused by name.

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

/// A text that must be there.
pub fn text<'i>(input: &'i Value, name: &str) -> Result<&'i str> {
    input[name].as_str().ok_or_else(|| invalid(format!("{name} is missing or no text")).at(name))
}

/// An id that must be there.
pub fn id(input: &Value, name: &str) -> Result<Uuid> {
    text(input, name)?.parse().map_err(|_| invalid(format!("{name} is no id")).at(name))
}

/// A day that must be there.
pub fn date(input: &Value, name: &str) -> Result<NaiveDate> {
    text(input, name)?.parse().map_err(|_| invalid(format!("{name} is no date such as 2026-10-12")).at(name))
}
