//! What a follower is told at once: answers that waited, else an automatic answer, else that a student will answer.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::Value;

use super::case::{self, Case};
use super::intake::{self, Incoming, Taken};
use super::message::{self, Message};
use super::utterance::Utterance;
use crate::{clock, faq, public};

/// The longest reply, in characters; the rest is on the answer page.
const LONGEST: usize = 600;

const ASK_RATING: &str = "这个回答有用吗？回复 1 有用，2 一般，3 没帮上。";
const THANKS: &str = "谢谢你的评价！";
const SORRY: &str = "抱歉没帮上。直接说说还想知道什么，值班同学会再看。";
const NOTHING_YET: &str = "还没有新的回答，值班同学看到会尽快回。过一会儿再回复“查”。";
const NOTHING: &str = "没有等你取的回答。有问题直接发来就好。";
const PASSED_ON: &str = "已转给值班同学。稍后回复“查”，就能取到回答。";
const PASSED_ON_SEND: &str = "已转给值班同学，回答会直接发给你。";
const AUTOMATIC: &str = "（自动回复。没答到点上就再说一句，值班同学会看。）";
const NEW_TOO: &str = "你刚发来的问题也转给值班同学了。";

/// Answers `inbox.reply/1`. A message that comes again gets the same reply.
pub fn reply(host: &Host, input: &Value) -> Result<Value> {
    let incoming = Incoming {
        follower: id(input, "follower")?,
        message: id(input, "message")?,
        text: input["text"].as_str().unwrap_or_default().trim().to_owned(),
        at: host.now(),
    };
    let can_send = input["can_send"].as_bool().unwrap_or(false);
    // Something without text comes as an event as well, which knows its kind.
    let taken = match incoming.text.is_empty() {
        true => Taken::Word(Utterance::Fetch),
        false => intake::take(host, &incoming, true)?,
    };
    let said = match taken {
        Taken::Gone => None,
        Taken::In { reply: Some(reply), .. } => Some(reply),
        Taken::In { question, utterance, .. } => {
            let case = case::find(host, question)?;
            let said = in_case(host, &incoming, &case, utterance, can_send)?;
            if let Some(said) = &said {
                keep(host, incoming.message, said)?;
            }
            said
        }
        Taken::Word(utterance) => match fetch(host, &incoming, false)? {
            Some(answers) => Some(answers),
            None if utterance == Utterance::Fetch && !incoming.text.is_empty() => Some(NOTHING.to_owned()),
            None => None,
        },
    };
    Ok(said.map_or_else(|| json!({}), |reply| json!({ "reply": reply })))
}

fn in_case(
    host: &Host,
    incoming: &Incoming,
    case: &Case,
    utterance: Utterance,
    can_send: bool,
) -> Result<Option<String>> {
    if let Some(answers) = fetch(host, incoming, utterance == Utterance::Question)? {
        return Ok(Some(answers));
    }
    match utterance {
        Utterance::Rating(3) => Ok(Some(SORRY.to_owned())),
        Utterance::Rating(_) => Ok(Some(THANKS.to_owned())),
        Utterance::Fetch => Ok(Some(if case.state == "open" { NOTHING_YET } else { NOTHING }.to_owned())),
        Utterance::Courtesy | Utterance::Claim => Ok(None),
        Utterance::Question => match automatic(host, incoming, case)? {
            Some(answer) => Ok(Some(answer)),
            None => passed_on(host, case, can_send),
        },
    }
}

