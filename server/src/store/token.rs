//! API tokens: what `grader` and other programs sign in with. Shown once; only the hash is stored.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::store::person::Person;
use crate::{execute, on, on_tx};

/// How stale `last_used_at` may be.
const USED_EVERY: TimeDelta = TimeDelta::minutes(5);
/// Tokens a person may have at a time.
const MOST: i64 = 50;

/// A token in the list on the account page.
#[derive(Clone, Debug, FromRow)]
pub struct Listed {
    /// Id.
    pub id: Uuid,
    /// What the person calls it.
    pub label: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was used last, to within five minutes.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}

/// A token to store.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Hash of the token.
    pub token_hash: Vec<u8>,
    /// Whose it is.
    pub person_id: Uuid,
    /// What the person calls it; cut to 80 characters.
    pub label: String,
    /// When it stops working.
    pub expires_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Row {
    token_id: Uuid,
    last_used_at: Option<DateTime<Utc>>,
    #[sqlx(flatten)]
    person: Person,
}

/// The person of a token, if both are alive.
pub async fn find(db: &Db, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<Person>> {
    let row: Option<Row> = on!(db, |c| sqlx::query_as(
        "select t.id as token_id, t.last_used_at, p.id, p.login, p.name, p.role, p.language, p.theme, p.font_size
         from api_token t join person p on p.id = t.person_id
         where t.token_hash = $1 and t.expires_at > $2 and p.disabled_at is null",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(c)
    .await)?;
    let Some(row) = row else { return Ok(None) };
    if row.last_used_at.is_none_or(|used| now - used > USED_EVERY) {
        let id = row.token_id;
        db.write(move |tx| {
            Box::pin(async move {
                execute!(tx, "update api_token set last_used_at = $2 where id = $1", id, now)?;
                Ok(())
            })
        })
        .await?;
    }
    Ok(Some(row.person))
}

/// A person's tokens, the newest first.
pub async fn list(db: &Db, person_id: Uuid, now: DateTime<Utc>) -> Result<Vec<Listed>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select id, label, created_at, last_used_at, expires_at from api_token
         where person_id = $1 and expires_at > $2 order by created_at desc, id desc",
    )
    .bind(person_id)
    .bind(now)
    .fetch_all(c)
    .await)?)
}

/// Stores a token.
///
/// # Errors
/// A conflict when the person has fifty already.
pub async fn create(db: &Db, new: NewToken, now: DateTime<Utc>) -> Result<Uuid> {
    db.write(move |tx| Box::pin(async move { create_in(tx, &new, now).await })).await
}

/// The same inside a transaction.
pub async fn create_in(tx: &mut Tx, new: &NewToken, now: DateTime<Utc>) -> Result<Uuid> {
    let count: i64 =
        on_tx!(tx, |c| sqlx::query_scalar("select count(*) from api_token where person_id = $1 and expires_at > $2")
            .bind(new.person_id)
            .bind(now)
            .fetch_one(c)
            .await)?;
    if count >= MOST {
        return Err(Error::conflict("account-token-too-many"));
    }
    let id = Uuid::now_v7();
    execute!(
        tx,
        "insert into api_token (id, token_hash, person_id, label, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
        id,
        &new.token_hash,
        new.person_id,
        new.label.chars().take(80).collect::<String>(),
        now,
        new.expires_at,
    )?;
    Ok(id)
}

/// Revokes a token of a person.
pub async fn revoke(db: &Db, person_id: Uuid, token_id: Uuid) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            execute!(tx, "delete from api_token where id = $1 and person_id = $2", token_id, person_id)?;
            Ok(())
        })
    })
    .await
}
