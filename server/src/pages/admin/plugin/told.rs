//! What a plugin and its supervisor say is in English, for logs. Administrators read a sentence of their language, with the
//! original beside it where it says more, and the times of a log as on the rest of the page.

use chrono::NaiveDateTime;
use plugin_protocol::code::CODES;
use serde::Serialize;

use crate::error::Message;
use crate::moment::DEFAULT_ZONE;
use crate::view::View;

/// What happened.
#[derive(Debug, Default, Serialize)]
pub(super) struct Told {
    /// In the administrator's language; empty: there is nothing to say.
    sentence: String,
    /// The original, where the sentence does not say all of it.
    detail: String,
}

/// Beginnings of reasons, their sentence, and whether what follows says more.
const REASONS: [(&str, &str, bool); 10] = [
    ("its file is gone", "plugin-reason-file", false),
    ("the server was started with --safe-mode", "plugin-reason-safe-mode", false),
    ("its tables cannot be brought up to date: ", "plugin-reason-tables", true),
    ("it cannot be started: ", "plugin-reason-start", true),
    ("it said nothing for ", "plugin-reason-silent", false),
    ("the worker was stopped by a signal", "plugin-end-stopped", false),
    ("the worker was replaced", "plugin-end-replaced", false),
    ("the worker did not read any more", "plugin-end-silent", false),
    ("the worker broke the protocol and was killed: ", "plugin-end-protocol", true),
    ("a call did not end when its time was up", "plugin-end-hang", false),
];

/// Says it.
pub(super) fn tell(view: &View, text: &str) -> Told {
    let text = text.trim();
    if text.is_empty() {
        return Told::default();
    }
    let (message, detail) = read(text);
    Told { sentence: view.sentence(&message), detail: detail.to_owned() }
}

/// The sentence for a text, and what of the text it leaves out.
fn read(text: &str) -> (Message, &str) {
    let needs = text.strip_prefix("it needs ").and_then(|rest| rest.split_once(", and no enabled plugin provides"));
    if let Some((service, _)) = needs {
        return (Message::new("plugin-reason-needs").with("service", service), "");
    }
    if let Some((version, why)) =
        text.strip_prefix("version ").and_then(|rest| rest.split_once(" could not take over: "))
    {
        return (Message::new("plugin-reason-take-over").with("version", version), why);
    }
    if let Some((_, last)) = text.strip_prefix("its worker died ").and_then(|rest| rest.split_once("the last time: ")) {
        return read(last);
    }
    if let Some(end) = end(text) {
        return (end, "");
    }
    for (beginning, key, says_more) in REASONS {
        if let Some((_, rest)) = text.split_once(beginning) {
            return (Message::new(key), if says_more { rest } else { "" });
        }
    }
    if text.contains(" hung and was killed") {
        return (Message::new("plugin-end-hang"), "");
    }
    let of_code = text.split_once(": ").filter(|(name, _)| CODES.iter().any(|code| code.name() == *name));
    match of_code {
        Some((name, rest)) => (Message { key: format!("plugin-code-{name}").into(), arguments: Vec::new() }, rest),
        None => (Message::new("plugin-reason-other"), text),
    }
}

/// How a process ended: signal and exit code are the same in every language.
fn end(text: &str) -> Option<Message> {
    let number = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>();
    if let Some((_, rest)) = text.split_once("signal: ") {
        let name = rest.split_once('(').and_then(|(_, rest)| rest.split(')').next()).unwrap_or_default();
        return Some(Message::new("plugin-end-signal").with("number", number(rest)).with("name", name));
    }
    let (_, rest) = text.split_once("exit status: ")?;
    Some(Message::new("plugin-end-exit").with("code", number(rest)))
}

/// Lines of a log, each with the time of day that the page shows; the file has UTC.
pub(super) fn log(text: &str) -> String {
    /// `2026-10-12 08:00:00.000`
    const LENGTH: usize = 23;
    let zone = crate::rules::zone(DEFAULT_ZONE);
    let line = |line: &str| {
        let at = line.get(..LENGTH).and_then(|at| NaiveDateTime::parse_from_str(at, "%Y-%m-%d %H:%M:%S%.3f").ok());
        match at {
            Some(at) => {
                let at = at.and_utc().with_timezone(&zone).format("%Y-%m-%d %H:%M:%S%.3f");
                format!("{at}{}", &line[LENGTH..])
            }
            None => line.to_owned(),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_in_english_has_a_sentence_and_loses_nothing() {
        let cases = [
            ("the worker ended: signal: 6 (SIGABRT) (core dumped)", "plugin-end-signal", ""),
            (
                "its worker died 3 times in 5 minutes; the last time: the worker ended: exit status: 0",
                "plugin-end-exit",
                "",
            ),
            ("the worker hung and was killed", "plugin-end-hang", ""),
            ("it needs lots.draw/1, and no enabled plugin provides that", "plugin-reason-needs", ""),
            ("version 0.2.0 could not take over: plugin-error: no", "plugin-reason-take-over", "plugin-error: no"),
            (
                "plugin-error: its tables cannot be brought up to date: 003: syntax",
                "plugin-reason-tables",
                "003: syntax",
            ),
            ("conflict: somebody changed it", "plugin-code-conflict", "somebody changed it"),
            ("the moon is in the wrong place", "plugin-reason-other", "the moon is in the wrong place"),
        ];
        for (text, key, detail) in cases {
            let (message, rest) = read(text);
            assert_eq!((message.key.as_ref(), rest), (key, detail), "{text}");
        }
    }

    #[test]
    fn a_log_has_the_times_of_the_page() {
        let lines = "2026-10-12 23:59:59.120 error  no\n  a second line";
        assert_eq!(log(lines), "2026-10-13 07:59:59.120 error  no\n  a second line");
    }
}
