//! Questions that wait, and answering them.

use chrono::{DateTime, Utc};
use grader::assignment::Share;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::{Error, Result};
use crate::store::audit;
use crate::store::class::in_class;
use crate::store::mark::{self, Marked, NewMark};
use crate::store::person::Actor;
use crate::store::review::{self, Decide, Decided};
use crate::{execute, on, on_tx};

/// A question that waits, with everything a teacher looks at.
#[derive(Clone, Debug, FromRow)]
pub struct Waiting {
    /// Id.
    pub id: Uuid,
    /// What was asked.
    pub text: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Who.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// Attempt.
    pub attempt_id: Uuid,
    /// Its number.
    pub attempt: i64,
    /// Assignment.
    pub assignment_id: Uuid,
    /// Its title.
    pub title: String,
    /// Question.
    pub question_id: Uuid,
    /// Its number.
    pub number: String,
    /// Its text, blanks as `{1}`.
    pub question_text: String,
    /// Its points.
    pub question_points: i64,
    /// The blank, if it is about one.
    pub blank_id: Option<Uuid>,
    /// Its place in the question.
    pub position: Option<i64>,
    /// Its points.
    pub blank_points: Option<i64>,
    /// The version of its key.
    pub key_version: Option<i64>,
    /// Its key as JSON.
    pub spec: Option<String>,
    /// The answer.
    pub answer: Option<String>,
    /// What equal answers share.
    pub normal_form: Option<String>,
    /// Points of the answer.
    pub answer_points: Option<i64>,
    /// The grader's reason as JSON.
    pub reason: Option<String>,
    /// Answers that are equal to it, itself included.
    pub equal: i64,
    /// Points given by hand instead; a decision about equal answers does not move them.
    pub by_hand: Option<i64>,
    /// The essay.
    pub essay: Option<String>,
    /// The attempt in which the essay was first handed in.
    pub origin: Option<Uuid>,
    /// Its mark.
    pub mark_id: Option<Uuid>,
    /// Points of the mark.
    pub mark_points: Option<i64>,
    /// What was written beside it.
    pub mark_comment: Option<String>,
}

macro_rules! waiting_sql {
    ($rest:literal) => {
        concat!(
            "select i.id, i.text, i.asked_at, i.person_id, p.name, i.attempt_id, t.number as attempt, t.assignment_id,
                    a.title, q.id as question_id, q.number, q.text as question_text, q.points as question_points,
                    b.id as blank_id, b.position, b.points as blank_points, b.key_version, k.spec,
                    n.text as answer, n.normal_form, n.points as answer_points, n.reason,
                    (select count(*) from attempt y join answer x on x.attempt_id = y.id and x.blank_id = i.field
                     where y.assignment_id = t.assignment_id and x.normal_form = n.normal_form) as equal,
                    o.points as by_hand,
                    e.text as essay, e.origin, m.id as mark_id, m.points as mark_points, m.comment as mark_comment
             from inquiry i
             join person p on p.id = i.person_id
             join attempt t on t.id = i.attempt_id
             join assignment a on a.id = t.assignment_id
             left join blank b on b.id = i.field
             left join blank_key k on k.blank_id = b.id and k.version = b.key_version
             left join answer n on n.attempt_id = i.attempt_id and n.blank_id = i.field
             left join override o on o.id = (
                 select x.id from override x where x.attempt_id = i.attempt_id and x.blank_id = i.field
                 order by x.given_at desc, x.id desc limit 1)
             join question q on q.id = coalesce(b.question_id, i.field)
             left join essay e on e.attempt_id = i.attempt_id and e.question_id = i.field
             left join mark m on m.id = (
                 select x.id from mark x where x.attempt_id = e.origin and x.question_id = i.field
                 order by x.marked_at desc, x.id desc limit 1)
             where i.class_id = $1 and i.reply is null ",
            $rest
        )
    };
}

/// Questions that wait in a class, the oldest first.
pub async fn waiting(db: &Db, class_id: Uuid, limit: i64) -> Result<Vec<Waiting>> {
    Ok(on!(db, |c| sqlx::query_as(waiting_sql!("order by i.asked_at, i.id limit $2"))
        .bind(class_id)
        .bind(limit)
        .fetch_all(c)
        .await)?)
}

/// One question that waits.
pub async fn find(db: &Db, class_id: Uuid, id: Uuid) -> Result<Option<Waiting>> {
    Ok(on!(db, |c| sqlx::query_as(waiting_sql!("and i.id = $2")).bind(class_id).bind(id).fetch_optional(c).await)?)
}

