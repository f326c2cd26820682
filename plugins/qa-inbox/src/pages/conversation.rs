//! One question: what was said, who has it, how long an answer may still be sent, what the FAQ suggests, and the answer.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use super::{form, inbox};
use crate::conversation::answer::{self, Draft, LONGEST, LONGEST_BYTES, Outcome};
use crate::conversation::case::{self, Case};
use crate::conversation::message::{self, Message};
use crate::conversation::{delivery, forget, kind, lease, state};
use crate::faq::{entry, pair, suggest};
use crate::names::Names;
use crate::similarity::{Index, Synonyms, Text};
use crate::{age, clock, duty, review};

/// Open questions less like than this are no group.
const ALIKE: f32 = 0.35;

/// An answer that comes back: what was written, and why it was not taken.
struct Refused<'r> {
    text: &'r str,
    error: &'static str,
}

/// The page.
pub fn show(host: &Host, request: &Page) -> Result<Response> {
    let taken = request.query("use").parse().ok();
    conversation(host, request.param("question")?, taken, None)
}

/// Who claimed a question answers it, and those like it that were ticked.
pub fn answer(host: &Host, request: &Page) -> Result<Response> {
    let id: Uuid = request.param("question")?;
    let faq: Option<Uuid> = request.form("faq").parse().ok().filter(|faq| entry::find(host, *faq).is_ok());
    let text = match form::text(request, "text", LONGEST) {
        Ok(text) if text.len() <= LONGEST_BYTES => text,
        Ok(text) | Err(text) => return back(host, id, faq, Refused { text, error: "answer-length" }, 422),
    };
    // Who took an entry and wrote something else has not confirmed it.
    let taken = faq.filter(|faq| entry::find(host, *faq).is_ok_and(|entry| pair::is_taken_over(&entry.answer, text)));
    let draft = Draft { text, faq: taken, read: request.form("read").parse().ok(), only_open: false };
    let outcome = answer::answer(host, id, draft)?;
    if outcome == Outcome::Taken {
        return back(host, id, faq, Refused { text, error: "answer-taken" }, 409);
    }
    let (mut is_whole, duty) = (true, duty::now(host));
    for other in form::texts(request, "also").into_iter().take(50) {
        is_whole &= answer_too(host, &duty, &other, draft)?;
    }
    let there = redirect(format!("/questions/{id}"));
    Ok(match outcome {
        Outcome::More => there.warning("answer-more"),
        _ if is_whole => there.notice("answer-done"),
        _ => there.warning("answer-some"),
    })
}

/// Gives the same answer to a question that is like it, `id` or `id.read`, as long as nobody else has.
fn answer_too(host: &Host, duty: &duty::Duty, sent: &str, draft: Draft<'_>) -> Result<bool> {
    let (id, read) = sent.split_once('.').unwrap_or((sent, ""));
    let Some(case) = id.parse().ok().and_then(|id| case::find(host, id).ok()) else { return Ok(false) };
    if case.state != "open" || !inbox::may_answer(host, duty, &case)? || !lease::claim(host, case.id)? {
        return Ok(false);
    }
    let draft = Draft { read: read.parse().ok(), only_open: true, ..draft };
    Ok(answer::answer(host, case.id, draft)? == Outcome::Done)
}

fn back(host: &Host, id: Uuid, faq: Option<Uuid>, refused: Refused<'_>, status: u16) -> Result<Response> {
    Ok(conversation(host, id, faq, Some(&refused))?.status(status))
}

/// No entry of the FAQ answers it.
pub fn none_fits(host: &Host, id: Uuid) -> Result<Response> {
    let case = case::find(host, id)?;
    pair::confirm(host, id, None, &case.asked, false)?;
    Ok(redirect(format!("/questions/{id}")).notice("none-fits-done"))
}

/// Closes or opens a question.
pub fn change(host: &Host, id: Uuid, to: &str, read: &str) -> Result<Response> {
    let case = case::find(host, id)?;
    let there = redirect(format!("/questions/{id}"));
    if !inbox::may_answer(host, &duty::now(host), &case)? {
        return Ok(there.warning("claim-not-on-duty"));
    }
    let (done, key) = match to {
        "close" => (state::close(host, id, read.parse().ok())?, "closed-done"),
        _ => (state::reopen(host, id)?, "reopened-done"),
    };
    Ok(if done { there.notice(key) } else { there.warning("state-not-changed") })
}

/// A teacher gives it to somebody.
pub fn assign(host: &Host, request: &Page) -> Result<Response> {
    let id: Uuid = request.param("question")?;
    let person = request.form("person");
    let to = match person {
        "" => None,
        person => Some(person.parse().map_err(|_| invalid("assign-nobody").at("person"))?),
    };
    state::assign(host, id, to)?;
    Ok(redirect(format!("/questions/{id}")).notice("assign-done"))
}

/// Takes a question out for good.
pub fn delete(host: &Host, id: Uuid) -> Result<Response> {
    forget::delete(host, id)?;
    Ok(redirect("/").notice("question-deleted"))
}

