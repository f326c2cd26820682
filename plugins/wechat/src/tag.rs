//! Tags on followers.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::account::Account;
use crate::api::{self, Call, Trouble};
use crate::{follower, tier};

const LIST: Call = Call::get("/cgi-bin/tags/get", 1_000);
const CREATE: Call = Call::post("/cgi-bin/tags/create", 1_000);
const PUT_ON: Call = Call::post("/cgi-bin/tags/members/batchtagging", 100_000);
/// The tag has gone.
const UNKNOWN_TAG: i64 = 45_159;

/// Puts a tag on a follower; makes the tag when there is none of this name.
pub fn put_on(host: &Host, id: Uuid, name: &str) -> Result<Value> {
    let name = name.trim();
    if !(1..=30).contains(&name.chars().count()) {
        return Err(invalid("channel.tag: a tag has 1 to 30 characters").at("tag"));
    }
    let follower = follower::find(host, id)?.ok_or_else(not_found)?;
    if !tier::of(&Account::open(host)?).tier.is_verified() {
        return Ok(json!({ "available": false, "why": api::explain(api::NOT_PERMITTED).json() }));
    }
    let done = number(host, name).and_then(|tag| {
        let body = json!({ "openid_list": [follower.openid], "tagid": tag });
        api::call(host, PUT_ON, "", Some(&body))
    });
    match done {
        Ok(_) => Ok(json!({ "available": true })),
        Err(trouble) => {
            if trouble == Trouble::Refused(UNKNOWN_TAG) {
                let sql = "delete from tag where class_id = $1 and name = $2";
                host.exec(sql, params![host.class()?.id, name])?;
            }
            Ok(json!({ "available": false, "why": trouble.or_own()?.explained().json() }))
        }
    }
}

/// The platform's number of a tag.
fn number(host: &Host, name: &str) -> Result<i64, Trouble> {
    let class = host.class()?.id;
    let table = host.query("select tag_id from tag where class_id = $1 and name = $2", params![class, name])?;
    if let Some(row) = table.first() {
        return Ok(row.get("tag_id")?);
    }
    let listed = api::call(host, LIST, "", None)?;
    let tags = listed["tags"].as_array().into_iter().flatten();
    let found = tags.filter(|tag| tag["name"].as_str() == Some(name)).find_map(|tag| tag["id"].as_i64());
    let number = match found {
        Some(number) => number,
        None => {
            let made = api::call(host, CREATE, "", Some(&json!({ "tag": { "name": name } })))?;
            made["tag"]["id"].as_i64().ok_or(Trouble::Unclear)?
        }
    };
    host.exec(
        "insert into tag (class_id, name, tag_id) values ($1, $2, $3)
         on conflict (class_id, name) do update set tag_id = excluded.tag_id",
        params![class, name, number],
    )?;
    Ok(number)
}
