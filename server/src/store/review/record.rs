//! Past decisions, and whose answers they reached.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::read;
use crate::db::Db;
use crate::error::Result;
use crate::on;

/// A decision in the list of past ones.
#[derive(Clone, Debug, FromRow)]
pub struct Past {
    /// Id.
    pub id: Uuid,
    /// Title of the assignment.
    pub title: String,
    /// Number of the question.
    pub number: String,
    /// The blank in it.
    pub position: i64,
    /// The answer as one student wrote it.
    pub sample: String,
    /// Millionths of the blank credited.
    pub credit: i64,
    /// Who.
    pub name: String,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
}

/// Past decisions of a class, the last one first.
pub async fn past(db: &Db, class_id: Uuid, limit: i64) -> Result<Vec<Past>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select d.id, a.title, q.number, b.position, d.sample, d.credit, p.name, d.decided_at, d.undone_at
         from decision d
         join blank b on b.id = d.blank_id
         join question q on q.id = b.question_id
         join assignment a on a.id = q.assignment_id
         join person p on p.id = d.decided_by
         where d.class_id = $1 order by d.decided_at desc, d.id desc limit $2",
    )
    .bind(class_id)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

/// A student whose answer a decision was about.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Affected {
    /// Assignment.
    pub assignment_id: Uuid,
    /// Student.
    pub person_id: Uuid,
    /// Name.
    pub name: String,
    /// Which attempt.
    pub number: i64,
    /// The blank it stands in.
    pub blank_id: Uuid,
    /// Points that the answer has now, changes by hand included.
    pub points: i64,
}

/// Whose answers a decision was about, and what they have now.
pub async fn affected(db: &Db, class_id: Uuid, decision: Uuid) -> Result<Vec<Affected>> {
    let blanks = same_group(db, class_id, decision).await?;
    let affected: Vec<Affected> = on!(db, |c| {
        sqlx::query_as(
        "select q.assignment_id, t.person_id, p.name, t.number, w.id as blank_id, coalesce(o.points, n.points) as points
         from decision d
         join blank b on b.id = d.blank_id
         join question q on q.id = b.question_id
         join blank w on w.question_id = q.id
         join attempt t on t.assignment_id = q.assignment_id
         join answer n on n.attempt_id = t.id and n.blank_id = w.id and n.normal_form = d.normal_form
         join person p on p.id = t.person_id
         left join membership m on m.class_id = t.class_id and m.person_id = t.person_id
         left join override o on o.id = (
             select x.id from override x where x.attempt_id = n.attempt_id and x.blank_id = n.blank_id
             order by x.given_at desc, x.id desc limit 1)
         where d.id = $1 and d.class_id = $2
         order by m.student_number, p.name, t.number",
    )
    .bind(decision)
    .bind(class_id)
    .fetch_all(c)
    .await
    })?;
    Ok(affected.into_iter().filter(|affected| blanks.contains(&affected.blank_id)).collect())
}

/// The blank a decision is about, and those of its order-free group: equal answers may stand in any of them.
async fn same_group(db: &Db, class_id: Uuid, decision: Uuid) -> Result<Vec<Uuid>> {
    let rows: Vec<(Uuid, Uuid, String)> = on!(db, |c| sqlx::query_as(
        "select d.blank_id, b.id, k.spec
         from decision d
         join blank t on t.id = d.blank_id
         join blank b on b.question_id = t.question_id
         join blank_key k on k.blank_id = b.id and k.version = b.key_version
         where d.id = $1 and d.class_id = $2",
    )
    .bind(decision)
    .bind(class_id)
    .fetch_all(c)
    .await)?;
    let mut groups: Vec<(Uuid, Option<String>)> = Vec::with_capacity(rows.len());
    for (_, blank, spec) in &rows {
        groups.push((*blank, read(spec)?.group));
    }
    let target = rows.first().map(|(target, _, _)| *target);
    let group = groups.iter().find(|(blank, _)| Some(*blank) == target).and_then(|(_, group)| group.clone());
    let belongs = |(blank, own): &(Uuid, Option<String>)| Some(*blank) == target || (group.is_some() && *own == group);
    Ok(groups.iter().filter(|&entry| belongs(entry)).map(|(blank, _)| *blank).collect())
}
