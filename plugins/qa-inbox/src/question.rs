//! Questions, claims and answers in the plugin's tables.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::Code;
use plugin_sdk::serde_json::Value;

/// How long a question is kept for who claimed it.
pub const LEASE: TimeDelta = TimeDelta::minutes(10);
/// The most questions of either kind that a page shows.
const MOST: i64 = 100;

/// A question that nobody has answered.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Id.
    pub id: Uuid,
    /// What was asked.
    pub text: String,
    /// Since when it waits.
    pub at: DateTime<Utc>,
    /// Who claimed it last.
    pub claimed_by: Option<Uuid>,
    /// Until when it is theirs.
    pub claimed_until: Option<DateTime<Utc>>,
}

/// A question with its answer.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Id.
    pub id: Uuid,
    /// What was asked.
    pub text: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// What was answered.
    pub answer: String,
    /// By whom.
    pub person: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Waiting {
    /// Who may answer it now, and nobody else.
    pub fn holder(&self, now: DateTime<Utc>) -> Option<Uuid> {
        self.claimed_by.filter(|_| self.claimed_until.is_some_and(|until| until > now))
    }
}

/// Those that wait, the oldest first.
pub fn waiting(host: &Host) -> Result<Vec<Waiting>> {
    let table = host.query(
        "select question.id, question.text, question.at, claim.person_id, claim.expires_at from question
         left join claim on claim.question_id = question.id
         where question.class_id = $1
           and not exists (select 1 from answer where answer.question_id = question.id)
         order by question.at, question.id limit $2",
        params![host.class()?.id, MOST],
    )?;
    let one = |row: Row<'_>| {
        Ok(Waiting {
            id: row.get("id")?,
            text: row.get("text")?,
            at: row.get("at")?,
            claimed_by: row.get("person_id")?,
            claimed_until: row.get("expires_at")?,
        })
    };
    table.iter().map(one).collect()
}

/// How many wait.
pub fn count_waiting(host: &Host) -> Result<i64> {
    let table = host.query(
        "select count(*) as questions from question where class_id = $1
         and not exists (select 1 from answer where answer.question_id = question.id)",
        params![host.class()?.id],
    )?;
    table.value()
}

/// Those that were answered, the latest first.
pub fn answered(host: &Host) -> Result<Vec<Answered>> {
    let table = host.query(
        "select question.id, question.text, question.at as asked_at,
                answer.text as answer, answer.person_id, answer.at from question
         join answer on answer.question_id = question.id
         where question.class_id = $1 order by answer.at desc, question.id desc limit $2",
        params![host.class()?.id, MOST],
    )?;
    let one = |row: Row<'_>| {
        Ok(Answered {
            id: row.get("id")?,
            text: row.get("text")?,
            asked_at: row.get("asked_at")?,
            answer: row.get("answer")?,
            person: row.get("person_id")?,
            at: row.get("at")?,
        })
    };
    table.iter().map(one).collect()
}

/// Puts a question into the queue.
pub fn add(host: &Host, text: &str) -> Result<()> {
    host.exec(
        "insert into question (id, class_id, person_id, text, at) values ($1, $2, $3, $4, $5)",
        params![host.new_id(), host.class()?.id, host.person()?.id, text, host.now()],
    )?;
    Ok(())
}

/// Keeps a question for the person who asks; false when it is another's, or answered. The one statement decides, so two
/// people at once never get the same question.
pub fn claim(host: &Host, question: Uuid) -> Result<bool> {
    let (class, me, now) = (host.class()?.id, host.person()?.id, host.now());
    let done = host.exec(
        "insert into claim (question_id, person_id, expires_at)
         select id, $1, $2 from question where id = $3 and class_id = $4
            and not exists (select 1 from answer where answer.question_id = question.id)
         on conflict (question_id) do update set person_id = excluded.person_id, expires_at = excluded.expires_at
         where claim.expires_at <= $5 or claim.person_id = excluded.person_id",
        params![me, now + LEASE, question, class, now],
    )?;
    if done == 0 {
        find(host, question)?;
    }
    Ok(done > 0)
}

/// Answers a question that the person has claimed; false when somebody else has it or has answered it. A claim that
/// ran out holds as long as nobody else claims the question.
pub fn answer(host: &Host, question: Uuid, text: &str) -> Result<bool> {
    let (class, me) = (host.class()?.id, host.person()?.id);
    let done = host
        .batch()
        .expect(
            1,
            "insert into answer (question_id, person_id, text, at)
             select question.id, claim.person_id, $1, $2 from question
             join claim on claim.question_id = question.id
             where question.id = $3 and question.class_id = $4 and claim.person_id = $5",
            params![text, host.now(), question, class, me],
        )
        .add("delete from claim where question_id = $1", params![question])
        .run();
    match done {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Code::Conflict => find(host, question).map(|()| false),
        Err(error) => Err(error),
    }
}

/// Forgets a question with everything about it.
pub fn delete(host: &Host, question: Uuid) -> Result<()> {
    find(host, question)?;
    host.batch()
        .add("delete from claim where question_id = $1", params![question])
        .add("delete from answer where question_id = $1", params![question])
        .add("delete from question where id = $1", params![question])
        .run()?;
    Ok(())
}

/// How many questions each person has answered.
pub fn facts(host: &Host) -> Result<Facts> {
    let table = host.query(
        "select answer.person_id, count(*) as questions from answer
         join question on question.id = answer.question_id
         where question.class_id = $1 and answer.person_id is not null group by answer.person_id",
        params![host.class()?.id],
    )?;
    let one = |row: Row<'_>| {
        let questions: Value = row.get::<i64>("questions")?.into();
        let values = [("answered".to_owned(), questions)].into_iter().collect();
        Ok(StudentFacts { person: row.get("person_id")?, values })
    };
    Ok(Facts { students: table.iter().map(one).collect::<Result<_>>()? })
}

fn find(host: &Host, question: Uuid) -> Result<()> {
    let table =
        host.query("select id from question where id = $1 and class_id = $2", params![question, host.class()?.id])?;
    table.first().map(|_| ()).ok_or_else(not_found)
}
