//! The words of the control page and of what was wrong with an answer, from Fluent files in `locales/`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid};

fluent_templates::static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "zh-CN",
        // Isolation marks would end up in what people copy.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const CHINESE: LanguageIdentifier = langid!("zh-CN");
const ENGLISH: LanguageIdentifier = langid!("en");

/// The languages of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 简体中文
    Chinese,
    /// English
    English,
}

impl Language {
    /// The language's tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The first of ours in what a browser asks for; it sends its list in order.
    pub fn asked(header: &str) -> Self {
        let wishes = header.split(',').filter_map(|item| item.trim().split(['-', ';']).next());
        wishes.filter_map(Self::of_tag).next().unwrap_or(Self::Chinese)
    }

    /// The language that `zh`, `zh-CN` or `en` names.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag {
            "zh" | "zh-CN" => Some(Self::Chinese),
            "en" => Some(Self::English),
            _ => None,
        }
    }
}

/// What a sentence is filled with.
pub type Arguments = HashMap<Cow<'static, str>, FluentValue<'static>>;

/// A sentence; a missing one shows its key, which a test makes impossible.
pub fn sentence(language: Language, key: &str, arguments: &Arguments) -> String {
    let id = match language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    };
    LOCALES.try_lookup_with_args(id, key, arguments).unwrap_or_else(|| key.to_owned())
}

/// What was wrong, sayable in both languages; `Display` says it in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which sentence, the same in all languages: a test can name it.
    pub key: &'static str,
    arguments: Vec<(&'static str, String)>,
}

impl Problem {
    /// A problem of a key in `locales/`.
    pub fn new(key: &'static str) -> Self {
        Self { key, arguments: Vec::new() }
    }

    /// With one more word to fill in.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }

    /// The sentence.
    pub fn sentence(&self, language: Language) -> String {
        let arguments = self.arguments.iter();
        let arguments = arguments.map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from(value.clone())));
        sentence(language, self.key, &arguments.collect())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence(Language::English))
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_of_ours_is_taken() {
        assert_eq!(Language::asked("fr,en;q=0.8,zh;q=0.5"), Language::English);
        assert_eq!(Language::asked("zh-TW,zh;q=0.9"), Language::Chinese);
        assert_eq!(Language::asked("fr"), Language::Chinese);
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let keys = |text: &str| {
            let names = text.lines().filter(|line| !line.starts_with(['#', ' ', '}']));
            names.filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.to_owned()).collect::<Vec<_>>()
        };
        let chinese = keys(include_str!("../locales/zh-CN/rehearsal.ftl"));
        assert!(chinese.len() > 50, "{}", chinese.len());
        assert_eq!(chinese, keys(include_str!("../locales/en/rehearsal.ftl")));
    }
}
