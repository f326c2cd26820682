//! A plugin's tables on either database, for an asynchronous host.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use plugin_protocol::host::{Batch, Done, Query, Rows};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::{Code, Failure};
use serde_json::Value as Json;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::migration::Applied;
use crate::outbox::OutboxEvent;
use crate::postgres::PostgresTables;
use crate::sqlite::{Change, SqliteTables, Work, unanswered};

/// A plugin's tables.
#[derive(Clone)]
pub enum Store {
    /// In a file of their own.
    Sqlite(Arc<SqliteTables>),
    /// In a schema of their own.
    Postgres(PostgresTables),
}

/// The same call on either: SQLite's blocks, so it runs beside the asynchronous threads.
macro_rules! on {
    ($store:expr, |$tables:ident $(, $value:ident)*| $call:expr) => {
        match $store {
            Store::Sqlite(tables) => {
                let $tables = Arc::clone(tables);
                $(let $value = $value.to_owned();)*
                let done = tokio::task::spawn_blocking(move || {
                    $(let $value = &$value;)*
                    $call
                });
                done.await.unwrap_or_else(|_| Err(Failure::new(Code::Busy, "the server stops")))
            }
            Store::Postgres($tables) => $call.await,
        }
    };
}

impl Store {
    /// Does the migrations that were not done yet; returns their names.
    pub async fn migrate(&self, manifest: &Manifest, now: DateTime<Utc>) -> Result<Vec<String>, Failure> {
        on!(self, |tables, manifest| tables.migrate(manifest, now))
    }

    /// The migrations that were done.
    pub async fn applied(&self) -> Result<Vec<Applied>, Failure> {
        on!(self, |tables| tables.applied())
    }

    /// Rows of the plugin's tables.
    pub async fn query(&self, query: &Query, within: Duration) -> Result<Rows, Failure> {
        on!(self, |tables, query| tables.query(query, within))
    }

    /// Does statements together or not at all, and puts events into the outbox with them.
    pub async fn batch(
        &self,
        batch: &Batch,
        events: &[OutboxEvent],
        now: DateTime<Utc>,
        within: Duration,
    ) -> Result<Done, Failure> {
        match self {
            Store::Sqlite(tables) => {
                let work = SqliteTables::batch_work(batch.clone(), events.to_vec(), now, within)?;
                done_with_others(tables, work).await
            }
            Store::Postgres(tables) => tables.batch(batch, events, now, within).await,
        }
    }

    /// The oldest events that wait.
    pub async fn outbox(&self, most: u32) -> Result<Vec<OutboxEvent>, Failure> {
        on!(self, |tables| tables.outbox(most))
    }

    /// Takes events out of the outbox that have been told.
    pub async fn clear_outbox(&self, ids: &[Uuid]) -> Result<(), Failure> {
        match self {
            Store::Sqlite(tables) => done_with_others(tables, SqliteTables::clear_work(ids.to_vec())).await.map(drop),
            Store::Postgres(tables) => tables.clear_outbox(ids).await,
        }
    }

    /// Forgets keys of things that were done once before this moment.
    pub async fn sweep(&self, before: DateTime<Utc>) -> Result<u64, Failure> {
        on!(self, |tables| tables.sweep(before))
    }

    /// Everything that the declared columns know about a person: table → rows, or `table.column` → rows where several
    /// columns of a table name people.
    pub async fn export_person(&self, manifest: &Manifest, person: Uuid) -> Result<Json, Failure> {
        on!(self, |tables, manifest| tables.export_person(manifest, person))
    }

    /// Makes the declared columns forget a person; returns how many rows changed.
    pub async fn erase_person(&self, manifest: &Manifest, person: Uuid) -> Result<u64, Failure> {
        on!(self, |tables, manifest| tables.erase_person(manifest, person))
    }

    /// The plugin's tables, by name.
    pub async fn tables(&self) -> Result<Vec<String>, Failure> {
        on!(self, |tables| tables.tables())
    }

    /// Tables that the manifest names neither as personal nor as impersonal.
    pub async fn undeclared(&self, manifest: &Manifest) -> Result<Vec<String>, Failure> {
        on!(self, |tables, manifest| tables.undeclared(manifest))
    }

    /// Columns that erasure should empty and that must not be empty, as `table.column`.
    pub async fn undetachable(&self, manifest: &Manifest) -> Result<Vec<String>, Failure> {
        on!(self, |tables, manifest| tables.undetachable(manifest))
    }

    /// Closes it.
    pub async fn close(&self) {
        if let Store::Postgres(tables) = self {
            tables.close().await;
        }
    }
}

/// Does a change with those that wait for the same writer. Only the first of them takes a thread.
async fn done_with_others(tables: &Arc<SqliteTables>, work: Work) -> Result<Done, Failure> {
    let (sender, result) = oneshot::channel();
    if tables.wait(Change { work, reply: Box::new(move |done| drop(sender.send(done))) }) {
        let tables = Arc::clone(tables);
        tokio::task::spawn_blocking(move || tables.do_waiting());
    }
    result.await.unwrap_or_else(|_| Err(unanswered()))
}
