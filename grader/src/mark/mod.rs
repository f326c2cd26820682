//! Marking blanks: a pure function of the answers, the keys and [`VERSION`].
//!
//! [`Key::compile`] prepares a blank once; [`mark_question`] marks the answers of a question, [`mark_blank`] a single one.
//! Equality is decided on one form of both texts (`fold`, `numeral`) or on what they mean as quantities (`quantity`);
//! everything that is merely alike (`similar`) waits for a teacher and is never credited.

mod calendar;
mod candidate;
mod case;
mod character;
mod choice;
mod closer;
mod compile;
mod contrary;
mod coordinate;
mod counted;
mod cursor;
mod difference;
mod element;
mod equality;
mod equivalent;
mod fold;
mod formula;
mod given;
mod group;
mod judge;
mod key;
mod lint;
mod list;
mod number;
mod numeral;
mod opposite;
mod outcome;
mod prepared;
mod punctuation;
mod quantity;
mod question;
mod reading;
mod reason;
mod script;
mod similar;
mod truth;
mod unit;
mod unit_table;
mod worth;

pub use compile::{KeyError, MAX_KEY};
pub use given::{MAX_ANSWER, normal_form};
pub use key::Key;
pub use lint::{KeyFinding, check_keys};
pub use outcome::Verdict;
pub use question::{Mark, mark_blank, mark_question};
pub use reason::{Reason, Resemblance, Steps};

/// Version of the marking rules; stored with every mark so that it can be explained later.
pub const VERSION: u32 = 3;
