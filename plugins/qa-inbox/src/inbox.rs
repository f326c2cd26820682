//! The inbox: what waits, what was answered, and the forms.

use std::collections::HashMap;

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::age;
use crate::duty;
use crate::question::{self, Answered, Waiting};

/// The longest question, in characters.
const QUESTION_LENGTH: usize = 500;
/// The longest answer, in characters.
const ANSWER_LENGTH: usize = 600;

/// A form that comes back: what was written, and why it was not taken.
struct Refused {
    /// The question it answers; none for a new question.
    question: Option<Uuid>,
    text: String,
    error: &'static str,
}

/// The inbox.
pub fn show(host: &Host) -> Result<Response> {
    inbox(host, None)
}

/// A member passes on what a follower asked.
pub fn ask(host: &Host, request: &Page) -> Result<Response> {
    match read(request, QUESTION_LENGTH) {
        Ok(text) => {
            question::add(host, text)?;
            Ok(redirect("/").notice("question-added"))
        }
        Err(text) => {
            let refused = Refused { question: None, text: text.to_owned(), error: "question-length" };
            Ok(inbox(host, Some(&refused))?.status(422))
        }
    }
}

/// Somebody takes a question on.
pub fn claim(host: &Host, id: Uuid) -> Result<Response> {
    if !duty::now(host).allows(host.person()?) {
        return Ok(redirect("/").warning("claim-not-on-duty"));
    }
    Ok(match question::claim(host, id)? {
        true => redirect("/").notice("claim-done"),
        false => redirect("/").warning("claim-taken"),
    })
}

/// Who claimed a question answers it. What was written is shown again when it is too late, so that it is not lost.
pub fn answer(host: &Host, request: &Page) -> Result<Response> {
    let id = request.param("question")?;
    let refused = |text: &str, error| Refused { question: Some(id), text: text.to_owned(), error };
    match read(request, ANSWER_LENGTH) {
        Err(text) => Ok(inbox(host, Some(&refused(text, "answer-length")))?.status(422)),
        Ok(text) if question::answer(host, id, text)? => Ok(redirect("/").notice("answer-done")),
        Ok(text) => Ok(inbox(host, Some(&refused(text, "answer-taken")))?.status(409)),
    }
}

/// Takes a question out for good.
pub fn delete(host: &Host, id: Uuid) -> Result<Response> {
    question::delete(host, id)?;
    Ok(redirect("/").notice("question-deleted"))
}

/// What waits, for the class page.
pub fn widget(host: &Host) -> Result<View> {
    let oldest = question::waiting(host)?.first().map(|first| age::shown(first.at, host.now()));
    Ok(view("waiting.html", json!({ "count": question::count_waiting(host)?, "oldest": oldest })))
}

/// The text of a form; as an error when it is empty or too long.
fn read(request: &Page, most: usize) -> Result<&str, &str> {
    let text = request.form("text").trim();
    if text.is_empty() || text.chars().count() > most { Err(text) } else { Ok(text) }
}

fn inbox(host: &Host, refused: Option<&Refused>) -> Result<Response> {
    let (me, duty, is_open) = (host.person()?, duty::now(host), !host.class()?.archived);
    let names: HashMap<Uuid, String> = host.roster()?.into_iter().map(|person| (person.id, person.name)).collect();
    let may_claim = is_open && duty.allows(me);
    let waiting = question::waiting(host)?;
    let lines = waiting.iter().map(|question| line(host, question, me, &names, refused));
    let done = question::answered(host)?.into_iter().map(|question| answered(question, &names));
    let is_new = |refused: &&Refused| refused.question.is_none();
    // An answer that came too late has no place among those that wait any more.
    let is_late = |refused: &&Refused| refused.error == "answer-taken";
    let on_duty: Vec<&str> = duty.people().iter().map(|person| person.name.as_str()).collect();
    let values = json!({
        "waiting": lines.collect::<Vec<_>>(),
        "count": question::count_waiting(host)?,
        "answered": done.collect::<Vec<_>>(),
        "duty": duty.word(),
        "on_duty": on_duty.join(if host.context().language == "en" { ", " } else { "、" }),
        "may_claim": may_claim,
        "may_delete": is_open && me.is_operator(),
        "is_open": is_open,
        "new": refused.filter(is_new).map(|refused| json!({ "text": refused.text, "error": refused.error })),
        "late": refused.filter(is_late).map(|refused| refused.text.as_str()),
        "question_length": QUESTION_LENGTH,
        "answer_length": ANSWER_LENGTH,
    });
    Ok(page("inbox.html", values))
}

fn line(
    host: &Host,
    question: &Waiting,
    me: &Person,
    names: &HashMap<Uuid, String>,
    refused: Option<&Refused>,
) -> Value {
    let holder = question.holder(host.now());
    let refused = refused.filter(|refused| refused.question == Some(question.id) && refused.error == "answer-length");
    json!({
        "id": question.id,
        "text": question.text,
        "age": age::shown(question.at, host.now()),
        "is_mine": holder == Some(me.id),
        "is_claimed": holder.is_some(),
        "claimed_by": holder.and_then(|person| names.get(&person)),
        "written": refused.map(|refused| refused.text.as_str()),
        "error": refused.map(|refused| refused.error),
    })
}

fn answered(question: Answered, names: &HashMap<Uuid, String>) -> Value {
    json!({
        "id": question.id,
        "text": question.text,
        "answer": question.answer,
        "name": question.person.and_then(|person| names.get(&person)),
        "took": age::shown(question.asked_at, question.at),
    })
}
