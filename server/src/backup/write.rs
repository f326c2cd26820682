//! Writing a backup.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use sqlx::AssertSqlSafe;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::digest::schema;
use super::rows::{self, line, quoted};
use super::{BackupError, Digest, FORMAT, Manifest, TABLES, Table, plugins};
use crate::db::Db;
use crate::on;

/// Writes a backup of a database, and of the plugins' files in the data directory, to a new file, readable by its owner only, and returns what is in it. The file appears under its
/// name only when it is whole and on disk.
pub async fn backup(db: &Db, data: &Path, path: &Path, now: DateTime<Utc>) -> Result<Manifest, BackupError> {
    let unfinished = path.with_extension("unfinished");
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .map_err(BackupError::file(path))?;
    let mut zip = ZipWriter::new(BufWriter::with_capacity(1 << 20, file));
    let options = SimpleFileOptions::default().compression_level(Some(1)).large_file(true);
    let in_zip = |error: zip::result::ZipError| BackupError::Internal(format!("{}: {error}", path.display()));

    let mut manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema: schema(db).await?,
        taken_at: now,
        tables: BTreeMap::new(),
        plugins: BTreeMap::new(),
    };
    let mut described = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        described.push((*table, rows::columns(db, table).await?));
    }
    on!(db, |pool| {
        let begin = if db.is_postgres() { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" } else { "BEGIN" };
        let mut snapshot = pool.begin_with(begin).await?;
        for (table, columns) in described {
            zip.start_file(format!("{table}.jsonl"), options).map_err(in_zip)?;
            let mut digest = Digest::default();
            let sql = format!("select {} from \"{table}\"", quoted(&columns));
            let mut stream = sqlx::query(AssertSqlSafe(sql)).fetch(&mut *snapshot);
            while let Some(row) = stream.try_next().await? {
                let line = line!(row, columns);
                digest.add(line.as_bytes());
                zip.write_all(line.as_bytes()).and_then(|()| zip.write_all(b"\n")).map_err(BackupError::file(path))?;
            }
            drop(stream);
            manifest.tables.insert(table.to_owned(), Table { columns, digest });
        }
        snapshot.rollback().await?;
    });
    manifest.plugins = plugins::write(db, data, &mut zip, options).await?;
    zip.start_file("manifest.json", options).map_err(in_zip)?;
    let text = serde_json::to_vec_pretty(&manifest).map_err(|error| BackupError::Internal(error.to_string()))?;
    zip.write_all(&text).map_err(BackupError::file(path))?;
    let file =
        zip.finish().map_err(in_zip)?.into_inner().map_err(|error| BackupError::file(path)(error.into_error()))?;
    file.sync_all().map_err(BackupError::file(path))?;
    std::fs::rename(&unfinished, path).map_err(BackupError::file(path))?;
    Ok(manifest)
}
