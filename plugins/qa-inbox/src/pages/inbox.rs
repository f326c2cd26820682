//! The inbox: what waits and who has it, what is to be copied by hand, what is done, and search.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use super::form;
use crate::conversation::case::{self, Case};
use crate::conversation::message::{self, Message};
use crate::conversation::{delivery, intake, kind, lease};
use crate::duty::{self, Duty};
use crate::faq;
use crate::names::Names;
use crate::similarity::plain;
use crate::{age, clock};

/// The inbox.
pub fn show(host: &Host) -> Result<Response> {
    inbox(host, None)
}

/// A member passes on what a follower asked.
pub fn ask(host: &Host, request: &Page) -> Result<Response> {
    match form::text(request, "text", form::QUESTION) {
        Ok(text) => {
            intake::by_hand(host, text)?;
            Ok(redirect("/").notice("question-added"))
        }
        Err(text) => Ok(inbox(host, Some(text))?.status(422)),
    }
}

/// Somebody takes a question on.
pub fn claim(host: &Host, id: Uuid) -> Result<Response> {
    let case = case::find(host, id)?;
    if !may_answer(host, &duty::now(host), &case)? {
        return Ok(redirect("/").warning("claim-not-on-duty"));
    }
    let there = redirect(format!("/questions/{id}"));
    Ok(if lease::claim(host, id)? { there.notice("claim-done") } else { there.warning("claim-taken") })
}

/// Somebody lets others have it.
pub fn release(host: &Host, id: Uuid) -> Result<Response> {
    lease::release(host, id)?;
    Ok(redirect("/").notice("claim-released"))
}

/// An answer was copied into the account's back office.
pub fn copied(host: &Host, id: Uuid) -> Result<Response> {
    let message = message::find(host, id)?;
    let case = case::find(host, message.question)?;
    // Whoever wrote it may say so too, after their shift.
    if message.person != Some(host.person()?.id) && !may_answer(host, &duty::now(host), &case)? {
        return Ok(redirect("/").warning("claim-not-on-duty"));
    }
    let done = delivery::done_by_hand(host, id)?;
    Ok(if done { redirect("/").notice("copied-done") } else { redirect("/").warning("copied-before") })
}

/// Whether somebody may answer a question: on duty, given it by a teacher, or running the account.
pub fn may_answer(host: &Host, duty: &Duty, case: &Case) -> Result<bool> {
    let me = host.person()?;
    Ok(!host.class()?.archived && (case.assigned_to == Some(me.id) || duty.allows(me)))
}

/// What waits, for the class page.
pub fn widget(host: &Host) -> Result<View> {
    let (waiting, me) = (case::waiting(host)?, host.person()?.id);
    let oldest = waiting.first().and_then(|first| first.since).map(|since| age::shown(since, host.now()));
    let mine = case::mine(host, me)?;
    let first = mine.first().map(|case| case.id);
    let on_duty = duty::now(host).people().iter().any(|person| person.id == me);
    let values = json!({
        "count": case::count_waiting(host)?,
        "oldest": oldest,
        "mine": mine.len(),
        "first": first,
        "on_duty": on_duty,
    });
    Ok(view("waiting.html", values))
}

/// What was answered or closed.
pub fn done(host: &Host, state: &str) -> Result<Response> {
    let state = if state == "closed" { "closed" } else { "answered" };
    let names = Names::of(host)?;
    let cases: Vec<Value> =
        case::in_state(host, state)?.iter().map(|case| line(host, case, &names)).collect::<Result<_>>()?;
    Ok(page("done.html", json!({ "cases": cases, "state": state })).title("done"))
}

/// Questions, what was said in them, and entries of the FAQ with these words.
pub fn search(host: &Host, query: &str) -> Result<Response> {
    let words: Vec<String> = query.split_whitespace().map(plain).filter(|word| !word.is_empty()).take(8).collect();
    let (mut cases, mut entries) = (Vec::new(), Vec::new());
    if !words.is_empty() {
        let names = Names::of(host)?;
        cases = case::search(host, &words)?.iter().map(|case| line(host, case, &names)).collect::<Result<_>>()?;
        let found = faq::entry::search(host, &words)?;
        let shown =
            |entry: faq::entry::Entry| json!({ "id": entry.id, "question": entry.question, "answer": entry.answer });
        entries = found.into_iter().map(shown).collect();
    }
    let values = json!({ "query": query.trim(), "is_asked": !words.is_empty(), "cases": cases, "entries": entries });
    Ok(page("search.html", values).title("search"))
}

