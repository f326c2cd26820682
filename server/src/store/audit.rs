//! Who did what and when. An entry is written in the transaction of the change it tells of, and names no answers
//! and no secrets.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::Tx;
use crate::error::Result;
use crate::execute;

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
