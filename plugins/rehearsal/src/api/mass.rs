//! Publishing: to followers, within a quota that the back office shares, or without telling them.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::call::Call;
use super::customer::content;
use crate::failure::Failure;
use crate::message::{Event, MassReport, Matter};
use crate::options::Tier;
use crate::people::Speaker;
use crate::platform::{After, Platform};
use crate::truth::Publication;

const LONGEST_CLIENT_ID: usize = 64;

/// `POST /cgi-bin/message/mass/sendall`
pub fn send_all(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let filter = call.body.get("filter").ok_or_else(|| Failure::new(47001))?;
    let to_all = filter.get("is_to_all").and_then(Value::as_bool).unwrap_or(false);
    let tag = filter.get("tag_id").and_then(Value::as_u64).and_then(|tag| u32::try_from(tag).ok());
    if !to_all && tag.is_none() {
        return Err(Failure::new(45159));
    }
    let chosen = platform
        .people
        .iter()
        .filter(|person| person.stay().is_some() && (to_all || tag.is_some_and(|tag| person.tags.contains(&tag))));
    let chosen = chosen.map(|person| person.number).collect();
    submit(platform, call, chosen)
}

/// `POST /cgi-bin/message/mass/send`
pub fn send(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let openids = call.body.get("touser").and_then(Value::as_array).ok_or_else(|| Failure::new(40003))?;
    let chosen: HashSet<_> = openids
        .iter()
        .filter_map(|openid| {
            let person = platform.by_openid(openid.as_str()?)?;
            person.stay().map(|_| person.number)
        })
        .collect();
    if openids.len() < 2 {
        return Err(Failure::new(40032));
    }
    submit(platform, call, chosen.into_iter().collect())
}

fn submit(platform: &mut Platform, call: &Call, chosen: Vec<usize>) -> Result<Value, Failure> {
    let (shown, _) = content(platform, &call.body)?;
    let client_id = call.body.get("clientmsgid").and_then(Value::as_str).map(str::to_owned);
    if client_id.as_ref().is_some_and(|id| id.len() > LONGEST_CLIENT_ID) {
        return Err(Failure::new(45067));
    }
    if let Some(id) = client_id.as_ref().and_then(|id| platform.state.mass.job_of(id)) {
        // The refusal names the job that there is already.
        return Ok(json!({ "errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": id }));
    }
    let id = deliver(platform, &shown, chosen, call.now)?;
    if let Some(client_id) = client_id {
        platform.state.mass.name(client_id, id);
    }
    Ok(json!({ "errcode": 0, "errmsg": "send job submission success", "msg_id": id, "msg_data_id": id }))
}

/// Sends to followers, whether by the API or from the back office: both use the same quota.
fn deliver(platform: &mut Platform, shown: &str, chosen: Vec<usize>, now: DateTime<Utc>) -> Result<u64, Failure> {
    let monthly = platform.tier == Tier::F;
    let total = chosen.len();
    let (id, reached) = platform.state.mass.take(monthly, chosen, now)?;
    for number in &reached {
        platform.people[*number].hear(now, Speaker::Account, shown);
    }
    let title = shown.trim_start_matches("[图文] ").to_owned();
    platform.publications.push(Publication { id, at: now, title, how: "mass", recipients: reached.len() });
    let report = MassReport { id, total, sent: reached.len(), failed: total - reached.len() };
    let parcel = platform.parcel(None, Matter::Event(Event::MassFinished(report)), None, now);
    platform.state.after.extend([After::Tell(parcel), After::Read { publication: id }]);
    Ok(id)
}

/// Sends an article to all followers from the back office.
pub fn send_to_all(platform: &mut Platform, title: &str, now: DateTime<Utc>) -> Result<u64, Failure> {
    let everybody = platform.people.iter().filter(|person| person.stay().is_some()).map(|person| person.number);
    let everybody = everybody.collect();
    deliver(platform, &format!("[图文] {title}"), everybody, now)
}

/// `POST /cgi-bin/message/mass/preview`
pub fn preview(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let (shown, _) = content(platform, &call.body)?;
    let person = platform.by_openid(call.text("touser")?).filter(|person| person.stay().is_some());
    person.ok_or_else(|| Failure::new(40003))?.hear(call.now, Speaker::Account, shown);
    Ok(json!({ "errcode": 0, "errmsg": "preview success", "msg_id": platform.state.mass.number() }))
}

/// `POST /cgi-bin/message/mass/get`
pub fn status(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let id = number(&call.body, "msg_id")?;
    let known = platform.publications.iter().any(|publication| publication.id == id);
    known.then(|| json!({ "msg_id": id, "msg_status": "SEND_SUCCESS" })).ok_or_else(|| Failure::new(40059))
}

/// `POST /cgi-bin/freepublish/submit`
pub fn publish(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let draft = call.text("media_id")?;
    let title = platform.state.library.title_of(draft).ok_or_else(|| Failure::new(53600))?;
    let id = platform.state.mass.number();
    let hash = <sha1::Sha1 as sha1::Digest>::digest(format!("article {id}"));
    let article = data_encoding::BASE64URL_NOPAD.encode(&hash);
    platform.state.mass.publish(id, article.clone());
    platform.publications.push(Publication { id, at: call.now, title, how: "publish", recipients: 0 });
    let url = format!("{}/article?id={article}", call.base);
    let event = Event::PublishFinished { publish_id: id, article_id: article, url };
    let parcel = platform.parcel(None, Matter::Event(event), None, call.now);
    platform.state.after.extend([After::Tell(parcel), After::Read { publication: id }]);
    Ok(json!({ "errcode": 0, "errmsg": "ok", "publish_id": id.to_string(), "msg_data_id": id.to_string() }))
}

/// `POST /cgi-bin/freepublish/get`
pub fn publication(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let id = number(&call.body, "publish_id")?;
    let article = platform.state.mass.article_of(id).ok_or_else(|| Failure::new(40059))?;
    let url = format!("{}/article?id={article}", call.base);
    Ok(json!({
        "publish_id": id.to_string(),
        "publish_status": 0,
        "article_id": article,
        "article_detail": { "count": 1, "item": [{ "idx": 1, "article_url": url }] },
        "fail_idx": [],
    }))
}

/// A number, which some write as text.
fn number(body: &Value, name: &str) -> Result<u64, Failure> {
    let value = body.get(name).ok_or_else(|| Failure::new(47001))?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).ok_or_else(|| Failure::new(40059))
}
