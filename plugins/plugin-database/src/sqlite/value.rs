//! Values and errors, between SQLite and the protocol.

use chrono::SecondsFormat;
use plugin_protocol::value::Value;
use plugin_protocol::{Code, Failure};
use rusqlite::types::{Value as Stored, ValueRef};
use rusqlite::{Error, ErrorCode};

/// As SQLite keeps it: ids and times as text whose order is theirs.
pub(super) fn written(value: &Value) -> Stored {
    match value {
        Value::Null => Stored::Null,
        Value::Boolean(value) => Stored::Integer((*value).into()),
        Value::Integer(number) => Stored::Integer(*number),
        Value::Number(number) => Stored::Real(*number),
        Value::Text(text) => Stored::Text(text.clone()),
        Value::Uuid { uuid } => Stored::Text(uuid.to_string()),
        Value::Time { time } => Stored::Text(time.to_rfc3339_opts(SecondsFormat::Micros, true)),
        Value::Bytes { bytes } => Stored::Blob(bytes.clone()),
    }
}

/// As the column declares it; an expression has no declaration and comes as it is kept.
pub(super) fn read(value: ValueRef<'_>, declared: Option<&str>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => match declared {
            Some("boolean") => Value::Boolean(number != 0),
            Some("double precision") => Value::Number(number as f64),
            _ => Value::Integer(number),
        },
        ValueRef::Real(number) => Value::Number(number),
        ValueRef::Blob(bytes) => Value::Bytes { bytes: bytes.to_vec() },
        ValueRef::Text(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            match declared {
                Some("uuid") => text.parse().map(|uuid| Value::Uuid { uuid }).ok(),
                Some("timestamptz") => text.parse().map(|time| Value::Time { time }).ok(),
                _ => None,
            }
            .unwrap_or_else(|| Value::Text(text.into_owned()))
        }
    }
}

/// What an error of SQLite means to a plugin.
pub(super) fn failure(error: &Error) -> Failure {
    let code = match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => return crate::limit::too_slow(),
        Some(ErrorCode::ConstraintViolation) => Code::Conflict,
        Some(ErrorCode::AuthorizationForStatementDenied | ErrorCode::ReadOnly) => {
            return Failure::new(Code::Denied, format!("the statement does more than a plugin may: {error}"))
                .hint("a plugin reads and changes the rows of its own tables; tables are made by migrations");
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Code::Busy,
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => Code::Busy,
        _ => Code::BadRequest,
    };
    // rusqlite says of a prepared statement where it is wrong; of others what SQLite says.
    Failure::new(code, error.to_string())
}
