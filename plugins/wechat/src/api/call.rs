//! A call of the interface, and why it was not answered.

use plugin_sdk::prelude::*;

use super::error_code::{self, Explained, explain};

/// A call of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Path below the interface's address.
    pub path: &'static str,
    /// The most calls a day.
    pub most_a_day: i64,
}

impl Call {
    /// A call that is asked with GET.
    pub const fn get(path: &'static str, most_a_day: i64) -> Self {
        Self { method: "GET", path, most_a_day }
    }

    /// A call with a JSON body.
    pub const fn post(path: &'static str, most_a_day: i64) -> Self {
        Self { method: "POST", path, most_a_day }
    }
}

/// Why a call was not answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// App id or secret is missing.
    NotSet,
    /// As many calls as the platform allows have been made today, so this one was not.
    UsedUp,
    /// The platform refused, with this code.
    Refused(i64),
    /// The platform was not reached, so it did nothing.
    Unreachable,
    /// It did not answer in time, or not in its own language: it may have done what was asked.
    Unclear,
    /// The plugin's own trouble, such as its tables, before the platform was asked.
    Own(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Trouble::Own(error)
    }
}

impl Trouble {
    /// The plugin's own trouble as an error; any other as a value.
    pub fn or_own(self) -> Result<Self> {
        match self {
            Trouble::Own(error) => Err(error),
            other => Ok(other),
        }
    }

    /// In words.
    pub fn explained(&self) -> Explained {
        match self {
            Trouble::NotSet => error_code::NOT_SET,
            Trouble::UsedUp => error_code::USED_UP,
            Trouble::Refused(code) => explain(*code),
            Trouble::Unreachable => error_code::UNREACHABLE,
            Trouble::Unclear | Trouble::Own(_) => error_code::UNCLEAR,
        }
    }
}
