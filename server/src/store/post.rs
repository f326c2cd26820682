//! Posts in a class, such as operator (运营): given and taken by its teachers, gone when their holder leaves.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;
use crate::{execute, on};

/// The post of those who run the class's public account.
pub const OPERATOR: &str = "operator";

/// A post in a class.
#[derive(Clone, Debug, FromRow)]
pub struct Post {
    /// Who holds it.
    pub person_id: Uuid,
    /// `operator`, or a free name.
    pub post: String,
}

/// The posts in a class.
pub async fn list(db: &Db, class_id: Uuid) -> Result<Vec<Post>> {
    Ok(on!(db, |c| sqlx::query_as("select person_id, post from post where class_id = $1 order by given_at, post")
        .bind(class_id)
        .fetch_all(c)
        .await)?)
}

/// Whether a person holds a post in a class.
pub async fn has(db: &Db, class_id: Uuid, person_id: Uuid, post: &str) -> Result<bool> {
    let held: i64 = on!(db, |c| sqlx::query_scalar(
        "select count(*) from post where class_id = $1 and person_id = $2 and post = $3"
    )
    .bind(class_id)
    .bind(person_id)
    .bind(post)
    .fetch_one(c)
    .await)?;
    Ok(held > 0)
}

/// The posts a person holds in a class.
pub async fn held(db: &Db, class_id: Uuid, person_id: Uuid) -> Result<Vec<String>> {
    Ok(on!(db, |c| sqlx::query_scalar(
        "select post from post where class_id = $1 and person_id = $2 order by given_at, post"
    )
    .bind(class_id)
    .bind(person_id)
    .fetch_all(c)
    .await)?)
}

/// Gives a member a post.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when the person is not in the class.
pub async fn give(
    db: &Db,
    actor: Actor,
    class_id: Uuid,
    person_id: Uuid,
    post: String,
    now: DateTime<Utc>,
) -> Result<()> {
    let entry = in_class(&actor, now, class_id, "post.give", format!("{post} {person_id}"));
    audit::change(db, entry, move |tx| {
        Box::pin(async move {
            Ok(execute!(
                tx,
                "insert into post (class_id, person_id, post, given_by, given_at)
                 select class_id, person_id, $3, $4, $5 from membership
                 where class_id = $1 and person_id = $2 and left_at is null
                 on conflict (class_id, person_id, post) do update set given_by = excluded.given_by",
                class_id,
                person_id,
                &post,
                actor.id,
                now,
            )?)
        })
    })
    .await
}

/// Takes a post away; taking one that is not held changes nothing.
pub async fn take(
    db: &Db,
    actor: Actor,
    class_id: Uuid,
    person_id: Uuid,
    post: String,
    now: DateTime<Utc>,
) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let done = execute!(
                tx,
                "delete from post where class_id = $1 and person_id = $2 and post = $3",
                class_id,
                person_id,
                &post,
            )?;
            if done == 0 {
                return Ok(());
            }
            audit::record(tx, in_class(&actor, now, class_id, "post.take", format!("{post} {person_id}"))).await
        })
    })
    .await
}
