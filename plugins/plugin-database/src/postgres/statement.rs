//! What a statement may begin with. The role decides what it can touch; this keeps it from changing its connection.

use plugin_protocol::{Code, Failure};

use super::denied;

const VERBS: [&str; 6] = ["select", "insert", "update", "delete", "with", "values"];

/// Refuses what is no statement about rows, and what looks at the host's tables.
pub(super) fn check(sql: &str) -> Result<(), Failure> {
    let word: String = without_comments(sql).chars().take_while(char::is_ascii_alphabetic).collect();
    let word = word.to_ascii_lowercase();
    if word.is_empty() {
        return Err(Failure::new(Code::BadRequest, "there is no statement in the text"));
    }
    if !VERBS.contains(&word.as_str()) {
        return Err(denied(format!("a statement of a plugin does not begin with {word}")));
    }
    if sql.to_ascii_lowercase().contains("host_") {
        return Err(denied("names that begin with host_ are the host's".into()));
    }
    Ok(())
}

/// The text after leading blanks and comments.
fn without_comments(sql: &str) -> &str {
    let mut rest = sql.trim_start();
    loop {
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n').map_or("", |(_, after)| after).trim_start();
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after).trim_start();
        } else if let Some(inner) = rest.strip_prefix('(') {
            rest = inner.trim_start();
        } else {
            return rest;
        }
    }
}
