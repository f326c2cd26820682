//! A student answers: the answer, the time it took and the confirmed entry of the FAQ are written together.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;

use super::case::{self, ANSWERS, ASKED, Case};
use super::delivery;
use crate::clock::{self, Hours};
use crate::faq::pair;
use crate::similarity::plain;

/// The longest answer, in characters.
pub const LONGEST: usize = 600;
/// The same in bytes, as the channel sends it.
pub const LONGEST_BYTES: usize = 2_048;

/// What is written.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'d> {
    /// The answer.
    pub text: &'d str,
    /// The entry of the FAQ that the student took.
    pub faq: Option<Uuid>,
    /// How many questions of the follower the student has read; none: all that there are.
    pub read: Option<i64>,
    /// Only as long as nobody has answered it.
    pub only_open: bool,
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is written.
    Done,
    /// It is written; the follower has asked more meanwhile, which waits.
    More,
    /// Somebody else has the question, or it is closed.
    Taken,
}

/// Answers a question that the person has claimed. A claim that ran out holds as long as nobody else claims the question.
pub fn answer(host: &Host, question: Uuid, draft: Draft<'_>) -> Result<Outcome> {
    let case = case::find(host, question)?;
    let (class, me, now) = (host.class()?.id, host.person()?.id, host.now());
    let id = host.new_id();
    let delivery = if case.follower.is_some() { "sending" } else { "copy" };
    let asked = format!("message where question_id = $3 and {ASKED}");
    let has_more = format!("(select count(*) from {asked}) > $5");
    let batch = host
        .batch()
        .expect(1, "delete from claim where question_id = $1 and person_id = $2", params![question, me])
        .expect(
            1,
            &format!(
                "update question set last_at = $1, answered_day = coalesce(answered_day, $2),
                    state = case when {has_more} then 'open' else 'answered' end,
                    asked = case when {has_more} then
                        (select text from {asked} order by at desc, id desc limit 1) else asked end,
                    since = case when {has_more} then (select max(at) from {asked}) else null end
                 where id = $3 and class_id = $4 and state <> 'closed' and (state = 'open' or not $6)"
            ),
            params![now, clock::day(now), question, class, draft.read.unwrap_or(i64::MAX), draft.only_open],
        )
        .add(
            "insert into message
                (id, class_id, question_id, follower, author, kind, person_id, text, words, at, delivery, faq_id)
             values ($1, $2, $3, $4, 'student', 'answer', $5, $6, $7, $8, $9, $10)",
            params![id, class, question, case.follower, me, draft.text, plain(draft.text), now, delivery, draft.faq],
        );
    let batch = add_response(batch, host, &case, id)?;
    let batch = match draft.faq {
        Some(faq) => pair::add(batch, host, question, Some(faq), &case.asked, true)?,
        None => batch,
    };
    match batch.run() {
        Ok(_) => {
            // The answer is kept; a job tries again what cannot be sent now.
            if let Err(error) = delivery::deliver(host, id) {
                log::warn!("an answer could not be sent now: {}", error.code().name());
            }
            let is_open = case::find(host, question).is_ok_and(|case| case.state == "open");
            Ok(if is_open { Outcome::More } else { Outcome::Done })
        }
        Err(error) if error.code() == Code::Conflict => Ok(Outcome::Taken),
        Err(error) => Err(error),
    }
}

/// How long the follower waited. What nobody waited for, such as a second answer, is no response, nor is the answer to a
/// question that one has opened again oneself.
fn add_response<'h>(batch: Batch<'h>, host: &Host, case: &Case, message: Uuid) -> Result<Batch<'h>> {
    let Some(since) = case.since.filter(|_| case.state == "open") else { return Ok(batch) };
    let sql = format!(
        "select kind, person_id from message where question_id = $1
            and ({ANSWERS} or ({ASKED}) or kind = 'reopened') order by at desc, id desc limit 1"
    );
    let table = host.query(&sql, params![case.id])?;
    let is_own = |row: Row<'_>| -> Result<bool> {
        Ok(row.get::<String>("kind")? == "reopened" && row.get::<Option<Uuid>>("person_id")? == Some(host.person()?.id))
    };
    if table.first().map(is_own).transpose()?.unwrap_or(false) && was_answered(host, case.id)? {
        return Ok(batch);
    }
    let (now, hours) = (host.now(), Hours::of(host));
    let sql = "select count(*) as responses from response where question_id = $1";
    let is_first = host.query(sql, params![case.id])?.value::<i64>()? == 0;
    Ok(batch.add(
        "insert into response (id, class_id, question_id, message_id, person_id, kind, day, waited, own, own_entry)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            host.new_id(),
            host.class()?.id,
            case.id,
            message,
            host.person()?.id,
            if is_first { "first" } else { "next" },
            clock::day(now),
            hours.seconds(since, now),
            hours.own_seconds(since, now),
            case.entered_by == Some(host.person()?.id)
        ],
    ))
}

fn was_answered(host: &Host, question: Uuid) -> Result<bool> {
    let sql = format!("select count(*) as answers from message where question_id = $1 and {ANSWERS}");
    Ok(host.query(&sql, params![question])?.value::<i64>()? > 0)
}
