//! Those who left, as keyed hashes: for as many days as the teacher says, and for a minute in any case, because the
//! platform's events come out of order.

use plugin_sdk::prelude::*;

use crate::account::Account;
use crate::early::Early;

/// How long what comes out of order is waited for.
const AT_LEAST: TimeDelta = TimeDelta::seconds(60);

/// Somebody left.
pub struct Departure {
    /// When, by the platform's clock.
    pub at: DateTime<Utc>,
    /// Departures that were told before the platform told them.
    pub early: Early,
    until: DateTime<Utc>,
}

impl Departure {
    /// Whether the teacher wants to know who comes back after this time.
    pub fn is_kept(&self, host: &Host) -> bool {
        is_kept(host) && self.until > host.now()
    }
}

/// Whether the teacher wants to know who comes back.
pub fn is_kept(host: &Host) -> bool {
    days(host) > 0
}

/// The departure of who has this id.
pub fn find(host: &Host, account: &Account, openid: &str) -> Result<Option<Departure>> {
    let table = host.query(
        "select at, until, told_early, told_early_at from departure where class_id = $1 and digest = $2 and until > $3",
        params![account.class, account.digest(openid), host.now()],
    )?;
    let one = |row: Row<'_>| Ok(Departure { at: row.get("at")?, early: Early::read(&row)?, until: row.get("until")? });
    table.first().map(one).transpose()
}

/// Adds what remembers a departure, and forgets those whose time is up.
pub fn remember<'h>(
    batch: Batch<'h>,
    host: &Host,
    account: &Account,
    openid: &str,
    at: DateTime<Utc>,
    early: &Early,
) -> Batch<'h> {
    let until = host.now() + TimeDelta::days(days(host)).max(AT_LEAST);
    batch
        .add(
            "insert into departure (class_id, digest, at, until, told_early, told_early_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (class_id, digest) do update set
               at = case when departure.at < excluded.at then excluded.at else departure.at end,
               until = excluded.until, told_early = excluded.told_early, told_early_at = excluded.told_early_at",
            params![account.class, account.digest(openid), at, until, early.count(), early.times()],
        )
        .add("delete from departure where class_id = $1 and until <= $2", params![account.class, host.now()])
}

/// Makes sure that a hash of which nothing is to stay goes after its minute, even when nothing else happens.
pub fn plan_sweep(host: &Host) -> Result<()> {
    if days(host) > 0 {
        return Ok(());
    }
    host.schedule("sweep-departures", "sweep-departures", host.now() + AT_LEAST, json!({}))
}

/// Forgets those whose time is up.
pub fn sweep(host: &Host) -> Result<()> {
    // A teacher who shortens the time shortens it for those already kept.
    let (now, most) = (host.now(), host.now() + TimeDelta::days(days(host)).max(AT_LEAST));
    host.exec(
        "delete from departure where class_id = $1 and (until <= $2 or until > $3)",
        params![host.class()?.id, now, most],
    )?;
    Ok(())
}

/// For how many days it is known that somebody left.
pub fn days(host: &Host) -> i64 {
    host.setting("departure_days").unwrap_or(0)
}
