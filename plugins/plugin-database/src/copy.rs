//! A plugin's tables piece by piece, out of one database and into another: for backups.

use plugin_protocol::value::Value;
use plugin_protocol::{Code, Failure};
use tokio::sync::mpsc;

/// A piece of the tables.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// A table begins.
    Table {
        /// Its name.
        name: String,
        /// Its columns by name, sorted: the databases list them differently.
        columns: Vec<String>,
    },
    /// A row of the table that began last.
    Row(Vec<Value>),
}

/// Pieces on their way out.
pub type Pieces = mpsc::Receiver<Result<Piece, Failure>>;

/// Pieces that may wait.
pub(crate) const WAITING: usize = 64;

/// The host's tables that belong to a plugin's content.
pub(crate) const HOST_CONTENT: [&str; 2] = ["host_once", "host_outbox"];

pub(crate) fn select(table: &str, columns: &[String]) -> String {
    format!("select {} from \"{table}\"", quoted(columns))
}

/// The statement that puts a row of these columns into a table.
pub(crate) fn insert(table: &str, columns: &[String], overriding: &str) -> String {
    let values = (1..=columns.len()).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ");
    format!("insert into \"{table}\" ({}) {overriding} values ({values})", quoted(columns))
}

/// Refuses a name that is none: it comes from a file.
pub(crate) fn check_names(table: &str, columns: &[String]) -> Result<(), Failure> {
    if table.contains('"') || columns.iter().any(|column| column.contains('"')) || columns.is_empty() {
        return Err(Failure::new(Code::BadRequest, format!("{table:?} is no table of a plugin")));
    }
    Ok(())
}

pub(crate) fn without_table() -> Failure {
    Failure::new(Code::BadRequest, "a row belongs to no table")
}

fn quoted(columns: &[String]) -> String {
    columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
