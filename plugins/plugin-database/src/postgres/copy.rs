//! Content out of and into a plugin's schema, through a connection of the server: its role is a member of the plugin's,
//! so that a backup needs no password.

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use plugin_protocol::Failure;
use plugin_protocol::manifest::Migration;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use tokio::sync::mpsc;

use super::value::{bind, failure};
use super::{HOST_TABLES, apply, role, values};
use crate::copy::{HOST_CONTENT, Piece, Pieces, WAITING, check_names, insert, select, without_table};
use crate::migration::pending;

/// The plugins that have a schema in this database, by id.
pub async fn plugins_of(server: &PgPool) -> Result<Vec<String>, Failure> {
    let sql = "select cast(nspname as text) from pg_namespace where nspname like 'p\\_%'
               and exists (select from pg_tables where schemaname = nspname and tablename = 'host_migration') order by 1";
    let names: Vec<String> = sqlx::query_scalar(sql).fetch_all(server).await.map_err(|error| failure(&error))?;
    Ok(names.iter().filter_map(|name| Some(name.strip_prefix("p_")?.replace('_', "-"))).collect())
}

/// The migrations that a plugin's schema has seen, and everything that its tables hold, as it is at one moment.
pub async fn send_from(server: &PgPool, id: &str) -> Result<(Vec<Migration>, Pieces), Failure> {
    let begin = "begin isolation level repeatable read read only";
    let mut transaction = server.begin_with(begin).await.map_err(|error| failure(&error))?;
    act_for(&mut transaction, id).await.map_err(|error| failure(&error))?;
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("select name, sqlite, postgres from host_migration order by name")
            .fetch_all(&mut *transaction)
            .await
            .map_err(|error| failure(&error))?;
    let migrations = rows.into_iter().map(|(name, sqlite, postgres)| Migration { name, sqlite, postgres }).collect();
    let (sender, pieces) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        if let Err(failure) = send(&mut transaction, &sender).await {
            let _ = sender.send(Err(failure)).await;
        }
        let _ = transaction.rollback().await;
    });
    Ok((migrations, pieces))
}

/// Makes the schema of a plugin, does migrations, and puts rows into their tables in place of what is there.
pub async fn receive_into(
    server: &PgPool,
    id: &str,
    password: &str,
    migrations: &[Migration],
    now: DateTime<Utc>,
    mut pieces: mpsc::Receiver<Piece>,
) -> Result<(), Failure> {
    let made = role::prepare(server, id, password).await;
    made.map_err(|error| Failure::new(plugin_protocol::Code::NotRunning, error.to_string()))?;
    let mut transaction = server.begin().await.map_err(|error| failure(&error))?;
    act_for(&mut transaction, id).await.map_err(|error| failure(&error))?;
    sqlx::raw_sql(HOST_TABLES).execute(&mut *transaction).await.map_err(|error| failure(&error))?;
    let done: Vec<(String, String)> = sqlx::query_as("select name, checksum from host_migration")
        .fetch_all(&mut *transaction)
        .await
        .map_err(|error| failure(&error))?;
    for migration in pending(migrations, &done)? {
        apply(&mut transaction, migration, now).await.map_err(|failure| failure.at(migration.name.clone()))?;
    }
    let changed = defer_references(&mut transaction).await.map_err(|error| failure(&error))?;
    for name in tables(&mut transaction).await? {
        run(&mut transaction, format!("delete from \"{name}\"")).await?;
    }
    let mut sql = None;
    while let Some(piece) = pieces.recv().await {
        match piece {
            Piece::Table { name, columns } => {
                check_names(&name, &columns)?;
                sql = Some(insert(&name, &columns, "overriding system value"));
            }
            Piece::Row(values) => {
                let sql = sql.clone().ok_or_else(without_table)?;
                let query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
                bind(query, &values).execute(&mut *transaction).await.map_err(|error| failure(&error))?;
            }
        }
    }
    run(&mut transaction, "set constraints all immediate".into()).await?;
    for (table, constraint) in changed {
        run(&mut transaction, format!("alter table {table} alter constraint {constraint} not deferrable")).await?;
    }
    transaction.commit().await.map_err(|error| failure(&error))
}

/// Until the transaction ends, the connection is the plugin's.
async fn act_for(connection: &mut PgConnection, id: &str) -> sqlx::Result<()> {
    let schema = format!("p_{}", id.replace('-', "_"));
    let role: String = sqlx::query_scalar(
        "select cast(quote_ident(pg_get_userbyid(nspowner)) as text) from pg_namespace where nspname = $1",
    )
    .bind(&schema)
    .fetch_one(&mut *connection)
    .await?;
    let sql = format!("set local role {role}; set local search_path = \"{schema}\"");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

async fn tables(connection: &mut PgConnection) -> Result<Vec<String>, Failure> {
    let sql = "select cast(tablename as text) from pg_tables
               where schemaname = current_schema() and tablename not like 'host\\_%' order by 1";
    let mut names: Vec<String> =
        sqlx::query_scalar(sql).fetch_all(connection).await.map_err(|error| failure(&error))?;
    names.extend(HOST_CONTENT.map(str::to_owned));
    Ok(names)
}

async fn send(connection: &mut PgConnection, to: &mpsc::Sender<Result<Piece, Failure>>) -> Result<(), Failure> {
    for name in tables(connection).await? {
        let sql = "select cast(attname as text) from pg_attribute
                   where attrelid = cast(quote_ident($1) as regclass) and attnum > 0 and not attisdropped
                   and attgenerated = '' order by attname collate \"C\"";
        let columns: Vec<String> =
            sqlx::query_scalar(sql).bind(&name).fetch_all(&mut *connection).await.map_err(|error| failure(&error))?;
        let sql = select(&name, &columns);
        if to.send(Ok(Piece::Table { name, columns })).await.is_err() {
            return Ok(());
        }
        let mut rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch(&mut *connection);
        while let Some(row) = rows.try_next().await.map_err(|error| failure(&error))? {
            if to.send(Ok(Piece::Row(values(&row)?))).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Lets rows refer to rows that come later; returns which constraints have to be as before.
async fn defer_references(connection: &mut PgConnection) -> sqlx::Result<Vec<(String, String)>> {
    let found: Vec<(String, String)> = sqlx::query_as(
        "select cast(cast(conrelid as regclass) as text), cast(quote_ident(conname) as text) from pg_constraint
         join pg_namespace on pg_namespace.oid = connamespace
         where contype = 'f' and not condeferrable and nspname = current_schema()",
    )
    .fetch_all(&mut *connection)
    .await?;
    for (table, constraint) in &found {
        let sql = format!("alter table {table} alter constraint {constraint} deferrable initially deferred");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    }
    Ok(found)
}

async fn run(connection: &mut PgConnection, sql: String) -> Result<(), Failure> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop).map_err(|error| failure(&error))
}
