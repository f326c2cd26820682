//! Marking blanks: a pure function of the answers, the keys and [`VERSION`].

use serde::{Deserialize, Serialize};

use crate::Language;
use crate::assignment::{Blank, Share};

/// Version of the marking rules; stored with every mark so that it can be explained later.
pub const VERSION: u32 = 1;

/// What the marking says of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// All of the credit.
    Correct,
    /// Some of it.
    Partial,
    /// None.
    Incorrect,
    /// Not credited yet: a teacher will look.
    Review,
    /// Nothing was written.
    Unanswered,
}
