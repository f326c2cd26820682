//! Sessions of browsers: a random token in a cookie, its hash here.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::store::person::{Person, Role};
use crate::store::sign_in::{self, Reserved};
use crate::{execute, on};

/// How stale `last_seen_at` may be: a write for each page would cost more than it tells.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);

/// How long a session lives: (after last use, at most), by role. A shared phone in a dormitory is not a bank,
/// but an administrator's machine is.
pub fn life(role: Role) -> (TimeDelta, TimeDelta) {
    match role {
        Role::Student => (TimeDelta::days(14), TimeDelta::days(120)),
        Role::Teacher => (TimeDelta::hours(12), TimeDelta::days(7)),
        Role::Administrator => (TimeDelta::minutes(30), TimeDelta::hours(12)),
    }
}

/// Whether a session may still be used.
fn is_alive(role: Role, created: DateTime<Utc>, last_seen: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let (idle, total) = life(role);
    now < last_seen + idle && now < created + total
}

#[derive(FromRow)]
struct Row {
    session_id: Uuid,
    created_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    #[sqlx(flatten)]
    person: Person,
}

/// A session in the list on the account page.
#[derive(Clone, Debug, FromRow)]
pub struct Listed {
    /// Id.
    pub id: Uuid,
    /// When the person signed in.
    pub created_at: DateTime<Utc>,
    /// When it was used last, to within five minutes.
    pub last_seen_at: DateTime<Utc>,
    /// What the browser calls itself.
    pub user_agent: String,
    /// From where the person signed in.
    pub address: String,
}

/// A session to open.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Hash of the random token in the cookie.
    pub token_hash: Vec<u8>,
    /// Whose it is.
    pub person: Person,
    /// What the browser calls itself; cut to 200 characters.
    pub user_agent: String,
    /// From where.
    pub address: String,
    /// Hash of the device cookie.
    pub device: Vec<u8>,
    /// Hash of the token that the browser had before; that session ends.
    pub replaces: Option<Vec<u8>>,
}

/// The session and person of a token, if both are alive.
pub async fn find(db: &Db, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<(Uuid, Person)>> {
    let row: Option<Row> = on!(db, |c| sqlx::query_as(
        "select s.id as session_id, s.created_at, s.last_seen_at,
                p.id, p.login, p.name, p.role, p.language, p.theme, p.font_size
         from session s join person p on p.id = s.person_id
         where s.token_hash = $1 and s.expires_at > $2 and p.disabled_at is null",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(c)
    .await)?;
    let Some(row) = row.filter(|row| is_alive(row.person.role, row.created_at, row.last_seen_at, now)) else {
        return Ok(None);
    };
    if now - row.last_seen_at > SEEN_EVERY {
        touch(db, row.session_id, now).await?;
    }
    Ok(Some((row.session_id, row.person)))
}

/// Opens a session after a right password: forgives the try, remembers the device, ends the browser's former session,
/// and keeps a stronger hash if one was made.
pub async fn open(
    db: &Db,
    new: NewSession,
    reserved: Option<Reserved>,
    stronger_hash: Option<String>,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    db.write(move |tx| {
        Box::pin(async move {
            if let Some(reserved) = &reserved {
                sign_in::succeeded(tx, reserved, now).await?;
            }
            if let Some(hash) = &stronger_hash {
                execute!(tx, "update person set password_hash = $2 where id = $1", new.person.id, hash)?;
            }
            open_in(tx, &new, now).await
        })
    })
    .await
}

/// Opens a session inside a transaction.
pub async fn open_in(tx: &mut Tx, new: &NewSession, now: DateTime<Utc>) -> Result<Uuid> {
    if let Some(former) = &new.replaces {
        execute!(tx, "delete from session where token_hash = $1", former)?;
    }
    sign_in::remember_device(tx, &new.device, new.person.id, now).await?;
    insert(tx, new.token_hash.clone(), &new.person, &new.user_agent, &new.address, now).await
}

/// Opens a session without a browser's past, for programs of the server itself.
pub async fn create(
    db: &Db,
    token_hash: Vec<u8>,
    person: &Person,
    user_agent: String,
    address: String,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let person = person.clone();
    db.write(move |tx| Box::pin(async move { insert(tx, token_hash, &person, &user_agent, &address, now).await })).await
}

async fn insert(
    tx: &mut Tx,
    token_hash: Vec<u8>,
    person: &Person,
    user_agent: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let id = Uuid::now_v7();
    execute!(
        tx,
        "insert into session (id, token_hash, person_id, created_at, last_seen_at, expires_at, user_agent, address)
         values ($1, $2, $3, $4, $4, $5, $6, $7)",
        id,
        token_hash,
        person.id,
        now,
        now + life(person.role).1,
        user_agent.chars().take(200).collect::<String>(),
        address,
    )?;
    Ok(id)
}

async fn touch(db: &Db, session_id: Uuid, now: DateTime<Utc>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            execute!(tx, "update session set last_seen_at = $2 where id = $1", session_id, now)?;
            Ok(())
        })
    })
    .await
}

/// A person's sessions that are alive, the latest used first.
pub async fn list(db: &Db, person: &Person, now: DateTime<Utc>) -> Result<Vec<Listed>> {
    let (idle, total) = life(person.role);
    Ok(on!(db, |c| sqlx::query_as(
        "select id, created_at, last_seen_at, user_agent, address from session
         where person_id = $1 and expires_at > $2 and last_seen_at > $3 and created_at > $4
         order by last_seen_at desc, id desc",
    )
    .bind(person.id)
    .bind(now)
    .bind(now - idle)
    .bind(now - total)
    .fetch_all(c)
    .await)?)
}

/// Ends one session of a person.
pub async fn end(db: &Db, person_id: Uuid, session_id: Uuid) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            execute!(tx, "delete from session where id = $1 and person_id = $2", session_id, person_id)?;
            Ok(())
        })
    })
    .await
}

/// Ends all sessions of a person but this one; returns how many.
pub async fn end_others(db: &Db, person_id: Uuid, keep: Option<Uuid>) -> Result<u64> {
    db.write(move |tx| Box::pin(async move { end_others_in(tx, person_id, keep).await })).await
}

/// The same inside a transaction.
pub async fn end_others_in(tx: &mut Tx, person_id: Uuid, keep: Option<Uuid>) -> Result<u64> {
    let keep = keep.unwrap_or(Uuid::nil());
    Ok(execute!(tx, "delete from session where person_id = $1 and id <> $2", person_id, keep)?)
}
