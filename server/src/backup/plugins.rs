//! The tables of plugins in a backup: their migrations for both databases, and rows that either can read.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Seek, Write};
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use plugin_database::{Piece, Pieces, SqliteTables, plugins_of, receive_into, send_from};
use plugin_protocol::Failure;
use plugin_protocol::manifest::Migration;
use plugin_protocol::value::Value;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{BackupError, Digest};
use crate::db::Db;

/// Pieces that may wait.
const WAITING: usize = 64;

/// The tables of one plugin in a backup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginTables {
    /// What made them.
    pub migrations: Vec<Migration>,
    /// Each with its columns and the digest of its rows.
    pub tables: BTreeMap<String, PluginTable>,
}

/// One of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginTable {
    /// Names, in the order of the values in a row.
    pub columns: Vec<String>,
    /// Count and digest of the rows, whatever their order.
    pub digest: Digest,
}

/// The file of a table in a backup.
pub(super) fn name(plugin: &str, table: &str) -> String {
    format!("plugins/{plugin}/{table}.jsonl")
}

/// Writes the tables of every plugin.
pub(super) async fn write<W: Write + Seek>(
    db: &Db,
    data: &Path,
    zip: &mut ZipWriter<W>,
    options: SimpleFileOptions,
) -> Result<BTreeMap<String, PluginTables>, BackupError> {
    let mut found = BTreeMap::new();
    for id in ids(db, data).await? {
        let described = each_line(db, data, &id, |line| match line {
            Line::Table(table) => zip.start_file(name(&id, table), options).map_err(std::io::Error::from),
            Line::Row(row) => zip.write_all(row.as_bytes()).and_then(|()| zip.write_all(b"\n")),
        })
        .await?;
        found.insert(id, described);
    }
    Ok(found)
}

/// What every plugin's tables hold now.
pub async fn plugin_tables(db: &Db, data: &Path) -> Result<BTreeMap<String, PluginTables>, BackupError> {
    let mut found = BTreeMap::new();
    for id in ids(db, data).await? {
        let described = each_line(db, data, &id, |_| Ok(())).await?;
        found.insert(id, described);
    }
    Ok(found)
}

/// Reads the tables of every plugin from a backup, and compares.
pub(super) async fn read(
    db: &Db,
    data: &Path,
    path: &Path,
    plugins: &BTreeMap<String, PluginTables>,
    now: DateTime<Utc>,
) -> Result<(), BackupError> {
    for (id, described) in plugins {
        let (sender, pieces) = mpsc::channel(WAITING);
        let (from, plugin, tables) = (path.to_owned(), id.clone(), described.tables.clone());
        let reader = tokio::task::spawn_blocking(move || send_lines(&from, &plugin, &tables, &sender));
        let received = receive(db, data, id, described.migrations.clone(), now, pieces).await;
        let sent = reader.await.map_err(|error| BackupError::Internal(error.to_string()))?;
        received.map_err(|failure| refused(id, failure))?;
        sent?;
        let found = each_line(db, data, id, |_| Ok(())).await?;
        for (table, described) in &described.tables {
            if found.tables.get(table) != Some(described) {
                return Err(BackupError::Different(format!("{table} of the plugin {id}")));
            }
        }
    }
    Ok(())
}

