//! A plugin's tables in a PostgreSQL schema of their own, reached by connections that signed in as the plugin's role:
//! what the role may do is all that a statement can do, and there is no other role to switch back to.

mod copy;
mod role;
mod statement;
mod value;

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use plugin_protocol::host::{Batch, Done, MOST_BYTES, MOST_ROWS, Query, Rows, Statement};
use plugin_protocol::manifest::{Manifest, Migration};
use plugin_protocol::value::Value;
use plugin_protocol::{Code, Failure};
use serde_json::{Map, Value as Json};
use sqlx::postgres::{PgColumn, PgPoolOptions, PgRow};
use sqlx::{
    AssertSqlSafe, Column as _, Connection as _, Executor as _, PgConnection, PgPool, Postgres, Row as _,
    SqlSafeStr as _, Statement as _, Transaction,
};
use uuid::Uuid;

use crate::limit::{Size, check_batch, check_touched, deadline, place, too_slow};
use crate::migration::{Applied, checksum, failed, pending};
use crate::outbox::OutboxEvent;
use crate::personal;
pub use copy::{plugins_of, receive_into, send_from};
pub use role::RoleError;
use value::{bind, failure, read};

/// Connections of a plugin on a node.
const CONNECTIONS: u32 = 6;
/// After so long a connection may have gone unnoticed.
const RESTED: Duration = Duration::from_secs(1);

const HOST_TABLES: &str = "
    create table if not exists host_migration (
        name text primary key, checksum text not null, sqlite text not null, postgres text not null,
        applied_at timestamptz not null
    );
    create table if not exists host_once (once_key text primary key, at timestamptz not null);
    create table if not exists host_outbox (
        id uuid primary key, name text not null, class_id uuid, at timestamptz not null, hops bigint not null,
        data text not null
    );";

/// A connection that was used a moment ago is there; only one that rested is asked before it is used.
pub fn checked_after_rest(options: PgPoolOptions) -> PgPoolOptions {
    options.test_before_acquire(false).before_acquire(|connection, known| {
        Box::pin(async move {
            if known.idle_for > RESTED {
                connection.ping().await?;
            }
            Ok(true)
        })
    })
}

/// The tables of one plugin.
#[derive(Clone)]
pub struct PostgresTables {
    pool: PgPool,
}

impl PostgresTables {
    /// Makes schema and role where they are missing, through a connection of the server, and signs in as the role.
    pub async fn open(server: &PgPool, id: &str, password: &str) -> Result<Self, RoleError> {
        let options = role::prepare(server, id, password).await?;
        let pool = checked_after_rest(PgPoolOptions::new())
            .max_connections(CONNECTIONS)
            .min_connections(0)
            .acquire_timeout(Duration::from_secs(5))
            .idle_timeout(Duration::from_secs(120))
            .connect_with(options.clone())
            .await
            .map_err(|error| role::refused(&options, &error))?;
        let mut connection = pool.acquire().await?;
        // Nodes that start together would make them together.
        let mut transaction = connection.begin().await?;
        lock(&mut transaction).await?;
        sqlx::raw_sql(HOST_TABLES).execute(&mut *transaction).await?;
        transaction.commit().await?;
        drop(connection);
        Ok(Self { pool })
    }

    /// Does the steps that were not done yet; returns their names.
    pub async fn migrate(&self, manifest: &Manifest, now: DateTime<Utc>) -> Result<Vec<String>, Failure> {
        let mut connection = self.pool.acquire().await.map_err(|error| failure(&error))?;
        let mut done = Vec::new();
        loop {
            let mut transaction = connection.begin().await.map_err(|error| failure(&error))?;
            lock(&mut transaction).await.map_err(|error| failure(&error))?;
            let known: Vec<(String, String)> = sqlx::query_as("select name, checksum from host_migration")
                .fetch_all(&mut *transaction)
                .await
                .map_err(|error| failure(&error))?;
            let Some(migration) = pending(&manifest.migrations, &known)?.first().copied() else { return Ok(done) };
            apply(&mut transaction, migration, now).await.map_err(|failure| failed(migration, failure))?;
            transaction.commit().await.map_err(|error| failed(migration, failure(&error)))?;
            done.push(migration.name.clone());
        }
    }

    /// The steps that were done.
    pub async fn applied(&self) -> Result<Vec<Applied>, Failure> {
        let rows: Vec<(String, String, String, String)> =
            sqlx::query_as("select name, checksum, sqlite, postgres from host_migration order by name")
                .fetch_all(&self.pool)
                .await
                .map_err(|error| failure(&error))?;
        let applied = |(name, checksum, sqlite, postgres)| {
            let migration = Migration { name, sqlite, postgres };
            Applied { migration, checksum }
        };
        Ok(rows.into_iter().map(applied).collect())
    }

    /// Rows of the plugin's tables.
    pub async fn query(&self, query: &Query, within: Duration) -> Result<Rows, Failure> {
        statement::check(&query.sql)?;
        self.in_time(within, "begin read only", async |mut transaction| {
            let rows = rows(&mut transaction, query).await?;
            // It goes out with the question that the pool asks of each connection that comes back.
            drop(transaction);
            Ok(rows)
        })
        .await
    }

