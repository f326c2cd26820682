//! Publications: the slots, and one of them with its text and steps.

use plugin_sdk::chrono::NaiveDate;
use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::{self, Value};

use super::{back, options};
use crate::day;
use crate::people::People;
use crate::publication::step::{self, Reader, STEPS, Step};
use crate::publication::{self, LONGEST, Publication};
use crate::quota::{Quota, day_of};

/// The slots: a month back, two ahead.
pub fn list(host: &Host) -> Result<Response> {
    let (people, quota, today) = (People::of(host)?, Quota::of(host), day_of(host.now()));
    let all = publication::between(host, today - TimeDelta::days(31), today + TimeDelta::days(62))?;
    let shown: Vec<Value> =
        all.iter().filter(|one| one.state != "cancelled").map(|one| entry(host, one, &people, today)).collect();
    let (coming, past): (Vec<Value>, Vec<Value>) = shown.into_iter().partition(|one| one["is_past"] == false);
    let values = json!({
        "coming": coming,
        "past": past.into_iter().rev().collect::<Vec<_>>(),
        "quota": quota.word(),
        "left": publication::left(host, quota, today, &[], false)?,
        "least": today.to_string(),
        "options": options(&people, "—"),
        "longest": LONGEST.0,
        "may_plan": host.person()?.is_operator() && !host.class()?.archived,
    });
    Ok(page("publications.html", values).title("publications"))
}

/// Plans a slot.
pub fn create(host: &Host, request: &Page) -> Result<Response> {
    let author = match step::author(&People::of(host)?, request.form("author")) {
        Ok(author) => author,
        Err(why) => return Ok(back("/publications", false, why)),
    };
    let Some(on) = day::parse(request.form("day")) else { return Ok(back("/publications", false, "plan-day-wrong")) };
    Ok(match publication::create(host, on, request.form("title"), author)? {
        Ok(id) => back(format!("/publications/{id}"), true, "publication-planned"),
        Err(why) => back("/publications", false, why),
    })
}

/// One publication.
pub fn show(host: &Host, id: Uuid) -> Result<Response> {
    one(host, &publication::find(host, id)?, None)
}

/// A step of a publication.
pub fn do_step(host: &Host, id: Uuid, name: &str, request: &Page) -> Result<Response> {
    let found = publication::find(host, id)?;
    let (_, asked) = STEPS.into_iter().find(|(known, _)| *known == name).ok_or_else(not_found)?;
    if !Reader::of(host, &found)?.may(asked, &found) {
        // Somebody was quicker, or the page is old: say so instead of a bare refusal.
        let is_finished = !matches!(found.state.as_str(), "planned" | "writing");
        let is_author = found.author == Some(host.person()?.id);
        if is_author && is_finished && matches!(asked, Step::Save | Step::Submit) {
            return Ok(one(host, &found, Some(Kept::of(request, "publication-changed")))?.status(409));
        }
        return Err(denied());
    }
    let here = format!("/publications/{id}");
    if asked == Step::Draft {
        let people = People::of(host)?;
        let author = found.author.and_then(|author| people.name(author)).unwrap_or_default();
        let (is_done, said, why) = publication::to_channel(host, &found, author)?;
        let said = if why.is_empty() { said.to_owned() } else { why };
        return Ok(back(here, is_done, &said));
    }
    Ok(match step::take(host, &found, asked, request)? {
        Ok(said) => back(if asked == Step::Cancel { "/publications".into() } else { here }, true, said),
        // What was written is not lost.
        Err(why) if matches!(asked, Step::Save | Step::Submit) => {
            let status = if why == "publication-changed" { 409 } else { 422 };
            one(host, &publication::find(host, id)?, Some(Kept::of(request, why)))?.status(status)
        }
        Err(why) => back(here, false, why),
    })
}

/// What was typed into a form that was refused.
struct Kept {
    title: String,
    text: String,
    why: &'static str,
}

impl Kept {
    fn of(request: &Page, why: &'static str) -> Self {
        Self { title: request.form("title").to_owned(), text: request.form("text").to_owned(), why }
    }
}

fn one(host: &Host, found: &Publication, kept: Option<Kept>) -> Result<Response> {
    let (people, reader, today) = (People::of(host)?, Reader::of(host, found)?, day_of(host.now()));
    let is_open = !host.class()?.archived;
    let may = |step: Step| is_open && reader.may(step, found);
    let steps: serde_json::Map<String, Value> =
        STEPS.into_iter().map(|(name, step)| (name.to_owned(), may(step).into())).collect();
    let mut values = entry(host, found, &people, today);
    values["why"] = kept.as_ref().map(|kept| kept.why).into();
    values["typed_title"] = kept.as_ref().map_or(&found.title, |kept| &kept.title).clone().into();
    values["typed_text"] = kept.as_ref().map_or(&found.text, |kept| &kept.text).clone().into();
    values["text"] = found.text.clone().into();
    values["note"] = found.note.clone().into();
    values["draft"] = found.draft.clone().into();
    values["may"] = steps.into();
    values["least"] = today.to_string().into();
    values["likely"] = step::likely_day(host, found).to_string().into();
    values["longest"] = json!([LONGEST.0, LONGEST.1]);
    Ok(page("publication.html", json!({ "publication": values })).title(&found.shown_title(host)))
}

fn entry(host: &Host, one: &Publication, people: &People, today: NaiveDate) -> Value {
    let is_missed = one.is_missed(today);
    let state = if is_missed { "missed" } else { &one.state };
    json!({
        "id": one.id,
        "day": day::shown(one.day),
        "title": one.shown_title(host),
        "state": state,
        "word": format!("state-{state}"),
        "next": if state == "planned" && one.author.is_some() { "next-writing".to_owned() } else { format!("next-{state}") },
        "author": one.author.map(|author| people.name(author)),
        "editor": one.editor.map(|editor| people.name(editor)),
        "is_past": state == "published" || (one.day < today),
    })
}
