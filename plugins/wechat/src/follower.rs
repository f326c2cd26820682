//! Those who follow the account. A row holds the platform's id of a person as long as they follow, and no longer.

use plugin_sdk::prelude::*;

use crate::early::Early;

/// A follower.
#[derive(Clone, Debug)]
pub struct Follower {
    /// What the other plugins know them by.
    pub id: Uuid,
    /// Their id at the platform.
    pub openid: String,
    /// Since when they follow; none for who followed before the account was connected.
    pub since: Option<DateTime<Utc>>,
    /// The latest that they did, by the platform's clock.
    pub seen_at: DateTime<Utc>,
    /// Their last message.
    pub message_at: Option<DateTime<Utc>>,
    /// Messages sent to them since.
    pub message_sent: i64,
    /// When they last followed, scanned or clicked.
    pub action_at: Option<DateTime<Utc>>,
    /// Messages sent to them since.
    pub action_sent: i64,
    /// Departures that were told before the platform told them.
    pub early: Early,
}

/// The follower with this id at the platform.
pub fn by_openid(host: &Host, class: Uuid, openid: &str) -> Result<Option<Follower>> {
    let sql = "select * from follower where class_id = $1 and openid = $2";
    host.query(sql, params![class, openid])?.first().map(read).transpose()
}

/// The follower that other plugins know by this id.
pub fn find(host: &Host, id: Uuid) -> Result<Option<Follower>> {
    let sql = "select * from follower where class_id = $1 and id = $2";
    host.query(sql, params![host.class()?.id, id])?.first().map(read).transpose()
}

/// Whether there is any.
pub fn any(host: &Host, class: Uuid) -> Result<bool> {
    Ok(!host.query("select 1 as one from follower where class_id = $1 limit 1", params![class])?.is_empty())
}

/// How many are known.
pub fn count(host: &Host) -> Result<i64> {
    host.query("select count(*) as followers from follower where class_id = $1", params![host.class()?.id])?.value()
}

/// Adds what forgets a follower who left at this time: they, their messages, and the replies they got. The tools hear it
/// and forget too.
pub fn forget<'h>(batch: Batch<'h>, class: Uuid, id: Uuid, at: DateTime<Utc>) -> Batch<'h> {
    batch
        .expect(1, "delete from follower where class_id = $1 and id = $2", params![class, id])
        .add("delete from message where follower_id = $1", params![id])
        .add("delete from sent where follower_id = $1", params![id])
        .add(
            "update delivery set follower_id = null, message_id = null, reply = null where follower_id = $1",
            params![id],
        )
        .emit("follower.lost", json!({ "follower": id, "at": at }))
}

fn read(row: Row<'_>) -> Result<Follower> {
    Ok(Follower {
        id: row.get("id")?,
        openid: row.get("openid")?,
        since: row.get("since")?,
        seen_at: row.get("seen_at")?,
        message_at: row.get("message_at")?,
        message_sent: row.get("message_sent")?,
        action_at: row.get("action_at")?,
        action_sent: row.get("action_sent")?,
        early: Early::read(&row)?,
    })
}
