//! Questions in the plugin's tables.

use plugin_sdk::prelude::*;

/// What a follower asks, among the messages of a conversation.
pub const ASKED: &str = "author = 'follower' and kind = 'question'";
/// What answers it.
pub const ANSWERS: &str = "author in ('faq', 'student')";
/// The most questions of one kind that a page shows.
pub const MOST: i64 = 100;

/// A question.
#[derive(Clone, Debug)]
pub struct Case {
    /// Id.
    pub id: Uuid,
    /// The follower who asked; none for one that was entered by hand.
    pub follower: Option<Uuid>,
    /// What was asked first.
    pub text: String,
    /// What was asked since the last answer.
    pub asked: String,
    /// Who entered it by hand.
    pub entered_by: Option<Uuid>,
    /// `open`, `answered`, `closed`.
    pub state: String,
    /// When it was asked.
    pub at: DateTime<Utc>,
    /// Since when somebody waits for an answer.
    pub since: Option<DateTime<Utc>>,
    /// When the last thing happened.
    pub last_at: Option<DateTime<Utc>>,
    /// Last part of the address of its answer page.
    pub slug: Option<String>,
    /// How often it was opened again.
    pub reopened: i64,
    /// What the follower thinks of the answer.
    pub rating: Option<i64>,
    /// When that was asked.
    pub rating_asked_at: Option<DateTime<Utc>>,
    /// Who claimed it last.
    pub claimed_by: Option<Uuid>,
    /// Until when it is theirs.
    pub claimed_until: Option<DateTime<Utc>>,
    /// To whom a teacher gave it.
    pub assigned_to: Option<Uuid>,
}

const COLUMNS: &str = "select question.id, question.follower, question.text, question.asked, question.person_id,
    question.state, question.at, question.since,
    question.last_at, question.slug, question.reopened, question.rating, question.rating_asked_at,
    claim.person_id as claimed_by, claim.expires_at, assignment.person_id as assigned_to from question
    left join claim on claim.question_id = question.id
    left join assignment on assignment.question_id = question.id";

impl Case {
    /// Who has it now, and nobody else.
    pub fn holder(&self, now: DateTime<Utc>) -> Option<Uuid> {
        self.claimed_by.filter(|_| self.claimed_until.is_some_and(|until| until > now))
    }

    /// Whether a grade for the answer is awaited.
    pub fn is_rating_due(&self, now: DateTime<Utc>) -> bool {
        self.rating.is_none() && self.rating_asked_at.is_some_and(|at| now - at < TimeDelta::hours(48))
    }
}

fn one(row: Row<'_>) -> Result<Case> {
    Ok(Case {
        id: row.get("id")?,
        follower: row.get("follower")?,
        text: row.get("text")?,
        asked: row.get("asked")?,
        entered_by: row.get("person_id")?,
        state: row.get("state")?,
        at: row.get("at")?,
        since: row.get("since")?,
        last_at: row.get("last_at")?,
        slug: row.get("slug")?,
        reopened: row.get("reopened")?,
        rating: row.get("rating")?,
        rating_asked_at: row.get("rating_asked_at")?,
        claimed_by: row.get("claimed_by")?,
        claimed_until: row.get("expires_at")?,
        assigned_to: row.get("assigned_to")?,
    })
}

fn all(host: &Host, rest: &str, mut parameters: Vec<plugin_sdk::protocol::value::Value>) -> Result<Vec<Case>> {
    parameters.insert(0, host.class()?.id.into());
    let sql = format!("{COLUMNS} where question.class_id = $1 {rest}");
    host.query(&sql, parameters)?.iter().map(one).collect()
}

/// A question of the class.
pub fn find(host: &Host, id: Uuid) -> Result<Case> {
    all(host, "and question.id = $2", params![id])?.pop().ok_or_else(not_found)
}

/// The question with this answer page.
pub fn of_slug(host: &Host, slug: &str) -> Result<Case> {
    all(host, "and question.slug = $2", params![slug])?.pop().ok_or_else(not_found)
}

/// Those that wait, the longest first.
pub fn waiting(host: &Host) -> Result<Vec<Case>> {
    all(host, "and question.state = 'open' order by question.since, question.id limit $2", params![MOST])
}

/// How many wait.
pub fn count_waiting(host: &Host) -> Result<i64> {
    let sql = "select count(*) as questions from question where class_id = $1 and state = 'open'";
    host.query(sql, params![host.class()?.id])?.value()
}

/// Those that wait and are this person's: claimed, or given to them.
pub fn mine(host: &Host, person: Uuid) -> Result<Vec<Case>> {
    let rest = "and question.state = 'open' and ((claim.person_id = $2 and claim.expires_at > $3) or assignment.person_id = $2)
                order by question.since, question.id limit $4";
    all(host, rest, params![person, host.now(), MOST])
}

/// How many times a follower has asked in this conversation: who answers says how far they have read.
pub fn count_asked(host: &Host, question: Uuid) -> Result<i64> {
    let sql = format!("select count(*) as asked from message where question_id = $1 and {ASKED}");
    host.query(&sql, params![question])?.value()
}

/// Those in a state, the latest first.
pub fn in_state(host: &Host, state: &str) -> Result<Vec<Case>> {
    all(host, "and question.state = $2 order by question.last_at desc, question.id desc limit $3", params![state, MOST])
}

/// The latest question of a follower.
pub fn latest(host: &Host, follower: Uuid) -> Result<Option<Case>> {
    let rest = "and question.follower = $2 order by question.last_at desc, question.id desc limit 1";
    Ok(all(host, rest, params![follower])?.pop())
}

/// Other questions of the same follower, the latest first.
pub fn others(host: &Host, case: &Case) -> Result<Vec<Case>> {
    let Some(follower) = case.follower else { return Ok(Vec::new()) };
    let rest = "and question.follower = $2 and question.id <> $3 order by question.at desc limit 20";
    all(host, rest, params![follower, case.id])
}

/// Questions by their ids, in the order of time; those that are no more are left out.
pub fn of_ids(host: &Host, ids: &[Uuid]) -> Result<Vec<Case>> {
    let marks: Vec<String> = (0..ids.len()).map(|place| format!("${}", place + 2)).collect();
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    let rest = format!("and question.id in ({}) order by question.at, question.id", marks.join(", "));
    all(host, &rest, ids.iter().map(|id| (*id).into()).collect())
}

/// Questions in which every word is found, in what was asked or said in them.
pub fn search(host: &Host, words: &[String]) -> Result<Vec<Case>> {
    let mut rest = String::new();
    let mut parameters = Vec::new();
    for word in words {
        parameters.push(format!("%{word}%").into());
        let place = parameters.len() + 1;
        rest.push_str(&format!(
            " and (question.words like ${place} or exists (select 1 from message
                where message.question_id = question.id and message.words like ${place}))"
        ));
    }
    rest.push_str(&format!(" order by question.last_at desc, question.id desc limit {MOST}"));
    all(host, &rest, parameters)
}

/// A last part of an address that nobody can guess.
pub fn new_slug(host: &Host) -> String {
    // The last eight bytes of an id are 62 random bits.
    let part = |id: Uuid| format!("{:016x}", id.as_u64_pair().1);
    part(host.new_id()) + &part(host.new_id())
}
