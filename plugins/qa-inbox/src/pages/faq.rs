//! The FAQ: read, write, approve, export, import.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::conversation::{case, message};
use crate::faq::entry::{self, Entry, lines};
use crate::faq::gate::{self, Gate};
use crate::faq::transfer::{self, Fault};
use crate::names::Names;
use crate::similarity::plain;

/// The list.
pub fn list(host: &Host) -> Result<Response> {
    shown(host, &[])
}

fn shown(host: &Host, faults: &[Fault]) -> Result<Response> {
    let (entries, me) = (entry::all(host)?, host.person()?);
    let of = |state: &str| -> Vec<Value> {
        let one = |entry: &Entry| json!({ "id": entry.id, "question": entry.question, "answer": entry.answer, "is_starter": entry.is_starter });
        entries.iter().filter(|entry| entry.state == state).map(one).collect()
    };
    let faults: Vec<Value> =
        faults.iter().take(20).map(|fault| json!({ "line": fault.line, "key": fault.key })).collect();
    let (enough, gate) = (gate::ENOUGH, gate::now(host)?);
    let values = json!({
        "drafts": of("draft"),
        "approved": of("approved"),
        "off": of("off"),
        "is_teacher": me.is_teacher(),
        "is_open": !host.class()?.archived,
        "is_on": host.setting("auto_reply").unwrap_or(true),
        "learning": matches!(gate, Gate::Learning(_)),
        "pairs": if let Gate::Learning(pairs) = gate { pairs } else { enough },
        "enough": enough,
        "faults": faults,
    });
    Ok(page("faq.html", values).title("faq"))
}

/// One entry, to be read or changed.
pub fn show(host: &Host, id: Uuid) -> Result<Response> {
    edit(host, &entry::find(host, id)?, None)
}

/// A new entry, or the answer of a question as one.
pub fn new(host: &Host, request: &Page) -> Result<Response> {
    let mut draft = empty(host)?;
    if let Ok(id) = request.query("answer").parse() {
        let message = message::find(host, id)?;
        draft.answer = message.text;
        draft.from_question = Some(message.question);
    }
    edit(host, &draft, None)
}

fn empty(host: &Host) -> Result<Entry> {
    Ok(Entry {
        id: Uuid::nil(),
        question: String::new(),
        variants: Vec::new(),
        answer: String::new(),
        state: "draft".to_owned(),
        automatic: true,
        person: Some(host.person()?.id),
        from_question: None,
        is_starter: false,
    })
}

fn edit(host: &Host, entry: &Entry, error: Option<(&str, &str)>) -> Result<Response> {
    let (names, me) = (Names::of(host)?, host.person()?);
    let asked = match entry.from_question {
        Some(question) => case::find(host, question).ok().map(|case| case.text),
        None => None,
    };
    let is_new = entry.id.is_nil();
    let values = json!({
        "id": (!is_new).then_some(entry.id),
        "question": entry.question,
        "variants": entry.variants.join("\n"),
        "answer": entry.answer,
        "state": entry.state,
        "state_word": format!("faq-state-{}", entry.state),
        "automatic": entry.automatic,
        "is_starter": entry.is_starter,
        "name": names.get(entry.person),
        "from_question": entry.from_question,
        "asked": asked,
        "is_teacher": me.is_teacher(),
        "may_edit": !host.class()?.archived && may_edit(me, entry),
        "error_at": error.map(|(field, _)| field),
        "error": error.map(|(_, key)| key),
        "question_length": transfer::QUESTION,
        "answer_length": transfer::ANSWER,
    });
    Ok(page("entry.html", values).title(if is_new { "faq-new" } else { "faq-entry" }))
}

/// A draft is its author's and the teacher's; what is in force is the teacher's.
fn may_edit(me: &Person, entry: &Entry) -> bool {
    me.is_teacher() || (entry.state == "draft" && entry.person == Some(me.id))
}

