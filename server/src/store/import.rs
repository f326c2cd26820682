//! Assignments as files: what a class has, and putting a checked plan in its place.

mod current;

use chrono::{DateTime, TimeDelta, Utc};
use grader::assignment::QuestionKind;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::difference::{Plan, PlannedQuestion};
use crate::error::{Error, Result};
use crate::store::audit;
use crate::{execute, on_tx};

pub use current::{Current, Held, Name, current, held};

/// Rows of one insert; keeps its parameters under PostgreSQL's and SQLite's limits.
const ROWS: usize = 500;

/// A checked import.
pub struct Import {
    /// Into which class.
    pub class_id: Uuid,
    /// As which assignment.
    pub name: Name,
    /// The file.
    pub source: String,
    /// SHA-256 of the file in hex.
    pub fingerprint: String,
    /// The fingerprint that the plan was made against; `None` for a new assignment.
    pub base: Option<String>,
    /// The last change that the plan was made against, where nothing may have changed since, not even a key that was
    /// confirmed.
    pub unchanged_since: Option<DateTime<Utc>>,
    /// What the audit log calls it, and says of it.
    pub entry: (&'static str, String),
    /// What to do.
    pub plan: Plan,
    /// Who does it.
    pub person_id: Uuid,
    /// From where.
    pub address: String,
    /// When.
    pub now: DateTime<Utc>,
}

/// Puts the plan in place, unless the class's assignment changed since the plan was made. Marks of answers whose keys
/// changed are made anew by [`crate::regrade`] afterwards; until then they keep naming the old key version.
pub async fn apply(db: &Db, import: Import) -> Result<Uuid> {
    db.write(move |tx| Box::pin(async move { apply_in(tx, import).await })).await
}

async fn apply_in(tx: &mut Tx, import: Import) -> Result<Uuid> {
    tx.lock(&format!("assignments of {}", import.class_id)).await?;
    let found: Option<(Uuid, String, DateTime<Utc>)> = on_tx!(tx, |c| sqlx::query_as(
        "select id, fingerprint, updated_at from assignment
         where class_id = $1 and course = $2 and chapter = $3 and title = $4",
    )
    .bind(import.class_id)
    .bind(&import.name.course)
    .bind(&import.name.chapter)
    .bind(&import.name.title)
    .fetch_optional(c)
    .await)?;
    if found.as_ref().map(|(_, fingerprint, _)| fingerprint) != import.base.as_ref() {
        return Err(Error::conflict("import-conflict"));
    }
    let id = match found {
        Some((_, _, updated_at)) if import.unchanged_since.is_some_and(|seen| seen != updated_at) => {
            return Err(Error::conflict("import-conflict"));
        }
        Some((id, _, updated_at)) => {
            // Caches go by this time, so two imports within one tick of the clock must differ.
            let updated_at = import.now.max(updated_at + TimeDelta::milliseconds(1));
            execute!(
                tx,
                "update assignment set source = $2, fingerprint = $3, updated_at = $4 where id = $1",
                id,
                &import.source,
                &import.fingerprint,
                updated_at,
            )?;
            id
        }
        None => insert_assignment(tx, &import).await?,
    };
    for question_id in &import.plan.removed {
        execute!(tx, "update question set removed_at = $2 where id = $1", question_id, import.now)?;
    }
    let mut rows = Rows::default();
    for (position, planned) in import.plan.questions.iter().enumerate() {
        let question_id = write_question(tx, &import, id, position as i64 + 1, planned).await?;
        rows.collect(tx, &import, question_id, planned).await?;
    }
    rows.insert(tx, &import).await?;
    audit::record(
        tx,
        audit::Entry {
            at: import.now,
            person_id: Some(import.person_id),
            class_id: Some(import.class_id),
            action: import.entry.0,
            subject: id.to_string(),
            detail: import.entry.1,
            address: import.address,
        },
    )
    .await?;
    Ok(id)
}

async fn insert_assignment(tx: &mut Tx, import: &Import) -> Result<Uuid> {
    let id = Uuid::now_v7();
    execute!(
        tx,
        "insert into assignment
           (id, class_id, course, chapter, title, source, fingerprint, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
        id,
        import.class_id,
        &import.name.course,
        &import.name.chapter,
        &import.name.title,
        &import.source,
        &import.fingerprint,
        import.person_id,
        import.now,
    )?;
    Ok(id)
}

async fn write_question(
    tx: &mut Tx,
    import: &Import,
    assignment_id: Uuid,
    position: i64,
    planned: &PlannedQuestion,
) -> Result<Uuid> {
    let question = &planned.question;
    if let Some(id) = planned.id {
        execute!(
            tx,
            "update question set position = $2, kind = $3, text = $4, points = $5, rubric = $6 where id = $1",
            id,
            position,
            kind_name(question.kind),
            &question.text,
            question.points.0,
            &question.rubric,
        )?;
        return Ok(id);
    }
    let id = Uuid::now_v7();
    execute!(
        tx,
        "insert into question (id, assignment_id, class_id, number, position, kind, text, points, rubric)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        assignment_id,
        import.class_id,
        &question.number,
        position,
        kind_name(question.kind),
        &question.text,
        question.points.0,
        &question.rubric,
    )?;
    Ok(id)
}

/// Rows of new blanks and new key versions, inserted many at a time.
#[derive(Default)]
struct Rows {
    blanks: Vec<(Uuid, Uuid, i64, i64, Option<String>)>,
    keys: Vec<(Uuid, i64, String, bool)>,
}

impl Rows {
    async fn collect(
        &mut self,
        tx: &mut Tx,
        import: &Import,
        question_id: Uuid,
        planned: &PlannedQuestion,
    ) -> Result<()> {
        for id in &planned.removed {
            execute!(tx, "update blank set removed_at = $2 where id = $1", id, import.now)?;
        }
        for (index, (blank, place)) in planned.question.blanks.iter().zip(&planned.blanks).enumerate() {
            let position = index as i64 + 1;
            let spec = serde_json::to_string(blank).map_err(Error::internal)?;
            match place.current {
                Some((id, version)) => {
                    let version = version + i64::from(place.key_changed);
                    if place.key_changed {
                        self.keys.push((id, version, spec, blank.confirmed));
                    }
                    execute!(
                        tx,
                        "update blank set position = $2, points = $3, hint = $4, key_version = $5 where id = $1",
                        id,
                        position,
                        blank.points.0,
                        &blank.hint,
                        version,
                    )?;
                }
                None => {
                    let id = Uuid::now_v7();
                    self.blanks.push((id, question_id, position, blank.points.0, blank.hint.clone()));
                    self.keys.push((id, 1, spec, blank.confirmed));
                }
            }
        }
        Ok(())
    }

    async fn insert(self, tx: &mut Tx, import: &Import) -> Result<()> {
        for rows in self.blanks.chunks(ROWS) {
            on_tx!(tx, |c| {
                let mut insert = QueryBuilder::new(
                    "insert into blank (id, question_id, class_id, position, points, hint, key_version) ",
                );
                insert.push_values(rows, |mut row, (id, question_id, position, points, hint)| {
                    row.push_bind(*id)
                        .push_bind(*question_id)
                        .push_bind(import.class_id)
                        .push_bind(*position)
                        .push_bind(*points)
                        .push_bind(hint.clone())
                        .push_bind(1_i64);
                });
                insert.build().execute(c).await.map(|_| ())
            })?;
        }
        for rows in self.keys.chunks(ROWS) {
            on_tx!(tx, |c| {
                let mut insert = QueryBuilder::new(
                    "insert into blank_key (blank_id, version, spec, confirmed, created_by, created_at) ",
                );
                insert.push_values(rows, |mut row, (id, version, spec, confirmed)| {
                    row.push_bind(*id)
                        .push_bind(*version)
                        .push_bind(spec.clone())
                        .push_bind(*confirmed)
                        .push_bind(import.person_id)
                        .push_bind(import.now);
                });
                insert.build().execute(c).await.map(|_| ())
            })?;
        }
        Ok(())
    }
}

fn kind_name(kind: QuestionKind) -> &'static str {
    match kind {
        QuestionKind::Blanks => "blanks",
        QuestionKind::Essay => "essay",
        QuestionKind::Project => "project",
    }
}
