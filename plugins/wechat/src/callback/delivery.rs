//! What the platform delivered, under keyed hashes, with the replies that repeats get.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;

/// How long a hash is remembered. The platform repeats within seconds; who recorded a call cannot play it back either.
const REMEMBERED: TimeDelta = TimeDelta::days(7);
/// How long a tool that did not answer in time may go on.
const AT_WORK: TimeDelta = TimeDelta::minutes(1);
/// How many unsaid messages a tool is told of.
const MOST_UNSAID: i64 = 50;
/// How many missed replies are told at a time.
const MOST_MISSED: i64 = 200;
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

/// What is answered.
pub struct Reply {
    /// The words; empty for none.
    pub words: String,
    /// Whether a tool was asked for words and did not answer.
    pub in_vain: bool,
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
pub fn answer(host: &Host, class: Uuid, digest: &str, reply: &Reply, now: DateTime<Utc>) -> Result<()> {
    host.exec(
        "update delivery set answered_at = $3, reply = case when follower_id is null then null else $4 end,
           in_vain = $5
         where class_id = $1 and digest = $2 and answered_at is null",
        params![class, digest, now, reply.words.as_str(), reply.in_vain],
    )?;
    Ok(())
}

/// Earlier messages of a follower whose reply may be known to a tool and did not reach the follower: it was asked in
/// vain, or nothing was answered at all.
pub fn unsaid(host: &Host, delivery: &Delivery, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
    let table = host.query(
        "select message_id from delivery
         where class_id = $1 and follower_id = $2 and message_id is not null and digest <> $3
           and (in_vain or (answered_at is null and leased_until <= $4))
         order by at desc limit $5",
        params![host.class()?.id, delivery.follower, delivery.digest.as_str(), now, MOST_UNSAID],
    )?;
    table.column("message_id")
}

/// The tool knows of them now. One that was asked a moment ago may still be at work on it.
pub fn clear_unsaid(host: &Host, delivery: &Delivery, now: DateTime<Utc>) -> Result<()> {
    host.exec(
        "update delivery set in_vain = false where class_id = $1 and follower_id = $2 and in_vain and at < $3",
        params![host.class()?.id, delivery.follower, now - AT_WORK],
    )?;
    Ok(())
}

/// Tells of replies that did not reach their followers, once each: who never writes again need not lose an answer.
pub fn tell_missed(host: &Host) -> Result<()> {
    let class = host.class()?.id;
    let table = host.query(
        "select digest, follower_id, message_id from delivery
         where class_id = $1 and at < $2 and follower_id is not null and message_id is not null and not missed_told
           and (in_vain or (answered_at is null and leased_until < $2))
         order by at limit $3",
        params![class, host.now() - AT_WORK, MOST_MISSED],
    )?;
    for row in table.iter() {
        let (follower, message) = (row.get::<Uuid>("follower_id")?, row.get::<Uuid>("message_id")?);
        let told = host
            .batch()
            .expect(
                1,
                "update delivery set missed_told = true
                 where class_id = $1 and digest = $2 and follower_id = $3 and not missed_told
                   and (in_vain or answered_at is null)",
                params![class, row.get::<String>("digest")?, follower],
            )
            .emit("reply.missed", json!({ "follower": follower, "message": message }))
            .run();
        match told {
            Ok(_) => {}
            // They have left, or were told meanwhile.
            Err(error) if error.code() == Code::Conflict => {}
            Err(error) => return Err(error),
        }
    }
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

/// Forgets the oldest, but for those of which the tool is still to be told.
pub fn sweep(host: &Host) -> Result<()> {
    host.exec(
        "delete from delivery where class_id = $1 and at < $2
           and not (follower_id is not null and message_id is not null and not missed_told
             and (in_vain or answered_at is null))",
        params![host.class()?.id, host.now() - REMEMBERED],
    )?;
    Ok(())
}