/// How many questions wait in a class.
pub async fn count(db: &Db, class_id: Uuid) -> Result<i64> {
    Ok(on!(db, |c| sqlx::query_scalar("select count(*) from inquiry where class_id = $1 and reply is null")
        .bind(class_id)
        .fetch_one(c)
        .await)?)
}

/// What a teacher does to the mark with an answer.
#[derive(Clone, Debug)]
pub enum Change {
    /// It stays.
    Nothing,
    /// What the answer and all equal ones are worth.
    Decide {
        /// The blank whose key takes the decision.
        blank_id: Uuid,
        /// Their share of its points.
        share: Share,
        /// The version of its key that the teacher saw.
        seen: i64,
    },
    /// The points of an essay.
    Mark {
        /// Points in millionths.
        points: i64,
        /// The mark that the teacher saw.
        seen: Option<Uuid>,
    },
}

/// An answer to give.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The question that it answers.
    pub inquiry: Waiting,
    /// Class.
    pub class_id: Uuid,
    /// What the student reads.
    pub text: String,
    /// What happens to the mark.
    pub change: Change,
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replied {
    /// The student can read it. Where keys changed, the assignment is to be regraded.
    Done,
    /// A colleague was quicker.
    Already,
    /// A colleague changed the mark meanwhile; nothing was done.
    Meanwhile,
    /// More than the question is worth, in millionths.
    TooMany(i64),
}

/// Answers a question, and changes the mark with it if the teacher wants: both or neither.
pub async fn reply(db: &Db, actor: Actor, reply: Reply, now: DateTime<Utc>) -> Result<Replied> {
    db.write(move |tx| Box::pin(async move { reply_in(tx, &actor, &reply, now).await })).await
}

async fn reply_in(tx: &mut Tx, actor: &Actor, reply: &Reply, now: DateTime<Utc>) -> Result<Replied> {
    let inquiry = &reply.inquiry;
    tx.lock(&format!("inquiry:{}", inquiry.id)).await?;
    let open: i64 = on_tx!(tx, |c| sqlx::query_scalar(
        "select count(*) from inquiry where id = $1 and class_id = $2 and reply is null",
    )
    .bind(inquiry.id)
    .bind(reply.class_id)
    .fetch_one(c)
    .await)?;
    if open == 0 {
        return Ok(Replied::Already);
    }
    let changed = match change_in(tx, actor, reply, now).await? {
        Outcome::Changed => true,
        Outcome::Kept => false,
        Outcome::Refused(refused) => return Ok(refused),
    };
    execute!(
        tx,
        "update inquiry set reply = $2, replied_by = $3, replied_at = $4, changed = $5 where id = $1",
        inquiry.id,
        &reply.text,
        actor.id,
        now,
        changed,
    )?;
    let detail = format!("inquiry {}{}", inquiry.id, if changed { ", mark changed" } else { "" });
    audit::record(tx, in_class(actor, now, reply.class_id, "inquiry.reply", detail)).await?;
    Ok(Replied::Done)
}

enum Outcome {
    Changed,
    Kept,
    Refused(Replied),
}

async fn change_in(tx: &mut Tx, actor: &Actor, reply: &Reply, now: DateTime<Utc>) -> Result<Outcome> {
    let inquiry = &reply.inquiry;
    match &reply.change {
        Change::Nothing => Ok(Outcome::Kept),
        Change::Decide { blank_id, share, seen } => {
            let (Some(answer), Some(normal_form)) = (&inquiry.answer, &inquiry.normal_form) else {
                return Err(Error::NotFound);
            };
            let decide = Decide {
                class_id: reply.class_id,
                blank_id: *blank_id,
                normal_form: normal_form.clone(),
                sample: answer.trim().to_owned(),
                share: *share,
                seen: *seen,
            };
            Ok(match review::decide_in(tx, actor, &decide, now).await? {
                Decided::Done { .. } => Outcome::Changed,
                Decided::Meanwhile(_) => Outcome::Refused(Replied::Meanwhile),
            })
        }
        Change::Mark { points, seen } => {
            let origin = inquiry.origin.ok_or(Error::NotFound)?;
            let new = NewMark {
                class_id: reply.class_id,
                question_id: inquiry.question_id,
                attempt_id: origin,
                points: *points,
                comment: inquiry.mark_comment.clone().unwrap_or_default(),
                seen: *seen,
            };
            Ok(match mark::give_in(tx, actor, &new, now).await? {
                Marked::Done => Outcome::Changed,
                Marked::Meanwhile => Outcome::Refused(Replied::Meanwhile),
                Marked::TooMany(most) => Outcome::Refused(Replied::TooMany(most)),
            })
        }
    }
}
