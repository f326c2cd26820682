//! The fields of a message, from XML or JSON: names and texts, those inside others with a dot between.

use std::collections::BTreeMap;

use plugin_sdk::serde_json::{self, Value};
use quick_xml::XmlVersion;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// The most levels below the root.
const DEEPEST: usize = 6;
/// The most fields.
const MOST: usize = 500;

/// Names and texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads a message in either format; none when it is in neither.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with('{') { Self::from_json(text) } else { Self::from_xml(text) }
    }

    /// A field; empty when it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }

    /// A field that is a whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name).trim().parse().ok()
    }

    fn from_json(text: &str) -> Option<Self> {
        let mut fields = Self::default();
        match serde_json::from_str(text).ok()? {
            Value::Object(members) => {
                for (name, value) in &members {
                    fields.add_json(name, value, 0)?;
                }
            }
            _ => return None,
        }
        Some(fields)
    }

    fn add_json(&mut self, name: &str, value: &Value, depth: usize) -> Option<()> {
        match value {
            Value::Null => Some(()),
            Value::String(text) => self.add(name.to_owned(), text),
            Value::Bool(_) | Value::Number(_) => self.add(name.to_owned(), &value.to_string()),
            // Lists are about pictures of articles, which nobody needs here.
            Value::Array(_) => Some(()),
            Value::Object(_) if depth == DEEPEST => None,
            Value::Object(members) => {
                members.iter().try_for_each(|(key, value)| self.add_json(&format!("{name}.{key}"), value, depth + 1))
            }
        }
    }

    fn from_xml(text: &str) -> Option<Self> {
        let mut reader = Reader::from_str(text);
        let mut fields = Self::default();
        let mut path: Vec<String> = Vec::new();
        let mut content = String::new();
        let mut is_read = false;
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) if path.len() <= DEEPEST && !is_read => {
                    path.push(start.name().as_ref().to_owned());
                    content.clear();
                }
                Event::Empty(start) if !path.is_empty() => fields.add(name(&path, Some(start.name().as_ref())), "")?,
                Event::End(_) => {
                    let text = if content.trim().is_empty() { "" } else { content.as_str() };
                    if path.len() > 1 && !fields.has_within(&name(&path, None)) {
                        fields.add(name(&path, None), text)?;
                    }
                    path.pop();
                    content.clear();
                    is_read = path.is_empty();
                }
                Event::Text(text) => content.push_str(&text.xml_content(XmlVersion::Implicit1_0)),
                Event::CData(text) => content.push_str(&text),
                Event::GeneralRef(reference) => content.push(character(&reference)?),
                Event::Decl(_) | Event::Comment(_) => {}
                Event::Eof => return is_read.then_some(fields),
                // A message has no document type, no instructions and no second root.
                Event::Start(_) | Event::Empty(_) | Event::DocType(_) | Event::PI(_) => return None,
            }
        }
    }

    /// Adds a field once. PostgreSQL keeps no text with a zero byte.
    fn add(&mut self, name: String, text: &str) -> Option<()> {
        let is_new = self.0.len() < MOST && self.0.insert(name, text.replace('\0', "")).is_none();
        is_new.then_some(())
    }

    fn has_within(&self, name: &str) -> bool {
        let before = format!("{name}.");
        self.0.range(before.clone()..).next().is_some_and(|(key, _)| key.starts_with(&before))
    }
}

/// The name of a field, without the root's.
fn name(path: &[String], last: Option<&str>) -> String {
    let parts = path.iter().skip(1).map(String::as_str).chain(last);
    parts.collect::<Vec<_>>().join(".")
}

/// The character of a reference; entities of a document's own are none.
fn character(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if let Some(character) = reference.resolve_char_ref().ok()? {
        return Some(character);
    }
    Some(match &**reference {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_from_either_format() {
        let xml = "<?xml version=\"1.0\"?><xml>\n<A><![CDATA[一]]></A> <B>7</B><C/><D></D>\
                   <E><F>&lt;x&#62;</F><G><![CDATA[a]]]]><![CDATA[>b]]></G></E><H> &amp; </H><Content><![CDATA[ 前后 ]]></Content></xml>";
        let fields = Fields::read(xml).unwrap();
        let got = ["A", "B", "C", "D", "E.F", "E.G", "H", "Content", "nothing"].map(|name| fields.get(name));
        assert_eq!(got, ["一", "7", "", "", "<x>", "a]]>b", " & ", " 前后 ", ""]);
        assert_eq!((fields.number("B"), fields.number("A")), (Some(7), None));

        let json = r#" {"A": "一", "B": 7, "E": {"F": "<x>"}, "L": [1], "N": null, "T": true}"#;
        let fields = Fields::read(json).unwrap();
        let got = ["A", "B", "E.F", "L", "N", "T"].map(|name| fields.get(name));
        assert_eq!(got, ["一", "7", "<x>", "", "", "true"]);
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let deep = format!("<xml>{}{}</xml>", "<a>".repeat(20), "</a>".repeat(20));
        let bomb = "<!DOCTYPE xml [<!ENTITY a \"aaaa\">]><xml><A>&a;</A></xml>";
        let file = "<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><xml><A>&a;</A></xml>";
        let many = format!("<xml>{}</xml>", (0..600).map(|n| format!("<a{n}>1</a{n}>")).collect::<String>());
        let twice = "<xml><A>1</A><A>2</A></xml>";
        let bad = [
            "",
            " ",
            "text",
            "<xml>",
            "<xml><A></xml>",
            "</xml>",
            "<xml></xml><xml></xml>",
            "<xml>&other;</xml>",
            "{",
            "[]",
            "\"a\"",
            r#"{"A": }"#,
            &deep,
            bomb,
            file,
            &many,
            twice,
            "<xml/>",
        ];
        for text in bad {
            assert_eq!(Fields::read(text), None, "{text}");
        }
        assert_eq!(Fields::read("<xml></xml>"), Some(Fields::default()));
        assert_eq!(Fields::read("{\"A\": \"a\\u0000b\"}").unwrap().get("A"), "ab");
    }
}
