//! Statements of a connection, prepared once and kept.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::{Deref, DerefMut};

use plugin_protocol::host::Rows;
use plugin_protocol::value::Value;
use plugin_protocol::{Code, Failure};
use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::{CachedStatement, Statement};

use super::Guarded;
use super::value::{failure, read, written};
use crate::limit::Size;

/// Statements that a connection keeps prepared.
pub(super) const KEPT: usize = 32;
/// Texts of which a connection knows that they are one statement each.
const KNOWN: usize = 256;
/// The longest text, in bytes, that is known or kept.
const LONGEST: usize = 4 * 1024;

/// Texts that were found to be one statement each, with whose they were.
pub(super) type Known = RefCell<HashSet<String>>;

/// A statement that is kept for the next time, or is for this once.
pub(super) enum Prepared<'c> {
    Kept(CachedStatement<'c>),
    Once(Statement<'c>),
}

impl<'c> Deref for Prepared<'c> {
    type Target = Statement<'c>;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Kept(statement) => statement,
            Self::Once(statement) => statement,
        }
    }
}

impl DerefMut for Prepared<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match self {
            Self::Kept(statement) => statement,
            Self::Once(statement) => statement,
        }
    }
}

impl Guarded {
    /// The one statement of a text.
    fn only_one(&self, sql: &str) -> Result<Statement<'_>, Failure> {
        let mut batch = rusqlite::Batch::new(&self.connection, sql);
        let Some(statement) = batch.next().map_err(|error| failure(&error))? else {
            return Err(Failure::new(Code::BadRequest, "there is no statement in the text"));
        };
        match batch.next() {
            Ok(None) => Ok(statement),
            _ => Err(Failure::new(Code::BadRequest, "there is more than one statement in the text")
                .hint("a batch has several statements, each with its own text")),
        }
    }

    pub(super) fn execute(&self, sql: &str, parameters: &[Value]) -> Result<u64, Failure> {
        let mut statement = self.prepare(sql, parameters)?;
        let before = self.connection.total_changes();
        let mut rows = statement.raw_query();
        while rows.next().map_err(|error| failure(&error))?.is_some() {}
        Ok(self.connection.total_changes() - before)
    }

    pub(super) fn rows(&self, sql: &str, parameters: &[Value]) -> Result<Rows, Failure> {
        let mut statement = self.prepare(sql, parameters)?;
        let (mut columns, mut size, mut found) = (Vec::new(), Size::default(), Vec::new());
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|error| failure(&error))? {
            if found.is_empty() {
                // A kept statement learns with its first step that a migration has changed its tables.
                columns = columns_of(row.as_ref());
            }
            let mut values = Vec::with_capacity(columns.len());
            for (index, (_, declared)) in columns.iter().enumerate() {
                let value = row.get_ref(index).map_err(|error| failure(&error))?;
                values.push(read(value, declared.as_deref()));
            }
            size.add(&values)?;
            found.push(values);
        }
        drop(rows);
        if found.is_empty() {
            columns = columns_of(&statement);
        }
        Ok(Rows { columns: columns.into_iter().map(|(name, _)| name).collect(), rows: found })
    }

    /// The one statement of a text, kept from the second time on.
    fn find(&self, sql: &str) -> Result<Prepared<'_>, Failure> {
        if sql.len() > LONGEST {
            return self.only_one(sql).map(Prepared::Once);
        }
        // What a statement may touch is decided when it is prepared, so one of another mode is another statement.
        let kept = format!("/* {:?} */ {sql}", self.guard.now());
        let mut known = self.known.borrow_mut();
        if known.contains(&kept) {
            return self.connection.prepare_cached(&kept).map(Prepared::Kept).map_err(|error| failure(&error));
        }
        let statement = self.only_one(sql)?;
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(kept);
        Ok(Prepared::Once(statement))
    }

    /// Prepares the one statement in a text and binds its parameters. To SQLite `$2` is a name, not a number.
    pub(super) fn prepare(&self, sql: &str, parameters: &[Value]) -> Result<Prepared<'_>, Failure> {
        let mut statement = self.find(sql)?;
        let mut used = 0;
        for index in 1..=statement.parameter_count() {
            let number = statement.parameter_name(index).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
            let value = number.and_then(|number| parameters.get(number.checked_sub(1)?));
            let value = value.ok_or_else(|| {
                let name = statement.parameter_name(index).unwrap_or("?").to_owned();
                Failure::new(Code::BadRequest, format!("there is no value for the parameter {name}"))
                    .hint("parameters are written $1, $2 … and each has a value")
            })?;
            used = used.max(number.unwrap_or_default());
            let value = written(value);
            statement.raw_bind_parameter(index, value).map_err(|error| failure(&error))?;
        }
        if used < parameters.len() {
            let message = format!("there are {} values and the statement uses {used}", parameters.len());
            return Err(Failure::new(Code::BadRequest, message));
        }
        Ok(statement)
    }
}

/// The columns of a statement, with the types that their tables declare.
fn columns_of(statement: &rusqlite::Statement<'_>) -> Vec<(String, Option<String>)> {
    let columns = statement.columns();
    columns.iter().map(|one| (one.name().to_owned(), one.decl_type().map(str::to_ascii_lowercase))).collect()
}
