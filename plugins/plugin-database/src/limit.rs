//! Bounds of a statement.

use std::time::{Duration, Instant};

use plugin_protocol::host::{MOST_BYTES, MOST_ROWS, MOST_STATEMENTS, Statement};
use plugin_protocol::value::Value;
use plugin_protocol::{Code, Failure};

/// The longest that a query or a batch may take, whatever its call's deadline is.
pub const LONGEST: Duration = Duration::from_secs(2);

/// When a statement must have ended that may take so long.
pub(crate) fn deadline(within: Duration) -> Instant {
    Instant::now() + within.min(LONGEST)
}

pub(crate) fn too_slow() -> Failure {
    Failure::new(Code::Timeout, "the statements took longer than they may")
        .hint("an index, fewer rows at a time, or a job that does them in portions")
}

/// Counts what a query returns.
#[derive(Default)]
pub(crate) struct Size {
    rows: usize,
    bytes: usize,
}

impl Size {
    /// Takes a row into account.
    pub(crate) fn add(&mut self, row: &[Value]) -> Result<(), Failure> {
        self.rows += 1;
        self.bytes += row.iter().map(size).sum::<usize>();
        if self.rows > MOST_ROWS || self.bytes > MOST_BYTES {
            let message = format!("the query returns more than {MOST_ROWS} rows or {MOST_BYTES} bytes");
            return Err(Failure::new(Code::BadRequest, message).hint("limit, and a condition on the last row's key"));
        }
        Ok(())
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len() + 2,
        // As base64.
        Value::Bytes { bytes } => bytes.len().div_ceil(3) * 4 + 12,
        _ => 40,
    }
}

/// Refuses more statements than a batch may have.
pub(crate) fn check_batch(statements: &[Statement]) -> Result<(), Failure> {
    if statements.len() > MOST_STATEMENTS {
        let message = format!("{} statements; a batch has at most {MOST_STATEMENTS}", statements.len());
        return Err(Failure::new(Code::BadRequest, message));
    }
    Ok(())
}

/// Refuses a number of rows that the statement was not to touch.
pub(crate) fn check_touched(index: usize, statement: &Statement, touched: u64) -> Result<(), Failure> {
    match statement.expect_rows {
        Some(expected) if expected != touched => {
            let message = format!("the statement touched {touched} rows instead of {expected}; nothing was done");
            Err(Failure::new(Code::Conflict, message).at(place(index)))
        }
        _ => Ok(()),
    }
}

/// The place of a statement in its batch.
pub(crate) fn place(index: usize) -> String {
    format!("statement {}", index + 1)
}
