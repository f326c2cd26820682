//! What a follower sends becomes part of a question, once, however often and in whatever order it comes.

use data_encoding::HEXLOWER;
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use sha2::{Digest as _, Sha256};

use super::case::{self, Case};
use super::utterance::{self, Utterance};
use crate::clock;
use crate::similarity::plain;

/// How long after the last word a conversation goes on instead of a new one beginning.
const GOES_ON: TimeDelta = TimeDelta::hours(24);

/// A message of a follower.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Who, opaque.
    pub follower: Uuid,
    /// The channel's id.
    pub message: Uuid,
    /// What.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What became of it.
#[derive(Clone, Debug)]
pub enum Taken {
    /// It is in this question now, or was before.
    In {
        /// The question.
        question: Uuid,
        /// What it is.
        utterance: Utterance,
        /// What the follower was told the first time.
        reply: Option<String>,
    },
    /// It belongs to no question.
    Word(Utterance),
    /// The follower has left.
    Gone,
}

/// Takes it. What asks for a reply has passed the other tools, so that a claim word in it is nobody's.
pub fn take(host: &Host, incoming: &Incoming, asks_reply: bool) -> Result<Taken> {
    // Another call may take the same message, or make a case, meanwhile.
    for _ in 0..3 {
        if let Some(known) = known(host, incoming)? {
            return Ok(known);
        }
        if is_gone(host, incoming.follower)? {
            return Ok(Taken::Gone);
        }
        let latest = case::latest(host, incoming.follower)?;
        let is_rating_due = latest.as_ref().is_some_and(|case| case.is_rating_due(host.now()));
        let utterance = match utterance::read(&incoming.text, is_rating_due) {
            Utterance::Claim if asks_reply => Utterance::Question,
            other => other,
        };
        // A grade belongs to the answer it was asked for, however long that had waited to be fetched.
        let is_grade = matches!(utterance, Utterance::Rating(_));
        let goes_on = latest.filter(|case| is_grade || goes_on(case, incoming.at));
        let done = match (utterance, &goes_on) {
            (Utterance::Claim, _) | (Utterance::Fetch | Utterance::Courtesy | Utterance::Rating(_), None) => {
                return Ok(Taken::Word(utterance));
            }
            (Utterance::Question, None) => begin(host, incoming),
            (_, Some(case)) => go_on(host, incoming, case, utterance),
        };
        match done {
            Ok(question) => return Ok(Taken::In { question, utterance, reply: None }),
            Err(error) if error.code() == Code::Conflict => {}
            Err(error) => return Err(error),
        }
    }
    Err(conflict("intake-busy"))
}

/// What a follower is called in the list of those who left.
pub fn mark(follower: Uuid) -> String {
    HEXLOWER.encode(&Sha256::digest(follower.as_bytes())[..16])
}

fn is_gone(host: &Host, follower: Uuid) -> Result<bool> {
    let sql = "select mark from departure where class_id = $1 and mark = $2";
    Ok(!host.query(sql, params![host.class()?.id, mark(follower)])?.is_empty())
}

fn known(host: &Host, incoming: &Incoming) -> Result<Option<Taken>> {
    let sql = "select question_id, kind, reply, text from message where class_id = $1 and source = $2";
    let table = host.query(sql, params![host.class()?.id, incoming.message])?;
    let Some(row) = table.first() else { return Ok(None) };
    let utterance = match row.get::<String>("kind")?.as_str() {
        "rating" => utterance::read(&row.get::<String>("text")?, true),
        "word" => utterance::read(&row.get::<String>("text")?, false),
        _ => Utterance::Question,
    };
    Ok(Some(Taken::In { question: row.get("question_id")?, utterance, reply: row.get("reply")? }))
}

fn goes_on(case: &Case, at: DateTime<Utc>) -> bool {
    case.state == "open" || case.last_at.is_some_and(|last| at - last < GOES_ON)
}

fn begin(host: &Host, incoming: &Incoming) -> Result<Uuid> {
    let (id, class) = (host.new_id(), host.class()?.id);
    add_message(host.batch(), host, incoming, id, "question")?
        .add(
            "insert into question (id, class_id, follower, text, asked, at, state, since, last_at, day, words, slug)
             values ($1, $2, $3, $4, $4, $5, 'open', $5, $5, $6, $7, $8)",
            params![
                id,
                class,
                incoming.follower,
                &incoming.text,
                incoming.at,
                clock::day(incoming.at),
                plain(&incoming.text),
                case::new_slug(host)
            ],
        )
        .run()?;
    Ok(id)
}

fn go_on(host: &Host, incoming: &Incoming, case: &Case, utterance: Utterance) -> Result<Uuid> {
    let kind = match utterance {
        Utterance::Question => "question",
        Utterance::Rating(_) => "rating",
        _ => "word",
    };
    let batch = add_message(host.batch(), host, incoming, case.id, kind)?;
    let batch = match utterance {
        Utterance::Question => batch.add(
            "update question set reopened = reopened + case when state = 'open' then 0 else 1 end,
                asked = case when state = 'open' then substr(asked || $3, 1, 4000) else $4 end, state = 'open',
                since = case when since is null or since > $1 then $1 else since end,
                last_at = case when last_at is null or last_at < $1 then $1 else last_at end
             where id = $2",
            params![incoming.at, case.id, format!("\n{}", incoming.text), &incoming.text],
        ),
        Utterance::Rating(grade) => {
            batch.add("update question set rating = $1 where id = $2 and rating is null", params![grade, case.id])
        }
        _ => batch,
    };
    batch.run()?;
    Ok(case.id)
}

/// The message, unless it is there or its follower has left.
fn add_message<'h>(
    batch: Batch<'h>,
    host: &Host,
    incoming: &Incoming,
    question: Uuid,
    kind: &str,
) -> Result<Batch<'h>> {
    let class = host.class()?.id;
    Ok(batch.expect(
        1,
        "insert into message (id, class_id, question_id, follower, source, author, kind, text, words, at, delivery)
         select $1, $2, $3, $4, $5, 'follower', $6, $7, $8, $9, 'in'
         where not exists (select 1 from departure where class_id = $2 and mark = $10)
         on conflict do nothing",
        params![
            host.new_id(),
            class,
            question,
            incoming.follower,
            incoming.message,
            kind,
            &incoming.text,
            plain(&incoming.text),
            incoming.at,
            mark(incoming.follower)
        ],
    ))
}

/// A question entered by a member of the class.
pub fn by_hand(host: &Host, text: &str) -> Result<Uuid> {
    let (id, class, now) = (host.new_id(), host.class()?.id, host.now());
    host.batch()
        .add(
            "insert into question (id, class_id, person_id, text, asked, at, state, since, last_at, day, words)
             values ($1, $2, $3, $4, $4, $5, 'open', $5, $5, $6, $7)",
            params![id, class, host.person()?.id, text, now, clock::day(now), plain(text)],
        )
        .add(
            "insert into message (id, class_id, question_id, author, kind, text, words, at, delivery)
             values ($1, $2, $3, 'follower', 'question', $4, $5, $6, 'in')",
            params![host.new_id(), class, id, text, plain(text), now],
        )
        .run()?;
    Ok(id)
}
