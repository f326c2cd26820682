//! What the platform tells: a message of a follower, an event, or that a publication has gone out.

use plugin_sdk::prelude::*;

use super::fields::Fields;

/// The longest text that is kept, in characters.
const LONGEST: usize = 4_000;

/// Something that the platform tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The account, as the platform calls it: `gh_…`.
    pub account: String,
    /// The follower's id at this account.
    pub openid: String,
    /// When it happened, by the platform's clock.
    pub at: DateTime<Utc>,
    /// What tells it from everything else; a repeat has the same.
    pub same: String,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A message, or a click on the menu.
    Message(Message),
    /// Somebody follows.
    Subscribe {
        /// Scene of the QR code.
        scene: Option<String>,
    },
    /// A follower has left.
    Unsubscribe,
    /// A follower scanned a QR code of the account.
    Scan,
    /// A publication has gone out.
    Publication(Publication),
    /// An event that nobody needs here.
    Other(String),
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `text`, `image`, `voice`, `video`, `location`, `link` or `menu`.
    pub kind: &'static str,
    /// Its words; of a picture the address, of a link title and address, of a location its name.
    pub text: String,
    /// The article from which it came.
    pub article: Option<String>,
    /// Which of the articles of that publication, from 1 on.
    pub article_index: Option<i64>,
    /// Whether it is a click on the menu, after which the platform allows less than after a message.
    pub is_click: bool,
}

/// A publication that has gone out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Its id at the platform.
    pub id: String,
    /// Whether it went well.
    pub is_sent: bool,
    /// How many got it.
    pub recipients: Option<i64>,
}

impl Message {
    /// Whether the follower put it into words, so that it may be a claim word.
    pub fn is_words(&self) -> bool {
        matches!(self.kind, "text" | "voice" | "menu") && !self.text.is_empty()
    }
}

impl Incoming {
    /// Reads the fields of a message; none when something is missing.
    pub fn read(fields: &Fields) -> Option<Self> {
        let (account, openid) = (fields.get("ToUserName"), fields.get("FromUserName"));
        let at = DateTime::from_timestamp(fields.number("CreateTime").filter(|seconds| *seconds > 0)?, 0)?;
        let kind = fields.get("MsgType").trim().to_ascii_lowercase();
        if !is_id(account) || !is_id(openid) || kind.is_empty() {
            return None;
        }
        let event = fields.get("Event").trim().to_ascii_lowercase();
        let what = if kind == "event" { what(&event, fields)? } else { What::Message(message(&kind, fields)) };
        let same = match first(fields, &["MsgId", "MsgID"]) {
            "" => [openid, &at.timestamp().to_string(), &event, fields.get("EventKey")].join("\n"),
            // Messages and publications have numbers of their own.
            id => format!("{}\n{id}", if event.is_empty() { "message" } else { &event }),
        };
        Some(Self { account: account.to_owned(), openid: openid.to_owned(), at, same, what })
    }

    /// Whether somebody has left.
    pub fn is_departure(&self) -> bool {
        matches!(self.what, What::Unsubscribe)
    }

    /// Its name in the list of callbacks.
    pub fn kind(&self) -> &str {
        match &self.what {
            What::Message(message) => message.kind,
            What::Subscribe { .. } => "subscribe",
            What::Unsubscribe => "unsubscribe",
            What::Scan => "scan",
            What::Publication(_) => "publication",
            What::Other(_) => "other",
        }
    }
}

/// Ids of the platform are letters, digits, `_` and `-`.
fn is_id(text: &str) -> bool {
    let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=64).contains(&text.len()) && text.bytes().all(is_fine)
}

fn what(event: &str, fields: &Fields) -> Option<What> {
    let key = fields.get("EventKey");
    Some(match event {
        "subscribe" => {
            let scene = key.strip_prefix("qrscene_").filter(|scene| (1..=64).contains(&scene.chars().count()));
            What::Subscribe { scene: scene.map(str::to_owned) }
        }
        "unsubscribe" => What::Unsubscribe,
        "scan" => What::Scan,
        "click" => What::Message(Message { is_click: true, ..made("menu", key, fields) }),
        "masssendjobfinish" => What::Publication(Publication {
            id: id_of(first(fields, &["MsgID", "MsgId"]))?,
            is_sent: fields.get("Status").trim().eq_ignore_ascii_case("send success"),
            recipients: fields.number("SentCount"),
        }),
        "publishjobfinish" => What::Publication(Publication {
            id: id_of(fields.get("PublishEventInfo.publish_id"))?,
            is_sent: fields.get("PublishEventInfo.publish_status").trim() == "0",
            recipients: None,
        }),
        "" => return None,
        other => What::Other(other.chars().take(40).collect()),
    })
}

fn id_of(text: &str) -> Option<String> {
    let text = text.trim();
    (1..=64).contains(&text.len()).then(|| text.to_owned())
}

fn message(kind: &str, fields: &Fields) -> Message {
    match kind {
        "text" if !fields.get("bizmsgmenuid").is_empty() => made("menu", fields.get("Content"), fields),
        "image" => made("image", fields.get("PicUrl"), fields),
        "voice" => made("voice", fields.get("Recognition"), fields),
        "video" | "shortvideo" => made("video", "", fields),
        "location" => made("location", fields.get("Label"), fields),
        "link" => made("link", &[fields.get("Title"), fields.get("Url")].join(" "), fields),
        _ => made("text", fields.get("Content"), fields),
    }
}

