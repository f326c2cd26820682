//! What somebody does, why it cannot be done, and what of it is told to the account.

use chrono::{DateTime, Utc};

use crate::message::{Article, Content, Matter};
use crate::people::Way;
use crate::truth::Purpose;

/// What somebody does.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Begins to follow.
    Follow(Way),
    /// Leaves.
    Leave,
    /// Writes.
    Say { content: Content, purpose: Purpose, article: Option<Article> },
    /// Scans a code with this scene.
    Scan(String),
    /// Taps a menu's button.
    Click(String),
    /// Taps a menu's link.
    View(String),
    /// Lets the account know where they are.
    Locate { latitude: f64, longitude: f64 },
}

/// Something to be told to the account.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// The number of its letter.
    pub letter: usize,
    /// Who did it; `None`: the platform tells it by itself.
    pub person: Option<usize>,
    pub at: DateTime<Utc>,
    pub matter: Matter,
}

/// Why somebody cannot do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such person.
    #[error("there is no person {0}; the first one is 0, and `arrive` makes another")]
    NobodyThere(usize),
    /// One must follow first.
    #[error("person {0} does not follow the account; only followers can write, scan as followers, tap or leave")]
    NotFollowing(usize),
    /// One cannot follow twice.
    #[error("person {0} follows the account already")]
    Following(usize),
    /// Nobody made such a code.
    #[error("no code has the scene {0}; the account makes it by qrcode/create, for which it needs tier F")]
    NoSuchCode(String),
}
