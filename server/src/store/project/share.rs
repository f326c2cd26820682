//! What facts are worth for a project, and the shares that students were given.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;
use crate::{execute, on, on_tx};

/// What a fact of a tool is worth.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Rate {
    /// The tool.
    pub plugin_id: String,
    /// The fact.
    pub fact: String,
    /// Points for one, in millionths.
    pub each_points: i64,
    /// The most that it can earn, in millionths.
    pub most_points: Option<i64>,
}

/// A share in force.
#[derive(Clone, Debug, FromRow)]
pub struct Share {
    /// Id.
    pub id: Uuid,
    /// Project.
    pub question_id: Uuid,
    /// Student.
    pub person_id: Uuid,
    /// Points in millionths.
    pub points: i64,
    /// The facts it was reckoned from, as JSON.
    pub facts: String,
}

/// A share to give.
#[derive(Clone, Debug)]
pub struct NewShare {
    /// Student.
    pub person_id: Uuid,
    /// Points in millionths.
    pub points: i64,
    /// The facts behind it, as JSON.
    pub facts: String,
    /// The share that the teacher saw; `None`: there was none.
    pub seen: Option<Uuid>,
}

/// What a teacher puts into the gradebook.
#[derive(Clone, Debug)]
pub struct Put {
    /// Class.
    pub class_id: Uuid,
    /// Project.
    pub question_id: Uuid,
    /// All rates; those of before are forgotten.
    pub rates: Vec<Rate>,
    /// The shares that change.
    pub shares: Vec<NewShare>,
}

/// What facts are worth for a project, by tool and fact.
pub async fn rates(db: &Db, class_id: Uuid, question_id: Uuid) -> Result<Vec<Rate>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select plugin_id, fact, each_points, most_points from project_rate
         where class_id = $1 and question_id = $2 order by plugin_id, fact",
    )
    .bind(class_id)
    .bind(question_id)
    .fetch_all(c)
    .await)?)
}

/// The shares in force of a class, or of one of its projects, by project and student.
pub async fn shares(db: &Db, class_id: Uuid, question: Option<Uuid>) -> Result<HashMap<(Uuid, Uuid), Share>> {
    let shares: Vec<Share> = on!(db, |c| sqlx::query_as(
        "select s.id, s.question_id, s.person_id, s.points, s.facts from project_share s
         where s.class_id = $1 and ($2 or s.question_id = $3) and s.id = (
             select x.id from project_share x where x.question_id = s.question_id and x.person_id = s.person_id
             order by x.given_at desc, x.id desc limit 1)",
    )
    .bind(class_id)
    .bind(question.is_none())
    .bind(question.unwrap_or_default())
    .fetch_all(c)
    .await)?;
    Ok(shares.into_iter().map(|share| ((share.question_id, share.person_id), share)).collect())
}

/// Keeps rates and gives shares: all of it holds, or nothing.
///
/// # Errors
/// [`Error::NotFound`] when the class has no such project; a conflict when somebody else gave a share meanwhile, or one is
/// more than the project is worth now.
pub async fn put(db: &Db, actor: Actor, put: Put, now: DateTime<Utc>) -> Result<()> {
    db.write(move |tx| Box::pin(async move { put_in(tx, &actor, &put, now).await })).await
}

async fn put_in(tx: &mut Tx, actor: &Actor, put: &Put, now: DateTime<Utc>) -> Result<()> {
    tx.lock(&format!("project:{}", put.question_id)).await?;
    let worth: Option<i64> = on_tx!(tx, |c| sqlx::query_scalar(
        "select q.points from question q join assignment a on a.id = q.assignment_id
         where q.id = $1 and a.class_id = $2 and a.given_at is not null
           and q.kind = 'project' and q.removed_at is null",
    )
    .bind(put.question_id)
    .bind(put.class_id)
    .fetch_optional(c)
    .await)?;
    let worth = worth.ok_or(Error::NotFound)?;
    execute!(tx, "delete from project_rate where question_id = $1", put.question_id)?;
    for rate in &put.rates {
        execute!(
            tx,
            "insert into project_rate (question_id, class_id, plugin_id, fact, each_points, most_points)
             values ($1, $2, $3, $4, $5, $6)",
            put.question_id,
            put.class_id,
            &rate.plugin_id,
            &rate.fact,
            rate.each_points,
            rate.most_points,
        )?;
    }
    for share in &put.shares {
        let last: Option<Uuid> = on_tx!(tx, |c| sqlx::query_scalar(
            "select id from project_share where question_id = $1 and person_id = $2
             order by given_at desc, id desc limit 1",
        )
        .bind(put.question_id)
        .bind(share.person_id)
        .fetch_optional(c)
        .await)?;
        if last != share.seen || share.points > worth {
            return Err(Error::conflict("plugin-marks-meanwhile"));
        }
        execute!(
            tx,
            "insert into project_share (id, class_id, question_id, person_id, points, facts, given_by, given_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            Uuid::now_v7(),
            put.class_id,
            put.question_id,
            share.person_id,
            share.points,
            &share.facts,
            actor.id,
            now,
        )?;
    }
    let detail = format!("project {}: {} students", put.question_id, put.shares.len());
    audit::record(tx, in_class(actor, now, put.class_id, "project.share", detail)).await
}