/// Answers that waited for this follower, as many as fit.
fn fetch(host: &Host, incoming: &Incoming, is_question: bool) -> Result<Option<String>> {
    for _ in 0..3 {
        let waiting = message::waiting_for(host, incoming.follower)?;
        if waiting.is_empty() {
            return Ok(None);
        }
        let (text, taken) = together(host, &waiting, is_question)?;
        match hand_over(host, incoming, &taken, &text) {
            Ok(()) => return Ok(Some(text)),
            // Another message of the same follower took them.
            Err(error) if error.code() == Code::Conflict => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

fn together<'m>(host: &Host, waiting: &'m [Message], is_question: bool) -> Result<(String, Vec<&'m Message>)> {
    let mut tail = String::new();
    if is_question {
        tail.push_str(&format!("\n\n{NEW_TOO}"));
    } else if host.setting("ask_rating").unwrap_or(true) {
        tail.push_str(&format!("\n\n{ASK_RATING}"));
    }
    let (room, mut text, mut taken) = (LONGEST - tail.chars().count(), String::new(), Vec::new());
    for message in waiting {
        let gap = if text.is_empty() { "" } else { "\n\n" };
        let length = (text.chars().count(), gap.len() + message.text.chars().count());
        if length.0 + length.1 <= room {
            text.push_str(gap);
            text.push_str(&message.text);
        } else if taken.is_empty() {
            let link = public::link(host, message.question)?.map(|link| format!("\n全文：{link}")).unwrap_or_default();
            text = cut(&message.text, room - link.chars().count()) + &link;
        } else {
            break;
        }
        taken.push(message);
    }
    Ok((text + &tail, taken))
}

/// Marks the answers as fetched and keeps the reply, together; takes it back when nobody waits for it any more.
fn hand_over(host: &Host, incoming: &Incoming, taken: &[&Message], reply: &str) -> Result<()> {
    let now = host.now();
    let mut batch = host.batch();
    for message in taken {
        batch = batch
            .expect(
                1,
                "update message set delivery = 'fetched', delivered_at = $1 where id = $2 and delivery = 'waiting'",
                params![now, message.id],
            )
            .add(
                "update question set rating_asked_at = $1 where id = $2 and rating is null",
                params![now, message.question],
            );
    }
    let batch = batch.add(
        "update message set reply = $1 where class_id = $2 and source = $3",
        params![reply, host.class()?.id, incoming.message],
    );
    batch.run()?;
    if !host.alive() {
        let mut back = host.batch();
        for message in taken {
            let sql = "update message set delivery = 'waiting', delivered_at = null where id = $1";
            back = back.add(sql, params![message.id]);
        }
        let sql = "update message set reply = null where class_id = $1 and source = $2";
        back.add(sql, params![host.class()?.id, incoming.message]).run()?;
    }
    Ok(())
}

/// The answer of an entry that fits surely enough, once in a conversation.
fn automatic(host: &Host, incoming: &Incoming, case: &Case) -> Result<Option<String>> {
    if case.assigned_to.is_some() || case.holder(host.now()).is_some() {
        return Ok(None);
    }
    let class = host.class()?.id;
    let sql = "select count(*) as answers from message where question_id = $1 and author in ('faq', 'student')";
    if host.query(sql, params![case.id])?.value::<i64>()? > 0 {
        return Ok(None);
    }
    let Some(entry) = faq::gate::automatic(host, &incoming.text)? else { return Ok(None) };
    let answer = cut(&entry.answer, LONGEST - AUTOMATIC.chars().count() - 2);
    let text = format!("{answer}\n\n{AUTOMATIC}");
    let now = host.now();
    let done = host
        .batch()
        .expect(
            1,
            "update question set state = 'answered', since = null, last_at = $1,
                answered_day = coalesce(answered_day, $2) where id = $3 and state = 'open'",
            params![now, clock::day(now), case.id],
        )
        .add(
            "insert into message (id, class_id, question_id, follower, author, kind, text, words, at, delivery,
                delivered_at, faq_id) values ($1, $2, $3, $4, 'faq', 'answer', $5, $6, $7, 'fetched', $7, $8)",
            params![
                host.new_id(),
                class,
                case.id,
                incoming.follower,
                &answer,
                crate::similarity::plain(&answer),
                now,
                entry.id
            ],
        )
        .add(
            "update message set reply = $1 where class_id = $2 and source = $3",
            params![&text, class, incoming.message],
        )
        .run();
    match done {
        Ok(_) => Ok(Some(text)),
        Err(error) if error.code() == Code::Conflict => Ok(None),
        Err(error) => Err(error),
    }
}

/// That a student will answer; said once while a question waits.
fn passed_on(host: &Host, case: &Case, can_send: bool) -> Result<Option<String>> {
    let sql = "select reply from message where question_id = $1 and reply is not null and at >= $2 limit 1";
    let since = case.since.unwrap_or(host.now());
    if !host.query(sql, params![case.id, since])?.is_empty() {
        return Ok(None);
    }
    let words = if can_send { PASSED_ON_SEND } else { PASSED_ON };
    let link = public::link_of(host, case).map(|link| format!("\n也可以打开这一页看：{link}"));
    Ok(Some(format!("{words}{}", link.unwrap_or_default())))
}

fn keep(host: &Host, source: Uuid, reply: &str) -> Result<()> {
    let sql = "update message set reply = $1 where class_id = $2 and source = $3 and reply is null";
    host.exec(sql, params![reply, host.class()?.id, source])?;
    Ok(())
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

fn id(input: &Value, name: &str) -> Result<Uuid> {
    let text = input[name].as_str().unwrap_or_default();
    text.parse().map_err(|_| invalid(format!("{name} is no id")).at(name))
}