enum Line<'l> {
    Table(&'l str),
    Row(&'l str),
}

async fn each_line(
    db: &Db,
    data: &Path,
    id: &str,
    mut take: impl FnMut(Line<'_>) -> std::io::Result<()>,
) -> Result<PluginTables, BackupError> {
    let (migrations, mut pieces) = send(db, data, id).await.map_err(|failure| refused(id, failure))?;
    let mut described = PluginTables { migrations, tables: BTreeMap::new() };
    let mut table = String::new();
    while let Some(piece) = pieces.recv().await {
        match piece.map_err(|failure| refused(id, failure))? {
            Piece::Table { name, columns } => {
                take(Line::Table(&name)).map_err(|error| BackupError::Internal(error.to_string()))?;
                described.tables.insert(name.clone(), PluginTable { columns, digest: Digest::default() });
                table = name;
            }
            Piece::Row(values) => {
                let line = line(&values).map_err(|error| BackupError::Internal(error.to_string()))?;
                if let Some(table) = described.tables.get_mut(&table) {
                    table.digest.add(line.as_bytes());
                }
                take(Line::Row(&line)).map_err(|error| BackupError::Internal(error.to_string()))?;
            }
        }
    }
    Ok(described)
}

/// The plugins that have tables.
async fn ids(db: &Db, data: &Path) -> Result<Vec<String>, BackupError> {
    if let Db::Postgres(pool) = db {
        return plugins_of(pool).await.map_err(|failure| refused("*", failure));
    }
    let folder = data.join("plugins");
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(BackupError::file(&folder)(error)),
    };
    let id = |entry: std::fs::DirEntry| Some(entry.file_name().to_str()?.strip_suffix(".db")?.to_owned());
    let mut ids: Vec<String> = entries.flatten().filter_map(id).collect();
    ids.sort();
    Ok(ids)
}

async fn send(db: &Db, data: &Path, id: &str) -> Result<(Vec<Migration>, Pieces), Failure> {
    if let Db::Postgres(pool) = db {
        return send_from(pool, id).await;
    }
    let tables = open(data, id).await?;
    let opened = Arc::clone(&tables);
    let applied = in_background(move || opened.applied()).await?;
    let (sender, pieces) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        if let Err(failure) = tables.send(&sender) {
            let _ = sender.blocking_send(Err(failure));
        }
    });
    Ok((applied.into_iter().map(|applied| applied.migration).collect(), pieces))
}

async fn receive(
    db: &Db,
    data: &Path,
    id: &str,
    migrations: Vec<Migration>,
    now: DateTime<Utc>,
    pieces: mpsc::Receiver<Piece>,
) -> Result<(), Failure> {
    if let Db::Postgres(pool) = db {
        // The server gives the role a password of its own when it starts.
        let password = HEXLOWER.encode(&rand::random::<[u8; 32]>());
        return receive_into(pool, id, &password, &migrations, now, pieces).await;
    }
    let tables = open(data, id).await?;
    in_background(move || tables.receive(&migrations, now, pieces)).await
}

async fn open(data: &Path, id: &str) -> Result<Arc<SqliteTables>, Failure> {
    let folder = data.join("plugins");
    let path = folder.join(format!("{id}.db"));
    in_background(move || {
        // Where it cannot be made, opening the file says so.
        let _ = std::fs::create_dir_all(&folder);
        SqliteTables::open(&path).map(Arc::new)
    })
    .await
}

async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Failure::new(plugin_protocol::Code::Busy, error.to_string())))
}

fn send_lines(
    path: &Path,
    id: &str,
    tables: &BTreeMap<String, PluginTable>,
    to: &mpsc::Sender<Piece>,
) -> Result<(), BackupError> {
    let mut zip = super::archive::open(path)?;
    for (table, described) in tables {
        let piece = Piece::Table { name: table.clone(), columns: described.columns.clone() };
        if to.blocking_send(piece).is_err() {
            return Ok(());
        }
        let file = zip.by_name(&name(id, table)).map_err(|error| BackupError::damaged(path, error))?;
        for line in BufReader::new(file).lines() {
            let line = line.map_err(BackupError::file(path))?;
            let values = values(&line).map_err(|error| BackupError::damaged(path, error))?;
            if to.blocking_send(Piece::Row(values)).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// A row as it is written: a number as text, which is exact, as a number in JSON is not when it is read.
fn line(values: &[Value]) -> serde_json::Result<String> {
    let cell = |value: &Value| match value {
        Value::Number(number) => Ok(json!({ "number": number.to_string() })),
        value => serde_json::to_value(value),
    };
    let cells: Vec<Json> = values.iter().map(cell).collect::<Result<_, _>>()?;
    serde_json::to_string(&cells)
}

fn values(line: &str) -> serde_json::Result<Vec<Value>> {
    let cells: Vec<Json> = serde_json::from_str(line)?;
    let value = |cell: Json| match cell.get("number").and_then(Json::as_str).map(str::parse) {
        Some(Ok(number)) => Ok(Value::Number(number)),
        _ => serde_json::from_value(cell),
    };
    cells.into_iter().map(value).collect()
}

fn refused(id: &str, failure: Failure) -> BackupError {
    BackupError::Plugin { id: id.to_owned(), failure: failure.to_string() }
}
