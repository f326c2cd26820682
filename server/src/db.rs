//! One database, SQLite or PostgreSQL, behind one SQL text.
//!
//! Reads go straight to a pool through [`on!`](crate::on). Writes go through [`Db::write`]: on SQLite one writer commits
//! what has queued up together (group commit, a savepoint for each job), so that an acknowledged write is on disk
//! (`synchronous=FULL`) and still thousands of them fit in a second; on PostgreSQL each is a transaction of its own.

mod open;
mod writer;

use std::future::Future;
use std::pin::Pin;

use sqlx::{PgPool, Postgres, SqliteConnection, SqlitePool};

pub use open::{OpenError, open, open_existing};
use writer::Writer;

use crate::error::Result;

/// The open database.
#[derive(Clone)]
pub enum Db {
    /// A file of our own.
    Sqlite(SqliteDb),
    /// A server shared with other nodes.
    Postgres(PgPool),
}

/// SQLite: many readers, one writer.
#[derive(Clone)]
pub struct SqliteDb {
    /// Connections for reading; they refuse to write.
    pub readers: SqlitePool,
    writer: Writer,
}

/// A transaction in progress, inside [`Db::write`].
pub enum Tx {
    /// The writer's connection.
    Sqlite(SqliteConnection),
    /// A transaction of its own.
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// What a write job returns.
pub type WriteFuture<'c, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'c>>;

/// Runs the same query on whichever database is open: `on!(db, |c| sqlx::query_as("…").fetch_all(c).await)`.
#[macro_export]
macro_rules! on {
    ($db:expr, |$c:ident| $body:expr) => {
        match $db {
            $crate::db::Db::Sqlite(sqlite) => {
                let $c = &sqlite.readers;
                $body
            }
            $crate::db::Db::Postgres($c) => $body,
        }
    };
}

/// The same inside a transaction: `on_tx!(tx, |c| sqlx::query("…").execute(c).await)`.
#[macro_export]
macro_rules! on_tx {
    ($tx:expr, |$c:ident| $body:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(connection) => {
                let $c = &mut *connection;
                $body
            }
            $crate::db::Tx::Postgres(transaction) => {
                let $c = &mut **transaction;
                $body
            }
        }
    };
}

/// Runs one statement in a transaction and returns how many rows it touched:
/// `execute!(tx, "delete from session where id = $1", id)?`.
#[macro_export]
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::on_tx!($tx, |c| sqlx::query($sql)
            $(.bind($value))*
            .execute(c)
            .await
            .map(|done| done.rows_affected()))
    };
}

impl Db {
    /// Runs a job in a transaction and returns once it is durable. An error rolls the job back, and only this job.
    ///
    /// A job owns what it needs and does nothing but SQL: on SQLite every other writer waits for it.
    pub async fn write<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Tx) -> WriteFuture<'c, T> + Send + 'static,
    {
        match self {
            Db::Sqlite(sqlite) => sqlite.writer.write(job).await,
            Db::Postgres(pool) => {
                let mut tx = Tx::Postgres(pool.begin().await?);
                let value = job(&mut tx).await?;
                if let Tx::Postgres(transaction) = tx {
                    transaction.commit().await?;
                }
                Ok(value)
            }
        }
    }

    /// Closes all connections after the queued writes.
    pub async fn close(&self) {
        match self {
            Db::Sqlite(sqlite) => {
                sqlite.writer.close().await;
                sqlite.readers.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Db::Postgres(_))
    }
}

impl Tx {
    /// Makes transactions that name the same thing follow one another. SQLite's single writer does so anyway.
    pub async fn lock(&mut self, name: &str) -> Result<()> {
        if let Tx::Postgres(transaction) = self {
            sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind(name)
                .execute(&mut **transaction)
                .await?;
        }
        Ok(())
    }

    /// The same for several things at once, in this order.
    pub async fn lock_all(&mut self, names: Vec<String>) -> Result<()> {
        if let Tx::Postgres(transaction) = self {
            sqlx::query("select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest($1::text[]) as name")
                .bind(names)
                .execute(&mut **transaction)
                .await?;
        }
        Ok(())
    }
}
