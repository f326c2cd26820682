//! Pairs of a follower's text and an entry that somebody has confirmed, or refused.

use plugin_sdk::prelude::*;

/// The most that are learnt from, the latest.
const MOST: i64 = 1_000;

/// A pair.
#[derive(Clone, Debug, Hash)]
pub struct Pair {
    /// The entry; none for a text that no entry answers.
    pub faq: Option<Uuid>,
    /// What was asked.
    pub text: String,
    /// Whether the entry answers it.
    pub fits: bool,
}

/// The latest pairs of the class.
pub fn all(host: &Host) -> Result<Vec<Pair>> {
    let table = host.query(
        "select faq_id, text, fits from pair where class_id = $1 order by at desc, id desc limit $2",
        params![host.class()?.id, MOST],
    )?;
    table
        .iter()
        .map(|row| Ok(Pair { faq: row.get("faq_id")?, text: row.get("text")?, fits: row.get("fits")? }))
        .collect()
}

/// Somebody confirms that an entry answers a text, or that it does not; without an entry, that none does.
pub fn confirm(host: &Host, question: Uuid, faq: Option<Uuid>, text: &str, fits: bool) -> Result<()> {
    host.exec(
        "insert into pair (id, class_id, question_id, faq_id, text, fits, person_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![host.new_id(), host.class()?.id, question, faq, text, fits, host.person()?.id, host.now()],
    )?;
    Ok(())
}
