//! What the platform delivered, under keyed hashes, with the replies that repeats get.

use plugin_sdk::prelude::*;

/// How long a hash is remembered. The platform repeats within seconds; who recorded a call cannot play it back either.
const REMEMBERED: TimeDelta = TimeDelta::days(7);
/// How many the teachers' page lists.
const LISTED: i64 = 20;

/// Something that was delivered.
pub struct Delivery {
    /// Its hash.
    pub digest: String,
    /// The follower it is about.
    pub follower: Option<Uuid>,
    /// The message it brought.
    pub message: Option<Uuid>,
}

/// What became of a delivery.
pub enum State {
    /// It has this reply, which may be empty.
    Answered(String),
    /// Somebody works on it until then.
    Leased(DateTime<Utc>),
}

/// A line of the teachers' list.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// When it came.
    pub at: DateTime<Utc>,
    /// What it was.
    pub kind: String,
    /// Whether it was encrypted.
    pub encrypted: bool,
    /// How often it came again.
    pub repeats: i64,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
}

/// The delivery with this hash, if it has come before.
pub fn find(host: &Host, class: Uuid, digest: &str) -> Result<Option<Delivery>> {
    let sql = "select follower_id, message_id from delivery where class_id = $1 and digest = $2";
    let table = host.query(sql, params![class, digest])?;
    let one = |row: Row<'_>| {
        Ok(Delivery { digest: digest.to_owned(), follower: row.get("follower_id")?, message: row.get("message_id")? })
    };
    table.first().map(one).transpose()
}

/// Notes that it has come again.
pub fn count_repeat(host: &Host, class: Uuid, digest: &str) -> Result<()> {
    let sql = "update delivery set repeats = repeats + 1 where class_id = $1 and digest = $2";
    host.exec(sql, params![class, digest])?;
    Ok(())
}

/// What became of it.
pub fn state(host: &Host, class: Uuid, digest: &str) -> Result<State> {
    let sql = "select leased_until, answered_at, reply from delivery where class_id = $1 and digest = $2";
    let table = host.query(sql, params![class, digest])?;
    // Gone: everything about the account was forgotten meanwhile.
    let Some(row) = table.first() else { return Ok(State::Answered(String::new())) };
    Ok(match row.get::<Option<DateTime<Utc>>>("answered_at")? {
        Some(_) => State::Answered(row.get::<Option<String>>("reply")?.unwrap_or_default()),
        None => State::Leased(row.get("leased_until")?),
    })
}

/// Takes over what nobody works on any more; whether it is ours now.
pub fn take_over(host: &Host, class: Uuid, digest: &str, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool> {
    let touched = host.exec(
        "update delivery set leased_until = $4
         where class_id = $1 and digest = $2 and answered_at is null and leased_until <= $3",
        params![class, digest, now, until],
    )?;
    Ok(touched == 1)
}

/// Keeps the reply, unless there is one already. Of a follower who has left meanwhile nothing is kept.
pub fn answer(host: &Host, class: Uuid, digest: &str, reply: &str, now: DateTime<Utc>) -> Result<()> {
    host.exec(
        "update delivery set answered_at = $3, reply = case when follower_id is null then null else $4 end
         where class_id = $1 and digest = $2 and answered_at is null",
        params![class, digest, now, reply],
    )?;
    Ok(())
}

/// The latest, for the teachers' page.
pub fn latest(host: &Host) -> Result<Vec<Delivered>> {
    let table = host.query(
        "select at, kind, encrypted, repeats, answered_at from delivery where class_id = $1
         order by at desc, digest limit $2",
        params![host.class()?.id, LISTED],
    )?;
    let one = |row: Row<'_>| {
        Ok(Delivered {
            at: row.get("at")?,
            kind: row.get("kind")?,
            encrypted: row.get("encrypted")?,
            repeats: row.get("repeats")?,
            answered_at: row.get("answered_at")?,
        })
    };
    table.iter().map(one).collect()
}

/// Forgets the oldest.
pub fn sweep(host: &Host) -> Result<()> {
    host.exec(
        "delete from delivery where class_id = $1 and at < $2",
        params![host.class()?.id, host.now() - REMEMBERED],
    )?;
    Ok(())
}