fn conversation(host: &Host, id: Uuid, taken: Option<Uuid>, refused: Option<&Refused<'_>>) -> Result<Response> {
    let (case, names, now, me) = (case::find(host, id)?, Names::of(host)?, host.now(), host.person()?);
    let is_open = !host.class()?.archived;
    let may_answer = inbox::may_answer(host, &duty::now(host), &case)?;
    let is_mine = case.holder(now) == Some(me.id);
    let suggestions = suggest::of(host, &case.asked)?;
    let used = taken.and_then(|faq| suggestions.iter().find(|one| one.entry.id == faq));
    let suggested = |one: &suggest::Suggestion| {
        json!({
            "id": one.entry.id, "question": one.entry.question, "answer": one.entry.answer, "words": one.words,
            "is_used": Some(one.entry.id) == taken,
        })
    };
    let written = refused.map(|refused| refused.text).or(used.map(|one| one.entry.answer.as_str()));
    let mut values = json!({
        "case": inbox::line(host, &case, &names)?,
        "read": case::count_asked(host, id)?,
        "messages": messages(host, &case, &names)?,
        "window": window(host, &case)?,
        "may_claim": may_answer && case.state != "closed",
        "may_write": is_open && (is_mine || refused.is_some()),
        "may_close": may_answer && case.state != "closed",
        "may_reopen": may_answer && case.state != "open",
        "may_delete": is_open && me.is_operator(),
        "may_assign": is_open && me.is_teacher(),
        "may_review": is_open,
        "may_answer": may_answer,
        "suggestions": suggestions.iter().map(suggested).collect::<Vec<_>>(),
        "written": written,
        "used": taken,
        "error": refused.map(|refused| refused.error),
        "answer_length": LONGEST,
        "others": case::others(host, &case)?.iter().map(|other| inbox::line(host, other, &names)).collect::<Result<Vec<_>>>()?,
        "slug": case.slug,
    });
    if is_mine && may_answer && case.state == "open" {
        values["alike"] = json!(alike(host, &case)?);
    }
    if me.is_teacher() {
        values["people"] = people(host, &case)?;
    }
    Ok(page("conversation.html", values).title("conversation"))
}

/// Whom a teacher may give it to.
fn people(host: &Host, case: &Case) -> Result<Value> {
    let mut options = vec![json!({ "value": "", "label": "—" })];
    options.extend(host.roster()?.into_iter().map(|person| json!({ "value": person.id, "label": person.name })));
    Ok(json!({ "options": options, "value": case.assigned_to.map(|id| id.to_string()).unwrap_or_default() }))
}

/// Until when, and how many answers may still be sent.
fn window(host: &Host, case: &Case) -> Result<Value> {
    let Some(follower) = case.follower else { return Ok(Value::Null) };
    let window = delivery::window(host, follower)?;
    let until = window.until.filter(|until| *until > host.now());
    Ok(json!({
        "can_send": window.can_send,
        "left": window.left,
        "until": until.map(|until| clock::shown(until, host.now())),
        "remains": until.map(|until| age::shown(host.now(), until)),
    }))
}

fn messages(host: &Host, case: &Case, names: &Names) -> Result<Vec<Value>> {
    let (now, me, reviews) = (host.now(), host.person()?.id, review::of_case(host, case.id)?);
    let one = |message: &Message| {
        let given = reviews.get(&message.id).map_or(&[][..], Vec::as_slice);
        let shown = |review: &review::Review| json!({ "name": names.get(review.person), "word": format!("grade-{}", review.grade), "text": review.text });
        json!({
            "id": message.id,
            "author": message.author,
            "kind": message.kind,
            "name": names.get(message.person),
            "is_mine": message.person == Some(me),
            "text": message.text,
            "picture": kind::picture(&message.text).filter(|_| message.author == "follower"),
            "at": clock::shown(message.at, now),
            "delivery": message.delivery,
            "delivery_word": format!("delivery-{}", message.delivery),
            "system_word": format!("system-{}", message.kind),
            "delivered_at": message.delivered_at.map(|at| clock::shown(at, now)),
            "is_from_faq": message.faq.is_some(),
            "reviews": given.iter().map(shown).collect::<Vec<_>>(),
            "am_reviewer": given.iter().any(|review| review.person == Some(me)),
        })
    };
    Ok(message::of_case(host, case.id)?.iter().map(one).collect())
}

/// Other open questions that ask much the same, to be answered together.
fn alike(host: &Host, case: &Case) -> Result<Vec<Value>> {
    let (now, me) = (host.now(), host.person()?.id);
    let is_free = |other: &Case| other.id != case.id && other.holder(now).is_none_or(|holder| holder == me);
    let others: Vec<Case> = case::waiting(host)?.into_iter().filter(is_free).collect();
    // The FAQ stands beside them so that what is rare in the class is rare here.
    let entries = entry::all(host)?;
    let known = entries.iter().map(|entry| vec![entry.question.as_str(), entry.answer.as_str()]);
    let asked = others.iter().map(|other| vec![other.asked.as_str()]);
    let texts: Vec<Text<'_>> = asked.chain(known).map(|questions| Text { questions, answer: "" }).collect();
    let synonyms: String = host.setting("synonyms").unwrap_or_default();
    let hits = Index::new(&texts, Synonyms::new(&synonyms)).nearest(&case.asked, 24);
    let alike = hits.into_iter().filter(|hit| hit.score >= ALIKE).filter_map(|hit| others.get(hit.entry));
    let one = |other: &Case| {
        let read = case::count_asked(host, other.id)?;
        Ok(json!({ "id": format!("{}.{read}", other.id), "text": kind::short(&other.asked) }))
    };
    alike.map(one).collect()
}
