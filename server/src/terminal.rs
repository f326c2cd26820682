//! Words for whoever started the program. Nobody may be reading any more (`server | head -1`, a terminal that was closed),
//! and what serves others goes on all the same.

use std::fmt::Display;
use std::io::Write as _;

/// A line on standard output.
pub fn say(line: impl Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A line on standard error.
pub fn note(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Why something failed, and what led to it, in one line. Some errors say their cause themselves; it is said once.
pub fn reasons(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for reason in error.chain().map(ToString::to_string) {
        if !said.contains(&reason) {
            let between = if said.is_empty() { "" } else { ": " };
            said = format!("{said}{between}{reason}");
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the address is taken: {0}")]
    struct Taken(#[source] std::io::Error);

    #[test]
    fn each_reason_is_said_once() {
        let taken = Err::<(), _>(Taken(std::io::Error::other("port 80")));
        let error = taken.context("the room cannot open").unwrap_err();
        assert_eq!(reasons(&error), "the room cannot open: the address is taken: port 80");
        let bare = Err::<(), _>(std::io::Error::other("port 80")).context("the room cannot open").unwrap_err();
        assert_eq!(reasons(&bare), "the room cannot open: port 80");
    }
}
