//! Who may try to sign in: guesses are counted by account, and by address where it fails at many accounts.
//! The counters are in the database, so that many servers count together.
//!
//! A try is counted as failed before its hash is computed and forgiven when it was right; a thousand guesses at once
//! are therefore no better than one after the other. Whoever holds a device the account has used before is counted
//! apart and gets in while a stranger guesses.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::{execute, on_tx};

/// Failed tries an account takes in [`WINDOW`], from strangers and again from each known device.
pub const ACCOUNT_LIMIT: i64 = 10;
/// Failed tries over many accounts that an address is allowed before it slows.
pub const ADDRESS_LIMIT: i64 = 30;
/// Of each account at most so many count against the address: one forgetful student is no spraying.
const COUNTED_OF_ONE: i64 = 3;
/// How long failures count.
pub const WINDOW: TimeDelta = TimeDelta::hours(1);
/// How far apart the tries of a slowed address are.
pub const SLOW: TimeDelta = TimeDelta::seconds(10);

/// A try to sign in.
#[derive(Clone, Debug)]
pub struct Try {
    /// What was typed as login.
    pub login: String,
    /// The network it comes from ([`ClientAddress::network`](crate::address::ClientAddress::network)).
    pub network: String,
    /// Hash of the browser's device cookie, if it has one.
    pub device: Option<Vec<u8>>,
}

/// A try that may be made; it counts as failed until [`succeeded`].
#[derive(Clone, Debug)]
pub struct Reserved {
    subject: String,
    login_hash: Vec<u8>,
    network: String,
}

/// Allows or refuses a try, and counts it.
///
/// # Errors
/// [`Error::SlowDown`] with the seconds to wait; the same for logins that do not exist.
pub async fn reserve(db: &Db, asked: Try, now: DateTime<Utc>) -> Result<Reserved> {
    db.write(move |tx| Box::pin(async move { reserve_in(tx, asked, now).await })).await
}

async fn reserve_in(tx: &mut Tx, asked: Try, now: DateTime<Utc>) -> Result<Reserved> {
    let login = asked.login.trim().to_lowercase();
    let login_hash = Sha256::digest(login.as_bytes()).to_vec();
    let known = match &asked.device {
        Some(device) => is_known_device(tx, device, &login).await?,
        None => false,
    };
    let subject = match (&asked.device, known) {
        (Some(device), true) => format!("device:{}:{}", HEXLOWER.encode(device), HEXLOWER.encode(&login_hash)),
        _ => format!("login:{}", HEXLOWER.encode(&login_hash)),
    };
    tx.lock(&subject).await?;
    let counted: Option<(i64, DateTime<Utc>)> =
        on_tx!(tx, |c| sqlx::query_as("select failures, window_start from sign_in_failure where subject = $1")
            .bind(&subject)
            .fetch_optional(c)
            .await)?;
    let (failures, since) = counted.filter(|(_, since)| *since + WINDOW > now).unwrap_or((0, now));
    if failures >= ACCOUNT_LIMIT {
        return Err(Error::SlowDown((since + WINDOW - now).num_seconds().max(1)));
    }
    if !known {
        slow_address(tx, &asked.network, now).await?;
    }
    execute!(
        tx,
        "insert into sign_in_failure (subject, failures, window_start) values ($1, $2, $3)
         on conflict (subject) do update set failures = excluded.failures, window_start = excluded.window_start",
        &subject,
        failures + 1,
        since,
    )?;
    Ok(Reserved { subject, login_hash, network: asked.network })
}

async fn is_known_device(tx: &mut Tx, device: &[u8], login: &str) -> Result<bool> {
    let found: i64 = on_tx!(tx, |c| sqlx::query_scalar(
        "select count(*) from known_device d join person p on p.id = d.person_id
         where d.token_hash = $1 and p.login = $2",
    )
    .bind(device)
    .bind(login)
    .fetch_one(c)
    .await)?;
    Ok(found > 0)
}

