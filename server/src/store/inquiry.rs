//! What students ask about their marks, and what teachers answer. A mark that is changed with an answer goes through the
//! same decisions as everywhere: for a blank it holds for all equal answers.

mod queue;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::person::Actor;
use crate::{execute, on, on_tx};

pub use queue::{Change, Replied, Reply, Waiting, count, find, reply, waiting};

/// The most characters of a question or an answer.
pub const LONGEST: usize = 500;
/// How many questions a student may ask in a class within a day.
pub const A_DAY: i64 = 10;

/// A question about a mark, with its answer.
#[derive(Clone, Debug, FromRow)]
pub struct Inquiry {
    /// The blank, or the question of an essay, that it is about.
    pub field: Uuid,
    /// What was asked.
    pub text: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// The teacher's answer; `None`: open.
    pub reply: Option<String>,
    /// When it was answered.
    pub replied_at: Option<DateTime<Utc>>,
    /// Whether the mark was changed with the answer.
    pub changed: bool,
}

/// A question to ask.
#[derive(Clone, Debug)]
pub struct New {
    /// Class.
    pub class_id: Uuid,
    /// The attempt in which the mark stands.
    pub attempt_id: Uuid,
    /// Blank, or question of an essay.
    pub field: Uuid,
    /// What is asked.
    pub text: String,
}

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It waits for the teacher.
    Done,
    /// One about the same blank or essay waits already.
    Already,
    /// Too many within a day.
    TooMany,
}

/// What was asked in an attempt, oldest first.
pub async fn of_attempt(db: &Db, attempt: Uuid) -> Result<Vec<Inquiry>> {
    Ok(on!(db, |c| {
        sqlx::query_as(
        "select field, text, asked_at, reply, replied_at, changed from inquiry where attempt_id = $1 order by asked_at, id",
    )
    .bind(attempt)
    .fetch_all(c)
    .await
    })?)
}

/// Asks about a mark; the actor is the student, and the caller has checked that the attempt is theirs.
pub async fn ask(db: &Db, actor: Actor, new: New, now: DateTime<Utc>) -> Result<Asked> {
    db.write(move |tx| Box::pin(async move { ask_in(tx, &actor, &new, now).await })).await
}

async fn ask_in(tx: &mut Tx, actor: &Actor, new: &New, now: DateTime<Utc>) -> Result<Asked> {
    tx.lock(&format!("inquiries of {}", actor.id)).await?;
    let (open, lately): (i64, i64) = on_tx!(tx, |c| sqlx::query_as(
        "select (select count(*) from inquiry where person_id = $1 and field = $2 and reply is null),
                (select count(*) from inquiry where person_id = $1 and class_id = $3 and asked_at > $4)",
    )
    .bind(actor.id)
    .bind(new.field)
    .bind(new.class_id)
    .bind(now - TimeDelta::days(1))
    .fetch_one(c)
    .await)?;
    if open > 0 {
        return Ok(Asked::Already);
    }
    if lately >= A_DAY {
        return Ok(Asked::TooMany);
    }
    let id = Uuid::now_v7();
    execute!(
        tx,
        "insert into inquiry (id, class_id, attempt_id, field, person_id, text, asked_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id,
        new.class_id,
        new.attempt_id,
        new.field,
        actor.id,
        &new.text,
        now,
    )?;
    audit::record(tx, in_class(actor, now, new.class_id, "inquiry.ask", format!("inquiry {id}"))).await?;
    Ok(Asked::Done)
}

/// An answer as its student finds it on the front page.
#[derive(Clone, Debug, FromRow)]
pub struct Answered {
    /// Attempt with the mark.
    pub attempt_id: Uuid,
    /// Question, for the place on the sheet.
    pub question_id: Uuid,
    /// Title of the assignment.
    pub title: String,
    /// Number of the question.
    pub number: String,
    /// The class's time zone.
    pub time_zone: String,
    /// What the teacher wrote.
    pub reply: String,
    /// When.
    pub replied_at: DateTime<Utc>,
    /// Whether the mark was changed with it.
    pub changed: bool,
}

/// Answers that a student was given since then, in the classes they are in, the newest first.
pub async fn answered(db: &Db, person_id: Uuid, since: DateTime<Utc>, limit: i64) -> Result<Vec<Answered>> {
    Ok(on!(db, |c| sqlx::query_as(
        "select i.attempt_id, q.id as question_id, a.title, q.number, c.time_zone, i.reply, i.replied_at, i.changed
         from inquiry i
         join membership m on m.class_id = i.class_id and m.person_id = i.person_id and m.left_at is null
         join class c on c.id = i.class_id and c.archived_at is null
         join attempt t on t.id = i.attempt_id
         join assignment a on a.id = t.assignment_id
         left join blank b on b.id = i.field
         join question q on q.id = coalesce(b.question_id, i.field)
         where i.person_id = $1 and i.reply is not null and i.replied_at > $2
         order by i.replied_at desc, i.id desc limit $3",
    )
    .bind(person_id)
    .bind(since)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}
