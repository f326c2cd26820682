//! Elements with names, texts and children, from XML or JSON.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::words::Problem;

/// Deeper than any answer.
const DEEPEST: usize = 8;

/// One element.
#[derive(Debug, Default)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// The text directly in it, blanks around it taken away.
    pub text: String,
    /// The elements in it.
    pub children: Vec<Node>,
}

impl Node {
    /// The first child of a name.
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of a child that must be there and not be empty.
    pub fn required(&self, name: &'static str) -> Result<&str, Problem> {
        let child = self.child(name).ok_or_else(|| Problem::new("problem-missing").with("element", name))?;
        if child.text.is_empty() {
            return Err(Problem::new("problem-empty").with("element", name));
        }
        Ok(&child.text)
    }

    fn check(&self) -> Result<(), Problem> {
        for (at, child) in self.children.iter().enumerate() {
            if child.name != "item" && self.children[..at].iter().any(|earlier| earlier.name == child.name) {
                return Err(Problem::new("problem-twice").with("element", &child.name));
            }
        }
        Ok(())
    }
}

/// Reads XML: one root `xml`, no declarations of entities, every element at most once.
pub fn of_xml(text: &str) -> Result<Node, Problem> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Node::default()];
    let broken = |reader: &Reader<&[u8]>, reason: String| {
        Problem::new("problem-not-xml").with("position", reader.error_position().max(1)).with("reason", reason)
    };
    loop {
        let event = reader.read_event().map_err(|error| broken(&reader, error.to_string()))?;
        match event {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    return Err(Problem::new("problem-too-deep"));
                }
                open.push(Node { name: start.name().as_ref().to_owned(), ..Node::default() });
            }
            Event::Empty(start) => {
                let node = Node { name: start.name().as_ref().to_owned(), ..Node::default() };
                open.last_mut().expect("the document is never closed").children.push(node);
            }
            Event::End(_) => {
                let mut node = open.pop().expect("the reader refuses an end without its start");
                node.text = node.text.trim().to_owned();
                node.check()?;
                open.last_mut().expect("the document is never closed").children.push(node);
            }
            Event::Text(words) => {
                open.last_mut().expect("the document is never closed").text.push_str(&words);
            }
            Event::CData(words) => {
                open.last_mut().expect("the document is never closed").text.push_str(&words);
            }
            Event::GeneralRef(reference) => {
                let known = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character.to_string()),
                    _ => quick_xml::escape::resolve_predefined_entity(&reference).map(str::to_owned),
                };
                let words = known.ok_or_else(|| Problem::new("problem-entity").with("entity", &*reference))?;
                open.last_mut().expect("the document is never closed").text.push_str(&words);
            }
            Event::DocType(_) => return Err(Problem::new("problem-doctype")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    let document = open.pop().filter(|_| open.is_empty()).ok_or_else(|| Problem::new("problem-not-closed"))?;
    let outside = document.text.trim();
    if !outside.is_empty() {
        let shown: String = outside.chars().take(40).collect();
        return Err(Problem::new("problem-text-outside").with("text", shown));
    }
    let mut roots = document.children;
    match roots.pop() {
        Some(root) if root.name == "xml" && roots.is_empty() => Ok(root),
        _ => Err(Problem::new("problem-root")),
    }
}

/// Reads JSON: an object stands for the root.
pub fn of_json(text: &str) -> Result<Node, Problem> {
    let value: serde_json::Value = serde_json::from_str(text)
        .map_err(|error| Problem::new("problem-not-json").with("line", error.line()).with("column", error.column()))?;
    if !value.is_object() {
        return Err(Problem::new("problem-json-object"));
    }
    Ok(node("xml".to_owned(), &value))
}

fn node(name: String, value: &serde_json::Value) -> Node {
    use serde_json::Value;
    match value {
        Value::Object(fields) => {
            let children = fields.iter().map(|(name, value)| node(name.clone(), value)).collect();
            Node { name, text: String::new(), children }
        }
        Value::Array(items) => {
            let children = items.iter().map(|item| node("item".to_owned(), item)).collect();
            Node { name, text: String::new(), children }
        }
        Value::String(text) => Node { name, text: text.trim().to_owned(), children: Vec::new() },
        Value::Null => Node { name, ..Node::default() },
        other => Node { name, text: other.to_string(), children: Vec::new() },
    }
}
