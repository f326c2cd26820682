//! Customer-service messages: within their window, and so many.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::call::{Call, text};
use crate::failure::Failure;
use crate::people::{Closed, Speaker};
use crate::platform::Platform;
use crate::reply::LONGEST_TEXT;

/// `POST /cgi-bin/message/custom/send`
pub fn send(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let (shown, choices) = content(platform, &call.body)?;
    let openid = call.text("touser").map_err(|_| Failure::new(40003))?;
    let person = platform.by_openid(openid).ok_or_else(|| Failure::new(40003))?;
    if person.stay().is_none() {
        platform.overtaken += 1;
        return Err(Failure::new(45015));
    }
    if let Err(closed) = person.take(call.now) {
        // Whoever comes back has to write before the account may.
        let is_overtaken = person.stays.len() > 1 || person.window(call.earlier).is_some();
        return Err(Failure::new(match closed {
            Closed::Window => {
                platform.overtaken += usize::from(is_overtaken);
                45015
            }
            Closed::Quota => 45047,
        }));
    }
    let person = platform.by_openid(openid).ok_or_else(|| Failure::new(40003))?;
    person.typing = None;
    person.hear(call.now, Speaker::Account, shown.clone()).choices = choices;
    let number = person.number;
    platform.read_later(number, shown);
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// What one sees of a message, and what can be tapped in it.
pub fn content(platform: &Platform, body: &Value) -> Result<(String, Vec<(String, String)>), Failure> {
    let kind = body.get("msgtype").and_then(Value::as_str).unwrap_or_default();
    let inside = body.get(kind).unwrap_or(&Value::Null);
    let media = |name: &str| {
        let id = inside.get(name).and_then(Value::as_str).unwrap_or_default();
        platform.state.library.has_media(id).then_some(()).ok_or_else(|| Failure::new(40007))
    };
    let shown = match kind {
        "text" => {
            let words = text(inside, "content").map_err(|_| Failure::new(44004))?;
            if words.len() > LONGEST_TEXT {
                return Err(Failure::new(45002));
            }
            words.to_owned()
        }
        "image" => media("media_id").map(|()| "[图片]".to_owned())?,
        "voice" => media("media_id").map(|()| "[语音]".to_owned())?,
        "video" => media("media_id").map(|()| "[视频]".to_owned())?,
        "music" => media("thumb_media_id").map(|()| "[音乐]".to_owned())?,
        "mpnews" => {
            let id = inside.get("media_id").and_then(Value::as_str).unwrap_or_default();
            let title = platform.state.library.title_of(id).ok_or_else(|| Failure::new(40007))?;
            format!("[图文] {title}")
        }
        "news" => {
            let articles = inside.get("articles").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            let [article] = articles else { return Err(Failure::new(44003)) };
            format!("[图文] {}", text(article, "title")?)
        }
        "msgmenu" => return menu(inside),
        _ => return Err(Failure::new(40008)),
    };
    Ok((shown, Vec::new()))
}

fn menu(inside: &Value) -> Result<(String, Vec<(String, String)>), Failure> {
    let words = |name: &str| inside.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let items = inside.get("list").and_then(Value::as_array).filter(|items| !items.is_empty());
    let items = items.ok_or_else(|| Failure::new(47001))?;
    let item = |item: &Value| {
        let id = item.get("id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        Ok((id.ok_or_else(|| Failure::new(47001))?, text(item, "content")?.to_owned()))
    };
    let choices = items.iter().map(item).collect::<Result<Vec<_>, Failure>>()?;
    Ok((format!("{}\n{}", words("head_content"), words("tail_content")).trim().to_owned(), choices))
}

/// `POST /cgi-bin/message/custom/typing`
pub fn typing(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let typing = match call.body.get("command").and_then(Value::as_str) {
        Some("Typing") => true,
        Some("CancelTyping") => false,
        _ => return Err(Failure::new(45072)),
    };
    let openid = call.text("touser").map_err(|_| Failure::new(40003))?;
    let person = platform.by_openid(openid).ok_or_else(|| Failure::new(40003))?;
    let recent =
        |line: &&crate::people::Line| line.speaker == Speaker::Follower && call.now - line.at <= TimeDelta::seconds(30);
    if person.stay().is_none() || !person.talk.iter().rev().any(|line| recent(&line)) {
        return Err(Failure::new(45080));
    }
    // The platform shows it for fifteen seconds.
    if typing && person.typing.is_some_and(|at| call.now - at < TimeDelta::seconds(15)) {
        return Err(Failure::new(45081));
    }
    person.typing = typing.then_some(call.now);
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}
