//! What an assignment is: questions in the book's order, and the blanks in them; and the file that states it.
//!
//! [`parse`] reads a file, [`write()`] writes one; [`segments`], [`with_placeholders`] and [`fill_placeholders`] serve those
//! who show a question's text.

mod attributes;
mod blank;
mod front_matter;
mod keys;
mod parse;
mod problem;
mod scan;
mod surroundings;
mod text;
mod write;

pub use parse::{LARGEST_FILE, Parsed, Place, QuestionPlace, parse};
pub use surroundings::surroundings;
pub use text::{Segment, escape_braces, fill_placeholders, segments, with_placeholders};
pub use write::{Comments, attributes_text, blank_text, key_text, write};

use serde::{Deserialize, Serialize};

/// Points in millionths, so that shares and late rules stay exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(pub i64);

/// A share of a whole in millionths, from 0 to [`Share::WHOLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Share(pub u32);

impl Points {
    /// One point.
    pub const ONE: Points = Points(1_000_000);

    /// This many points, weighed by a share; exact to a millionth of a point, rounded half up.
    pub fn times(self, share: Share) -> Points {
        let product = i128::from(self.0) * i128::from(share.0);
        Points(((product + 500_000) / 1_000_000) as i64)
    }
}

/// As a decimal number without needless noughts: `2`, `0.5`.
impl std::fmt::Display for Points {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(&attributes::decimal(self.0))
    }
}

/// As a decimal number from 0 to 1: `1`, `0.5`.
impl std::fmt::Display for Share {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(&attributes::decimal(i64::from(self.0)))
    }
}

impl Share {
    /// Nothing.
    pub const NONE: Share = Share(0);
    /// All of it.
    pub const WHOLE: Share = Share(1_000_000);
}

/// An assignment as its file states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Course the chapter belongs to, as in its address.
    pub course: Option<String>,
    /// Chapter the exercises belong to, as in its address.
    pub chapter: Option<String>,
    /// Title shown to people.
    pub title: String,
    /// Questions in their order.
    pub questions: Vec<Question>,
}

/// What kind of answer a question takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuestionKind {
    /// Blanks to fill in, marked at once.
    Blanks,
    /// A text (with attachments), marked by a person.
    Essay,
    /// One hand-in for a class, marked by a person.
    Project,
}

/// One numbered question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The number as printed, such as `5` or `12`.
    pub number: String,
    /// What kind of answer it takes.
    pub kind: QuestionKind,
    /// The question as Markdown. A blank stands as `{1}`, `{2}` … in order; a literal brace is doubled.
    pub text: String,
    /// Points of an essay or project; of a blanks question the sum of its blanks.
    pub points: Points,
    /// How an essay or project is marked, as Markdown, if the file says.
    pub rubric: Option<String>,
    /// The blanks in the order of the text.
    pub blanks: Vec<Blank>,
}

/// How a blank's answer is compared with its key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchKind {
    /// All equivalences of a fair Chinese teacher.
    #[default]
    Auto,
    /// Only folding of width, case and outer spaces.
    Exact,
    /// As a number, whatever its written form.
    Number,
    /// By a regular expression anchored at both ends.
    Regex,
}

/// One way to fill a blank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternative {
    /// The accepted text, unescaped.
    pub text: String,
    /// What it is worth.
    pub share: Share,
}

/// One gap to fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blank {
    /// What is accepted; empty when the key is not known yet.
    pub key: Vec<Alternative>,
    /// Whether a teacher has confirmed the key (`{?}` in the file says no).
    pub confirmed: bool,
    /// The order-free group within the question.
    pub group: Option<String>,
    /// What the blank is worth.
    pub points: Points,
    /// A measure word or unit that may be missing or repeated in the answer.
    pub unit: Option<String>,
    /// How the answer is compared.
    #[serde(rename = "match")]
    pub match_kind: MatchKind,
    /// A hint for students.
    pub hint: Option<String>,
    /// What is printed around the blank and may be repeated in an answer.
    pub surroundings: Surroundings,
    /// What teachers decided about answers in the classroom: an answer with the same normal form gets exactly this share,
    /// whatever the rules say ([`Share::NONE`]: refused). Never in a file; kept when a file is imported again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<Alternative>,
}

/// What is printed directly before and behind a blank; compiled into the key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surroundings {
    /// A list marker before the blank, such as `①`.
    pub marker: Option<String>,
    /// The text that precedes the blank from the start of its clause (at most 12 characters), without the marker.
    #[serde(default)]
    pub before: String,
    /// The text that follows the blank up to the end of its clause (at most 12 characters).
    pub after: String,
}

impl Default for Blank {
    fn default() -> Self {
        Blank {
            key: Vec::new(),
            confirmed: true,
            group: None,
            points: Points::ONE,
            unit: None,
            match_kind: MatchKind::Auto,
            hint: None,
            surroundings: Surroundings::default(),
            decided: Vec::new(),
        }
    }
}
