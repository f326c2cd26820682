//! Reads what the account answered, as strictly as the platform does, and says what is wrong with it.

mod envelope;
mod tree;

use crate::cipher::Cipher;
use crate::options::{Format, Mode};
use crate::words::Problem;

use tree::Node;

/// What the longest text may have: bytes, as in a customer-service message.
pub const LONGEST_TEXT: usize = 2048;

/// What an answer is held against.
pub struct Expected<'a> {
    /// The account's `gh_…`.
    pub account: &'a str,
    /// The follower who waits.
    pub openid: &'a str,
    /// How callbacks are encrypted.
    pub mode: Mode,
    /// The callbacks' form.
    pub format: Format,
    /// The word that signs.
    pub token: &'a str,
    /// Decrypts, where there is a key.
    pub cipher: Option<&'a Cipher>,
}

/// A good answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// `success` or nothing: the account has nothing to say.
    Nothing,
    /// Words.
    Text(String),
    /// An article or more: titles and addresses.
    News(Vec<(String, String)>),
    /// A picture, voice message, video or music: its type and the name of its file.
    Media {
        /// `image`, `voice`, `video` or `music`.
        kind: String,
        /// By which name the API knows it.
        media: String,
    },
    /// The conversation goes to the platform's own customer service.
    Transfer,
}

impl Reply {
    /// What the follower sees of it; `None` for nothing.
    pub fn shown(&self) -> Option<String> {
        match self {
            Self::Nothing | Self::Transfer => None,
            Self::Text(text) => Some(text.clone()),
            Self::News(articles) => {
                Some(articles.iter().map(|(title, _)| format!("[图文] {title}")).collect::<Vec<_>>().join("\n"))
            }
            Self::Media { kind, .. } => Some(
                match kind.as_str() {
                    "image" => "[图片]",
                    "voice" => "[语音]",
                    "video" => "[视频]",
                    _ => "[音乐]",
                }
                .to_owned(),
            ),
        }
    }
}

/// Reads the body of an answer.
pub fn read(body: &[u8], expected: &Expected<'_>) -> Result<Reply, Problem> {
    if body.is_empty() || body == b"success" {
        return Ok(Reply::Nothing);
    }
    let body = std::str::from_utf8(body)
        .map_err(|error| Problem::new("problem-not-utf8").with("position", error.valid_up_to() + 1))?;
    if body.starts_with('\u{feff}') {
        return Err(Problem::new("problem-byte-order-mark"));
    }
    let root = document(body, expected.format)?;
    let Some(encrypted) = root.child("Encrypt") else {
        return match expected.mode {
            Mode::Safe => Err(Problem::new("problem-clear-in-safe-mode")),
            Mode::Plain | Mode::Compat => message(&root, expected),
        };
    };
    let inside = envelope::open(&root, &encrypted.text, expected)?;
    message(&document(&inside, expected.format)?, expected)
}

/// XML, or JSON where the account has chosen JSON.
fn document(text: &str, format: Format) -> Result<Node, Problem> {
    let is_json = text.trim_start().starts_with(['{', '[', '"']);
    match (is_json, format) {
        (true, Format::Json) => tree::of_json(text),
        (true, Format::Xml) => Err(Problem::new("problem-json")),
        (false, _) => tree::of_xml(text),
    }
}

fn message(root: &Node, expected: &Expected<'_>) -> Result<Reply, Problem> {
    let (to, from) = (root.required("ToUserName")?, root.required("FromUserName")?);
    if to != expected.openid {
        let key = if to == expected.account { "problem-not-swapped" } else { "problem-wrong-follower" };
        return Err(Problem::new(key).with("got", to).with("expected", expected.openid));
    }
    if from != expected.account {
        return Err(Problem::new("problem-wrong-account").with("got", from).with("expected", expected.account));
    }
    let created = root.required("CreateTime")?;
    if created.parse::<u32>().is_err() {
        return Err(Problem::new("problem-create-time").with("got", created));
    }
    match root.required("MsgType")? {
        "text" => text(root),
        "news" => news(root),
        kind @ ("image" | "voice" | "video" | "music") => media(root, kind),
        "transfer_customer_service" => Ok(Reply::Transfer),
        other => Err(Problem::new("problem-message-type").with("got", other)),
    }
}

fn text(root: &Node) -> Result<Reply, Problem> {
    let content = root.required("Content")?;
    if content.len() > LONGEST_TEXT {
        return Err(Problem::new("problem-text-too-long").with("bytes", content.len()).with("most", LONGEST_TEXT));
    }
    Ok(Reply::Text(content.to_owned()))
}

fn media(root: &Node, kind: &str) -> Result<Reply, Problem> {
    let (box_name, id) = match kind {
        "image" => ("Image", "MediaId"),
        "voice" => ("Voice", "MediaId"),
        "video" => ("Video", "MediaId"),
        _ => ("Music", "ThumbMediaId"),
    };
    let inside = root.child(box_name).ok_or_else(|| Problem::new("problem-missing").with("element", box_name))?;
    Ok(Reply::Media { kind: kind.to_owned(), media: inside.required(id)?.to_owned() })
}

/// An answer to a message shows one article; more are cut off, so they are a mistake here.
fn news(root: &Node) -> Result<Reply, Problem> {
    let count = root.required("ArticleCount")?;
    let articles = root.child("Articles").ok_or_else(|| Problem::new("problem-missing").with("element", "Articles"))?;
    let items: Vec<_> = articles.children.iter().filter(|child| child.name == "item").collect();
    if count.parse() != Ok(items.len()) || items.len() != 1 {
        return Err(Problem::new("problem-articles").with("said", count).with("found", items.len()));
    }
    let article = |item: &&Node| Ok((item.required("Title")?.to_owned(), item.required("Url")?.to_owned()));
    Ok(Reply::News(items.iter().map(article).collect::<Result<_, _>>()?))
}

#[cfg(test)]
mod tests;
