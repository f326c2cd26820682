//! Assignments as files: what a class has, and putting a checked plan in its place.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use grader::assignment::{Blank, Points, Question, QuestionKind};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::difference::{CurrentBlank, CurrentQuestion, Plan, PlannedQuestion};
use crate::error::{Error, Result};
use crate::store::audit;
use crate::{execute, on, on_tx};

/// Rows of one insert; keeps its parameters under PostgreSQL's and SQLite's limits.
const ROWS: usize = 500;

/// An assignment of a class as an import sees it.
#[derive(Clone, Debug)]
pub struct Current {
    /// Id.
    pub id: Uuid,
    /// What a preview and the import after it compare.
    pub fingerprint: String,
    /// Its questions with their keys, in order.
    pub questions: Vec<CurrentQuestion>,
}

/// An assignment of a class with the file it came from.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its questions with their keys.
    pub current: Current,
    /// What identifies it.
    pub name: Name,
    /// The file as it was imported, or changed by hand, last.
    pub source: String,
    /// When anything of it changed last.
    pub updated_at: DateTime<Utc>,
}

/// What identifies an assignment within a class.
#[derive(Clone, Debug)]
pub struct Name {
    /// Course, as in its address.
    pub course: String,
    /// Chapter, as in its address.
    pub chapter: String,
    /// Title.
    pub title: String,
}

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

#[derive(FromRow)]
struct QuestionRow {
    id: Uuid,
    number: String,
    kind: String,
    text: String,
    points: i64,
    rubric: Option<String>,
}

#[derive(FromRow)]
struct BlankRow {
    id: Uuid,
    question_id: Uuid,
    key_version: i64,
    points: i64,
    hint: Option<String>,
    spec: String,
    answers: i64,
}

/// The assignment of this name in a class, if it has one.
pub async fn current(db: &Db, class_id: Uuid, name: &Name) -> Result<Option<Current>> {
    let found: Option<(Uuid, String)> = on!(db, |c| sqlx::query_as(
        "select id, fingerprint from assignment
         where class_id = $1 and course = $2 and chapter = $3 and title = $4",
    )
    .bind(class_id)
    .bind(&name.course)
    .bind(&name.chapter)
    .bind(&name.title)
    .fetch_optional(c)
    .await)?;
    let Some((id, fingerprint)) = found else { return Ok(None) };
    Ok(Some(Current { id, fingerprint, questions: questions(db, id).await? }))
}

/// An assignment of a class with its file.
pub async fn held(db: &Db, class_id: Uuid, id: Uuid) -> Result<Option<Held>> {
    #[derive(FromRow)]
    struct Row {
        course: String,
        chapter: String,
        title: String,
        source: String,
        fingerprint: String,
        updated_at: DateTime<Utc>,
    }
    let found: Option<Row> = on!(db, |c| sqlx::query_as(
        "select course, chapter, title, source, fingerprint, updated_at from assignment
         where class_id = $1 and id = $2",
    )
    .bind(class_id)
    .bind(id)
    .fetch_optional(c)
    .await)?;
    let Some(Row { course, chapter, title, source, fingerprint, updated_at }) = found else { return Ok(None) };
    let current = Current { id, fingerprint, questions: questions(db, id).await? };
    Ok(Some(Held { current, name: Name { course, chapter, title }, source, updated_at }))
}

async fn questions(db: &Db, id: Uuid) -> Result<Vec<CurrentQuestion>> {
    let questions: Vec<QuestionRow> = on!(db, |c| sqlx::query_as(
        "select id, number, kind, text, points, rubric from question
         where assignment_id = $1 and removed_at is null order by position",
    )
    .bind(id)
    .fetch_all(c)
    .await)?;
    let blanks: Vec<BlankRow> = on!(db, |c| sqlx::query_as(
        "select b.id, b.question_id, b.key_version, b.points, b.hint, k.spec,
                (select count(*) from attempt t join answer a on a.attempt_id = t.id and a.blank_id = b.id
                 where t.assignment_id = q.assignment_id and a.verdict <> 'unanswered') as answers
         from blank b
         join question q on q.id = b.question_id
         join blank_key k on k.blank_id = b.id and k.version = b.key_version
         where q.assignment_id = $1 and q.removed_at is null and b.removed_at is null
         order by b.position",
    )
    .bind(id)
    .fetch_all(c)
    .await)?;
    let mut by_question: HashMap<Uuid, Vec<BlankRow>> = HashMap::new();
    for blank in blanks {
        by_question.entry(blank.question_id).or_default().push(blank);
    }
    questions
        .into_iter()
        .map(|row| {
            let blanks = by_question.remove(&row.id).unwrap_or_default();
            row.into_current(blanks)
        })
        .collect()
}

impl QuestionRow {
    fn into_current(self, rows: Vec<BlankRow>) -> Result<CurrentQuestion> {
        let mut blanks = Vec::with_capacity(rows.len());
        let mut specs = Vec::with_capacity(rows.len());
        for row in rows {
            let spec: Blank = serde_json::from_str(&row.spec).map_err(Error::internal)?;
            specs.push(Blank { points: Points(row.points), hint: row.hint, ..spec });
            blanks.push(CurrentBlank { id: row.id, version: row.key_version, answers: row.answers });
        }
        let question = Question {
            number: self.number,
            kind: kind_of(&self.kind)?,
            text: self.text,
            points: Points(self.points),
            rubric: self.rubric,
            blanks: specs,
        };
        Ok(CurrentQuestion { id: self.id, question, blanks })
    }
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

fn kind_of(name: &str) -> Result<QuestionKind> {
    match name {
        "blanks" => Ok(QuestionKind::Blanks),
        "essay" => Ok(QuestionKind::Essay),
        "project" => Ok(QuestionKind::Project),
        other => Err(Error::internal(format!("a question of kind {other}"))),
    }
}
