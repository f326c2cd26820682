//! The words people read, from the Fluent files under `grader/locales`, one file for each area.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

pub use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, static_loader};

use crate::Language;

static_loader! {
    static MESSAGES = {
        locales: "./locales",
        fallback_language: "zh-CN",
        // The isolation marks would end up in files and terminals.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static CHINESE: LazyLock<LanguageIdentifier> = LazyLock::new(|| identifier(Language::Chinese));
static ENGLISH: LazyLock<LanguageIdentifier> = LazyLock::new(|| identifier(Language::English));

fn identifier(language: Language) -> LanguageIdentifier {
    language.tag().parse().expect("both tags are well formed")
}

/// The message `id` in this language.
pub fn text(language: Language, id: &str) -> String {
    MESSAGES.lookup(of(language), id)
}

/// The message `id` in this language with its arguments.
pub fn text_with(language: Language, id: &str, arguments: &[(&'static str, &str)]) -> String {
    let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> =
        arguments.iter().map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from(*value))).collect();
    MESSAGES.lookup_with_args(of(language), id, &arguments)
}

/// The message `id` in this language with arguments of which some are numbers, so that plurals are right.
pub fn text_with_values(language: Language, id: &str, arguments: &[(&'static str, FluentValue<'_>)]) -> String {
    let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> =
        arguments.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
    MESSAGES.lookup_with_args(of(language), id, &arguments)
}

fn of(language: Language) -> &'static LanguageIdentifier {
    match language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    }
}
