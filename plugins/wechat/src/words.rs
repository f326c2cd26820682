//! Words that other plugins show, in both languages: they do not know the translations of this one.

use plugin_sdk::serde_json::{Value, json};

/// A sentence in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Words {
    /// For an answer to another plugin.
    pub fn json(self) -> Value {
        json!({ "zh": self.zh, "en": self.en })
    }

    /// In the language with this tag.
    pub fn in_language(self, tag: &str) -> &'static str {
        if tag.starts_with("en") { self.en } else { self.zh }
    }
}
