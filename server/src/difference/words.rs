//! A difference as people and programs read it.

use grader::Language;
use grader::assignment::{Blank, MatchKind, Points, Question, Share};
use serde::Serialize;

use crate::error::Message;
use crate::{i18n, points};

/// What is different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A new question.
    Added,
    /// A question that is gone.
    Removed,
    /// The words of a question.
    Text,
    /// Blanks, essay or project.
    Kind,
    /// How it is marked.
    Rubric,
    /// What it is worth.
    Points,
    /// What a blank accepts.
    Key,
    /// The order-free group of a blank.
    Group,
    /// The unit of a blank.
    Unit,
    /// How a blank is compared.
    Match,
    /// The hint of a blank.
    Hint,
    /// Whether a key is confirmed.
    Confirmed,
    /// A new blank.
    BlankAdded,
    /// A blank that is gone.
    BlankRemoved,
}

impl Kind {
    /// Its name in the API and in the keys of its words.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Text => "text",
            Kind::Kind => "kind",
            Kind::Rubric => "rubric",
            Kind::Points => "points",
            Kind::Key => "key",
            Kind::Group => "group",
            Kind::Unit => "unit",
            Kind::Match => "match",
            Kind::Hint => "hint",
            Kind::Confirmed => "confirmed",
            Kind::BlankAdded => "blank-added",
            Kind::BlankRemoved => "blank-removed",
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What is different.
    pub kind: Kind,
    /// Number of the question.
    pub question: String,
    /// Which blank of it, from 1.
    pub blank: Option<usize>,
    /// What the class has; empty for nothing.
    pub before: String,
    /// What the file has; empty for nothing.
    pub after: String,
    /// How many answers stay with something that is removed.
    pub answers: i64,
}

impl Change {
    pub(super) fn question(kind: Kind, question: &Question) -> Self {
        Self {
            kind,
            question: question.number.clone(),
            blank: None,
            before: String::new(),
            after: String::new(),
            answers: 0,
        }
    }

    pub(super) fn blank(kind: Kind, question: &Question, place: usize) -> Self {
        Self { blank: Some(place), ..Self::question(kind, question) }
    }

    pub(super) fn points(question: &Question, place: Option<usize>, before: Points, after: Points) -> Self {
        let change = Self { blank: place, ..Self::question(Kind::Points, question) };
        change.values(points::exact(before.0), points::exact(after.0))
    }

    pub(super) fn values(self, before: String, after: String) -> Self {
        Self { before, after, ..self }
    }

    pub(super) fn with_answers(self, answers: i64) -> Self {
        Self { answers, ..self }
    }
}

/// A difference in one sentence.
pub fn describe(language: Language, change: &Change) -> String {
    let message = match change.kind {
        Kind::Added => Message::new("import-change-added"),
        Kind::Removed => Message::new("import-change-removed"),
        Kind::Text => Message::new("import-change-text"),
        Kind::Kind => Message::new("import-change-kind"),
        Kind::Rubric => Message::new("import-change-rubric"),
        Kind::Points => Message::new("import-change-points"),
        Kind::Key => Message::new("import-change-key"),
        Kind::Group => Message::new("import-change-group"),
        Kind::Unit => Message::new("import-change-unit"),
        Kind::Match => Message::new("import-change-match"),
        Kind::Hint => Message::new("import-change-hint"),
        Kind::Confirmed if change.after == "true" => Message::new("import-change-confirmed"),
        Kind::Confirmed => Message::new("import-change-unconfirmed"),
        Kind::BlankAdded => Message::new("import-change-blank-added"),
        Kind::BlankRemoved => Message::new("import-change-blank-removed"),
    };
    let none = i18n::plain(language, "import-nothing");
    let shown = |value: &str| if value.is_empty() { none.clone() } else { value.to_owned() };
    let sentence = message
        .with("question", &change.question)
        .with("blank", change.blank.unwrap_or(0))
        .with("before", shown(&change.before))
        .with("after", shown(&change.after));
    let mut text = i18n::sentence(language, &sentence);
    if change.answers > 0 {
        let kept = Message::new("import-answers-kept").with("answers", change.answers);
        text.push_str(&i18n::sentence(language, &kept));
    }
    text
}

/// A key as a teacher writes it.
pub(super) fn key(blank: &Blank) -> String {
    let alternatives: Vec<String> = blank
        .key
        .iter()
        .map(|alternative| match alternative.share {
            Share::WHOLE => alternative.text.clone(),
            share => format!("%{}%{}", points::exact(i64::from(share.0) * 100), alternative.text),
        })
        .collect();
    alternatives.join("|")
}

pub(super) fn match_kind(blank: &Blank) -> String {
    match blank.match_kind {
        MatchKind::Auto => "auto",
        MatchKind::Exact => "exact",
        MatchKind::Number => "number",
        MatchKind::Regex => "regex",
    }
    .to_owned()
}