/// Saves an entry: a student's is a draft until a teacher approves it.
pub fn save(host: &Host, request: &Page) -> Result<Response> {
    let me = host.person()?;
    let old = match request.params.get("entry") {
        Some(_) => entry::find(host, request.param("entry")?)?,
        None => Entry { from_question: request.form("from_question").parse().ok(), ..empty(host)? },
    };
    if !may_edit(me, &old) {
        return Err(denied());
    }
    let mut entry = Entry {
        question: request.form("question").trim().to_owned(),
        variants: lines(request.form("variants")),
        answer: request.form("answer").trim().to_owned(),
        automatic: !me.is_teacher() || !request.form("automatic").is_empty(),
        is_starter: false,
        ..old
    };
    if let Some(error) = wrong(host, &entry)? {
        return Ok(edit(host, &entry, Some(error))?.status(422));
    }
    if entry.id.is_nil() {
        entry.id = host.new_id();
    }
    if let Some(question) = entry.from_question {
        // Only a question of this class.
        entry.from_question = case::find(host, question).ok().map(|case| case.id);
    }
    entry::save(host.batch(), host, &entry)?.run()?;
    let approves = me.is_teacher() && entry.state == "draft" && !request.form("approve").is_empty();
    if approves {
        entry::set_state(host, entry.id, "approved")?;
    }
    Ok(redirect("/faq").notice(if approves { "faq-approved" } else { "faq-saved" }))
}

/// The field that is wrong, and why.
fn wrong(host: &Host, entry: &Entry) -> Result<Option<(&'static str, &'static str)>> {
    let bad = |text: &str, most: usize| plain(text).is_empty() || text.chars().count() > most;
    if bad(&entry.question, transfer::QUESTION) {
        return Ok(Some(("question", "faq-question-length")));
    }
    if entry.variants.iter().any(|variant| bad(variant, transfer::QUESTION)) {
        return Ok(Some(("variants", "faq-variants-length")));
    }
    if bad(&entry.answer, transfer::ANSWER) {
        return Ok(Some(("answer", "faq-answer-length")));
    }
    // What a follower wrote goes when the follower goes, so it cannot become the class's own.
    let Some(question) = entry.from_question else { return Ok(None) };
    let said: Vec<String> = message::of_case(host, question)?
        .iter()
        .filter(|message| message.author == "follower" && message.follower.is_some())
        .map(|message| plain(&message.text))
        .collect();
    let copies = |text: &String| said.contains(&plain(text));
    Ok(match () {
        () if copies(&entry.question) => Some(("question", "faq-own-words")),
        () if entry.variants.iter().any(copies) => Some(("variants", "faq-own-words")),
        () => None,
    })
}

/// A teacher approves an entry, switches it off, or deletes it.
pub fn change(host: &Host, request: &Page) -> Result<Response> {
    let id: Uuid = request.param("entry")?;
    let there = redirect("/faq");
    match request.form("state") {
        "approved" => {
            entry::set_state(host, id, "approved")?;
            Ok(there.notice("faq-approved"))
        }
        "off" => {
            entry::set_state(host, id, "off")?;
            Ok(there.notice("faq-off-done"))
        }
        "deleted" => {
            entry::delete(host, id)?;
            Ok(there.notice("faq-deleted"))
        }
        _ => Err(invalid("state-not-changed").at("state")),
    }
}

/// The entries as a file.
pub fn export(host: &Host, kind: &str) -> Result<Response> {
    let lines = transfer::lines_of(host)?;
    match kind {
        "csv" => Ok(transfer::csv(lines)),
        _ => transfer::json(&lines),
    }
}

/// Takes a file in, all of it or nothing.
pub fn import(host: &Host, request: &Page) -> Result<Response> {
    let bytes = request.file("file").map(|file| file.body.as_bytes()).unwrap_or_default();
    match transfer::read(bytes) {
        Ok(lines) => {
            let (added, changed) = transfer::write(host, lines)?;
            let key = if added + changed == 0 { "import-same" } else { "import-done" };
            Ok(with_counts(redirect("/faq").notice(key), added, changed))
        }
        Err(faults) => Ok(shown(host, &faults)?.status(422)),
    }
}

fn with_counts(mut response: Response, added: usize, changed: usize) -> Response {
    if let Response::Redirect { notice: Some(notice), .. } = &mut response {
        notice.arguments.insert("added".to_owned(), added.into());
        notice.arguments.insert("changed".to_owned(), changed.into());
    }
    response
}
