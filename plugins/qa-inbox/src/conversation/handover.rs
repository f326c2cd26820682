//! Answers that wait for a follower go out with the reply to their next message, and wait again when that reply did not go
//! out.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;

use super::delivery;
use super::intake::Incoming;
use super::message::{self, Message};
use crate::public;

/// The longest reply, in characters; the rest is on the answer page.
pub const LONGEST: usize = 600;

const ASK_RATING: &str = "这个回答有用吗？回复 1 有用，2 一般，3 没帮上。";
const NEW_TOO: &str = "你刚发来的问题也转给值班同学了。";

/// Answers that waited for this follower, as many as fit.
pub fn fetch(host: &Host, incoming: &Incoming, is_question: bool, room: usize) -> Result<Option<String>> {
    for _ in 0..3 {
        let waiting = message::waiting_for(host, incoming.follower)?;
        if waiting.is_empty() {
            return Ok(None);
        }
        let given = together(host, &waiting, is_question, room)?;
        match hand_over(host, incoming, &given) {
            Ok(()) => return Ok(Some(given.text)),
            // Another message of the same follower took them.
            Err(error) if error.code() == Code::Conflict => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// What is handed over with one reply.
struct Given<'m> {
    text: String,
    messages: Vec<&'m Message>,
    /// Whether the reply asks for a grade.
    asks_rating: bool,
}

fn together<'m>(host: &Host, waiting: &'m [Message], is_question: bool, room: usize) -> Result<Given<'m>> {
    let said = match is_question {
        true => Some(NEW_TOO),
        false => host.setting("ask_rating").unwrap_or(true).then_some(ASK_RATING),
    };
    // In little room the answer comes first.
    let tail = said.map(|said| format!("\n\n{said}")).filter(|tail| tail.chars().count() * 2 <= room);
    let asks_rating = tail.is_some() && said == Some(ASK_RATING);
    let tail = tail.unwrap_or_default();
    let (room, mut text, mut taken) = (room.saturating_sub(tail.chars().count()), String::new(), Vec::new());
    for message in waiting {
        let gap = if text.is_empty() { "" } else { "\n\n" };
        let length = (text.chars().count(), gap.len() + message.text.chars().count());
        if length.0 + length.1 <= room {
            text.push_str(gap);
            text.push_str(&message.text);
        } else if taken.is_empty() {
            let link = public::link(host, message.question)?.map(|link| format!("\n全文：{link}"));
            let link = link.filter(|link| link.chars().count() < room).unwrap_or_default();
            text = cut(&message.text, room.saturating_sub(link.chars().count())) + &link;
        } else {
            break;
        }
        taken.push(message);
    }
    Ok(Given { text: text + &tail, messages: taken, asks_rating })
}

/// Marks the answers as fetched and keeps the reply, together; takes it back when nobody waits for it any more.
fn hand_over(host: &Host, incoming: &Incoming, given: &Given<'_>) -> Result<()> {
    let now = host.now();
    let mut batch = host.batch();
    for message in &given.messages {
        batch = batch.expect(
            1,
            "update message set delivery = 'fetched', delivered_at = $1, handed_in = $3
             where id = $2 and delivery = 'waiting'",
            params![now, message.id, incoming.message],
        );
        if given.asks_rating {
            batch = batch.add(
                "update question set rating_asked_at = $1 where id = $2 and rating is null",
                params![now, message.question],
            );
        }
    }
    let batch = batch.add(
        "update message set reply = $1 where class_id = $2 and source = $3",
        params![given.text.as_str(), host.class()?.id, incoming.message],
    );
    batch.run()?;
    if !host.alive() {
        take_back(host, incoming.follower, &[incoming.message])?;
    }
    Ok(())
}

/// What was handed over with the replies to these messages waits again, and so does what they were told.
pub fn take_back(host: &Host, follower: Uuid, messages: &[Uuid]) -> Result<()> {
    take_back_to(host, "waiting", follower, messages)
}

/// The reply to this message did not arrive: what was handed over with it is sent, where that is possible, else it waits.
pub fn missed(host: &Host, follower: Uuid, message: Uuid) -> Result<()> {
    let sql =
        "select id from message where class_id = $1 and follower = $2 and delivery = 'fetched' and handed_in = $3";
    let missed: Vec<Uuid> = host.query(sql, params![host.class()?.id, follower, message])?.column("id")?;
    take_back_to(host, "sending", follower, &[message])?;
    for id in missed {
        // A job tries again what cannot be sent now.
        if let Err(error) = delivery::deliver(host, id) {
            log::warn!("an answer could not be sent now: {}", error.code().name());
        }
    }
    Ok(())
}

fn take_back_to(host: &Host, state: &'static str, follower: Uuid, messages: &[Uuid]) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let class = host.class()?.id;
    let marks: Vec<String> = (0..messages.len()).map(|place| format!("${}", place + 3)).collect();
    let marks = marks.join(", ");
    let mut parameters = params![class, follower];
    parameters.extend(messages.iter().map(|id| (*id).into()));
    host.batch()
        .add(
            &format!(
                "update question set rating_asked_at = null where rating is null and id in
                    (select question_id from message where class_id = $1 and follower = $2
                        and delivery = 'fetched' and handed_in in ({marks}))"
            ),
            parameters.clone(),
        )
        .add(
            &format!(
                "update message set delivery = '{state}', delivered_at = null, handed_in = null
                 where class_id = $1 and follower = $2 and delivery = 'fetched' and handed_in in ({marks})"
            ),
            parameters.clone(),
        )
        .add(
            &format!("update message set reply = null where class_id = $1 and follower = $2 and source in ({marks})"),
            parameters,
        )
        .run()?;
    Ok(())
}

/// A text cut to a length.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
