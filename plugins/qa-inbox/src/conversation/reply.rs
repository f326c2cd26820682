//! What a follower is told at once: answers that waited, else an automatic answer, else that a student will answer.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::Value;

use super::case::{self, Case};
use super::handover::{self, LONGEST, cut};
use super::intake::{self, Incoming, Taken};
use super::kind;
use super::utterance::Utterance;
use crate::{clock, faq, public};

const THANKS: &str = "谢谢你的评价！";
const SORRY: &str = "抱歉没帮上。直接说说还想知道什么，值班同学会再看。";
const NOTHING_YET: &str = "还没有新的回答，值班同学看到会尽快回。过一会儿再回复“查”。";
const NOTHING: &str = "没有等你取的回答。有问题直接发来就好。";
const PASSED_ON: &str = "已转给值班同学。稍后回复“查”，就能取到回答。";
const PASSED_ON_SEND: &str = "已转给值班同学，回答会直接发给你。";
const AUTOMATIC: &str = "（自动回复。没答到点上就再说一句，值班同学会看。）";

/// Answers `inbox.reply/1`. A message that comes again gets the same reply.
pub fn reply(host: &Host, input: &Value) -> Result<Value> {
    let is_said = |name: &str| input[name].as_bool().unwrap_or(false);
    let mut incoming = Incoming {
        follower: id(input, "follower")?,
        message: id(input, "message")?,
        text: input["text"].as_str().unwrap_or_default().trim().to_owned(),
        at: host.now(),
    };
    let kind = input["kind"].as_str().unwrap_or_default();
    if !kind.is_empty() {
        incoming.text = kind::said(kind, &incoming.text);
    }
    if is_said("only_waiting") {
        // Another tool has answered the text.
        incoming.text.clear();
    }
    let unsaid = input["unsaid"].as_array().into_iter().flatten();
    let unsaid: Vec<Uuid> = unsaid.filter_map(|id| id.as_str()?.parse().ok()).collect();
    handover::take_back(host, incoming.follower, &unsaid)?;
    let room = input["room"].as_u64().and_then(|room| usize::try_from(room).ok()).unwrap_or(LONGEST).min(LONGEST);
    // What has neither kind nor text comes as an event as well, which knows its kind.
    let taken = match incoming.text.is_empty() {
        true => Taken::Word(Utterance::Fetch),
        false => intake::take(host, &incoming, !is_said("may_be_claim"))?,
    };
    let said = match taken {
        Taken::Gone => None,
        Taken::In { reply: Some(reply), .. } => Some(reply),
        Taken::In { question, utterance, .. } => {
            let case = case::find(host, question)?;
            let asked = Asked { is_words: kind::is_words(kind), can_send: is_said("can_send") };
            let said = in_case(host, &incoming, &case, utterance, asked)?;
            if let Some(said) = &said {
                keep(host, incoming.message, said)?;
            }
            said
        }
        Taken::Word(utterance) => {
            // Such a message is not kept, so a repeat is known by what was handed over with it.
            handover::take_back(host, incoming.follower, &[incoming.message])?;
            match handover::fetch(host, &incoming, false, room)? {
                Some(answers) => Some(answers),
                None if utterance == Utterance::Fetch && !incoming.text.is_empty() => Some(NOTHING.to_owned()),
                None => None,
            }
        }
    };
    Ok(said.map_or_else(|| json!({}), |reply| json!({ "reply": reply })))
}

/// What the channel says about a message.
#[derive(Clone, Copy)]
struct Asked {
    /// The follower has put it into words.
    is_words: bool,
    /// The account may send later.
    can_send: bool,
}

fn in_case(
    host: &Host,
    incoming: &Incoming,
    case: &Case,
    utterance: Utterance,
    asked: Asked,
) -> Result<Option<String>> {
    if let Some(answers) = handover::fetch(host, incoming, utterance == Utterance::Question, LONGEST)? {
        return Ok(Some(answers));
    }
    match utterance {
        Utterance::Rating(3) => Ok(Some(SORRY.to_owned())),
        Utterance::Rating(_) => Ok(Some(THANKS.to_owned())),
        Utterance::Fetch => Ok(Some(if case.state == "open" { NOTHING_YET } else { NOTHING }.to_owned())),
        Utterance::Courtesy | Utterance::Claim => Ok(None),
        Utterance::Question => {
            let answer = if asked.is_words { automatic(host, incoming, case)? } else { None };
            if answer.is_some() { Ok(answer) } else { passed_on(host, case, asked.can_send) }
        }
    }
}

/// Answers, and other questions, of a conversation.
const OTHERS: &str = "question_id = $1 and (author in ('faq', 'student')
    or (author = 'follower' and kind = 'question' and source <> $2))";

/// The answer of an entry that fits surely enough, once in a conversation.
fn automatic(host: &Host, incoming: &Incoming, case: &Case) -> Result<Option<String>> {
    if case.assigned_to.is_some() || case.holder(host.now()).is_some() {
        return Ok(None);
    }
    let class = host.class()?.id;
    // Neither after an answer nor over the head of something else that waits.
    let sql = format!("select count(*) as others from message where {OTHERS}");
    if host.query(&sql, params![case.id, incoming.message])?.value::<i64>()? > 0 {
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
            &format!(
                "update question set state = 'answered', since = null, last_at = $3,
                    answered_day = coalesce(answered_day, $4)
                 where id = $1 and state = 'open' and not exists (select 1 from message where {OTHERS})"
            ),
            params![case.id, incoming.message, now, clock::day(now)],
        )
        .add(
            "insert into message (id, class_id, question_id, follower, author, kind, text, words, at, delivery,
                delivered_at, faq_id, handed_in)
             values ($1, $2, $3, $4, 'faq', 'answer', $5, $6, $7, 'fetched', $7, $8, $9)",
            params![
                host.new_id(),
                class,
                case.id,
                incoming.follower,
                &answer,
                crate::similarity::plain(&answer),
                now,
                entry.id,
                incoming.message
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

fn id(input: &Value, name: &str) -> Result<Uuid> {
    let text = input[name].as_str().unwrap_or_default();
    text.parse().map_err(|_| invalid(format!("{name} is no id")).at(name))
}
