//! Values of a plugin's tables, as they travel: JSON with the two kinds that JSON lacks written as objects.
//!
//! | column | JSON |
//! |---|---|
//! | `text` | string |
//! | `bigint` | whole number, −2⁶³ … 2⁶³−1 |
//! | `double precision` | number |
//! | `boolean` | true, false |
//! | `uuid` | `{"uuid": "0190…"}` |
//! | `timestamptz` | `{"time": "2026-10-12T00:00:00Z"}` |
//! | `bytea` | `{"bytes": "base64"}` |
//!
//! A day is text, `2026-10-12`, so that both databases keep and order it alike.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A value of a row, or a parameter of a statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// `null`.
    Null,
    /// `boolean`.
    Boolean(bool),
    /// `bigint`.
    Integer(i64),
    /// `double precision`.
    Number(f64),
    /// `text`.
    Text(String),
    /// `uuid`.
    Uuid {
        /// The id.
        uuid: Uuid,
    },
    /// `timestamptz`.
    Time {
        /// The moment, in UTC.
        time: DateTime<Utc>,
    },
    /// `bytea`.
    Bytes {
        /// The bytes.
        #[serde(with = "crate::body::base64_bytes")]
        bytes: Vec<u8>,
    },
}

macro_rules! from {
    ($($kind:ty => |$value:ident| $made:expr),* $(,)?) => {
        $(impl From<$kind> for Value {
            fn from($value: $kind) -> Self {
                $made
            }
        })*
    };
}

from! {
    bool => |value| Value::Boolean(value),
    i64 => |value| Value::Integer(value),
    i32 => |value| Value::Integer(value.into()),
    u32 => |value| Value::Integer(value.into()),
    f64 => |value| Value::Number(value),
    String => |value| Value::Text(value),
    &str => |value| Value::Text(value.to_owned()),
    &String => |value| Value::Text(value.clone()),
    Uuid => |value| Value::Uuid { uuid: value },
    DateTime<Utc> => |value| Value::Time { time: value },
    NaiveDate => |value| Value::Text(value.to_string()),
    Vec<u8> => |value| Value::Bytes { bytes: value },
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}
