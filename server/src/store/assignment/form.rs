//! The questions of an assignment with their blanks and the keys in force, read in two queries and kept while the
//! assignment does not change.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::{DateTime, Utc};
use grader::assignment as file;
use sqlx::FromRow;
use uuid::Uuid;

use super::Assignment;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::marking::Keys;
use crate::on;
use crate::sheet::Shelf;

/// How many assignments are kept at most; one takes some tens of kilobytes.
const KEPT: usize = 256;

/// What kind of answer a question takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Kind {
    /// Blanks, marked at once.
    Blanks,
    /// A text with attachments, marked by a person.
    Essay,
    /// One hand-in for the class, marked by a person.
    Project,
}

/// What an assignment asks.
pub struct Form {
    /// Questions in their order, without removed ones.
    pub questions: Vec<Question>,
    /// Blanks and questions that a newer version of the file removed: pages opened earlier still send them.
    pub removed: Vec<Uuid>,
    /// The questions as HTML.
    pub rendered: Shelf,
    keys: OnceLock<Keys>,
}

/// One numbered question.
#[derive(Clone, Debug)]
pub struct Question {
    /// Id.
    pub id: Uuid,
    /// Number as printed.
    pub number: String,
    /// What kind of answer it takes.
    pub kind: Kind,
    /// Markdown with blanks as `{1}`, `{2}` …
    pub text: String,
    /// Points in millionths.
    pub points: i64,
    /// How an essay or project is marked, as Markdown.
    pub rubric: Option<String>,
    /// Its blanks; the one at index 0 is `{1}`.
    pub blanks: Vec<Blank>,
}

/// One gap with the key in force. Never serialised: the key must not reach a student.
#[derive(Clone, Debug)]
pub struct Blank {
    /// Id.
    pub id: Uuid,
    /// Counts from 1 in its question, as in `{1}`.
    pub position: i64,
    /// Points in millionths.
    pub points: i64,
    /// A hint for students.
    pub hint: Option<String>,
    /// Version of the key in force.
    pub key_version: i64,
    /// What is accepted.
    pub spec: file::Blank,
}

/// Forms that were read lately, by assignment and `updated_at`.
#[derive(Clone, Default)]
pub struct Forms(Arc<Mutex<HashMap<Uuid, (DateTime<Utc>, Arc<Form>)>>>);

#[derive(FromRow)]
struct QuestionRow {
    id: Uuid,
    number: String,
    kind: Kind,
    text: String,
    points: i64,
    rubric: Option<String>,
    removed_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct BlankRow {
    id: Uuid,
    question_id: Uuid,
    position: i64,
    points: i64,
    hint: Option<String>,
    key_version: i64,
    removed_at: Option<DateTime<Utc>>,
    spec: String,
}

impl Forms {
    /// The form of an assignment as of its `updated_at`.
    pub async fn find(&self, db: &Db, assignment: &Assignment) -> Result<Arc<Form>> {
        let (id, version) = (assignment.id, assignment.updated_at);
        {
            let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, form)) = kept.get(&id).filter(|(read, _)| *read == version) {
                return Ok(form.clone());
            }
        }
        let form = Arc::new(load(db, id).await?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(&id) {
            // Any one makes room: what is in use comes back with the next request.
            let evicted = kept.keys().next().copied();
            evicted.map(|evicted| kept.remove(&evicted));
        }
        kept.insert(id, (version, form.clone()));
        Ok(form)
    }
}

impl Form {
    /// A form of these questions.
    pub fn new(questions: Vec<Question>, removed: Vec<Uuid>) -> Self {
        Self { questions, removed, rendered: Shelf::default(), keys: OnceLock::new() }
    }

