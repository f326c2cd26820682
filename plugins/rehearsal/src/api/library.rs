//! Pictures, drafts, and what is needed to make them.

use serde_json::{Value, json};

use super::call::{Call, text};
use crate::failure::Failure;
use crate::platform::Platform;

/// Limits of an article, in characters; of its content also in bytes.
const LONGEST_TITLE: usize = 64;
const LONGEST_AUTHOR: usize = 16;
const LONGEST_DIGEST: usize = 128;
const LONGEST_CONTENT: usize = 20_000;
const LARGEST_CONTENT: usize = 1024 * 1024;
const MOST_ARTICLES: usize = 8;

/// `POST /cgi-bin/media/upload` and `/cgi-bin/material/add_material`
pub fn upload(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let kind = call.query.get("type").map_or("", String::as_str);
    let (endings, largest): (&[&str], usize) = match kind {
        "image" => (&["bmp", "png", "jpeg", "jpg", "gif"], 10 << 20),
        "voice" => (&["mp3", "wma", "wav", "amr"], 2 << 20),
        "video" => (&["mp4"], 10 << 20),
        "thumb" => (&["jpg", "jpeg"], 64 << 10),
        _ => return Err(Failure::new(40004)),
    };
    check(call, endings, largest)?;
    let library = &mut platform.state.library;
    let name = library.name();
    library.keep_media(&name);
    let url = format!("{}/picture?media={name}", call.base);
    Ok(json!({ "type": kind, "media_id": name, "created_at": call.now.timestamp(), "url": url, "item": [] }))
}

/// `POST /cgi-bin/media/uploadimg`: a picture inside an article.
pub fn upload_picture(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    check(call, &["png", "jpeg", "jpg"], 1 << 20)?;
    let name = platform.state.library.name();
    Ok(json!({ "url": format!("{}/picture?media={name}", call.base) }))
}

fn check(call: &Call, endings: &[&str], largest: usize) -> Result<(), Failure> {
    let file = call.files.iter().find(|file| file.field == "media").ok_or_else(|| Failure::new(41005))?;
    let ending = file.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if !endings.contains(&ending.as_str()) {
        return Err(Failure::new(40005));
    }
    if file.size == 0 || file.size > largest {
        return Err(Failure::new(40006));
    }
    Ok(())
}

/// `POST /cgi-bin/draft/add`
pub fn add_draft(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let articles = call.body.get("articles").and_then(Value::as_array).ok_or_else(|| Failure::new(47001))?;
    if articles.is_empty() || articles.len() > MOST_ARTICLES {
        return Err(Failure::new(44003));
    }
    articles.iter().try_for_each(|article| check_article(platform, article))?;
    let articles = articles.clone();
    Ok(json!({ "media_id": platform.state.library.put(articles, call.now), "item": [] }))
}

fn check_article(platform: &Platform, article: &Value) -> Result<(), Failure> {
    let length = |name: &str| article.get(name).and_then(Value::as_str).map_or(0, |text| text.chars().count());
    let title = text(article, "title").map_err(|_| Failure::new(45003))?;
    if title.chars().count() > LONGEST_TITLE {
        return Err(Failure::new(45003));
    }
    if length("author") > LONGEST_AUTHOR {
        return Err(Failure::saying(45110, "author size out of limit"));
    }
    if length("digest") > LONGEST_DIGEST {
        return Err(Failure::new(45004));
    }
    let content = text(article, "content").map_err(|_| Failure::new(44004))?;
    if content.chars().count() >= LONGEST_CONTENT || content.len() >= LARGEST_CONTENT {
        return Err(Failure::new(45002));
    }
    let thumb = article.get("thumb_media_id").and_then(Value::as_str).unwrap_or_default();
    platform.state.library.has_media(thumb).then_some(()).ok_or_else(|| Failure::new(40007))
}

/// `POST /cgi-bin/draft/get`
pub fn show_draft(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let draft = platform.state.library.draft(call.text("media_id")?).ok_or_else(|| Failure::new(40007))?;
    let updated = draft.updated.timestamp();
    Ok(json!({ "news_item": draft.articles, "create_time": updated, "update_time": updated }))
}

/// `POST /cgi-bin/draft/count`
pub fn count_drafts(platform: &mut Platform, _: &Call) -> Result<Value, Failure> {
    Ok(json!({ "total_count": platform.state.library.count_drafts() }))
}

/// `POST /cgi-bin/draft/delete`
pub fn delete_draft(platform: &mut Platform, call: &Call) -> Result<Value, Failure> {
    let draft = call.text("media_id")?;
    platform.state.library.remove_draft(draft).ok_or_else(|| Failure::new(40007))?;
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}
