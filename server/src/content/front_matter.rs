//! The YAML between `---` lines at the start of a file.

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Location};

use super::problem::Finding;

/// A file taken apart.
pub(super) struct Parts<T> {
    /// What the front matter says.
    pub(super) front: T,
    /// Where the body starts, in bytes.
    pub(super) body: usize,
}

const FENCE: &str = "---\n";

/// Reads the front matter of a file whose line ends are `\n`. Unknown keys are refused.
pub(super) fn read<T: DeserializeOwned>(source: &str) -> Result<Parts<T>, Finding> {
    let Some(rest) = source.strip_prefix(FENCE) else {
        return Err(Finding::error("front-matter-missing", first_line(source)));
    };
    let (yaml, body) = if let Some(end) = rest.find("\n---\n") {
        (&rest[..=end], FENCE.len() + end + "\n---\n".len())
    } else if let Some(yaml) = rest.strip_suffix("\n---") {
        (yaml, source.len())
    } else {
        return Err(Finding::error("front-matter-unclosed", first_line(source)));
    };
    serde_saphyr::from_str(yaml).map(|front| Parts { front, body }).map_err(|error| finding(&error, yaml))
}

/// Where a value of the front matter stands in the file, in bytes.
pub(super) fn range(source: &str, location: Location, length: usize) -> Range<usize> {
    let yaml = source.get(FENCE.len()..).unwrap_or("");
    let start = FENCE.len() + offset(yaml, location);
    start..(start + length).min(source.len())
}

fn first_line(source: &str) -> Range<usize> {
    0..source.find('\n').unwrap_or(source.len())
}

/// The location as bytes from the start of the YAML.
fn offset(yaml: &str, location: Location) -> usize {
    let line = usize::try_from(location.line()).unwrap_or(1).max(1);
    let column = usize::try_from(location.column()).unwrap_or(1).max(1);
    let start: usize = yaml.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let text = yaml[start..].lines().next().unwrap_or("");
    start + text.char_indices().nth(column - 1).map_or(text.len(), |(at, _)| at)
}

fn finding(error: &Error, yaml: &str) -> Finding {
    let error = error.without_snippet();
    let start = error.location().map_or(0, |location| offset(yaml, location));
    let place = |length: usize| FENCE.len() + start..FENCE.len() + (start + length).min(yaml.len());
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            // The parser's place may be that of the value; the key is on the same line.
            let line = yaml[..start].rfind('\n').map_or(0, |at| at + 1);
            let at = yaml[line..].find(field.as_str()).map_or(start, |at| line + at);
            let range = FENCE.len() + at..FENCE.len() + at + field.len();
            let nearest = expected
                .iter()
                .map(|name| (strsim::damerau_levenshtein(field, name), *name))
                .min()
                .filter(|(distance, name)| *distance * 2 <= name.len().max(field.len()));
            let finding = match nearest {
                Some((_, name)) => Finding::error("unknown-key-similar", range).with("suggestion", name),
                None => Finding::error("unknown-key", range),
            };
            finding.with("name", field).with("known", expected.join(", "))
        }
        Error::SerdeMissingField { field, .. } => Finding::error("missing-key", 0..FENCE.len() - 1).with("name", field),
        error => {
            let line = yaml[start..].find('\n').unwrap_or(yaml.len() - start);
            let detail = error.to_string();
            let detail = detail.lines().next().unwrap_or_default().to_owned();
            Finding::error("front-matter", place(line.max(1))).with("detail", detail)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Front {
        title: String,
        #[serde(default)]
        keywords: Vec<String>,
    }

    #[test]
    fn the_body_follows_the_second_fence() {
        let source = "---\ntitle: 微信\nkeywords: [甲, 乙]\n---\n正文";
        let parts = read::<Front>(source).expect("good");
        assert_eq!((parts.front.title.as_str(), parts.front.keywords.len()), ("微信", 2));
        assert_eq!(&source[parts.body..], "正文");
    }

    #[test]
    fn an_unknown_key_is_found_and_a_similar_one_named() {
        let source = "---\ntitle: 微信\nkeyword: [甲]\n---\n";
        let finding = read::<Front>(source).err().expect("refused");
        assert_eq!(finding.code, "unknown-key-similar");
        assert_eq!(&source[finding.range.clone()], "keyword");
        assert!(finding.arguments.contains(&("suggestion", "keywords".to_owned())), "{finding:?}");
        let finding = read::<Front>("---\ntitle: 微\n颜色: 红\n---\n").err().expect("refused");
        assert_eq!(finding.code, "unknown-key");
    }

    #[test]
    fn what_is_missing_or_broken_is_said() {
        let code = |source| read::<Front>(source).err().expect("refused").code;
        assert_eq!(code("正文"), "front-matter-missing");
        assert_eq!(code("---\ntitle: 微信\n正文"), "front-matter-unclosed");
        assert_eq!(code("---\nkeywords: []\n---\n"), "missing-key");
        assert_eq!(code("---\ntitle: [\n---\n"), "front-matter");
        let source = "---\ntitle: 微信\nkeywords: 甲\n---\n";
        let finding = read::<Front>(source).err().expect("refused");
        assert!(source[..finding.range.start].ends_with("title: 微信\nkeywords: "), "{finding:?}");
    }
}