    /// A form as an assignment file has it, for tests that need no database.
    #[cfg(test)]
    pub(crate) fn of_file(source: &str) -> Self {
        let parsed = file::parse(source, grader::Language::English).expect("the file is fine");
        let questions = parsed.assignment.questions.into_iter().map(|question| Question {
            id: Uuid::now_v7(),
            kind: match question.kind {
                file::QuestionKind::Blanks => Kind::Blanks,
                file::QuestionKind::Essay => Kind::Essay,
                file::QuestionKind::Project => Kind::Project,
            },
            number: question.number,
            text: question.text,
            points: question.points.0,
            rubric: question.rubric,
            blanks: (1..)
                .zip(question.blanks)
                .map(|(position, spec)| Blank {
                    id: Uuid::now_v7(),
                    position,
                    points: spec.points.0,
                    hint: None,
                    key_version: 1,
                    spec,
                })
                .collect(),
        });
        Self::new(questions.collect(), Vec::new())
    }

    /// The blanks of all questions, in order.
    pub fn blanks(&self) -> impl Iterator<Item = &Blank> {
        self.questions.iter().flat_map(|question| &question.blanks)
    }

    /// Questions that take a text.
    pub fn texts(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|question| question.kind != Kind::Blanks)
    }

    /// Questions that each student writes about.
    pub fn essays(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|question| question.kind == Kind::Essay)
    }

    /// The question with this id.
    pub fn question(&self, id: Uuid) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// How many characters a field takes; `None`: there is no such field.
    pub fn limit(&self, field: Uuid) -> Option<usize> {
        if self.blanks().any(|blank| blank.id == field) || self.removed.contains(&field) {
            Some(crate::marking::LONGEST_ANSWER)
        } else {
            self.texts().any(|question| question.id == field).then_some(crate::marking::LONGEST_TEXT)
        }
    }

    /// Points of the whole assignment in millionths.
    pub fn points(&self) -> i64 {
        self.questions.iter().map(|question| question.points).sum()
    }

    /// The keys, compiled when first needed.
    pub fn keys(&self) -> &Keys {
        self.keys.get_or_init(|| Keys::compile(&self.questions))
    }
}

async fn load(db: &Db, assignment: Uuid) -> Result<Form> {
    let questions: Vec<QuestionRow> = on!(db, |c| sqlx::query_as(
        "select id, number, kind, text, points, rubric, removed_at from question
         where assignment_id = $1 order by position, id",
    )
    .bind(assignment)
    .fetch_all(c)
    .await)?;
    let blanks: Vec<BlankRow> = on!(db, |c| sqlx::query_as(
        "select b.id, b.question_id, b.position, b.points, b.hint, b.key_version, b.removed_at, k.spec
         from blank b
         join question q on q.id = b.question_id
         join blank_key k on k.blank_id = b.id and k.version = b.key_version
         where q.assignment_id = $1 order by b.position, b.id",
    )
    .bind(assignment)
    .fetch_all(c)
    .await)?;
    let mut removed: Vec<Uuid> =
        questions.iter().filter(|question| question.removed_at.is_some()).map(|question| question.id).collect();
    let mut by_question: HashMap<Uuid, Vec<Blank>> = HashMap::new();
    for row in blanks {
        if row.removed_at.is_some() || removed.contains(&row.question_id) {
            removed.push(row.id);
            continue;
        }
        let spec = serde_json::from_str(&row.spec)
            .map_err(|error| Error::internal(format!("the key of blank {} cannot be read: {error}", row.id)))?;
        by_question.entry(row.question_id).or_default().push(Blank {
            id: row.id,
            position: row.position,
            points: row.points,
            hint: row.hint,
            key_version: row.key_version,
            spec,
        });
    }
    let questions = questions
        .into_iter()
        .filter(|row| row.removed_at.is_none())
        .map(|row| Question {
            blanks: by_question.remove(&row.id).unwrap_or_default(),
            id: row.id,
            number: row.number,
            kind: row.kind,
            text: row.text,
            points: row.points,
            rubric: row.rubric,
        })
        .collect();
    Ok(Form::new(questions, removed))
}
