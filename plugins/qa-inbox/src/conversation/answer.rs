//! A student answers: the answer, the time it took and the confirmed entry of the FAQ are written together.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;

use super::case::{self, Case};
use super::delivery;
use crate::clock::{self, Hours};
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
}

/// Answers a question that the person has claimed; false when somebody else has it or it is closed. A claim that ran out
/// holds as long as nobody else claims the question.
pub fn answer(host: &Host, question: Uuid, draft: Draft<'_>) -> Result<bool> {
    let case = case::find(host, question)?;
    let (class, me, now) = (host.class()?.id, host.person()?.id, host.now());
    let id = host.new_id();
    let delivery = if case.follower.is_some() { "sending" } else { "copy" };
    let batch = host
        .batch()
        .expect(1, "delete from claim where question_id = $1 and person_id = $2", params![question, me])
        .expect(
            1,
            "update question set state = 'answered', since = null, last_at = $1,
                answered_day = coalesce(answered_day, $2) where id = $3 and class_id = $4 and state <> 'closed'",
            params![now, clock::day(now), question, class],
        )
        .add(
            "insert into message
                (id, class_id, question_id, follower, author, kind, person_id, text, words, at, delivery, faq_id)
             values ($1, $2, $3, $4, 'student', 'answer', $5, $6, $7, $8, $9, $10)",
            params![id, class, question, case.follower, me, draft.text, plain(draft.text), now, delivery, draft.faq],
        );
    let batch = add_response(batch, host, &case, id)?;
    let batch = match draft.faq {
        Some(faq) => batch.add(
            "insert into pair (id, class_id, question_id, faq_id, text, fits, person_id, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![host.new_id(), class, question, faq, &case.text, true, me, now],
        ),
        None => batch,
    };
    match batch.run() {
        Ok(_) => {
            // The answer is kept; a job tries again what cannot be sent now.
            if let Err(error) = delivery::deliver(host, id) {
                log::warn!("an answer could not be sent now: {}", error.code().name());
            }
            Ok(true)
        }
        Err(error) if error.code() == Code::Conflict => Ok(false),
        Err(error) => Err(error),
    }
}

/// How long the follower waited. What nobody waited for, such as a second answer, is no response.
fn add_response<'h>(batch: Batch<'h>, host: &Host, case: &Case, message: Uuid) -> Result<Batch<'h>> {
    let Some(since) = case.since else { return Ok(batch) };
    let (now, hours) = (host.now(), Hours::of(host));
    let sql = "select count(*) as responses from response where question_id = $1";
    let is_first = host.query(sql, params![case.id])?.value::<i64>()? == 0;
    Ok(batch.add(
        "insert into response (id, class_id, question_id, message_id, person_id, kind, day, waited, own)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            host.new_id(),
            host.class()?.id,
            case.id,
            message,
            host.person()?.id,
            if is_first { "first" } else { "next" },
            clock::day(now),
            hours.seconds(since, now),
            hours.own_seconds(since, now)
        ],
    ))
}
