//! What is known of a plugin, in words of the administrator's language.

use plugin_protocol::hello::Shut;

use crate::error::Message;
use crate::plugins::{State as Running, Status};
use crate::view::View;

/// Operations that have a name of their own.
const OPERATIONS: [&str; 13] = [
    "http",
    "widget",
    "event",
    "job",
    "service",
    "health",
    "migrate-data",
    "export-person",
    "erase-person",
    "settings-changed",
    "facts",
    "render",
    "start",
];

/// A state's name in keys of sentences.
pub(super) fn state(state: Running) -> &'static str {
    match state {
        Running::Disabled => "disabled",
        Running::Starting => "starting",
        Running::Ready => "ready",
        Running::Restarting => "restarting",
        Running::Quarantined => "quarantined",
        Running::Incompatible => "incompatible",
        Running::Missing => "missing",
    }
}

/// What kind of fault it was.
pub(super) fn fault(kind: &str) -> Message {
    let known = ["death", "hang", "panic", "refused", "quarantine", "memory", "job", "event"];
    match known.iter().find(|known| **known == kind) {
        Some(kind) => Message { key: format!("plugin-fault-{kind}").into(), arguments: Vec::new() },
        None => Message::new("plugin-fault-other").with("kind", kind),
    }
}

/// How far a worker is shut in.
pub(super) fn sandbox(view: &View, status: &Status) -> Vec<String> {
    let Some(sandbox) = &status.sandbox else { return Vec::new() };
    [("files", &sandbox.files), ("calls", &sandbox.calls)]
        .into_iter()
        .map(|(what, shut)| {
            let (how, note) = match shut {
                Shut::Shut(by) => ("shut", by.as_str()),
                Shut::Open(why) => ("open", why.as_str()),
                Shut::Unknown => ("unknown", ""),
            };
            let key = format!("plugin-sandbox-{what}-{how}").into();
            view.sentence(&Message { key, arguments: vec![("note".into(), note.to_owned())] })
        })
        .collect()
}

/// What the plugin was asked to do; as it is where we have no word for it.
pub(super) fn operation(view: &View, name: &str) -> String {
    match OPERATIONS.contains(&name) {
        true => view.sentence(&Message { key: format!("plugin-operation-{name}").into(), arguments: Vec::new() }),
        false => name.to_owned(),
    }
}
