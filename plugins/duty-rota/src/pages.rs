//! The pages: each reads the request, asks, and answers with a template.

pub mod day;
pub mod fairness;
pub mod plan;
pub mod publication;
pub mod repair;
pub mod shift;
pub mod swap;
pub mod times;
pub mod today;

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::people::People;
use crate::shift::{POSTS, Shift, between, word};

/// Back to a page, with what was done or why it was not.
pub fn back(to: impl Into<String>, is_done: bool, key: &str) -> Response {
    if is_done { redirect(to).notice(key) } else { redirect(to).warning(key) }
}

/// Somebody on a shift, for a template. Without a name they are not in the class any more.
pub fn holder(shift: &Shift, people: &People, me: Option<Uuid>) -> Value {
    json!({
        "shift": shift.id,
        "post": shift.post,
        "word": word(&shift.post),
        "name": people.name(shift.person),
        "is_me": me == Some(shift.person),
        "is_kept": shift.checked_in_at.is_some(),
    })
}

/// The days from a first one on, each with who has which post.
pub fn days(host: &Host, people: &People, first: NaiveDate, count: u64, me: Option<Uuid>) -> Result<Vec<Value>> {
    let shifts = between(host, first, first + Days::new(count.saturating_sub(1)))?;
    let of_day = |on: NaiveDate| {
        let found = |post: &&str| shifts.iter().find(|shift| shift.day == on && shift.post == **post);
        let held: Vec<Value> =
            POSTS.iter().map(|post| found(post).map_or(Value::Null, |shift| holder(shift, people, me))).collect();
        json!({ "day": crate::day::shown(on), "held": held })
    };
    Ok((0..count).map(|number| of_day(first + Days::new(number))).collect())
}

/// The students for a choice of one of them.
pub fn options(people: &People, nobody: &str) -> Vec<Value> {
    let students = people.students.iter().map(|student| json!({ "value": student.id, "label": student.name }));
    std::iter::once(json!({ "value": "", "label": nobody })).chain(students).collect()
}