fn inbox(host: &Host, refused: Option<&str>) -> Result<Response> {
    let (me, duty, is_open) = (host.person()?, duty::now(host), !host.class()?.archived);
    let (names, now) = (Names::of(host)?, host.now());
    let (waiting, of_me) = (case::waiting(host)?, case::mine(host, me.id)?);
    let is_mine = |case: &&Case| of_me.iter().any(|mine| mine.id == case.id);
    let lines = |cases: Vec<&Case>| -> Result<Vec<Value>> {
        let one = |case: &&Case| {
            let mut line = line(host, case, &names)?;
            line["may_claim"] = may_answer(host, &duty, case)?.into();
            Ok(line)
        };
        cases.iter().map(one).collect()
    };
    let to_copy = message::in_delivery(host, "copy")?;
    let on_duty: Vec<Uuid> = duty.people().iter().map(|person| person.id).collect();
    let until = duty.people().iter().find_map(|person| person.until).map(|until| clock::end(until, now));
    let values = json!({
        "duty": duty.word(),
        "on_duty": names.joined(on_duty.iter().copied(), &host.context().language),
        "until": until,
        "am_on_duty": on_duty.contains(&me.id),
        "count": case::count_waiting(host)?,
        "mine": lines(of_me.iter().collect())?,
        "waiting": lines(waiting.iter().filter(|case| !is_mine(case)).collect())?,
        "to_copy": copies(host, &to_copy, is_open && duty.allows(me))?,
        "copying": message::count_in_delivery(host, "copy")?,
        "fetching": message::count_in_delivery(host, "waiting")?,
        "is_open": is_open,
        "written": refused,
        "error": refused.map(|_| "question-length"),
        "question_length": form::QUESTION,
    });
    Ok(page("inbox.html", values))
}

/// Answers to be copied, with their questions.
fn copies(host: &Host, messages: &[Message], may_all: bool) -> Result<Vec<Value>> {
    let ids: Vec<Uuid> = messages.iter().map(|message| message.question).collect();
    let cases = case::of_ids(host, &ids)?;
    let asked = |id: Uuid| cases.iter().find(|case| case.id == id).map(|case| kind::short(&case.text));
    let (me, is_open) = (host.person()?.id, !host.class()?.archived);
    let one = |message: &Message| {
        json!({
            "id": message.id,
            "question": message.question,
            "asked": asked(message.question),
            "text": message.text,
            "may_mark": may_all || (is_open && message.person == Some(me)),
        })
    };
    Ok(messages.iter().map(one).collect())
}

/// A question in a list.
pub fn line(host: &Host, case: &Case, names: &Names) -> Result<Value> {
    let (now, me) = (host.now(), host.context().person.as_ref().map(|person| person.id));
    let holder = case.holder(now);
    Ok(json!({
        "id": case.id,
        // Of what waits, what is asked now.
        "text": kind::short(if case.state == "open" { &case.asked } else { &case.text }),
        "state": case.state,
        "at": clock::shown(case.at, now),
        "age": case.since.map(|since| age::shown(since, now)),
        "by_hand": case.follower.is_none(),
        "reopened": case.reopened > 0,
        "rating_word": case.rating.map(|grade| format!("rating-{grade}")),
        "is_claimed": holder.is_some(),
        "is_mine": holder.is_some() && holder == me,
        "claimed_by": names.get(holder),
        "claimed_until": case.claimed_until.filter(|_| holder.is_some()).map(|until| clock::shown(until, now)),
        "assigned_to": names.get(case.assigned_to),
        "assigned_to_me": case.assigned_to.is_some() && case.assigned_to == me,
    }))
}
