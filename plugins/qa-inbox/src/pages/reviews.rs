//! Answers of others to review, and writing a review.

use plugin_sdk::prelude::*;

use crate::conversation::{case, kind, message};
use crate::names::Names;
use crate::{clock, review};

/// The most answers on the page.
const MOST: usize = 10;
/// The longest remark, in characters.
pub const REMARK: usize = 300;

/// Answers of others that this person has not reviewed, those with the fewest reviews first.
pub fn list(host: &Host) -> Result<Response> {
    let me = host.person()?.id;
    let (names, counts) = (Names::of(host)?, review::counts(host, me)?);
    let count = |id: &Uuid| counts.get(id).copied().unwrap_or_default();
    let mut answers = message::answers(host, 200)?;
    let given = counts.values().filter(|(_, mine)| *mine).count();
    answers.retain(|answer| answer.person != Some(me) && !count(&answer.id).1);
    answers.sort_by_key(|answer| count(&answer.id).0);
    answers.truncate(MOST);
    let ids: Vec<Uuid> = answers.iter().map(|answer| answer.question).collect();
    let cases = case::of_ids(host, &ids)?;
    let one = |answer: &message::Message| {
        let asked = cases.iter().find(|case| case.id == answer.question).map(|case| kind::short(&case.text));
        json!({
            "id": answer.id, "question": answer.question, "asked": asked, "text": answer.text,
            "name": names.get(answer.person), "at": clock::shown(answer.at, host.now()), "reviews": count(&answer.id).0,
        })
    };
    let values = json!({
        "answers": answers.iter().map(one).collect::<Vec<_>>(),
        "given": given,
        "remark_length": REMARK,
        "is_open": !host.class()?.archived,
    });
    Ok(page("reviews.html", values).title("reviews"))
}

/// Writes one; nobody reviews their own answer.
pub fn write(host: &Host, request: &Page) -> Result<Response> {
    let answer = message::find(host, request.param("message")?)?;
    if answer.author != "student" || answer.kind != "answer" {
        return Err(not_found());
    }
    if answer.person == Some(host.person()?.id) {
        return Ok(redirect("/reviews").warning("review-own"));
    }
    let grade: i64 = request.required("grade")?;
    let text: String = request.form("text").trim().chars().take(REMARK).collect();
    if !(1..=3).contains(&grade) {
        return Err(invalid("field-required").at("grade"));
    }
    if grade == 3 && text.is_empty() {
        return Ok(redirect("/reviews").warning("review-say-what"));
    }
    review::write(host, answer.id, grade, &text)?;
    Ok(redirect("/reviews").notice("review-done"))
}
