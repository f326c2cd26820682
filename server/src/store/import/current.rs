//! What a class has, as an import sees it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use grader::assignment::{Blank, Points, Question, QuestionKind};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Db;
use crate::difference::{CurrentBlank, CurrentQuestion};
use crate::error::{Error, Result};
use crate::on;

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

fn kind_of(name: &str) -> Result<QuestionKind> {
    match name {
        "blanks" => Ok(QuestionKind::Blanks),
        "essay" => Ok(QuestionKind::Essay),
        "project" => Ok(QuestionKind::Project),
        other => Err(Error::internal(format!("a question of kind {other}"))),
    }
}
