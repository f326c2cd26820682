//! Pairs of a follower's text and an entry that somebody has confirmed, or refused.

use std::collections::HashSet;

use plugin_sdk::prelude::*;

use crate::similarity::plain;

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

/// Somebody confirms that an entry answers a text, or that it does not; without an entry, that none does. What they said
/// before about the two counts no more.
pub fn confirm(host: &Host, question: Uuid, faq: Option<Uuid>, text: &str, fits: bool) -> Result<()> {
    let (class, me) = (host.class()?.id, host.person()?.id);
    let batch = host.batch().add(
        "delete from pair where class_id = $1 and question_id = $2 and person_id = $3
           and (faq_id = $4 or (faq_id is null and $5))",
        params![class, question, me, faq, faq.is_none()],
    );
    add(batch, host, question, faq, text, fits)?.run()?;
    Ok(())
}

/// Adds what somebody says about a text and an entry.
pub fn add<'h>(
    batch: Batch<'h>,
    host: &Host,
    question: Uuid,
    faq: Option<Uuid>,
    text: &str,
    fits: bool,
) -> Result<Batch<'h>> {
    Ok(batch.add(
        "insert into pair (id, class_id, question_id, faq_id, text, fits, person_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![host.new_id(), host.class()?.id, question, faq, text, fits, host.person()?.id, host.now()],
    ))
}

/// Whether an answer is still that of an entry: most of what stands in it was taken over.
pub fn is_taken_over(entry: &str, text: &str) -> bool {
    let pairs = |text: &str| -> HashSet<(char, char)> {
        let plain: Vec<char> = plain(text).chars().collect();
        plain.iter().copied().zip(plain.iter().copied().skip(1)).collect()
    };
    let (entry, text) = (pairs(entry), pairs(text));
    entry.intersection(&text).count() * 2 >= entry.len().min(text.len()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_was_rewritten_is_not_the_entrys() {
        let entry = "投稿请发到班级邮箱，标题写“投稿”，三天内回复。";
        assert!(is_taken_over(entry, entry));
        assert!(is_taken_over(entry, "同学你好，投稿请发到班级邮箱，标题写“投稿”。"));
        assert!(is_taken_over("可以。", "可以"));
        assert!(!is_taken_over(entry, "作品展在下周五下午两点。"));
    }
}
