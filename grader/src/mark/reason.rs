//! Why an answer got its verdict: data that is stored, and the one line that a person reads.

use serde::{Deserialize, Serialize};

use crate::Language;
use crate::assignment::Share;
use crate::message;

/// What may differ in writing and was set aside, as a set of steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Steps(u16);

impl Steps {
    /// Full-width and half-width forms.
    pub const WIDTH: Steps = Steps(1);
    /// Capital and small letters.
    pub const CASE: Steps = Steps(1 << 1);
    /// Characters that cannot be seen.
    pub const INVISIBLE: Steps = Steps(1 << 2);
    /// Spaces.
    pub const SPACE: Steps = Steps(1 << 3);
    /// Chinese and ASCII punctuation.
    pub const PUNCTUATION: Steps = Steps(1 << 4);
    /// Marks around or behind the answer.
    pub const WRAPPING: Steps = Steps(1 << 5);
    /// A list marker that the question had printed.
    pub const MARKER: Steps = Steps(1 << 6);
    /// Traditional and simplified characters.
    pub const SCRIPT: Steps = Steps(1 << 7);
    /// Ways to write a number, date or range.
    pub const NUMBER: Steps = Steps(1 << 8);
    /// A measure word or unit that is missing or repeated.
    pub const UNIT: Steps = Steps(1 << 9);
    /// Printed words that the answer repeated.
    pub const PRINTED: Steps = Steps(1 << 10);
    /// An accepted answer followed by another one in brackets.
    pub const GLOSS: Steps = Steps(1 << 11);
    /// Ways to type or say a formula.
    pub const FORMULA: Steps = Steps(1 << 12);
    /// Marks or words between the things of a list.
    pub const LIST: Steps = Steps(1 << 13);

    const NAMES: [&'static str; 14] = [
        "width",
        "case",
        "invisible",
        "space",
        "punctuation",
        "wrapping",
        "marker",
        "script",
        "number",
        "unit",
        "printed",
        "gloss",
        "formula",
        "list",
    ];

    /// Whether all steps of the other set are in this one.
    pub fn has(self, step: Steps) -> bool {
        self.0 & step.0 == step.0
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The names of the steps, such as `width`.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Steps::NAMES.into_iter().enumerate().filter(move |(bit, _)| self.0 & (1 << bit) != 0).map(|(_, name)| name)
    }

    pub(super) fn set(&mut self, step: Steps, on: bool) {
        if on {
            self.0 |= step.0;
        }
    }

    pub(super) fn when(self, on: bool) -> Steps {
        if on { self } else { Steps::default() }
    }

    pub(super) fn without(self, step: Steps) -> Steps {
        Steps(self.0 & !step.0)
    }

    pub(super) fn bits(self) -> u16 {
        self.0
    }

    pub(super) fn from_bits(bits: u16) -> Steps {
        Steps(bits)
    }

    /// What was folded on one side only; on both sides alike if that is all there is.
    pub(super) fn between(self, other: Steps) -> Steps {
        if self.0 == other.0 { self } else { Steps(self.0 ^ other.0) }
    }
}

impl std::ops::BitOr for Steps {
    type Output = Steps;
    fn bitor(self, other: Steps) -> Steps {
        Steps(self.0 | other.0)
    }
}

impl Serialize for Steps {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

impl<'de> Deserialize<'de> for Steps {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Steps, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names.iter().try_fold(Steps::default(), |steps, name| {
            let bit = Steps::NAMES.iter().position(|known| known == name);
            bit.map(|bit| Steps(steps.0 | 1 << bit))
                .ok_or_else(|| serde::de::Error::custom(format!("unknown step {name}")))
        })
    }
}

/// How an answer resembles a key without being equal to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resemblance {
    /// Read alike, written otherwise.
    Sound,
    /// A character that looks alike.
    Shape,
    /// The same but for spaces or punctuation.
    Punctuation,
    /// The same parts in another order.
    Order,
    /// One character or letter differs.
    Character,
    /// Something is missing.
    Missing,
    /// Something is added.
    Added,
    /// The same number in another form or unit.
    Form,
    /// Several answers are listed, the right one among them.
    List,
    /// Capital and small letters exchanged where they mean different things.
    Case,
}

