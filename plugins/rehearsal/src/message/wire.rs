//! The fields of messages and events, and how they are written.

use super::{Content, Event, Matter};
use crate::options::Format;

/// A field of a callback: its name and value.
pub type Fields = Vec<(&'static str, Value)>;

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Words: CDATA in XML.
    Text(String),
    /// A number: bare in both.
    Number(i64),
    /// A number with a fraction.
    Fraction(f64),
    /// Fields inside.
    Inside(Fields),
}

/// Writes fields as the body of a callback.
pub fn body(fields: &Fields, format: Format) -> String {
    match format {
        Format::Xml => format!("<xml>{}</xml>", xml(fields)),
        Format::Json => json(fields).to_string(),
    }
}

fn xml(fields: &Fields) -> String {
    fields
        .iter()
        .map(|(name, value)| {
            let inside = match value {
                Value::Text(text) => format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>")),
                Value::Number(number) => number.to_string(),
                Value::Fraction(number) => format!("{number:.6}"),
                Value::Inside(fields) => xml(fields),
            };
            format!("<{name}>{inside}</{name}>")
        })
        .collect()
}

fn json(fields: &Fields) -> serde_json::Value {
    let entry = |(name, value): &(&'static str, Value)| {
        let value = match value {
            Value::Text(text) => serde_json::Value::from(text.as_str()),
            Value::Number(number) => serde_json::Value::from(*number),
            Value::Fraction(number) => serde_json::Value::from(*number),
            Value::Inside(fields) => json(fields),
        };
        ((*name).to_owned(), value)
    };
    serde_json::Value::Object(fields.iter().map(entry).collect())
}

/// The fields of a matter: who to whom and when first, then what.
pub fn fields(matter: &Matter, account: &str, openid: &str, created: i64) -> Fields {
    let mut fields: Fields = vec![
        ("ToUserName", Value::Text(account.to_owned())),
        ("FromUserName", Value::Text(openid.to_owned())),
        ("CreateTime", Value::Number(created)),
    ];
    match matter {
        Matter::Message { content, id, article } => {
            fields.push(("MsgType", Value::Text(content.kind().to_owned())));
            fields.extend(of_content(content));
            fields.push(("MsgId", Value::Number(*id)));
            if let Some(article) = article {
                fields.push(("MsgDataId", Value::Text(article.data.clone())));
                fields.push(("Idx", Value::Number(article.index.into())));
            }
        }
        Matter::Event(event) => {
            fields.push(("MsgType", Value::Text("event".to_owned())));
            fields.push(("Event", Value::Text(event.name().to_owned())));
            fields.extend(of_event(event));
        }
    }
    fields
}

fn of_content(content: &Content) -> Fields {
    let text = |text: &str| Value::Text(text.to_owned());
    match content {
        Content::Text { text: words, menu } => {
            let menu = menu.iter().map(|id| ("bizmsgmenuid", text(id)));
            [("Content", text(words))].into_iter().chain(menu).collect()
        }
        Content::Image { picture, media } => vec![("PicUrl", text(picture)), ("MediaId", text(media))],
        Content::Voice { media, recognition } => {
            let words = recognition.iter().map(|words| ("Recognition", text(words)));
            [("MediaId", text(media)), ("Format", text("amr"))].into_iter().chain(words).collect()
        }
        Content::Video { media, thumbnail, .. } => vec![("MediaId", text(media)), ("ThumbMediaId", text(thumbnail))],
        Content::Location { latitude, longitude, scale, label } => vec![
            ("Location_X", Value::Fraction(*latitude)),
            ("Location_Y", Value::Fraction(*longitude)),
            ("Scale", Value::Number((*scale).into())),
            ("Label", text(label)),
        ],
        Content::Link { title, description, url } => {
            vec![("Title", text(title)), ("Description", text(description)), ("Url", text(url))]
        }
    }
}

fn of_event(event: &Event) -> Fields {
    let text = |text: &str| Value::Text(text.to_owned());
    let number = |number: usize| Value::Number(number as i64);
    match event {
        Event::Subscribe(None) | Event::Unsubscribe => vec![("EventKey", text(""))],
        Event::Subscribe(Some(scan)) => {
            vec![("EventKey", Value::Text(format!("qrscene_{}", scan.scene))), ("Ticket", text(&scan.ticket))]
        }
        Event::Scan(scan) => vec![("EventKey", text(&scan.scene)), ("Ticket", text(&scan.ticket))],
        Event::Click(key) => vec![("EventKey", text(key))],
        Event::View(url) => vec![("EventKey", text(url))],
        Event::Location { latitude, longitude } => vec![
            ("Latitude", Value::Fraction(*latitude)),
            ("Longitude", Value::Fraction(*longitude)),
            ("Precision", Value::Fraction(65.0)),
        ],
        Event::MassFinished(report) => vec![
            ("MsgID", Value::Number(report.id as i64)),
            ("Status", text("send success")),
            ("TotalCount", number(report.total)),
            ("FilterCount", number(report.total)),
            ("SentCount", number(report.sent)),
            ("ErrorCount", number(report.failed)),
            (
                "CopyrightCheckResult",
                Value::Inside(vec![
                    ("Count", Value::Number(0)),
                    ("ResultList", Value::Inside(Vec::new())),
                    ("CheckState", Value::Number(2)),
                ]),
            ),
        ],
        Event::PublishFinished { publish_id, article_id, url } => vec![(
            "PublishEventInfo",
            Value::Inside(vec![
                ("publish_id", Value::Number(*publish_id as i64)),
                ("publish_status", Value::Number(0)),
                ("article_id", text(article_id)),
                (
                    "article_detail",
                    Value::Inside(vec![
                        ("count", Value::Number(1)),
                        ("item", Value::Inside(vec![("idx", Value::Number(1)), ("article_url", text(url))])),
                    ]),
                ),
            ]),
        )],
    }
}
