//! A row of any table as a line of JSON, and back.

use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::BackupError;
use crate::db::Db;

/// The kinds of columns our migrations use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `uuid`
    Uuid,
    /// `text`
    Text,
    /// `timestamptz`, as microseconds since the epoch
    Time,
    /// `bigint`
    Integer,
    /// `boolean`
    Boolean,
    /// `bytea`, as base64
    Bytes,
}

impl Kind {
    fn of_declared(declared: &str) -> Option<Self> {
        Some(match declared.to_ascii_lowercase().as_str() {
            "uuid" => Kind::Uuid,
            "text" => Kind::Text,
            "timestamptz" | "timestamp with time zone" => Kind::Time,
            "bigint" => Kind::Integer,
            "boolean" => Kind::Boolean,
            "bytea" => Kind::Bytes,
            _ => return None,
        })
    }
}

/// Names and kinds of a table's columns, sorted by name: the two databases list them differently after a migration.
pub async fn columns(db: &Db, table: &str) -> Result<Vec<(String, Kind)>, BackupError> {
    let declared: Vec<(String, String)> = match db {
        Db::Sqlite(sqlite) => {
            sqlx::query_as("select name, type from pragma_table_info($1)")
                .bind(table)
                .fetch_all(&sqlite.readers)
                .await?
        }
        Db::Postgres(pool) => {
            sqlx::query_as(
                "select cast(column_name as text), cast(data_type as text) from information_schema.columns
                 where table_schema = current_schema() and table_name = $1",
            )
            .bind(table)
            .fetch_all(pool)
            .await?
        }
    };
    let mut columns = Vec::with_capacity(declared.len());
    for (name, kind) in declared {
        let kind = Kind::of_declared(&kind)
            .ok_or_else(|| BackupError::Internal(format!("column {table}.{name} is of unknown kind {kind}")))?;
        columns.push((name, kind));
    }
    columns.sort();
    Ok(columns)
}

/// Names as SQL, quoted: `override` is a word of its own in PostgreSQL.
pub fn quoted(names: &[(String, Kind)]) -> String {
    names.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

/// The line of a row: a JSON array of its values.
macro_rules! line {
    ($row:expr, $columns:expr) => {{
        use sqlx::Row as _;
        let mut values = Vec::with_capacity($columns.len());
        for (index, (_, kind)) in $columns.iter().enumerate() {
            values.push($crate::backup::rows::to_value!($row, index, *kind));
        }
        serde_json::Value::Array(values).to_string()
    }};
}
pub(super) use line;

/// One value of a row.
macro_rules! to_value {
    ($row:expr, $index:expr, $kind:expr) => {{
        use $crate::backup::rows::Kind;
        match $kind {
            Kind::Uuid => $row.try_get::<Option<uuid::Uuid>, _>($index)?.map(|id| id.to_string()).into(),
            Kind::Text => $row.try_get::<Option<String>, _>($index)?.into(),
            Kind::Time => $row
                .try_get::<Option<chrono::DateTime<chrono::Utc>>, _>($index)?
                .map(|time| time.timestamp_micros())
                .into(),
            Kind::Integer => $row.try_get::<Option<i64>, _>($index)?.into(),
            Kind::Boolean => $row.try_get::<Option<bool>, _>($index)?.into(),
            Kind::Bytes => {
                $row.try_get::<Option<Vec<u8>>, _>($index)?.map(|bytes| data_encoding::BASE64.encode(&bytes)).into()
            }
        }
    }};
}
pub(super) use to_value;

/// A value read back from its line.
#[derive(Clone, Debug)]
pub enum Cell {
    /// `uuid`
    Uuid(Option<Uuid>),
    /// `text`
    Text(Option<String>),
    /// `timestamptz`
    Time(Option<DateTime<Utc>>),
    /// `bigint`
    Integer(Option<i64>),
    /// `boolean`
    Boolean(Option<bool>),
    /// `bytea`
    Bytes(Option<Vec<u8>>),
}

/// The values of a line; `None` when the line is not a row of these columns.
pub fn cells(line: &str, columns: &[(String, Kind)]) -> Option<Vec<Cell>> {
    let values: Vec<Value> = serde_json::from_str(line).ok()?;
    if values.len() != columns.len() {
        return None;
    }
    values.into_iter().zip(columns).map(|(value, (_, kind))| cell(value, *kind)).collect()
}

fn cell(value: Value, kind: Kind) -> Option<Cell> {
    let absent = value.is_null();
    let text = || value.as_str();
    Some(match kind {
        Kind::Uuid if absent => Cell::Uuid(None),
        Kind::Uuid => Cell::Uuid(Some(text()?.parse().ok()?)),
        Kind::Text if absent => Cell::Text(None),
        Kind::Text => Cell::Text(Some(text()?.to_owned())),
        Kind::Time if absent => Cell::Time(None),
        Kind::Time => Cell::Time(Some(DateTime::from_timestamp_micros(value.as_i64()?)?)),
        Kind::Integer if absent => Cell::Integer(None),
        Kind::Integer => Cell::Integer(Some(value.as_i64()?)),
        Kind::Boolean if absent => Cell::Boolean(None),
        Kind::Boolean => Cell::Boolean(Some(value.as_bool()?)),
        Kind::Bytes if absent => Cell::Bytes(None),
        Kind::Bytes => Cell::Bytes(Some(BASE64.decode(text()?.as_bytes()).ok()?)),
    })
}
