//! The words of pages and messages, from Fluent files in `locales/`.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid};

use crate::error::Message;

pub use grader::Language;
pub use plugin_render::value;

fluent_templates::static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "zh-CN",
        // Isolation marks would end up in attributes and in what people copy.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const CHINESE: LanguageIdentifier = langid!("zh-CN");
const ENGLISH: LanguageIdentifier = langid!("en");

/// Looks up a sentence; a missing one shows its key, which a test makes impossible.
pub fn text(language: Language, key: &str, arguments: &HashMap<Cow<'static, str>, FluentValue<'_>>) -> String {
    find(language, key, arguments).unwrap_or_else(|| key.to_owned())
}

/// The sentence for a key, if there is one.
pub fn find(language: Language, key: &str, arguments: &HashMap<Cow<'static, str>, FluentValue<'_>>) -> Option<String> {
    let id = match language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    };
    if arguments.is_empty() { LOCALES.try_lookup(id, key) } else { LOCALES.try_lookup_with_args(id, key, arguments) }
}

/// The sentence of a message.
pub fn sentence(language: Language, message: &Message) -> String {
    let arguments = message.arguments.iter().map(|(name, text)| (name.clone(), value(text))).collect();
    text(language, &message.key, &arguments)
}

/// A sentence without arguments.
pub fn plain(language: Language, key: &str) -> String {
    text(language, key, &HashMap::new())
}

/// The language a stored or sent tag names.
pub fn from_tag(tag: &str) -> Option<Language> {
    match tag {
        "zh-CN" | "zh" => Some(Language::Chinese),
        "en" => Some(Language::English),
        _ => None,
    }
}

/// The language a browser asks for: the first of ours in its list, by weight.
pub fn from_accept_language(header: &str) -> Option<Language> {
    let mut wishes: Vec<(f32, &str)> = header
        .split(',')
        .take(16)
        .filter_map(|item| {
            let mut parts = item.trim().split(';');
            let tag = parts.next()?.trim();
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(Some(1.0), |weight| weight.parse().ok())?;
            Some((weight, tag))
        })
        .collect();
    wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
    wishes.iter().find_map(|(_, tag)| match tag.split('-').next()? {
        "zh" => Some(Language::Chinese),
        "en" => Some(Language::English),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_decides_by_weight() {
        assert_eq!(from_accept_language("fr, en;q=0.5, zh-CN;q=0.8"), Some(Language::Chinese));
        assert_eq!(from_accept_language("en-GB,en;q=0.9,zh;q=0.8"), Some(Language::English));
        assert_eq!(from_accept_language("fr"), None);
    }

    #[test]
    fn a_number_in_a_message_chooses_its_form() {
        let said = |count: &str| {
            sentence(Language::English, &Message::new("roster-transfer-attempts").with("count", count))
                .replace(['\u{2068}', '\u{2069}'], "")
        };
        assert_eq!(said("1"), "1 attempt goes along.");
        assert_eq!(said("2"), "2 attempts go along.");
        assert_eq!(said("01"), "01 attempts go along.");
        assert_eq!(said("20260001"), "20260001 attempts go along.");
    }

    #[test]
    fn plurals_fit_figures_that_come_as_text() {
        let points =
            |points: &str| sentence(Language::English, &Message::new("gradebook-points").with("points", points));
        assert_eq!(["1", "2", "0.5", "007"].map(points), ["1 point", "2 points", "0.5 points", "007 points"]);
    }

    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    fn files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }

    fn own(folder: &str, ending: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), ending, &mut found);
        assert!(!found.is_empty(), "{folder} is read wrongly");
        found
    }

    /// The keys of each file of a language.
    fn keys(tag: &str) -> BTreeMap<String, BTreeSet<String>> {
        own(&format!("locales/{tag}"), ".ftl")
            .into_iter()
            .map(|path| {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                let text = std::fs::read_to_string(&path).unwrap();
                let keys = text
                    .lines()
                    .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
                    .filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned()))
                    .collect();
                (name, keys)
            })
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let (chinese, english) = (keys("zh-CN"), keys("en"));
        assert!(chinese.values().map(BTreeSet::len).sum::<usize>() > 300);
        assert_eq!(chinese, english);
    }

    #[test]
    fn every_audited_action_has_words() {
        let known = keys("en").remove("admin.ftl").unwrap();
        let mut actions = BTreeSet::new();
        for path in own("src/store", ".rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let quoted = text.split('"').skip(1).step_by(2);
            actions.extend(quoted.filter_map(|text| {
                let (area, verb) = text.split_once('.')?;
                let is_word =
                    |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
                (is_word(area) && is_word(verb)).then(|| format!("admin-did-{area}-{verb}"))
            }));
        }
        assert!(actions.len() > 30, "{actions:?}");
        let silent: Vec<_> = actions.iter().filter(|key| !known.contains(*key)).collect();
        assert!(silent.is_empty(), "without words: {silent:?}");
    }

    #[test]
    fn every_key_that_is_used_has_words() {
        let known: BTreeSet<String> = keys("en").into_values().flatten().collect();
        let quoted = |text: &str, before: &str| -> Vec<String> {
            text.split(before)
                .skip(1)
                .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
                .filter(|key| {
                    !key.is_empty()
                        && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit())
                })
                .collect()
        };
        let mut missing = BTreeSet::new();
        for path in own("templates", ".html") {
            let text = std::fs::read_to_string(&path).unwrap();
            missing.extend(
                quoted(&text, "t(key=\"").into_iter().filter(|key| !known.contains(key) && !key.ends_with('-')),
            );
        }
        for path in own("src", ".rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for before in ["Message::new(\"", "Error::invalid(\"", "Error::conflict(\""] {
                missing
                    .extend(quoted(&text, before).into_iter().filter(|key| !known.contains(key) && key.contains('-')));
            }
        }
        assert!(missing.is_empty(), "without words: {missing:?}");
    }
}
