//! Marking essays and projects by hand: what was handed in, in an order that favours nobody, and the marks given.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::rules::Counting;
use crate::store::assignment::Kind;
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;
use crate::{execute, on, on_tx};

/// A question that people mark.
#[derive(Clone, Debug, FromRow)]
pub struct Question {
    /// Id.
    pub id: Uuid,
    /// Assignment.
    pub assignment_id: Uuid,
    /// Its title.
    pub title: String,
    /// Number as printed.
    pub number: String,
    /// Essay or project.
    pub kind: Kind,
    /// Text as Markdown.
    pub text: String,
    /// Points in millionths.
    pub points: i64,
    /// How it is marked, as Markdown.
    pub rubric: Option<String>,
    /// Which attempt counts.
    pub counting: Counting,
}

/// A text to mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandIn {
    /// The attempt in which it was first handed in; its mark belongs there.
    pub attempt_id: Uuid,
    /// Whose; for a project, who handed it in for the class.
    pub person_id: Uuid,
    /// Points given so far.
    pub points: Option<i64>,
}

/// A question with what was handed in for it, in the order of marking.
pub struct Pile {
    /// The question.
    pub question: Question,
    /// One text a student, or one for the class.
    pub hand_ins: Vec<HandIn>,
}

impl Pile {
    /// How many wait for a mark.
    pub fn waiting(&self) -> usize {
        self.hand_ins.iter().filter(|hand_in| hand_in.points.is_none()).count()
    }
}

#[derive(FromRow)]
struct HandInRow {
    question_id: Uuid,
    origin: Uuid,
    person_id: Uuid,
    counts: bool,
    points: Option<i64>,
}

/// What is handed in to be marked in a class: all its questions, or one.
pub async fn piles(db: &Db, class_id: Uuid, question: Option<Uuid>) -> Result<Vec<Pile>> {
    let one = question.unwrap_or_default();
    let questions: Vec<Question> = on!(db, |c| sqlx::query_as(
        "select q.id, q.assignment_id, a.title, q.number, q.kind, q.text, q.points, q.rubric, a.counting
         from assignment a join question q on q.assignment_id = a.id
         where a.class_id = $1 and a.given_at is not null and q.kind <> 'blanks' and q.removed_at is null
           and ($2 or q.id = $3)
         order by a.created_at, a.id, q.position",
    )
    .bind(class_id)
    .bind(question.is_none())
    .bind(one)
    .fetch_all(c)
    .await)?;
    let rows: Vec<HandInRow> = on!(db, |c| sqlx::query_as(
        "select e.question_id, e.origin, t.person_id, t.counts,
                (select m.points from mark m where m.attempt_id = e.origin and m.question_id = e.question_id
                 order by m.marked_at desc, m.id desc limit 1) as points
         from assignment a
         join question q on q.assignment_id = a.id and q.removed_at is null
         join essay e on e.question_id = q.id
         join attempt t on t.id = e.attempt_id
         left join membership s on s.class_id = a.class_id and s.person_id = t.person_id
         left join project_hand_in h on h.question_id = q.id
         where a.class_id = $1 and t.handed_in_at is not null and ($2 or q.id = $3)
           and ((q.kind = 'essay' and s.left_at is null) or (q.kind = 'project' and h.attempt_id = e.attempt_id))
         order by t.number",
    )
    .bind(class_id)
    .bind(question.is_none())
    .bind(one)
    .fetch_all(c)
    .await)?;
    let mut by_student: HashMap<Uuid, HashMap<Uuid, Vec<HandInRow>>> = HashMap::new();
    for row in rows {
        by_student.entry(row.question_id).or_default().entry(row.person_id).or_default().push(row);
    }
    Ok(questions
        .into_iter()
        .map(|question| {
            let students = by_student.remove(&question.id).unwrap_or_default();
            let mut hand_ins: Vec<HandIn> =
                students.into_values().filter_map(|rows| chosen(question.counting, rows)).collect();
            hand_ins.sort_by_cached_key(|hand_in| order(question.id, hand_in.attempt_id));
            Pile { question, hand_ins }
        })
        .collect())
}

/// Of several texts of one student the one to mark: the last one, or where the first attempt counts that one's.
fn chosen(rule: Counting, rows: Vec<HandInRow>) -> Option<HandIn> {
    let row = match rule {
        Counting::First => {
            let first = rows.iter().position(|row| row.counts).unwrap_or(rows.len().checked_sub(1)?);
            rows.into_iter().nth(first)?
        }
        Counting::Best | Counting::Last => rows.into_iter().next_back()?,
    };
    Some(HandIn { attempt_id: row.origin, person_id: row.person_id, points: row.points })
}

/// The place of a text among those of its question: the same at every look, and unlike every other question's, so that
/// neither the first nor the last on the roster is always marked by a tired teacher.
fn order(question: Uuid, attempt: Uuid) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(question.as_bytes());
    hash.update(attempt.as_bytes());
    hash.finalize().into()
}

