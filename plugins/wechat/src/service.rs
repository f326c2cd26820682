//! What other plugins may ask. They know followers and messages by ids that say nothing outside the class.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::Value;

use crate::account::Account;
use crate::input::{date, id, text};
use crate::{demo, draft, figures, scene, send, tag, tier};

/// Answers a service.
pub fn answer(host: &Host, request: &Service) -> Result<Value> {
    let input = &request.input;
    match request.service.as_str() {
        "channel.tier/1" => Ok(tier::told(&Account::open(host)?)),
        "channel.message/1" => message(host, id(input, "message")?),
        "channel.send/1" => {
            let (follower, said) = (id(input, "follower")?, text(input, "text")?);
            send::send(host, follower, said, send::Choices::read(input)?, &request.caller, text(input, "key")?)
        }
        "channel.window/1" => send::window(host, id(input, "follower")?),
        "channel.daily_figures/1" => figures::told(host, date(input, "from")?, date(input, "to")?),
        "channel.scene_code/1" => scene::code(host, text(input, "scene")?),
        "channel.tag/1" => tag::put_on(host, id(input, "follower")?, text(input, "tag")?),
        "channel.draft/1" => draft::make(host, input),
        "channel.demo/1" if request.caller == "host" => demo::fill(host, date(input, "from")?, date(input, "today")?),
        "channel.rehearsal/1" if request.caller == "host" => rehearsal(input),
        "channel.demo/1" | "channel.rehearsal/1" => Err(denied()),
        _ => Err(not_found()),
    }
}

/// What has to be set so that the class's account is that of a rehearsal, and where its platform finds us.
fn rehearsal(input: &Value) -> Result<Value> {
    Ok(json!({
        "callback": "/callback",
        "site": { "rehearsal_server": text(input, "api")? },
        "class": {
            "connection": "rehearsal",
            "app_id": text(input, "app_id")?,
            "app_secret": text(input, "app_secret")?,
            "token": text(input, "token")?,
            "encrypted_only": false,
        },
    }))
}

/// A message, as long as its follower has not left.
fn message(host: &Host, id: Uuid) -> Result<Value> {
    let table = host.query(
        "select follower_id, at, kind, text, article, article_index from message where class_id = $1 and id = $2",
        params![host.class()?.id, id],
    )?;
    let row = table.first().ok_or_else(not_found)?;
    let mut told = json!({
        "follower": row.get::<Uuid>("follower_id")?,
        "at": row.get::<DateTime<Utc>>("at")?,
        "kind": row.get::<String>("kind")?,
        "text": row.get::<String>("text")?,
    });
    if let Some(article) = row.get::<Option<String>>("article")? {
        told["article"] = json!({ "message": article, "index": row.get::<Option<i64>>("article_index")?.unwrap_or(1) });
    }
    Ok(told)
}
