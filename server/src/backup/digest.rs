//! A digest of rows that does not depend on their order: two databases sort texts and ids differently.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::AssertSqlSafe;

use super::rows::{self, line, quoted};
use super::{BackupError, TABLES};
use crate::db::Db;
use crate::on;

/// Count and sum of the SHA-256 of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// How many rows.
    pub rows: u64,
    /// The first 64 bits of each row's SHA-256, added up.
    pub sum: u64,
    /// The next 64 bits, likewise.
    pub sum2: u64,
}

impl Digest {
    /// Takes in one row, as its line in the backup.
    pub fn add(&mut self, line: &[u8]) {
        let hash = Sha256::digest(line);
        let word = |at: usize| u64::from_be_bytes(hash[at..at + 8].try_into().expect("eight bytes"));
        self.rows += 1;
        self.sum = self.sum.wrapping_add(word(0));
        self.sum2 = self.sum2.wrapping_add(word(8));
    }
}

/// The digest of every table as it is now.
pub async fn digests(db: &Db) -> Result<BTreeMap<String, Digest>, BackupError> {
    let mut digests = BTreeMap::new();
    for table in TABLES {
        let columns = rows::columns(db, table).await?;
        let mut digest = Digest::default();
        on!(db, |pool| {
            let sql = format!("select {} from \"{table}\"", quoted(&columns));
            let mut stream = sqlx::query(AssertSqlSafe(sql)).fetch(pool);
            while let Some(row) = stream.try_next().await? {
                digest.add(line!(row, columns).as_bytes());
            }
        });
        digests.insert((*table).to_owned(), digest);
    }
    Ok(digests)
}

/// The newest migration of a database.
pub(super) async fn schema(db: &Db) -> Result<i64, BackupError> {
    Ok(on!(db, |pool| sqlx::query_scalar("select max(version) from _sqlx_migrations").fetch_one(pool).await)?)
}