/// A text with everything that the one who marks it looks at.
#[derive(Clone, Debug, FromRow)]
pub struct Sheet {
    /// The text.
    pub text: String,
    /// Who wrote it.
    pub name: String,
    /// Number on the roster.
    pub number: Option<String>,
    /// Which attempt.
    pub attempt: i64,
    /// When it was handed in.
    pub handed_in_at: DateTime<Utc>,
    /// Per cent taken off for lateness.
    pub late_per_cent: i64,
}

/// A text of the class, as first handed in with this attempt.
pub async fn sheet(db: &Db, class_id: Uuid, question: Uuid, attempt: Uuid) -> Result<Option<Sheet>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select e.text, p.name, s.student_number as number, t.number as attempt, t.handed_in_at, t.late_per_cent
         from essay e
         join attempt t on t.id = e.attempt_id
         join person p on p.id = t.person_id
         left join membership s on s.class_id = t.class_id and s.person_id = t.person_id
         where e.attempt_id = $1 and e.question_id = $2 and e.class_id = $3 and e.origin = e.attempt_id
           and t.handed_in_at is not null",
    )
    .bind(attempt)
    .bind(question)
    .bind(class_id)
    .fetch_optional(c)
    .await)?)
}

/// A mark that was given.
#[derive(Clone, Debug, FromRow)]
pub struct Given {
    /// Id.
    pub id: Uuid,
    /// Points in millionths, before the late rule.
    pub points: i64,
    /// What the student reads beside it.
    pub comment: String,
    /// Who marked.
    pub name: String,
    /// When.
    pub marked_at: DateTime<Utc>,
}

/// All marks of a text, the one in force first.
pub async fn given(db: &Db, question: Uuid, attempt: Uuid) -> Result<Vec<Given>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select m.id, m.points, m.comment, p.name, m.marked_at
         from mark m join person p on p.id = m.marked_by
         where m.attempt_id = $1 and m.question_id = $2 order by m.marked_at desc, m.id desc",
    )
    .bind(attempt)
    .bind(question)
    .fetch_all(c)
    .await)?)
}

/// A mark to give.
#[derive(Clone, Debug)]
pub struct NewMark {
    /// Class.
    pub class_id: Uuid,
    /// Question.
    pub question_id: Uuid,
    /// The attempt in which the text was first handed in.
    pub attempt_id: Uuid,
    /// Points in millionths, before the late rule.
    pub points: i64,
    /// What the student reads beside it.
    pub comment: String,
    /// The last mark that the teacher saw; `None`: there was none.
    pub seen: Option<Uuid>,
}

/// What became of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// It holds.
    Done,
    /// Somebody marked the same text meanwhile; nothing was done.
    Meanwhile,
    /// More than the question is worth, in millionths.
    TooMany(i64),
}

/// Gives a mark; earlier ones stay as history.
///
/// # Errors
/// [`Error::NotFound`] when the class has no such text.
pub async fn give(db: &Db, actor: Actor, new: NewMark, now: DateTime<Utc>) -> Result<Marked> {
    db.write(move |tx| Box::pin(async move { give_in(tx, &actor, &new, now).await })).await
}

pub(in crate::store) async fn give_in(tx: &mut Tx, actor: &Actor, new: &NewMark, now: DateTime<Utc>) -> Result<Marked> {
    tx.lock(&format!("mark:{}:{}", new.attempt_id, new.question_id)).await?;
    let worth: Option<i64> = on_tx!(tx, |c| sqlx::query_scalar(
        "select q.points from essay e
         join attempt t on t.id = e.attempt_id
         join question q on q.id = e.question_id
         where e.attempt_id = $1 and e.question_id = $2 and e.class_id = $3 and e.origin = e.attempt_id
           and t.handed_in_at is not null",
    )
    .bind(new.attempt_id)
    .bind(new.question_id)
    .bind(new.class_id)
    .fetch_optional(c)
    .await)?;
    let worth = worth.ok_or(Error::NotFound)?;
    if new.points > worth {
        return Ok(Marked::TooMany(worth));
    }
    let last: Option<Uuid> = on_tx!(tx, |c| sqlx::query_scalar(
        "select id from mark where attempt_id = $1 and question_id = $2 order by marked_at desc, id desc limit 1",
    )
    .bind(new.attempt_id)
    .bind(new.question_id)
    .fetch_optional(c)
    .await)?;
    if last != new.seen {
        return Ok(Marked::Meanwhile);
    }
    execute!(
        tx,
        "insert into mark (id, class_id, attempt_id, question_id, points, comment, marked_by, marked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        Uuid::now_v7(),
        new.class_id,
        new.attempt_id,
        new.question_id,
        new.points,
        &new.comment,
        actor.id,
        now,
    )?;
    let detail = format!("text {} {}: {} points", new.attempt_id, new.question_id, crate::points::exact(new.points));
    audit::record(tx, in_class(actor, now, new.class_id, "mark.give", detail)).await?;
    Ok(Marked::Done)
}