/// Why an answer got its verdict. Stored as JSON with the mark.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// Nothing was written.
    Unanswered,
    /// The blank has no key yet.
    NoKey,
    /// Word for word the key.
    Same,
    /// Equal to the key after these steps.
    Equal {
        /// The answer as written.
        answer: Box<str>,
        /// The accepted text.
        key: Box<str>,
        /// What differs in writing.
        steps: Steps,
        /// What the accepted text is worth.
        share: Share,
    },
    /// Matches the pattern that the key is.
    Pattern,
    /// A teacher decided about this answer.
    Decided {
        /// What it is worth.
        share: Share,
    },
    /// Not the key.
    Different,
    /// Another number than the key's.
    OtherNumber {
        /// The accepted text.
        key: Box<str>,
    },
    /// The right number of something else.
    OtherUnit {
        /// The accepted text.
        key: Box<str>,
    },
    /// The opposite of the key.
    Opposite {
        /// The accepted text.
        key: Box<str>,
    },
    /// Several answers at once, to choose from.
    Several,
    /// Right, or nearly, but credited already in another blank of the group.
    Taken {
        /// The accepted text.
        key: Box<str>,
    },
    /// Like the key but not equal to it: a teacher looks.
    Similar {
        /// The accepted text.
        key: Box<str>,
        /// How it resembles.
        how: Resemblance,
    },
    /// Longer than [`super::MAX_ANSWER`].
    TooLong,
}

impl Reason {
    /// Whether saying more than the bare verdict would be a hint at the key.
    pub fn is_hint(&self) -> bool {
        matches!(
            self,
            Reason::OtherNumber { .. }
                | Reason::OtherUnit { .. }
                | Reason::Opposite { .. }
                | Reason::Several
                | Reason::Taken { .. }
                | Reason::Similar { .. }
        )
    }

    /// One line for the student. With `reveal` false it gives nothing of the key away, not even how near the answer came.
    pub fn student_text(&self, language: Language, reveal: bool) -> String {
        if self.is_hint() && !reveal {
            let waits = matches!(self, Reason::Similar { .. });
            return message::text(language, if waits { "mark-review" } else { "mark-incorrect" });
        }
        match self {
            Reason::Equal { share, .. } if *share != Share::WHOLE => {
                let text = self.plain_text(language, reveal);
                let share = format!("{}%", f64::from(share.0) / 10_000.0);
                message::text_with(language, "mark-partial", &[("share", &share), ("text", &text)])
            }
            _ => self.plain_text(language, reveal),
        }
    }

    /// The full line, for teachers and for students to whom keys are shown.
    pub fn full_text(&self, language: Language) -> String {
        self.student_text(language, true)
    }

    fn plain_text(&self, language: Language, reveal: bool) -> String {
        let with_key = |id: &str, key: &str| message::text_with(language, id, &[("key", key)]);
        match self {
            Reason::Unanswered => message::text(language, "mark-unanswered"),
            Reason::NoKey => message::text(language, if reveal { "mark-no-key" } else { "mark-review" }),
            Reason::Same | Reason::Pattern => message::text(language, "mark-same"),
            Reason::Equal { answer, key, .. } if reveal && answer != key => {
                message::text_with(language, "mark-equal", &[("answer", answer), ("key", key)])
            }
            Reason::Equal { steps, .. } if steps.is_empty() => message::text(language, "mark-same"),
            Reason::Equal { steps, .. } => {
                let separator = message::text(language, "mark-step-separator");
                // What wraps an answer is punctuation too; once is enough.
                let said = steps.names().filter(|name| *name != "punctuation" || !steps.has(Steps::WRAPPING));
                let names: Vec<String> =
                    said.map(|name| message::text(language, &format!("mark-step-{name}"))).collect();
                message::text_with(language, "mark-equal-steps", &[("steps", &names.join(&separator))])
            }
            Reason::Decided { share } => match *share {
                Share::WHOLE => message::text(language, "mark-decided"),
                Share::NONE => message::text(language, "mark-decided-not"),
                share => {
                    let share = format!("{}%", f64::from(share.0) / 10_000.0);
                    message::text_with(language, "mark-decided-part", &[("share", &share)])
                }
            },
            Reason::Different => message::text(language, "mark-incorrect"),
            Reason::OtherNumber { key } => with_key("mark-other-number", key),
            Reason::OtherUnit { key } => with_key("mark-other-unit", key),
            Reason::Opposite { key } => with_key("mark-opposite", key),
            Reason::Several => message::text(language, "mark-several"),
            Reason::Taken { key } => with_key("mark-taken", key),
            Reason::Similar { key, how } => {
                let id = match how {
                    Resemblance::Sound => "mark-similar-sound",
                    Resemblance::Shape => "mark-similar-shape",
                    Resemblance::Punctuation => "mark-similar-punctuation",
                    Resemblance::Order => "mark-similar-order",
                    Resemblance::Character => "mark-similar-character",
                    Resemblance::Missing => "mark-similar-missing",
                    Resemblance::Added => "mark-similar-added",
                    Resemblance::Form => "mark-similar-form",
                    Resemblance::List => "mark-similar-list",
                    Resemblance::Case => "mark-similar-case",
                };
                with_key(id, key)
            }
            Reason::TooLong => message::text(language, "mark-too-long"),
        }
    }
}