/// Spaces out the tries of an address that failed at many accounts.
async fn slow_address(tx: &mut Tx, network: &str, now: DateTime<Utc>) -> Result<()> {
    let subject = format!("address:{network}");
    tx.lock(&subject).await?;
    let failures: i64 = on_tx!(tx, |c| {
        sqlx::query_scalar(
        "select cast(coalesce(sum(case when failures > $3 then $3 else failures end), 0) as bigint) from sign_in_try
         where address = $1 and window_start > $2 and succeeded_at is null",
    )
    .bind(network)
    .bind(now - WINDOW)
    .bind(COUNTED_OF_ONE)
    .fetch_one(c)
    .await
    })?;
    if failures < ADDRESS_LIMIT {
        return Ok(());
    }
    let blocked: Option<Option<DateTime<Utc>>> =
        on_tx!(tx, |c| sqlx::query_scalar("select blocked_until from sign_in_failure where subject = $1")
            .bind(&subject)
            .fetch_optional(c)
            .await)?;
    if let Some(until) = blocked.flatten().filter(|until| *until > now) {
        return Err(Error::SlowDown((until - now).num_seconds().max(1)));
    }
    execute!(
        tx,
        "insert into sign_in_failure (subject, failures, window_start, blocked_until) values ($1, $2, $3, $4)
         on conflict (subject) do update set failures = excluded.failures, window_start = excluded.window_start,
                                             blocked_until = excluded.blocked_until",
        &subject,
        failures,
        now,
        now + SLOW,
    )?;
    Ok(())
}

/// The try was wrong: it counts against its address as well.
pub async fn failed(db: &Db, reserved: Reserved, now: DateTime<Utc>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            tx.lock(&format!("address:{}", reserved.network)).await?;
            execute!(
                tx,
                "delete from sign_in_try where address = $1 and login_hash = $2 and window_start <= $3",
                &reserved.network,
                &reserved.login_hash,
                now - WINDOW,
            )?;
            execute!(
                tx,
                "insert into sign_in_try (address, login_hash, failures, window_start) values ($1, $2, 1, $3)
                 on conflict (address, login_hash) do update set failures = sign_in_try.failures + 1",
                &reserved.network,
                &reserved.login_hash,
                now,
            )?;
            Ok(())
        })
    })
    .await
}

/// The try was right: it is forgiven, and so are this account's failures at this address.
pub async fn succeeded(tx: &mut Tx, reserved: &Reserved, now: DateTime<Utc>) -> Result<()> {
    execute!(
        tx,
        "update sign_in_failure set failures = failures - 1 where subject = $1 and failures > 0",
        &reserved.subject,
    )?;
    execute!(
        tx,
        "insert into sign_in_try (address, login_hash, failures, window_start, succeeded_at) values ($1, $2, 0, $3, $3)
         on conflict (address, login_hash) do update set failures = 0, succeeded_at = excluded.succeeded_at,
                                                         window_start = excluded.window_start",
        &reserved.network,
        &reserved.login_hash,
        now,
    )?;
    Ok(())
}

/// Remembers that a person signed in from this device.
pub async fn remember_device(tx: &mut Tx, device: &[u8], person_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    execute!(
        tx,
        "insert into known_device (token_hash, person_id, seen_at) values ($1, $2, $3)
         on conflict (token_hash, person_id) do update set seen_at = excluded.seen_at",
        device,
        person_id,
        now,
    )?;
    Ok(())
}

/// Forgets what has run out: counters, sessions, tokens, one-time codes, roster files nobody applied.
pub async fn sweep(db: &Db, now: DateTime<Utc>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            execute!(tx, "delete from sign_in_failure where window_start < $1", now - WINDOW - WINDOW)?;
            execute!(tx, "delete from sign_in_try where window_start < $1", now - WINDOW)?;
            execute!(tx, "delete from known_device where seen_at < $1", now - TimeDelta::days(400))?;
            execute!(tx, "delete from session where expires_at < $1", now)?;
            execute!(tx, "delete from api_token where expires_at < $1", now)?;
            execute!(tx, "delete from activation where expires_at < $1", now - TimeDelta::days(30))?;
            execute!(tx, "delete from roster_upload where created_at < $1", now - TimeDelta::days(1))?;
            Ok(())
        })
    })
    .await
}
