//! Settings: what a plugin asks its teachers or the administrator to decide.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Words, yes};

/// A setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Name.
    pub name: String,
    /// Words before the field.
    pub title: Words,
    /// Words below them.
    #[serde(default)]
    pub hint: Words,
    /// What it holds.
    #[serde(default)]
    pub kind: SettingKind,
    /// Each class has its own, set by its teachers; else the site has one, set by an administrator.
    #[serde(default = "yes")]
    pub for_each_class: bool,
    /// What holds until somebody sets it.
    #[serde(default)]
    pub default: Value,
    /// For a choice: value and words.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// For a number.
    #[serde(default)]
    pub least: Option<i64>,
    /// For a number; for text, its length in characters.
    #[serde(default)]
    pub most: Option<i64>,
}

/// What a setting holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingKind {
    /// A line.
    #[default]
    Text,
    /// Several lines.
    LongText,
    /// A whole number.
    Number,
    /// Yes or no.
    Boolean,
    /// One of several.
    Choice,
    /// A day, as text: `2026-10-12`.
    Date,
    /// A line that no page, log or backup in clear shows again.
    Secret,
}

/// One of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What is shown.
    pub title: Words,
}
