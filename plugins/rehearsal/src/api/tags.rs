//! Tags of followers, as calls make them and give them.

use serde_json::{Value, json};

use super::call::{Call, text};
use super::users::page;
use crate::failure::Failure;
use crate::platform::{Platform, STARRED};

/// An account has at most so many tags, a person so many, a call so many people.
const MOST_TAGS: usize = 100;
const MOST_OF_A_PERSON: usize = 20;
const MOST_AT_ONCE: usize = 50;
const LONGEST_NAME: usize = 30;
/// `POST /cgi-bin/tags/create`
pub fn create(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let name = name(platform, call)?;
    let tags = &mut platform.state.tags;
    if tags.names.len() > MOST_TAGS {
        return Err(Failure::new(45056));
    }
    let id = tags.make(&name);
    Ok(json!({ "tag": { "id": id, "name": name } }))
}

/// `GET /cgi-bin/tags/get`
pub fn list(platform: &mut Platform, _: &Call) -> Result<Value, Failure> {
    let count = |id: &u32| platform.people.iter().filter(|person| person.tags.contains(id)).count();
    let tags = platform.state.tags.names.iter();
    let tags = tags.map(|(id, name)| json!({ "id": id, "name": name, "count": count(id) }));
    Ok(json!({ "tags": tags.collect::<Vec<_>>() }))
}

/// `POST /cgi-bin/tags/update`
pub fn rename(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let id = changeable(platform, call.body.get("tag").and_then(|tag| tag.get("id")))?;
    let name = name(platform, call)?;
    platform.state.tags.names.insert(id, name);
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// `POST /cgi-bin/tags/delete`
pub fn delete(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let id = changeable(platform, call.body.get("tag").and_then(|tag| tag.get("id")))?;
    platform.state.tags.names.remove(&id);
    platform.people.iter_mut().for_each(|person| {
        person.tags.remove(&id);
    });
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// `POST /cgi-bin/tags/members/batchtagging`
pub fn add(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let (id, people) = members_of(platform, call)?;
    let tags = |number: &usize| &platform.people[*number].tags;
    if people.iter().any(|number| tags(number).len() >= MOST_OF_A_PERSON && !tags(number).contains(&id)) {
        return Err(Failure::new(45059));
    }
    people.iter().for_each(|number| {
        platform.people[*number].tags.insert(id);
    });
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// `POST /cgi-bin/tags/members/batchuntagging`
pub fn remove(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let (id, people) = members_of(platform, call)?;
    people.iter().for_each(|number| {
        platform.people[*number].tags.remove(&id);
    });
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// `POST /cgi-bin/tags/getidlist`
pub fn of_user(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let person = platform.by_openid(call.text("openid")?).ok_or_else(|| Failure::new(40003))?;
    Ok(json!({ "tagid_list": person.tags }))
}

/// `GET /cgi-bin/user/tag/get`
pub fn members(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let id = known(platform, call.body.get("tagid"))?;
    let after = call.body.get("next_openid").and_then(Value::as_str).unwrap_or_default();
    let people = platform.people.iter().filter(|person| person.stay().is_some() && person.tags.contains(&id));
    page(platform, people.collect(), after, false)
}

fn name(platform: &Platform, call: &Call) -> Result<String, Failure> {
    let name = text(call.body.get("tag").unwrap_or(&Value::Null), "name")?;
    if name.chars().count() > LONGEST_NAME {
        return Err(Failure::new(45158));
    }
    if platform.state.tags.names.values().any(|known| known == name) {
        return Err(Failure::new(45157));
    }
    Ok(name.to_owned())
}

fn known(platform: &Platform, id: Option<&Value>) -> Result<u32, Failure> {
    let id = id.and_then(Value::as_u64).and_then(|id| u32::try_from(id).ok());
    id.filter(|id| platform.state.tags.names.contains_key(id)).ok_or_else(|| Failure::new(45159))
}

fn changeable(platform: &Platform, id: Option<&Value>) -> Result<u32, Failure> {
    match known(platform, id)? {
        STARRED => Err(Failure::new(45058)),
        id => Ok(id),
    }
}

fn members_of(platform: &mut Platform, call: &Call) -> Result<(u32, Vec<usize>), Failure> {
    let id = known(platform, call.body.get("tagid"))?;
    let openids = call.body.get("openid_list").and_then(Value::as_array).ok_or_else(|| Failure::new(47001))?;
    if openids.is_empty() || openids.len() > MOST_AT_ONCE {
        return Err(Failure::new(40032));
    }
    let people = openids.iter().map(|openid| {
        let openid = openid.as_str().ok_or_else(|| Failure::new(40003))?;
        let person = platform.by_openid(openid).ok_or_else(|| Failure::new(49003))?;
        person.stay().map(|_| person.number).ok_or_else(|| Failure::new(49003))
    });
    let people = people.collect::<Result<Vec<_>, _>>()?;
    Ok((id, people))
}
