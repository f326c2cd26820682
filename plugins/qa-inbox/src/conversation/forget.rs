//! A follower who leaves is forgotten: text, ids and conversation go at once; how many asked and were answered on a day, how
//! long that took, and answers that became part of the FAQ stay.

use plugin_sdk::prelude::*;

use super::intake::mark;

/// How long the hash of a follower is kept, because what they sent may still be on its way.
const ON_ITS_WAY: TimeDelta = TimeDelta::hours(24);
/// The questions of a follower.
const THEIRS: &str = "select id from question where class_id = $1 and follower = $2";

/// Forgets a follower.
pub fn forget(host: &Host, follower: Uuid) -> Result<()> {
    let (class, now) = (host.class()?.id, host.now());
    let mut batch = host.batch().add(
        "insert into departure (class_id, mark, at) values ($1, $2, $3) on conflict do nothing",
        params![class, mark(follower), now],
    );
    for (day, asked, answered) in [("day", "count(*)", "0"), ("answered_day", "0", "count(*)")] {
        let sql = format!(
            "insert into day_total (class_id, day, asked, answered)
             select class_id, {day}, {asked}, {answered} from question
             where class_id = $1 and follower = $2 and {day} is not null group by class_id, {day}
             on conflict (class_id, day) do update
                set asked = day_total.asked + excluded.asked, answered = day_total.answered + excluded.answered"
        );
        batch = batch.add(&sql, params![class, follower]);
    }
    for sql in [
        format!("update response set question_id = null, message_id = null where question_id in ({THEIRS})"),
        format!("update faq set from_question = null where from_question in ({THEIRS})"),
        format!(
            "update review set message_id = null, text = '' where message_id in
                (select id from message where question_id in ({THEIRS}))"
        ),
        format!("delete from pair where question_id in ({THEIRS})"),
        format!("delete from claim where question_id in ({THEIRS})"),
        format!("delete from assignment where question_id in ({THEIRS})"),
        format!("delete from message where question_id in ({THEIRS})"),
        "delete from message where class_id = $1 and follower = $2".to_owned(),
        "delete from question where class_id = $1 and follower = $2".to_owned(),
    ] {
        batch = batch.add(&sql, params![class, follower]);
    }
    batch.run()?;
    Ok(())
}

/// Forgets the hashes of those who left long enough ago.
pub fn sweep(host: &Host) -> Result<()> {
    let sql = "delete from departure where class_id = $1 and at < $2";
    host.exec(sql, params![host.class()?.id, host.now() - ON_ITS_WAY])?;
    Ok(())
}

/// Deletes a question with everything about it; how long it waited stays.
pub fn delete(host: &Host, question: Uuid) -> Result<()> {
    let case = super::case::find(host, question)?;
    let mut batch = host.batch();
    for sql in [
        // Who enters questions, answers them and deletes them has done nothing for anybody.
        "delete from response where question_id = $1 and own_entry",
        "update response set question_id = null, message_id = null where question_id = $1",
        "update faq set from_question = null where from_question = $1",
        "update review set message_id = null, text = '' where message_id in
            (select id from message where question_id = $1)",
        "delete from pair where question_id = $1",
        "delete from claim where question_id = $1",
        "delete from assignment where question_id = $1",
        "delete from message where question_id = $1",
        "delete from question where id = $1",
    ] {
        batch = batch.add(sql, params![case.id]);
    }
    batch.run()?;
    Ok(())
}
