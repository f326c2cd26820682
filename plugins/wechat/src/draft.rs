//! Drafts of articles at the platform, where a person publishes them. Each has a cover; ours is plain until somebody
//! changes it there.

use plugin_sdk::prelude::*;
use plugin_sdk::protocol::body::Body;
use plugin_sdk::serde_json::Value;

use crate::account::Account;
use crate::api::{self, Call, Trouble};
use crate::input::text;
use crate::tier;

const ADD: Call = Call::post("/cgi-bin/draft/add", 1_000);
const UPLOAD: Call = Call::post("/cgi-bin/material/add_material", 1_000);
/// The cover has been deleted at the platform.
const NO_SUCH_MATERIAL: i64 = 40_007;
/// Bounds of the platform, in characters.
const TITLE: usize = 64;
const AUTHOR: usize = 16;
const DIGEST: usize = 120;
const CONTENT: usize = 20_000;
/// What every draft begins with.
const COVER: &[u8] = include_bytes!("draft/cover.png");
/// Separates the parts of the upload; it does not occur in the picture.
const BOUNDARY: &str = "course-platform-cover-8f1c2a";

/// Makes a draft.
pub fn make(host: &Host, input: &Value) -> Result<Value> {
    let (title, author) = (text(input, "title")?.trim(), text(input, "author")?.trim());
    let (content, digest) = (text(input, "content_html")?, input["digest"].as_str().unwrap_or_default().trim());
    for (name, value, least, most) in [
        ("title", title, 1, TITLE),
        ("author", author, 0, AUTHOR),
        ("content_html", content, 1, CONTENT),
        ("digest", digest, 0, DIGEST),
    ] {
        let length = value.chars().count();
        if length < least || length > most {
            return Err(invalid(format!(
                "channel.draft: {name} has {length} characters; it may have {least} to {most}"
            ))
            .at(name));
        }
    }
    let account = Account::open(host)?;
    if !tier::of(&account).tier.is_verified() {
        return Ok(json!({ "available": false, "why": api::explain(api::NOT_PERMITTED).json() }));
    }
    let mut article = json!({ "title": title, "author": author, "content": content });
    if !digest.is_empty() {
        article["digest"] = digest.into();
    }
    let made = match add(host, &account, &article) {
        // The cover that we know has gone: once more with a new one.
        Err(Trouble::Refused(NO_SUCH_MATERIAL)) => {
            host.exec("update account set cover_id = null where class_id = $1", params![account.class])?;
            add(host, &Account::open(host)?, &article)
        }
        other => other,
    };
    Ok(match made {
        Ok(draft) => json!({ "available": true, "draft": draft }),
        Err(trouble) => json!({ "available": false, "why": trouble.or_own()?.explained().json() }),
    })
}

fn add(host: &Host, account: &Account, article: &Value) -> Result<String, Trouble> {
    let mut article = article.clone();
    article["thumb_media_id"] = cover(host, account)?.into();
    let answer = api::call(host, ADD, "", Some(&json!({ "articles": [article] })))?;
    answer["media_id"].as_str().map(str::to_owned).ok_or(Trouble::Unclear)
}

/// The cover at the platform, put there at the first draft.
fn cover(host: &Host, account: &Account) -> Result<String, Trouble> {
    if let Some(known) = &account.cover_id {
        return Ok(known.clone());
    }
    let mut body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"media\"; filename=\"cover.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(COVER);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let answer = api::with_token(host, UPLOAD, "&type=image", &[("content-type", &kind)], Body::Base64(body))?;
    let id = answer["media_id"].as_str().ok_or(Trouble::Unclear)?.to_owned();
    host.exec("update account set cover_id = $2 where class_id = $1", params![account.class, id.as_str()])?;
    Ok(id)
}
