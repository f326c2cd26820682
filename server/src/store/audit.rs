//! Who did what and when. An entry is written in the transaction of the change it tells of, and names no answers
//! and no secrets.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx, WriteFuture};
use crate::error::{Error, Result};
use crate::{execute, on};

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; `None` for the server itself.
    pub person_id: Option<Uuid>,
    /// In which class, if in one.
    pub class_id: Option<Uuid>,
    /// What was done, as `area.verb`: `roster.import`, `assignment.give`.
    pub action: &'static str,
    /// To what: an id or a name.
    pub subject: String,
    /// Anything worth keeping, in words for the log's reader.
    pub detail: String,
    /// From which address; empty for the server itself.
    pub address: String,
}

/// Writes an entry.
pub async fn record(tx: &mut Tx, entry: Entry) -> Result<()> {
    execute!(
        tx,
        "insert into audit (id, at, person_id, class_id, action, subject, detail, address)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        Uuid::now_v7(),
        entry.at,
        entry.person_id,
        entry.class_id,
        entry.action,
        entry.subject,
        entry.detail,
        entry.address,
    )?;
    Ok(())
}

/// Makes a change and records it, in one transaction. `job` says how many rows it changed: what changes none is a change
/// of something that is not there.
///
/// # Errors
/// [`Error::NotFound`] when nothing was changed; nothing is recorded then.
pub async fn change<F>(db: &Db, entry: Entry, job: F) -> Result<()>
where
    F: for<'c> FnOnce(&'c mut Tx) -> WriteFuture<'c, u64> + Send + 'static,
{
    db.write(move |tx| {
        Box::pin(async move {
            match job(tx).await? {
                0 => Err(Error::NotFound),
                _ => record(tx, entry).await,
            }
        })
    })
    .await
}

/// An entry as an administrator reads it.
#[derive(Clone, Debug, FromRow)]
pub struct Listed {
    /// When.
    pub at: DateTime<Utc>,
    /// Name of the person; `None` for the server itself.
    pub person: Option<String>,
    /// Name of the class, if in one.
    pub class: Option<String>,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// More words.
    pub detail: String,
    /// From which address.
    pub address: String,
}

/// The latest entries first; `skip` and `take` page through them.
pub async fn list(db: &Db, skip: i64, take: i64) -> Result<Vec<Listed>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select a.at, p.name as person, k.name as class, a.action, a.subject, a.detail, a.address
         from audit a left join person p on p.id = a.person_id left join class k on k.id = a.class_id
         order by a.at desc, a.id desc limit $1 offset $2",
    )
    .bind(take)
    .bind(skip)
    .fetch_all(c)
    .await)?)
}