fn made(kind: &'static str, text: &str, fields: &Fields) -> Message {
    let article = fields.get("MsgDataId").trim();
    Message {
        kind,
        text: text.trim().chars().take(LONGEST).collect(),
        article: (1..=64).contains(&article.len()).then(|| article.to_owned()),
        article_index: fields.number("Idx").filter(|_| !article.is_empty()),
        is_click: false,
    }
}

fn first<'a>(fields: &'a Fields, names: &[&str]) -> &'a str {
    names.iter().map(|name| fields.get(name).trim()).find(|text| !text.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rest: &str) -> Option<Incoming> {
        let text = format!(
            "<xml><ToUserName>gh_a</ToUserName><FromUserName>oFan</FromUserName><CreateTime>1772323200</CreateTime>\
             {rest}</xml>"
        );
        Incoming::read(&Fields::read(&text)?)
    }

    fn event(name: &str, rest: &str) -> What {
        read(&format!("<MsgType>event</MsgType><Event>{name}</Event>{rest}")).unwrap().what
    }

    #[test]
    fn messages_of_every_kind_have_words() {
        let cases = [
            ("<MsgType>text</MsgType><Content> 你好 </Content>", "text", "你好"),
            ("<MsgType>text</MsgType><Content>满意</Content><bizmsgmenuid>1</bizmsgmenuid>", "menu", "满意"),
            ("<MsgType>image</MsgType><PicUrl>http://a/1</PicUrl>", "image", "http://a/1"),
            ("<MsgType>voice</MsgType><Recognition>几点</Recognition>", "voice", "几点"),
            ("<MsgType>shortvideo</MsgType>", "video", ""),
            ("<MsgType>location</MsgType><Label>图书馆</Label>", "location", "图书馆"),
            ("<MsgType>link</MsgType><Title>题</Title><Url>http://b</Url>", "link", "题 http://b"),
        ];
        for (rest, kind, text) in cases {
            let Some(Incoming { what: What::Message(message), .. }) = read(rest) else { panic!("{rest}") };
            assert_eq!((message.kind, message.text.as_str()), (kind, text));
        }
        let from_article = "<MsgType>text</MsgType><Content>a</Content><MsgDataId>22_1</MsgDataId><Idx>2</Idx>";
        let What::Message(message) = read(from_article).unwrap().what else { panic!() };
        assert_eq!((message.article.as_deref(), message.article_index), (Some("22_1"), Some(2)));
    }

    #[test]
    fn events_are_known_in_any_case() {
        let scene = "<EventKey>qrscene_stu_A07</EventKey>";
        assert_eq!(event("subscribe", scene), What::Subscribe { scene: Some("stu_A07".into()) });
        assert_eq!(event("SUBSCRIBE", "<EventKey></EventKey>"), What::Subscribe { scene: None });
        assert_eq!(event("unsubscribe", ""), What::Unsubscribe);
        assert_eq!(event("SCAN", "<EventKey>stu_A07</EventKey>"), What::Scan);
        let What::Message(click) = event("CLICK", "<EventKey>报名</EventKey>") else { panic!() };
        assert_eq!((click.kind, click.text.as_str(), click.is_click), ("menu", "报名", true));
        let mass = "<MsgID>100</MsgID><Status>send success</Status><SentCount>75</SentCount>";
        let sent = Publication { id: "100".into(), is_sent: true, recipients: Some(75) };
        assert_eq!(event("MASSSENDJOBFINISH", mass), What::Publication(sent));
        let published =
            "<PublishEventInfo><publish_id>7</publish_id><publish_status>0</publish_status></PublishEventInfo>";
        let sent = Publication { id: "7".into(), is_sent: true, recipients: None };
        assert_eq!(event("PUBLISHJOBFINISH", published), What::Publication(sent));
        assert_eq!(event("LOCATION", ""), What::Other("location".into()));
    }

    #[test]
    fn a_repeat_is_the_same_and_nothing_else_is() {
        let same = |rest: &str| read(rest).unwrap().same;
        let message = "<MsgType>text</MsgType><Content>a</Content><MsgId>1</MsgId>";
        assert_eq!(same(message), same(&message.replace(">a<", ">b<")), "a message by its number");
        assert_ne!(same(message), same(&message.replace(">1<", ">2<")));
        let scan = "<MsgType>event</MsgType><Event>SCAN</Event><EventKey>a</EventKey>";
        assert_eq!(same(scan), same(&scan.replace("SCAN", "scan")));
        assert_ne!(same(scan), same(&scan.replace(">a<", ">b<")));
        assert_ne!(same(scan), same(&scan.replace("SCAN", "CLICK")));
        let template = "<MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>1</MsgID>";
        assert_ne!(same(message), same(template), "numbers of messages and of jobs are two things");
    }

    #[test]
    fn what_lacks_something_is_no_message() {
        for bad in ["", "<MsgType></MsgType>", "<MsgType>event</MsgType>", "<MsgType>event</MsgType><Event></Event>"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        let text = "<xml><ToUserName>gh_a</ToUserName><FromUserName>o</FromUserName><CreateTime>1</CreateTime>\
                    <MsgType>text</MsgType></xml>";
        let with = |from: &str, to: &str| Incoming::read(&Fields::read(&text.replace(from, to)).unwrap());
        assert!(with("", "").is_some());
        assert_eq!(with(">o<", ">o o<"), None);
        assert_eq!(with(">o<", "><"), None);
        assert_eq!(with(">1<", ">soon<"), None);
        assert_eq!(with(">1<", ">99999999999999999<"), None);
        assert_eq!(with(">1<", ">-1<"), None);
    }
}
