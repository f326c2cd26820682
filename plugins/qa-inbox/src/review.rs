//! Students review one another's answers.

use std::collections::HashMap;

use plugin_sdk::prelude::*;

/// A review.
#[derive(Clone, Debug)]
pub struct Review {
    /// By whom.
    pub person: Option<Uuid>,
    /// 1 good, 2 fair, 3 to be mended.
    pub grade: i64,
    /// What could be better.
    pub text: String,
}

/// The reviews of the answers to a question, by answer.
pub fn of_case(host: &Host, question: Uuid) -> Result<HashMap<Uuid, Vec<Review>>> {
    let table = host.query(
        "select review.message_id, review.person_id, review.grade, review.text from review
         join message on message.id = review.message_id
         where review.class_id = $1 and message.question_id = $2 order by review.at, review.id",
        params![host.class()?.id, question],
    )?;
    let mut reviews: HashMap<Uuid, Vec<Review>> = HashMap::new();
    for row in table.iter() {
        let review = Review { person: row.get("person_id")?, grade: row.get("grade")?, text: row.get("text")? };
        reviews.entry(row.get("message_id")?).or_default().push(review);
    }
    Ok(reviews)
}

/// How many reviews each answer has, and whether one is this person's.
pub fn counts(host: &Host, me: Uuid) -> Result<HashMap<Uuid, (i64, bool)>> {
    let table = host.query(
        "select message_id, count(*) as reviews, sum(case when person_id = $2 then 1 else 0 end) as mine from review
         where class_id = $1 and message_id is not null group by message_id",
        params![host.class()?.id, me],
    )?;
    table.iter().map(|row| Ok((row.get("message_id")?, (row.get("reviews")?, row.get::<i64>("mine")? > 0)))).collect()
}

/// Writes a review, once a person and answer; the second takes the place of the first.
pub fn write(host: &Host, message: Uuid, grade: i64, text: &str) -> Result<()> {
    host.exec(
        "insert into review (id, class_id, message_id, person_id, grade, text, at) values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (message_id, person_id) do update
            set grade = excluded.grade, text = excluded.text, at = excluded.at",
        params![host.new_id(), host.class()?.id, message, host.person()?.id, grade, text, host.now()],
    )?;
    Ok(())
}
