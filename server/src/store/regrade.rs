//! Answers to mark anew, and the writing of their new marks.

use std::collections::HashMap;

use sqlx::FromRow;
use uuid::Uuid;

use super::attempt::{hand_in, recount_these};
use crate::db::Db;
use crate::error::Result;
use crate::marking::{Marked, MarkedAnswer};
use crate::on;

/// An answer as it is.
#[derive(Clone, Debug, FromRow)]
pub struct Given {
    /// Attempt.
    pub attempt_id: Uuid,
    /// Blank.
    pub blank_id: Uuid,
    /// As written.
    pub text: String,
    /// Points before overrides and the late rule.
    pub points: i64,
    /// Verdict.
    pub verdict: String,
}

/// All answers of up to `attempts` attempts in which some answer was marked with an older key.
pub async fn stale(db: &Db, assignment: Uuid, attempts: i64) -> Result<Vec<Given>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select a.attempt_id, a.blank_id, a.text, a.points, a.verdict
         from answer a join blank b on b.id = a.blank_id
         where b.removed_at is null and a.attempt_id in (
             select distinct s.attempt_id
             from question q
             join blank k on k.question_id = q.id and k.removed_at is null
             join attempt t on t.assignment_id = q.assignment_id
             join answer s on s.attempt_id = t.id and s.blank_id = k.id and s.key_version <> k.key_version
             where q.assignment_id = $1 and q.removed_at is null limit $2)",
    )
    .bind(assignment)
    .bind(attempts)
    .fetch_all(c)
    .await)?)
}

/// All answers of an assignment.
pub async fn all(db: &Db, assignment: Uuid) -> Result<Vec<Given>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select a.attempt_id, a.blank_id, a.text, a.points, a.verdict
         from attempt t join answer a on a.attempt_id = t.id
         where t.assignment_id = $1 and t.handed_in_at is not null",
    )
    .bind(assignment)
    .fetch_all(c)
    .await)?)
}

/// Points given by hand, by attempt and blank; the last ones hold.
pub async fn overrides(db: &Db, assignment: Uuid) -> Result<HashMap<(Uuid, Uuid), i64>> {
    let rows: Vec<(Uuid, Uuid, i64)> = on!(db, |c| sqlx::query_as(
        "select o.attempt_id, o.blank_id, o.points from override o
         join attempt t on t.id = o.attempt_id
         where t.assignment_id = $1 order by o.given_at, o.id",
    )
    .bind(assignment)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|(attempt, blank, points)| ((attempt, blank), points)).collect())
}

/// Names of everybody who is or was in a class.
pub async fn names(db: &Db, class: Uuid) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = on!(db, |c| sqlx::query_as(
        "select p.id, p.name from membership m join person p on p.id = m.person_id where m.class_id = $1",
    )
    .bind(class)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().collect())
}

/// Writes new marks and adds the attempts up again.
pub async fn write(db: &Db, class: Uuid, marked: Vec<(Uuid, Marked)>) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let answers: Vec<(Uuid, &MarkedAnswer)> = marked
                .iter()
                .flat_map(|(attempt, marked)| marked.answers.iter().map(|answer| (*attempt, answer)))
                .collect();
            hand_in::write_answers(tx, class, &answers).await?;
            let attempts: Vec<Uuid> = marked.iter().map(|(attempt, _)| *attempt).collect();
            recount_these(tx, &attempts).await?;
            Ok(())
        })
    })
    .await
}
