//! The lines between `---` at the top of a file: course, chapter and title.

use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_saphyr::{Error, Spanned};

use super::problem::{Problems, nearest};

const NAMES: [&str; 3] = ["course", "chapter", "title"];
/// The longest title and the longest address, in characters.
const LONGEST_TITLE: usize = 200;
const LONGEST_ADDRESS: usize = 64;

/// What the front matter says, and where the body begins.
#[derive(Default)]
pub(super) struct FrontMatter {
    pub course: Option<String>,
    pub chapter: Option<String>,
    pub title: Option<String>,
    pub body: usize,
}

/// The entries in their order. A number is a text here (`chapter: 3`), an empty value is none.
struct Entries(Vec<(Spanned<String>, Spanned<Option<String>>)>);

pub(super) fn read(source: &str, from: usize, problems: &mut Problems) -> FrontMatter {
    let mut front_matter = FrontMatter { body: from, ..FrontMatter::default() };
    let mut lines = source[from..].split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| line.trim_end() == "---") else { return front_matter };
    let start = from + first.len();
    let mut end = start;
    let closed = lines.any(|line| {
        let closes = line.trim_end() == "---";
        end += if closes { 0 } else { line.len() };
        closes
    });
    if !closed {
        front_matter.body = source.len();
        problems.error("unclosed-front-matter", from..from + 3, &[]);
        return front_matter;
    }
    let closing = source[end..].split_inclusive('\n').next().map_or(0, str::len);
    front_matter.body = end + closing;
    let yaml = &source[start..end];
    if yaml.trim().is_empty() {
        return front_matter;
    }
    match serde_saphyr::from_str::<Entries>(yaml) {
        Ok(entries) => entries.apply(yaml, start, &mut front_matter, problems),
        Err(error) => {
            let place = error.location().map_or(0..0, |place| span(yaml, place.line(), place.column(), 1));
            let place = start + place.start..start + place.end;
            match error.without_snippet() {
                Error::Unexpected { .. } | Error::SerdeInvalidType { .. } => problems.error("bad-value", place, &[]),
                Error::DuplicateMappingKey { .. } => problems.error("duplicate-name", place, &[]),
                other => {
                    let reason = other.to_string();
                    let reason = reason.lines().next().unwrap_or_default();
                    problems.error("bad-front-matter", place, &[("reason", reason)]);
                }
            }
        }
    }
    front_matter
}

impl Entries {
    fn apply(self, yaml: &str, start: usize, front_matter: &mut FrontMatter, problems: &mut Problems) {
        for (key, value) in self.0 {
            let place = |at: serde_saphyr::Location, width: usize| {
                let place = span(yaml, at.line(), at.column(), width);
                start + place.start..start + place.end
            };
            let name = key.value.as_str();
            let key_place = place(key.referenced, name.chars().count());
            let Some(name) = NAMES.iter().copied().find(|known| *known == name) else {
                let suggestion = nearest(name, &NAMES);
                let code = if suggestion.is_some() { "misspelt-name" } else { "unknown-name" };
                problems.error(code, key_place, &[("name", name), ("suggestion", suggestion.unwrap_or_default())]);
                continue;
            };
            let text = value.value.as_deref().unwrap_or_default().trim();
            let value_place = place(value.referenced, text.chars().count());
            let longest = if name == "title" { LONGEST_TITLE } else { LONGEST_ADDRESS };
            if text.chars().count() > longest {
                problems.error("long-value", value_place, &[("name", name), ("most", &longest.to_string())]);
            } else if text.chars().any(char::is_control) {
                problems.error("control-in-value", value_place, &[("name", name)]);
            } else if name != "title" && !text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')) {
                problems.error("bad-address", value_place, &[("name", name), ("value", text)]);
            } else if !text.is_empty() {
                match name {
                    "course" => front_matter.course = Some(text.to_owned()),
                    "chapter" => front_matter.chapter = Some(text.to_owned()),
                    _ => front_matter.title = Some(text.to_owned()),
                }
            }
        }
    }
}

/// The bytes of `width` characters from this line and column, which count from 1.
fn span(yaml: &str, line: u64, column: u64, width: usize) -> Range<usize> {
    let mut at = 0;
    for line in yaml.split_inclusive('\n').take((line as usize).saturating_sub(1)) {
        at += line.len();
    }
    let line = yaml[at..].split('\n').next().unwrap_or_default();
    let offset = |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(offset, _)| offset);
    let column = (column as usize).saturating_sub(1);
    at + offset(column)..at + offset(column + width.max(1))
}

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;
        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("lines such as `title: …`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(EntriesVisitor)
    }
}
