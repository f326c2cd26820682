//! Leases: a question is one person's for ten minutes, and longer as long as nobody else wants it.

use plugin_sdk::prelude::*;

use super::case;

/// How long a question is kept for who claimed it.
pub const LEASE: TimeDelta = TimeDelta::minutes(10);

/// Keeps a question for the person who asks; false when it is another's. The one statement decides, so two people at once
/// never get the same question.
pub fn claim(host: &Host, question: Uuid) -> Result<bool> {
    let (class, me, now) = (host.class()?.id, host.person()?.id, host.now());
    let done = host.exec(
        "insert into claim (question_id, person_id, expires_at)
         select id, $1, $2 from question where id = $3 and class_id = $4 and state <> 'closed'
         on conflict (question_id) do update set person_id = excluded.person_id, expires_at = excluded.expires_at
         where claim.expires_at <= $5 or claim.person_id = excluded.person_id",
        params![me, now + LEASE, question, class, now],
    )?;
    if done == 0 {
        case::find(host, question)?;
    }
    Ok(done > 0)
}

/// Lets others have it.
pub fn release(host: &Host, question: Uuid) -> Result<bool> {
    case::find(host, question)?;
    let sql = "delete from claim where question_id = $1 and person_id = $2";
    Ok(host.exec(sql, params![question, host.person()?.id])? > 0)
}
