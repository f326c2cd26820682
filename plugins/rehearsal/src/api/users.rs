//! Followers: the list, and what the platform tells about each. Names and pictures are no longer told.

use serde_json::{Value, json};

use super::call::{Call, text};
use crate::failure::Failure;
use crate::people::{Person, Way};
use crate::platform::Platform;

/// No more than so many in one call.
const MOST_AT_ONCE: usize = 100;

/// `GET /cgi-bin/user/get`: in the order in which they followed.
pub fn list(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let after = call.query.get("next_openid").map_or("", String::as_str);
    let followers = platform.people.iter().filter(|person| person.stay().is_some());
    page(platform, followers.collect(), after, true)
}

/// A part of a list of followers, after one of them.
pub fn page(platform: &Platform, followers: Vec<&Person>, after: &str, total: bool) -> Result<Value, Failure> {
    let place = |person: &Person| (person.stays.last().map(|stay| stay.from), person.number);
    let start = match after {
        "" => None,
        openid => {
            let person = platform.people.iter().find(|person| person.openid == openid);
            Some(place(person.ok_or_else(|| Failure::new(40003))?))
        }
    };
    let all = followers.len();
    let mut rest: Vec<_> =
        followers.into_iter().filter(|person| start.is_none_or(|start| place(person) > start)).collect();
    rest.sort_by_key(|person| place(person));
    rest.truncate(platform.state.page);
    let openids: Vec<_> = rest.iter().map(|person| person.openid.as_str()).collect();
    let mut answer = json!({ "count": openids.len(), "next_openid": openids.last().unwrap_or(&"") });
    if total {
        answer["total"] = all.into();
    }
    if !openids.is_empty() {
        answer["data"] = json!({ "openid": openids });
    }
    Ok(answer)
}

/// `GET /cgi-bin/user/info`
pub fn show(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let openid = call.query.get("openid").ok_or_else(|| Failure::new(41009))?.clone();
    record(platform, &openid)
}

/// `POST /cgi-bin/user/info/batchget`
pub fn show_many(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let wanted = call.body.get("user_list").and_then(Value::as_array).ok_or_else(|| Failure::new(47001))?;
    if wanted.is_empty() || wanted.len() > MOST_AT_ONCE {
        return Err(Failure::new(40032));
    }
    let records = wanted.iter().map(|user| record(platform, text(user, "openid")?));
    Ok(json!({ "user_info_list": records.collect::<Result<Vec<_>, _>>()? }))
}

/// `POST /cgi-bin/user/info/updateremark`
pub fn remark(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let remark = call.body.get("remark").and_then(Value::as_str).unwrap_or_default().to_owned();
    if remark.chars().count() >= 30 {
        return Err(Failure::saying(40097, "invalid args, remark has 30 characters or more"));
    }
    let person = platform.by_openid(call.text("openid")?).ok_or_else(|| Failure::new(40003))?;
    if person.stay().is_none() {
        return Err(Failure::saying(50005, "user is unsubscribed"));
    }
    person.remark = remark;
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

fn record(platform: &mut Platform, openid: &str) -> Result<Value, Failure> {
    let codes = &platform.state.codes.clone();
    let person = platform.by_openid(openid).ok_or_else(|| Failure::new(40003))?;
    let Some(stay) = person.stay() else {
        return Ok(json!({ "subscribe": 0, "openid": openid }));
    };
    let (number, words) = match &stay.way {
        Way::Scene(scene) if codes.is_number(scene) => (scene.parse().unwrap_or(0), ""),
        Way::Scene(scene) => (0, scene.as_str()),
        _ => (0, ""),
    };
    Ok(json!({
        "subscribe": 1,
        "openid": openid,
        "subscribe_time": stay.from.timestamp(),
        "remark": person.remark,
        "groupid": person.tags.first().copied().unwrap_or(0),
        "tagid_list": person.tags,
        "subscribe_scene": stay.way.recorded(),
        "qr_scene": number as u32,
        "qr_scene_str": words,
    }))
}
