//! What was said in a conversation.

use plugin_sdk::prelude::*;

/// Something said, or a change of state.
#[derive(Clone, Debug)]
pub struct Message {
    /// Id.
    pub id: Uuid,
    /// Its question.
    pub question: Uuid,
    /// To whom or by whom; none where the question was entered by hand.
    pub follower: Option<Uuid>,
    /// `follower`, `student`, `faq`, `system`.
    pub author: String,
    /// `question`, `rating`, `word`, `answer`, `closed`, `reopened`.
    pub kind: String,
    /// The student who wrote it.
    pub person: Option<Uuid>,
    /// What.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
    /// `in`, `copy`, `sending`, `sent`, `waiting`, `fetched`, `done`, `gone`.
    pub delivery: String,
    /// When it was delivered.
    pub delivered_at: Option<DateTime<Utc>>,
    /// How often sending it was tried.
    pub tries: i64,
    /// The entry of the FAQ it comes from.
    pub faq: Option<Uuid>,
}

const COLUMNS: &str =
    "select id, question_id, follower, author, kind, person_id, text, at, delivery, delivered_at, tries,
    faq_id from message where class_id = $1";

fn one(row: Row<'_>) -> Result<Message> {
    Ok(Message {
        id: row.get("id")?,
        question: row.get("question_id")?,
        follower: row.get("follower")?,
        author: row.get("author")?,
        kind: row.get("kind")?,
        person: row.get("person_id")?,
        text: row.get("text")?,
        at: row.get("at")?,
        delivery: row.get("delivery")?,
        delivered_at: row.get("delivered_at")?,
        tries: row.get("tries")?,
        faq: row.get("faq_id")?,
    })
}

fn all(host: &Host, rest: &str, mut parameters: Vec<plugin_sdk::protocol::value::Value>) -> Result<Vec<Message>> {
    parameters.insert(0, host.class()?.id.into());
    host.query(&format!("{COLUMNS} {rest}"), parameters)?.iter().map(one).collect()
}

/// What was said about a question, in order.
pub fn of_case(host: &Host, question: Uuid) -> Result<Vec<Message>> {
    all(
        host,
        "and question_id = $2
        order by at, case author when 'follower' then 0 else 1 end, id limit 500",
        params![question],
    )
}

/// A message.
pub fn find(host: &Host, id: Uuid) -> Result<Message> {
    all(host, "and id = $2", params![id])?.pop().ok_or_else(not_found)
}

/// Answers in a state of delivery, the oldest first.
pub fn in_delivery(host: &Host, delivery: &str) -> Result<Vec<Message>> {
    all(host, "and delivery = $2 order by at, id limit 100", params![delivery])
}

/// How many there are.
pub fn count_in_delivery(host: &Host, delivery: &str) -> Result<i64> {
    let sql = "select count(*) as messages from message where class_id = $1 and delivery = $2";
    host.query(sql, params![host.class()?.id, delivery])?.value()
}

/// Answers that wait for a follower.
pub fn waiting_for(host: &Host, follower: Uuid) -> Result<Vec<Message>> {
    all(host, "and follower = $2 and delivery = 'waiting' order by at, id limit 20", params![follower])
}

/// Automatic replies, the latest first.
pub fn automatic(host: &Host) -> Result<Vec<Message>> {
    all(host, "and author = 'faq' order by at desc, id desc limit 100", Vec::new())
}

/// Answers by students to review, the latest first.
pub fn answers(host: &Host, most: i64) -> Result<Vec<Message>> {
    all(host, "and author = 'student' and kind = 'answer' order by at desc, id desc limit $2", params![most])
}