    /// Does statements together or not at all, and puts events into the outbox with them.
    pub async fn batch(
        &self,
        batch: &Batch,
        events: &[OutboxEvent],
        now: DateTime<Utc>,
        within: Duration,
    ) -> Result<Done, Failure> {
        check_batch(&batch.statements)?;
        for (index, one) in batch.statements.iter().enumerate() {
            statement::check(&one.sql).map_err(|failure| failure.at(place(index)))?;
        }
        self.in_time(within, "begin", async |mut transaction| {
            let done = changes(&mut transaction, batch, events, now).await?;
            transaction.commit().await.map_err(|error| failure(&error))?;
            Ok(done)
        })
        .await
    }

    /// The oldest events that wait.
    pub async fn outbox(&self, most: u32) -> Result<Vec<OutboxEvent>, Failure> {
        type Line = (Uuid, String, Option<Uuid>, DateTime<Utc>, i64, String);
        let rows: Vec<Line> =
            sqlx::query_as("select id, name, class_id, at, hops, data from host_outbox order by id limit $1")
                .bind(i64::from(most))
                .fetch_all(&self.pool)
                .await
                .map_err(|error| failure(&error))?;
        let event = |(id, name, class, at, hops, data): Line| {
            Some(OutboxEvent { id, name, class, at, hops, data: serde_json::from_str(&data).ok()? })
        };
        Ok(rows.into_iter().filter_map(event).collect())
    }

    /// Takes events out of the outbox that have been told.
    pub async fn clear_outbox(&self, ids: &[Uuid]) -> Result<(), Failure> {
        let sql = "delete from host_outbox where id = any($1)";
        sqlx::query(sql).bind(ids).execute(&self.pool).await.map_err(|error| failure(&error))?;
        Ok(())
    }

    /// Forgets keys of things that were done once before this moment.
    pub async fn sweep(&self, before: DateTime<Utc>) -> Result<u64, Failure> {
        let sql = "delete from host_once where at < $1";
        let done = sqlx::query(sql).bind(before).execute(&self.pool).await.map_err(|error| failure(&error))?;
        Ok(done.rows_affected())
    }

    /// Everything that the declared columns know about a person: table → rows, or `table.column` → rows where several
    /// columns of a table name people.
    pub async fn export_person(&self, manifest: &Manifest, person: Uuid) -> Result<Json, Failure> {
        let mut tables = Map::new();
        for (name, query) in personal::exports(manifest, person) {
            let rows = self.query(&query, crate::LONGEST).await?;
            if !rows.rows.is_empty() {
                tables.insert(name, serde_json::to_value(rows).unwrap_or_default());
            }
        }
        Ok(Json::Object(tables))
    }

    /// Makes the declared columns forget a person; returns how many rows changed.
    pub async fn erase_person(&self, manifest: &Manifest, person: Uuid) -> Result<u64, Failure> {
        let batch = Batch { statements: personal::erase(manifest, person), ..Batch::default() };
        let done = self.batch(&batch, &[], DateTime::UNIX_EPOCH, crate::LONGEST).await?;
        Ok(done.rows.iter().sum())
    }

    /// The plugin's tables, by name.
    pub async fn tables(&self) -> Result<Vec<String>, Failure> {
        let sql = "select cast(tablename as text) from pg_tables
                   where schemaname = current_schema() and tablename not like 'host\\_%' order by 1";
        sqlx::query_scalar(sql).fetch_all(&self.pool).await.map_err(|error| failure(&error))
    }

    /// Tables that the manifest names neither as personal nor as impersonal.
    pub async fn undeclared(&self, manifest: &Manifest) -> Result<Vec<String>, Failure> {
        Ok(personal::undeclared(manifest, self.tables().await?))
    }

    /// Columns that erasure should empty and that must not be empty, as `table.column`.
    pub async fn undetachable(&self, manifest: &Manifest) -> Result<Vec<String>, Failure> {
        let sql = "select exists (select from information_schema.columns where table_schema = current_schema()
                   and table_name = $1 and column_name = $2 and is_nullable = 'NO')";
        let mut found = Vec::new();
        for (table, column) in personal::detached(manifest) {
            let asked = sqlx::query_scalar(sql).bind(table).bind(column).fetch_one(&self.pool).await;
            let is_stuck: bool = asked.map_err(|error| failure(&error))?;
            found.extend(is_stuck.then(|| format!("{table}.{column}")));
        }
        Ok(found)
    }

    /// Closes the connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Does something in a transaction within a time; a connection on which it took longer is given up, and the server
    /// ends what runs there.
    async fn in_time<T>(
        &self,
        within: Duration,
        begin: &str,
        work: impl AsyncFnOnce(Transaction<'_, Postgres>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let until = deadline(within);
        let connection = tokio::time::timeout_at(until.into(), self.pool.acquire()).await;
        let mut connection = connection.map_err(|_| too_slow())?.map_err(|error| failure(&error))?;
        let left = until.saturating_duration_since(Instant::now());
        // One way there and back for both: most of what a statement costs are the ways.
        let sql = format!("{begin}; set local statement_timeout = {}", left.as_millis().max(1));
        let done = async {
            let transaction = connection.begin_with(AssertSqlSafe(sql)).await.map_err(|error| failure(&error))?;
            work(transaction).await
        };
        match tokio::time::timeout(left + Duration::from_millis(50), done).await {
            Ok(done) => done,
            Err(_) => {
                drop(connection.detach());
                Err(too_slow())
            }
        }
    }
}

