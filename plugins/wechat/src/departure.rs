//! Those who left, as keyed hashes: for as many days as the teacher says, and for a minute in any case, because the
//! platform's events come out of order.

use plugin_sdk::prelude::*;

use crate::account::Account;

/// How long what comes out of order is waited for.
const AT_LEAST: TimeDelta = TimeDelta::seconds(60);

/// Departures that the tools have heard of before the platform told them.
#[derive(Clone, Debug, Default)]
pub struct Early {
    count: i64,
    /// When they were said to have been.
    times: Vec<DateTime<Utc>>,
}

impl Early {
    /// From the row of a follower or a departure.
    pub fn read(row: &Row<'_>) -> Result<Self> {
        let times = row.get::<Option<String>>("told_early_at")?.unwrap_or_default();
        let times = times.split_whitespace().filter_map(|time| time.parse().ok());
        Ok(Self { count: row.get("told_early")?, times: times.collect() })
    }

    /// Whether there is any.
    pub fn is_any(&self) -> bool {
        self.count > 0
    }

    /// One more, said to have been at this time.
    pub fn and(mut self, at: DateTime<Utc>) -> Self {
        self.count += 1;
        self.times.push(at);
        self
    }

    /// The platform has told one: which time was said, and those that are left. Which of several it was makes no
    /// difference in the end.
    pub fn without_one(mut self) -> (Option<DateTime<Utc>>, Self) {
        self.count = (self.count - 1).max(0);
        (self.times.pop(), self)
    }

    /// How many, for a row.
    pub fn count(&self) -> i64 {
        self.count
    }

    /// Their times, for a row.
    pub fn times(&self) -> String {
        let times: Vec<String> = self.times.iter().map(DateTime::to_rfc3339).collect();
        times.join(" ")
    }
}

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
    host.exec("delete from departure where class_id = $1 and until <= $2", params![host.class()?.id, host.now()])?;
    Ok(())
}

fn days(host: &Host) -> i64 {
    host.setting("departure_days").unwrap_or(0)
}
