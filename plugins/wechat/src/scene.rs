//! QR codes with a scene: they tell through whom somebody came to follow. Only verified service accounts have them.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::account::Account;
use crate::api::{self, Call, Explained, Trouble};
use crate::tier::{self, Tier};
use crate::words::Words;

const CREATE: Call = Call::post("/cgi-bin/qrcode/create", 100_000);
/// All permanent codes are used up.
const NONE_LEFT: i64 = 40_053;
/// How long a code of limited life lasts: the longest that the platform allows.
const LASTS: TimeDelta = TimeDelta::days(30);
/// A code is made anew so long before its end.
const EARLY: TimeDelta = TimeDelta::days(3);

const NOT_FOR_THIS: Words = Words {
    zh: "只有认证的服务号才有带参数的二维码；请用口令：粉丝关注后发给公众号，就记在这位同学名下。",
    en: "Only verified service accounts have QR codes with a scene. Use claim words: a follower sends one, and the student is credited.",
};

/// The code of a scene, made when there is none yet. What it says is drawn by who asks.
pub fn code(host: &Host, scene: &str) -> Result<Value> {
    if !(1..=64).contains(&scene.chars().count()) || scene.chars().any(char::is_control) {
        return Err(invalid("channel.scene_code: a scene has 1 to 64 characters").at("scene"));
    }
    if tier::of(&Account::open(host)?).tier != Tier::Service {
        return Ok(json!({ "available": false, "why": NOT_FOR_THIS.json() }));
    }
    if let Some(known) = known(host, scene)? {
        return Ok(known);
    }
    let permanent = json!({ "action_name": "QR_LIMIT_STR_SCENE", "action_info": { "scene": { "scene_str": scene } } });
    let asked = match api::call(host, CREATE, "", Some(&permanent)) {
        Err(Trouble::Refused(NONE_LEFT)) => {
            let limited = json!({
                "expire_seconds": LASTS.num_seconds(),
                "action_name": "QR_STR_SCENE",
                "action_info": { "scene": { "scene_str": scene } },
            });
            api::call(host, CREATE, "", Some(&limited)).map(|answer| (answer, Some(host.now() + LASTS)))
        }
        other => other.map(|answer| (answer, None)),
    };
    let (answer, expires_at) = match asked {
        Ok(asked) => asked,
        Err(trouble) => return Ok(unavailable(trouble.or_own()?.explained())),
    };
    let Some(url) = answer["url"].as_str().filter(|url| !url.is_empty()) else {
        return Ok(unavailable(Trouble::Unclear.explained()));
    };
    host.exec(
        "insert into scene (class_id, scene, url, expires_at) values ($1, $2, $3, $4)
         on conflict (class_id, scene) do update set url = excluded.url, expires_at = excluded.expires_at",
        params![host.class()?.id, scene, url, expires_at],
    )?;
    Ok(available(url, expires_at))
}

fn known(host: &Host, scene: &str) -> Result<Option<Value>> {
    let table = host.query(
        "select url, expires_at from scene where class_id = $1 and scene = $2",
        params![host.class()?.id, scene],
    )?;
    let Some(row) = table.first() else { return Ok(None) };
    let expires_at = row.get::<Option<DateTime<Utc>>>("expires_at")?;
    let holds = expires_at.is_none_or(|at| at - EARLY > host.now());
    Ok(if holds { Some(available(&row.get::<String>("url")?, expires_at)) } else { None })
}

fn available(url: &str, expires_at: Option<DateTime<Utc>>) -> Value {
    let mut told = json!({ "available": true, "url": url });
    if let Some(at) = expires_at {
        told["expires_at"] = json!(at);
    }
    told
}

fn unavailable(why: Explained) -> Value {
    json!({ "available": false, "why": why.json() })
}
