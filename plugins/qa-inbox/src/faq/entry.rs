//! Entries. Those of the starter set are in force until the class changes or switches off its copy.

use plugin_sdk::prelude::*;

use crate::similarity::plain;
use crate::starter::{self, Starter};

/// An entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Id.
    pub id: Uuid,
    /// How it is asked most plainly.
    pub question: String,
    /// Other ways to ask it.
    pub variants: Vec<String>,
    /// What is answered.
    pub answer: String,
    /// `draft`, `approved`, `off`.
    pub state: String,
    /// Whether it may be sent without a person.
    pub automatic: bool,
    /// Who wrote it.
    pub person: Option<Uuid>,
    /// The question whose answer it was.
    pub from_question: Option<Uuid>,
    /// Whether it is the starter set's, unchanged.
    pub is_starter: bool,
}

/// All entries: the class's own by their questions, then the starter set's.
pub fn all(host: &Host) -> Result<Vec<Entry>> {
    let table = host.query(
        "select id, question, variants, answer, state, automatic, person_id, from_question from faq
         where class_id = $1 order by question, id",
        params![host.class()?.id],
    )?;
    let one = |row: Row<'_>| {
        Ok(Entry {
            id: row.get("id")?,
            question: row.get("question")?,
            variants: lines(&row.get::<String>("variants")?),
            answer: row.get("answer")?,
            state: row.get("state")?,
            automatic: row.get("automatic")?,
            person: row.get("person_id")?,
            from_question: row.get("from_question")?,
            is_starter: false,
        })
    };
    let mut entries = table.iter().map(one).collect::<Result<Vec<_>>>()?;
    if host.setting("starter").unwrap_or(true) {
        let own: std::collections::HashSet<Uuid> = entries.iter().map(|entry| entry.id).collect();
        entries.extend(starter::entries().iter().filter(|starter| !own.contains(&starter.id)).map(of_starter));
    }
    Ok(entries)
}

/// An entry.
pub fn find(host: &Host, id: Uuid) -> Result<Entry> {
    all(host)?.into_iter().find(|entry| entry.id == id).ok_or_else(not_found)
}

fn of_starter(starter: &Starter) -> Entry {
    Entry {
        id: starter.id,
        question: starter.question.clone(),
        variants: starter.variants.clone(),
        answer: starter.answer.clone(),
        state: "approved".to_owned(),
        automatic: true,
        person: None,
        from_question: None,
        is_starter: true,
    }
}

/// The lines of a text that say something.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// A statement that writes an entry, new or in place of the one with its id.
pub fn save<'h>(batch: Batch<'h>, host: &Host, entry: &Entry) -> Result<Batch<'h>> {
    let words = format!("{} {} {}", plain(&entry.question), plain(&entry.variants.concat()), plain(&entry.answer));
    Ok(batch.add(
        "insert into faq (id, class_id, question, variants, answer, words, state, automatic, person_id,
            from_question, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (class_id, id) do update set question = excluded.question, variants = excluded.variants,
            answer = excluded.answer, words = excluded.words, state = excluded.state,
            automatic = excluded.automatic, person_id = excluded.person_id, updated_at = excluded.updated_at",
        params![
            entry.id,
            host.class()?.id,
            &entry.question,
            entry.variants.join("\n"),
            &entry.answer,
            words,
            &entry.state,
            entry.automatic,
            entry.person,
            entry.from_question,
            host.now()
        ],
    ))
}

/// Changes the state of an entry.
pub fn set_state(host: &Host, id: Uuid, state: &str) -> Result<()> {
    let entry = Entry { state: state.to_owned(), ..find(host, id)? };
    save(host.batch(), host, &entry)?.run()?;
    Ok(())
}

/// Takes a draft out for good; one of the starter set comes back as it was.
pub fn delete(host: &Host, id: Uuid) -> Result<()> {
    let done = host.exec("delete from faq where class_id = $1 and id = $2", params![host.class()?.id, id])?;
    if done == 0 { Err(not_found()) } else { Ok(()) }
}

/// Entries that are in force and have every one of these words.
pub fn search(host: &Host, words: &[String]) -> Result<Vec<Entry>> {
    let has = |entry: &Entry| {
        let text = plain(&format!("{}{}{}", entry.question, entry.variants.concat(), entry.answer));
        words.iter().all(|word| text.contains(word.as_str()))
    };
    Ok(all(host)?.into_iter().filter(|entry| entry.state == "approved" && has(entry)).take(50).collect())
}
