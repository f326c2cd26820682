//! One day by hand: who has which post.

use plugin_sdk::chrono::{Days, NaiveDate};
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use super::days;
use crate::day;
use crate::people::People;
use crate::rules::Rules;
use crate::shift::change::{self, Change, write};
use crate::shift::{self, POSTS, word};
use crate::why;

/// How many days are shown below the form.
const SHOWN: u64 = 14;

/// The form for a day; today's for one that is past.
pub fn show(host: &Host, asked: &str) -> Result<Response> {
    let today = host.today();
    let on = day::parse(asked).ok_or_else(not_found)?.max(today);
    form(host, on, None)
}

/// Plans a day anew; what has been kept already stays.
pub fn save(host: &Host, asked: &str, request: &Page) -> Result<Response> {
    let on = day::parse(asked).ok_or_else(not_found)?;
    let sent: Vec<&str> = POSTS.iter().map(|post| request.form(post).trim()).collect();
    let again = |error: &'static str| {
        let people = sent.iter().map(|&person| person.to_owned()).collect();
        Ok(form(host, on, Some((people, error)))?.status(422))
    };
    if on < Rules::of(host).first_to_plan(host) {
        return again("plan-day-past");
    }
    let revision = change::revision(host)?;
    let seen = request.form("seen");
    let now = current(host, on)?;
    if !seen.is_empty() && seen != now.join(",") {
        return Ok(form(host, on, Some((now, "plan-changed")))?.status(409));
    }
    let people = People::of(host)?;
    let wanted: Option<Vec<Option<Uuid>>> =
        sent.iter().map(|text| if text.is_empty() { Some(None) } else { people.student(text).map(Some) }).collect();
    let Some(wanted) = wanted else { return again("plan-person-unknown") };
    if wanted.iter().flatten().any(|person| wanted.iter().flatten().filter(|other| *other == person).count() > 1) {
        return again("plan-person-twice");
    }
    let (planned, mut changes) = (shift::between(host, on, on)?, Vec::new());
    for (post, wanted) in POSTS.into_iter().zip(wanted) {
        let before = planned.iter().find(|shift| shift.post == post);
        if before.map(|shift| shift.person) == wanted {
            continue;
        }
        if before.is_some_and(|shift| shift.checked_in_at.is_some()) {
            return again("plan-kept");
        }
        let after = wanted.map(|person| (person, why::simple("hand")));
        changes.push(Change { before: before.cloned(), day: on, post: post.to_owned(), after });
    }
    if !write(host, revision, &changes, |batch| batch)? {
        let current = current(host, on)?;
        return Ok(form(host, on, Some((current, "plan-changed")))?.status(409));
    }
    Ok(redirect(format!("/days/{}", on + Days::new(1))).notice("plan-saved"))
}

/// Who has each post, as the form sends it.
fn current(host: &Host, on: NaiveDate) -> Result<Vec<String>> {
    let planned = shift::between(host, on, on)?;
    let holder = |post: &&str| planned.iter().find(|shift| shift.post == **post);
    Ok(POSTS.iter().map(|post| holder(post).map(|shift| shift.person.to_string()).unwrap_or_default()).collect())
}

fn form(host: &Host, on: NaiveDate, refused: Option<(Vec<String>, &'static str)>) -> Result<Response> {
    let current = current(host, on)?;
    let seen = current.join(",");
    let (error, filled) = match refused {
        Some((filled, error)) => (Some(error), filled),
        None => (None, current),
    };
    let (counts, people) = (shift::counts(host)?, People::of(host)?);
    let options = people.students.iter().map(|student| {
        let shifts = counts.get(&student.id).copied().unwrap_or_default();
        json!({ "value": student.id, "label": format!("{} · {shifts}", student.name) })
    });
    let nobody = json!({ "value": "", "label": "—" });
    let options: Vec<Value> = std::iter::once(nobody).chain(options).collect();
    let one = |(post, person)| json!({ "post": post, "word": word(post), "person": person });
    let chosen: Vec<Value> = POSTS.into_iter().zip(filled).map(one).collect();
    let values = json!({
        "seen": seen,
        "shown": day::shown(on),
        "chosen": chosen,
        "options": options,
        "error": error,
        "posts": POSTS.map(word),
        "days": days(host, &people, on.max(host.today()), SHOWN, None)?,
        "is_open": !host.class()?.archived,
    });
    Ok(page("day.html", values).title("plan-day"))
}
