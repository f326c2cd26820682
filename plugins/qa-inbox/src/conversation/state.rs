//! Closing a question, opening it again, and giving it to somebody.

use plugin_sdk::prelude::*;

use super::case;

/// Closes a question that needs no answer; false when it is closed already, somebody else has it, or its follower has asked
/// more than was read.
pub fn close(host: &Host, question: Uuid, read: Option<i64>) -> Result<bool> {
    if read.is_some_and(|read| case::count_asked(host, question).is_ok_and(|asked| asked > read)) {
        return Ok(false);
    }
    change(host, question, "closed", "state <> 'closed'", "since = null")
}

/// Opens a question again: somebody waits from now on, or since they asked what nobody has answered.
pub fn reopen(host: &Host, question: Uuid) -> Result<bool> {
    let since = "coalesce((select min(m.at) from message m where m.question_id = $3 and m.author = 'follower'
        and m.kind = 'question' and not exists (select 1 from message a where a.question_id = $3
            and a.author in ('faq', 'student') and a.at >= m.at)), $1)";
    change(host, question, "reopened", "state <> 'open'", &format!("since = {since}, reopened = reopened + 1"))
}

fn change(host: &Host, question: Uuid, kind: &str, condition: &str, change: &str) -> Result<bool> {
    let case = case::find(host, question)?;
    let me = host.person()?;
    if case.holder(host.now()).is_some_and(|holder| holder != me.id) {
        return Ok(false);
    }
    let (class, now) = (host.class()?.id, host.now());
    let state = if kind == "closed" { "closed" } else { "open" };
    let sql = format!(
        "update question set state = $2, last_at = $1, {change} where id = $3 and class_id = $4 and {condition}"
    );
    let done = host
        .batch()
        .expect(1, &sql, params![now, state, question, class])
        .add(
            "insert into message
                (id, class_id, question_id, follower, author, kind, person_id, text, words, at, delivery)
             values ($1, $2, $3, $4, 'system', $5, $6, '', '', $7, 'in')",
            params![host.new_id(), class, question, case.follower, kind, me.id, now],
        )
        .add("delete from claim where question_id = $1", params![question])
        .run();
    match done {
        Ok(_) => Ok(true),
        Err(error) if error.code() == plugin_sdk::protocol::Code::Conflict => Ok(false),
        Err(error) => Err(error),
    }
}

/// Gives a question to somebody of the class, or to whoever is on duty.
pub fn assign(host: &Host, question: Uuid, to: Option<Uuid>) -> Result<()> {
    case::find(host, question)?;
    let class = host.class()?.id;
    let Some(person) = to else {
        host.exec("delete from assignment where question_id = $1 and class_id = $2", params![question, class])?;
        return Ok(());
    };
    if !host.roster()?.iter().any(|one| one.id == person) {
        return Err(invalid("assign-nobody").at("person"));
    }
    host.exec(
        "insert into assignment (question_id, class_id, person_id, at) values ($1, $2, $3, $4)
         on conflict (question_id) do update set person_id = excluded.person_id, at = excluded.at",
        params![question, class, person, host.now()],
    )?;
    Ok(())
}
