//! What a check finds.

/// What is wrong, and how to mend it.
#[derive(Debug)]
pub struct Wrong {
    pub(super) message: String,
    pub(super) hint: String,
}

/// What a check finds.
pub(super) type Found = Result<String, Wrong>;

impl Wrong {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: String::new() }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl From<plugin_protocol::Failure> for Wrong {
    fn from(failure: plugin_protocol::Failure) -> Self {
        let place = failure.place.as_deref().map(|place| format!(" ({place})")).unwrap_or_default();
        Self { message: format!("{failure}{place}"), hint: failure.hint.unwrap_or_default().into() }
    }
}

/// So many of a thing: `1 table`, `2 tables`.
pub(super) fn count(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}
