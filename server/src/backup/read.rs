//! Reading a backup into an empty database.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;

use super::archive::open;
use super::digest::{digests, schema};
use super::rows::{self, Cell, Kind};
use super::{BackupError, Digest, FORMAT, Manifest, TABLES, plugins};
use crate::db::{Db, Tx};
use crate::error::Error;
use crate::on_tx;
use crate::store::person;

/// Parameters of one insert; both databases take more than 30,000.
const PARAMETERS: usize = 20_000;
/// Bytes of one insert; pictures come in ones and twos.
const BYTES: usize = 8 << 20;

/// The most bytes of `manifest.json`: it has the migrations of the plugins.
const MANIFEST: u64 = 16 << 20;

/// Restores a backup. The whole of it is checked first; then the tables of each plugin are written in a transaction of
/// their own, and at last the course in one, so that a restore that failed can be tried again. All of it is compared.
pub async fn restore(db: &Db, data: &Path, path: &Path, now: DateTime<Utc>) -> Result<Manifest, BackupError> {
    let manifest = check(path)?;
    if manifest.format > FORMAT || manifest.schema > schema(db).await? {
        return Err(BackupError::Newer(manifest.program));
    }
    let people = person::count(db).await?;
    if people > 0 {
        return Err(BackupError::NotEmpty(people));
    }
    plugins::read(db, data, path, &manifest.plugins, now).await?;
    let (from, tables) = (path.to_owned(), manifest.clone());
    db.write(move |tx| {
        Box::pin(async move {
            for table in TABLES {
                read_table(tx, &from, table, &tables).await.map_err(Error::internal)?;
            }
            Ok(())
        })
    })
    .await?;
    let found = digests(db).await?;
    for (table, described) in &manifest.tables {
        // Columns that came with a later migration change the lines, not the rows.
        let same_columns = rows::columns(db, table).await? == described.columns;
        let (expected, found) = (described.digest, found.get(table).copied().unwrap_or_default());
        if expected.rows != found.rows || (same_columns && expected != found) {
            return Err(BackupError::Different(table.clone()));
        }
    }
    Ok(manifest)
}

/// Reads the whole file once and compares every table with the manifest.
pub fn check(path: &Path) -> Result<Manifest, BackupError> {
    let damaged = |reason: &dyn ToString| BackupError::damaged(path, reason.to_string());
    let mut zip = open(path)?;
    let mut text = String::new();
    zip.by_name("manifest.json")
        .map_err(|error| damaged(&error))?
        .take(MANIFEST)
        .read_to_string(&mut text)
        .map_err(|error| damaged(&error))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| damaged(&error))?;
    let own = manifest.tables.iter().map(|(table, described)| (format!("{table}.jsonl"), described.digest));
    let of_plugins = manifest.plugins.iter().flat_map(|(id, plugin)| {
        plugin.tables.iter().map(|(table, described)| (plugins::name(id, table), described.digest))
    });
    for (name, expected) in own.chain(of_plugins) {
        let file = zip.by_name(&name).map_err(|error| damaged(&error))?;
        let mut digest = Digest::default();
        for line in BufReader::new(file).lines() {
            digest.add(line.map_err(|error| damaged(&error))?.as_bytes());
        }
        if digest != expected {
            return Err(damaged(&format!("{name} does not match its digest")));
        }
    }
    Ok(manifest)
}

async fn read_table(tx: &mut Tx, path: &Path, table: &str, manifest: &Manifest) -> Result<(), BackupError> {
    let Some(described) = manifest.tables.get(table) else { return Ok(()) };
    let mut zip = open(path)?;
    let file = zip.by_name(&format!("{table}.jsonl")).map_err(|error| BackupError::damaged(path, error))?;
    let mut group = Vec::new();
    let mut bytes = 0;
    for line in BufReader::new(file).lines() {
        let line = line.map_err(BackupError::file(path))?;
        bytes += line.len();
        let row = rows::cells(&line, &described.columns)
            .ok_or_else(|| BackupError::damaged(path, format!("a row of {table} does not fit its columns")))?;
        group.push(row);
        if group.len() * described.columns.len() >= PARAMETERS || bytes >= BYTES {
            insert(tx, table, &described.columns, std::mem::take(&mut group)).await?;
            bytes = 0;
        }
    }
    insert(tx, table, &described.columns, group).await
}

async fn insert(
    tx: &mut Tx,
    table: &str,
    columns: &[(String, Kind)],
    group: Vec<Vec<Cell>>,
) -> Result<(), BackupError> {
    if group.is_empty() {
        return Ok(());
    }
    on_tx!(tx, |c| {
        let mut insert = QueryBuilder::new(format!("insert into \"{table}\" ({}) ", rows::quoted(columns)));
        insert.push_values(group, |mut row, cells| {
            for cell in cells {
                match cell {
                    Cell::Uuid(value) => row.push_bind(value),
                    Cell::Text(value) => row.push_bind(value),
                    Cell::Time(value) => row.push_bind(value),
                    Cell::Integer(value) => row.push_bind(value),
                    Cell::Boolean(value) => row.push_bind(value),
                    Cell::Bytes(value) => row.push_bind(value),
                };
            }
        });
        insert.build().execute(c).await.map(|_| ())
    })?;
    Ok(())
}
