//! Values and errors, between PostgreSQL and the protocol.

use chrono::{DateTime, Utc};
use plugin_protocol::value::Value;
use plugin_protocol::{Code, Failure};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgRow, PgTypeInfo};
use sqlx::query::Query;
use sqlx::types::Decimal;
use sqlx::{Column as _, Encode, Postgres, Row as _, Type, TypeInfo as _, ValueRef as _};
use uuid::Uuid;

use super::denied;

/// `null`, whose type PostgreSQL finds by itself.
struct Null;

/// PostgreSQL's `unknown`.
const UNKNOWN: u32 = 705;

impl Type<Postgres> for Null {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(UNKNOWN))
    }
}

impl Encode<'_, Postgres> for Null {
    fn encode_by_ref(&self, _: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Ok(IsNull::Yes)
    }
}

/// Binds parameters, each as what it is.
pub(super) fn bind<'q>(
    query: Query<'q, Postgres, PgArguments>,
    parameters: &[Value],
) -> Query<'q, Postgres, PgArguments> {
    parameters.iter().fold(query, |query, value| match value {
        Value::Null => query.bind(Null),
        Value::Boolean(value) => query.bind(*value),
        Value::Integer(number) => query.bind(*number),
        Value::Number(number) => query.bind(*number),
        Value::Text(text) => query.bind(text.clone()),
        Value::Uuid { uuid } => query.bind(*uuid),
        Value::Time { time } => query.bind(*time),
        Value::Bytes { bytes } => query.bind(bytes.clone()),
    })
}

/// The types of parameters, as [`bind`] gives them.
pub(super) fn kinds(parameters: &[Value]) -> Vec<PgTypeInfo> {
    let kind = |value: &Value| match value {
        Value::Null => <Null as Type<Postgres>>::type_info(),
        Value::Boolean(_) => <bool as Type<Postgres>>::type_info(),
        Value::Integer(_) => <i64 as Type<Postgres>>::type_info(),
        Value::Number(_) => <f64 as Type<Postgres>>::type_info(),
        Value::Text(_) => <String as Type<Postgres>>::type_info(),
        Value::Uuid { .. } => <Uuid as Type<Postgres>>::type_info(),
        Value::Time { .. } => <DateTime<Utc> as Type<Postgres>>::type_info(),
        Value::Bytes { .. } => <Vec<u8> as Type<Postgres>>::type_info(),
    };
    parameters.iter().map(kind).collect()
}

/// A value of a row.
pub(super) fn read(row: &PgRow, index: usize) -> Result<Value, Failure> {
    let raw = row.try_get_raw(index).map_err(|error| failure(&error))?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let kind = raw.type_info().name().to_owned();
    drop(raw);
    macro_rules! get {
        ($type:ty) => {
            row.try_get::<$type, _>(index).map_err(|error| failure(&error))?
        };
    }
    Ok(match kind.as_str() {
        "BOOL" => Value::Boolean(get!(bool)),
        "INT8" => Value::Integer(get!(i64)),
        "INT4" => Value::Integer(get!(i32).into()),
        "INT2" => Value::Integer(get!(i16).into()),
        "FLOAT8" => Value::Number(get!(f64)),
        "FLOAT4" => Value::Number(get!(f32).into()),
        "NUMERIC" => number(get!(Decimal)),
        "UUID" => Value::Uuid { uuid: get!(Uuid) },
        "TIMESTAMPTZ" => Value::Time { time: get!(DateTime<Utc>) },
        "BYTEA" => Value::Bytes { bytes: get!(Vec<u8>) },
        "TEXT" | "VARCHAR" | "CHAR" | "NAME" | "UNKNOWN" => Value::Text(get!(String)),
        other => {
            let name = row.columns().get(index).map_or("?", |column| column.name());
            let message = format!("the column {name} is of type {other}, which does not travel");
            return Err(Failure::new(Code::BadRequest, message).hint("cast(… as text) or another simple type"));
        }
    })
}

/// A sum of whole numbers comes as `numeric` without decimals, and is a whole number; a mean has decimals, be they zero.
fn number(decimal: Decimal) -> Value {
    match i64::try_from(decimal) {
        Ok(number) if decimal.scale() == 0 => Value::Integer(number),
        _ => Value::Number(f64::try_from(decimal).unwrap_or(f64::NAN)),
    }
}

/// What an error of PostgreSQL means to a plugin.
pub(super) fn failure(error: &sqlx::Error) -> Failure {
    let Some(database) = error.as_database_error() else {
        return match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::PoolClosed => {
                Failure::new(Code::Busy, format!("the database does not answer: {error}"))
            }
            _ => Failure::new(Code::BadRequest, error.to_string()),
        };
    };
    let code = database.code().unwrap_or_default();
    let message = database.message().to_owned();
    match code.as_ref() {
        "57014" => crate::limit::too_slow(),
        "42501" | "25006" => denied(format!("the statement does more than a plugin may: {message}")),
        found if found.starts_with("23") || found.starts_with("40") => Failure::new(Code::Conflict, message),
        found if found.starts_with("53") || found.starts_with("57") => Failure::new(Code::Busy, message),
        _ => Failure::new(Code::BadRequest, message),
    }
}
