//! Opens and migrates the database that a URL names.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use plugin_database::checked_after_rest;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgPool};

use super::{Db, SqliteDb, Writer};

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// Why a database could not be opened, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is of no known kind.
    #[error(
        "the database URL must start with sqlite: or postgres: (such as sqlite:data/course.db or postgres://user@host/course)"
    )]
    Scheme,
    /// There is no database to look into.
    #[error("there is no database {0}; name the directory that the server was started with: --data DIR")]
    Missing(String),
    /// The database was written by a newer version.
    #[error(
        "the database was written by a newer version of this program (migration {0} is unknown here); start the newer version, or restore a backup made by this one"
    )]
    Newer(i64),
    /// PostgreSQL would lose acknowledged answers.
    #[error(
        "PostgreSQL runs with {0}=off, so an acknowledged answer could be lost; turn it on, or set COURSE_ALLOW_UNSAFE_POSTGRES=true to accept that"
    )]
    Unsafe(&'static str),
    /// Migrating failed; the database is as before.
    #[error("the database could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// Anything the driver says.
    #[error("the database could not be opened: {0}")]
    Driver(#[from] sqlx::Error),
}

/// Opens a database that is there, for who only looks into it.
pub async fn open_existing(url: &str, allow_unsafe_postgres: bool) -> Result<Db, OpenError> {
    if url.starts_with("sqlite:") {
        let options = SqliteConnectOptions::from_str(url)?;
        let file = options.get_filename();
        if !file.is_file() {
            return Err(OpenError::Missing(file.display().to_string()));
        }
    }
    open(url, allow_unsafe_postgres).await
}

/// Opens the database, creates it if it is an SQLite file that does not exist yet, and migrates it.
pub async fn open(url: &str, allow_unsafe_postgres: bool) -> Result<Db, OpenError> {
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        let options = PgConnectOptions::from_str(url)?.application_name("course-server");
        let pool = checked_after_rest(PgPoolOptions::new())
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options)
            .await?;
        if !allow_unsafe_postgres {
            refuse_unsafe(&pool).await?;
        }
        migrated(MIGRATOR.run(&pool).await)?;
        return Ok(Db::Postgres(pool));
    }
    if !url.starts_with("sqlite:") {
        return Err(OpenError::Scheme);
    }
    let options = sqlite_options(url)?;
    let mut writer = options.connect().await?;
    migrated(MIGRATOR.run(&mut writer).await)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.create_if_missing(false).pragma("query_only", "on"))
        .await?;
    writer.ping().await?;
    Ok(Db::Sqlite(SqliteDb { readers, writer: Writer::start(writer) }))
}

fn sqlite_options(url: &str) -> Result<SqliteConnectOptions, OpenError> {
    let options = SqliteConnectOptions::from_str(url)?;
    if let Some(folder) = options.get_filename().parent().filter(|folder| *folder != Path::new("")) {
        std::fs::create_dir_all(folder).map_err(sqlx::Error::Io)?;
    }
    Ok(options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL may forget a committed answer when the power fails.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(256)
        .pragma("temp_store", "memory"))
}

fn migrated(outcome: Result<(), sqlx::migrate::MigrateError>) -> Result<(), OpenError> {
    match outcome {
        Err(sqlx::migrate::MigrateError::VersionMissing(version)) => Err(OpenError::Newer(version)),
        other => Ok(other?),
    }
}

async fn refuse_unsafe(pool: &PgPool) -> Result<(), OpenError> {
    for name in ["fsync", "synchronous_commit"] {
        let value: String = sqlx::query_scalar("select current_setting($1)").bind(name).fetch_one(pool).await?;
        if value == "off" {
            return Err(OpenError::Unsafe(name));
        }
    }
    Ok(())
}
