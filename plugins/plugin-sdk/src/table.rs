//! Rows of a query.

use chrono::{DateTime, NaiveDate, Utc};
use plugin_protocol::host::Rows;
use plugin_protocol::value::Value;
use uuid::Uuid;

use crate::error::{Error, Result};
use plugin_protocol::{Code, Failure};

/// The rows of a query.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: Rows,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    columns: &'a [String],
    values: &'a [Value],
}

impl Table {
    pub(crate) fn new(rows: Rows) -> Self {
        Self { rows }
    }

    /// Its rows.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + ExactSizeIterator {
        self.rows.rows.iter().map(|values| Row { columns: &self.rows.columns, values })
    }

    /// The first row.
    pub fn first(&self) -> Option<Row<'_>> {
        self.iter().next()
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        self.rows.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.rows.is_empty()
    }

    /// The values of a column.
    pub fn column<T: FromValue>(&self, name: &str) -> Result<Vec<T>> {
        self.iter().map(|row| row.get(name)).collect()
    }

    /// The only value of the first row, such as a count.
    pub fn value<T: FromValue>(&self) -> Result<T> {
        let value = self.rows.rows.first().and_then(|row| row.first()).unwrap_or(&Value::Null);
        T::from_value(value).ok_or_else(|| wrong("of the first row", value))
    }
}

impl Row<'_> {
    /// The value of a column.
    pub fn get<T: FromValue>(&self, name: &str) -> Result<T> {
        let place = self.columns.iter().position(|column| column == name);
        let Some(value) = place.and_then(|place| self.values.get(place)) else {
            let message = format!("the query has no column {name}; it has {}", self.columns.join(", "));
            return Err(Error(Failure::new(Code::PluginError, message)));
        };
        T::from_value(value).ok_or_else(|| wrong(name, value))
    }

    /// The row as an object for a template: ids and times as text.
    pub fn to_json(&self) -> serde_json::Value {
        let pairs = self.columns.iter().zip(self.values).map(|(name, value)| (name.clone(), plain(value)));
        serde_json::Value::Object(pairs.collect())
    }
}

fn wrong(name: &str, value: &Value) -> Error {
    Error(Failure::new(Code::PluginError, format!("the value {name} is {value:?}, which is of another type")))
}

fn plain(value: &Value) -> serde_json::Value {
    match value {
        Value::Null | Value::Bytes { .. } => serde_json::Value::Null,
        Value::Boolean(value) => (*value).into(),
        Value::Integer(value) => (*value).into(),
        Value::Number(value) => (*value).into(),
        Value::Text(value) => value.clone().into(),
        Value::Uuid { uuid } => uuid.to_string().into(),
        Value::Time { time } => time.to_rfc3339().into(),
    }
}

/// What a value of a row can become.
pub trait FromValue: Sized {
    /// The value, if it is of this type.
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            Value::Uuid { uuid } => Some(uuid.to_string()),
            _ => None,
        }
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(*number),
            Value::Boolean(value) => Some((*value).into()),
            _ => None,
        }
    }
}

impl FromValue for f64 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Some(*number),
            // Whole numbers of a plugin's tables are counts, far below 2⁵³.
            Value::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Boolean(value) => Some(*value),
            Value::Integer(number) => Some(*number != 0),
            _ => None,
        }
    }
}

impl FromValue for Uuid {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Uuid { uuid } => Some(*uuid),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl FromValue for DateTime<Utc> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Time { time } => Some(*time),
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl FromValue for NaiveDate {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => text.parse().ok(),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bytes { bytes } => Some(bytes.clone()),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}