async fn lock(connection: &mut PgConnection) -> sqlx::Result<()> {
    let sql = "select pg_advisory_xact_lock(hashtextextended('plugin:' || current_user, 0))";
    sqlx::query(sql).execute(connection).await.map(drop)
}

async fn apply(connection: &mut PgConnection, migration: &Migration, now: DateTime<Utc>) -> Result<(), Failure> {
    statement::check_migration(&migration.postgres)?;
    sqlx::raw_sql(AssertSqlSafe(migration.postgres.clone()))
        .execute(&mut *connection)
        .await
        .map_err(|error| failure(&error))?;
    sqlx::query("insert into host_migration values ($1, $2, $3, $4, $5)")
        .bind(&migration.name)
        .bind(checksum(migration))
        .bind(&migration.sqlite)
        .bind(&migration.postgres)
        .bind(now)
        .execute(connection)
        .await
        .map_err(|error| failure(&error))?;
    Ok(())
}

async fn changes(
    connection: &mut PgConnection,
    batch: &Batch,
    events: &[OutboxEvent],
    now: DateTime<Utc>,
) -> Result<Done, Failure> {
    if let Some(key) = &batch.once {
        let sql = "insert into host_once values ($1, $2) on conflict do nothing";
        let new = sqlx::query(sql).bind(key).bind(now).execute(&mut *connection).await;
        if new.map_err(|error| failure(&error))?.rows_affected() == 0 {
            return Ok(Done { rows: Vec::new(), repeated: true });
        }
    }
    let mut rows = Vec::with_capacity(batch.statements.len());
    for (index, statement) in batch.statements.iter().enumerate() {
        let touched = execute(connection, statement).await.map_err(|failure| failure.at(place(index)))?;
        check_touched(index, statement, touched)?;
        rows.push(touched);
    }
    for event in events {
        sqlx::query("insert into host_outbox values ($1, $2, $3, $4, $5, $6)")
            .bind(event.id)
            .bind(&event.name)
            .bind(event.class)
            .bind(event.at)
            .bind(event.hops)
            .bind(event.data.to_string())
            .execute(&mut *connection)
            .await
            .map_err(|error| failure(&error))?;
    }
    Ok(Done { rows, repeated: false })
}

async fn execute(connection: &mut PgConnection, statement: &Statement) -> Result<u64, Failure> {
    let query = sqlx::query(AssertSqlSafe(statement.sql.clone())).persistent(false);
    let done = bind(query, &statement.parameters).execute(connection).await.map_err(|error| failure(&error))?;
    Ok(done.rows_affected())
}

async fn rows(connection: &mut PgConnection, query: &Query) -> Result<Rows, Failure> {
    let sql = bounded(&query.sql);
    let prepared = sqlx::query(AssertSqlSafe(sql.clone())).persistent(false);
    let mut stream = bind(prepared, &query.parameters).fetch(&mut *connection);
    let (mut size, mut found) = (Size::default(), Rows::default());
    while let Some(row) = stream.try_next().await.map_err(|error| failure(&error))? {
        if found.columns.is_empty() {
            found.columns = names(row.columns());
        }
        let values = values(&row)?;
        size.add(&values)?;
        found.rows.push(values);
    }
    drop(stream);
    if found.columns.is_empty() {
        let kinds = value::kinds(&query.parameters);
        let prepared = connection.prepare_with(AssertSqlSafe(sql).into_sql_str(), &kinds).await;
        found.columns = names(prepared.map_err(|error| failure(&error))?.columns());
    }
    Ok(found)
}

/// The query with an end to its rows, and a refusal of a row that is too large, before either reaches this process.
fn bounded(sql: &str) -> String {
    let (most, bytes) = (MOST_ROWS + 1, 2 * MOST_BYTES);
    let sql = sql.trim_end().trim_end_matches(';');
    format!(
        "select host_row.* from (\n{sql}\n) host_row where cast(case when octet_length(cast(host_row as text)) > {bytes}
         then 'a row is too large' else '1' end as integer) = 1 limit {most}"
    )
}

fn names(columns: &[PgColumn]) -> Vec<String> {
    columns.iter().map(|column| column.name().to_owned()).collect()
}

fn values(row: &PgRow) -> Result<Vec<Value>, Failure> {
    (0..row.len()).map(|index| read(row, index)).collect()
}

/// A code for what only PostgreSQL refuses.
fn denied(message: String) -> Failure {
    Failure::new(Code::Denied, message)
        .hint("a plugin reads and changes the rows of its own tables; tables are made by migrations")
}
