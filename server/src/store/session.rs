//! Sessions of browsers: a random token in a cookie, its hash here.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::auth;
use crate::db::Db;
use crate::error::Result;
use crate::store::person::Person;
use crate::{execute, on};

/// How stale `last_seen_at` may be: a write for each page would cost more than it tells.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);

#[derive(FromRow)]
struct Row {
    session_id: Uuid,
    created_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    #[sqlx(flatten)]
    person: Person,
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
    let Some(row) = row.filter(|row| auth::is_alive(row.person.role, row.created_at, row.last_seen_at, now)) else {
        return Ok(None);
    };
    if now - row.last_seen_at > SEEN_EVERY {
        touch(db, row.session_id, now).await?;
    }
    Ok(Some((row.session_id, row.person)))
}

/// Opens a session.
pub async fn create(
    db: &Db,
    token_hash: Vec<u8>,
    person: &Person,
    user_agent: String,
    address: String,
    now: DateTime<Utc>,
) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let person_id = person.id;
    let expires_at = now + auth::session_life(person.role).1;
    db.write(move |tx| {
        Box::pin(async move {
            execute!(
                tx,
                "insert into session (id, token_hash, person_id, created_at, last_seen_at, expires_at, user_agent, address)
                 values ($1, $2, $3, $4, $4, $5, $6, $7)",
                id,
                token_hash,
                person_id,
                now,
                expires_at,
                user_agent.chars().take(200).collect::<String>(),
                address,
            )?;
            Ok(id)
        })
    })
    .await
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
