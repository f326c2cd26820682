//! What is doubtful about the keys of one question, said before students meet it.

use serde::{Deserialize, Serialize};

use crate::Language;
use crate::assignment::{Blank, MatchKind};
use crate::message;

use super::compile::KeyError;
use super::key::Key;
use super::outcome::Verdict;
use super::question::mark_blank;

/// Something doubtful about the keys of a question. Blanks are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum KeyFinding {
    /// The key cannot be used; its text says why, in the language asked for in [`KeyFinding::text`].
    Broken {
        /// The blank.
        blank: usize,
        /// Why, in Chinese.
        chinese: String,
        /// Why, in English.
        english: String,
    },
    /// The key does not accept itself, as a pattern that does not match its own example would.
    RefusesItself {
        /// The blank.
        blank: usize,
        /// The accepted text.
        text: String,
    },
    /// The same text twice in one key.
    Repeated {
        /// The blank.
        blank: usize,
        /// The second of them.
        text: String,
    },
    /// Two blanks accept the same text and are not in one group.
    Shared {
        /// The earlier blank.
        first: usize,
        /// The later blank.
        second: usize,
        /// The text.
        text: String,
    },
    /// A text of one blank resembles one of another so much that a mix-up would wait for the teacher.
    Near {
        /// The earlier blank.
        first: usize,
        /// The later blank.
        second: usize,
        /// The text of the earlier one.
        text: String,
        /// The text of the later one.
        other: String,
    },
    /// A pattern accepts another blank's key.
    PatternTooWide {
        /// The blank with the pattern.
        blank: usize,
        /// The other blank.
        sibling: usize,
        /// Its key.
        text: String,
    },
    /// A pattern accepts anything.
    PatternAcceptsAnything {
        /// The blank.
        blank: usize,
    },
}

impl KeyFinding {
    /// Whether the blank cannot be marked until it is mended.
    pub fn is_error(&self) -> bool {
        matches!(self, KeyFinding::Broken { .. } | KeyFinding::RefusesItself { .. })
    }

    /// One sentence for the teacher; blanks are counted from 1.
    pub fn text(&self, language: Language) -> String {
        let say = |id: &str, blanks: &[usize], text: &str, other: &str| {
            let first = blanks.first().map_or_else(String::new, |blank| (blank + 1).to_string());
            let second = blanks.get(1).map_or_else(String::new, |blank| (blank + 1).to_string());
            message::text_with(
                language,
                id,
                &[("first", &first), ("second", &second), ("text", text), ("other", other)],
            )
        };
        match self {
            KeyFinding::Broken { blank, chinese, english } => {
                let why = if language == Language::Chinese { chinese } else { english };
                say("key-broken", &[*blank], why, "")
            }
            KeyFinding::RefusesItself { blank, text } => say("key-refuses-itself", &[*blank], text, ""),
            KeyFinding::Repeated { blank, text } => say("key-repeated", &[*blank], text, ""),
            KeyFinding::Shared { first, second, text } => say("key-shared", &[*first, *second], text, ""),
            KeyFinding::Near { first, second, text, other } => say("key-near", &[*first, *second], text, other),
            KeyFinding::PatternTooWide { blank, sibling, text } => {
                say("key-pattern-too-wide", &[*blank, *sibling], text, "")
            }
            KeyFinding::PatternAcceptsAnything { blank } => say("key-pattern-accepts-anything", &[*blank], "", ""),
        }
    }
}

/// Looks for what is doubtful about the keys of one question.
pub fn check_keys(blanks: &[Blank]) -> Vec<KeyFinding> {
    let mut findings = Vec::new();
    let keys: Vec<Option<Key>> = blanks
        .iter()
        .enumerate()
        .map(|(blank, stated)| match Key::compile(stated) {
            Ok(key) => Some(key),
            Err(error) => {
                findings.push(broken(blank, &error));
                None
            }
        })
        .collect();
    for (blank, key) in keys.iter().enumerate() {
        let Some(key) = key else { continue };
        check_alone(blank, &blanks[blank], key, &mut findings);
        for (sibling, other) in keys.iter().enumerate().filter(|(sibling, _)| *sibling != blank) {
            if other.is_some() {
                check_pair((blank, &blanks[blank], key), (sibling, &blanks[sibling]), &mut findings);
            }
        }
    }
    findings
}

fn broken(blank: usize, error: &KeyError) -> KeyFinding {
    KeyFinding::Broken { blank, chinese: error.text(Language::Chinese), english: error.text(Language::English) }
}

fn check_alone(blank: usize, stated: &Blank, key: &Key, findings: &mut Vec<KeyFinding>) {
    if stated.match_kind == MatchKind::Regex {
        // A text that no key of a course would be.
        if key.is_known() && mark_blank(key, "§ 随便写的字 zq 7351").verdict == Verdict::Correct {
            findings.push(KeyFinding::PatternAcceptsAnything { blank });
        }
        return;
    }
    for (index, alternative) in stated.key.iter().enumerate() {
        let mark = mark_blank(key, &alternative.text);
        if mark.alternative.is_none() || mark.credit < alternative.share {
            findings.push(KeyFinding::RefusesItself { blank, text: alternative.text.clone() });
        } else if stated.key[..index].iter().any(|earlier| earlier.text.trim() == alternative.text.trim()) {
            findings.push(KeyFinding::Repeated { blank, text: alternative.text.clone() });
        }
    }
}

fn check_pair(
    (blank, stated, key): (usize, &Blank, &Key),
    (sibling, other): (usize, &Blank),
    findings: &mut Vec<KeyFinding>,
) {
    if other.match_kind == MatchKind::Regex {
        return;
    }
    let same_group = stated.group.is_some() && stated.group == other.group;
    for alternative in &other.key {
        let text = alternative.text.clone();
        let mark = mark_blank(key, &text);
        let credited = matches!(mark.verdict, Verdict::Correct | Verdict::Partial);
        if stated.match_kind == MatchKind::Regex {
            if credited && !same_group {
                findings.push(KeyFinding::PatternTooWide { blank, sibling, text });
                return;
            }
            continue;
        }
        // Each pair is looked at from both sides; one finding is enough.
        if sibling < blank || same_group && credited {
            continue;
        }
        if credited {
            findings.push(KeyFinding::Shared { first: blank, second: sibling, text });
            return;
        }
        if mark.verdict == Verdict::Review {
            let own = mark.alternative.map_or_else(String::new, |index| stated.key[index].text.clone());
            findings.push(KeyFinding::Near { first: blank, second: sibling, text: own, other: text });
            return;
        }
    }
}
