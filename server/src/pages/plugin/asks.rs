//! What a plugin asks for and keeps, in words: read before it is enabled, and before a class takes it.

use plugin_protocol::manifest::{Manifest, Permission};

use crate::error::Message;
use crate::view::View;

/// What it asks of the host.
pub fn permissions(view: &View, manifest: &Manifest) -> Vec<String> {
    let mut asked: Vec<Message> = manifest
        .permissions
        .iter()
        .map(|permission| {
            Message::new(match permission {
                Permission::Tables => "plugin-asks-tables",
                Permission::Roster => "plugin-asks-roster",
                Permission::Secrets => "plugin-asks-secrets",
                Permission::Schedule => "plugin-asks-schedule",
                Permission::Scripts => "plugin-asks-scripts",
            })
        })
        .collect();
    let services = manifest.needs.iter().chain(&manifest.wants).cloned().collect::<Vec<_>>();
    for (key, names) in [
        ("plugin-asks-http", &manifest.http),
        ("plugin-asks-services", &services),
        ("plugin-asks-hears", &manifest.events.hears),
        ("plugin-asks-emits", &manifest.events.emits),
    ] {
        if !names.is_empty() {
            asked.push(Message::new(key).with("names", names.join(", ")));
        }
    }
    let jobs = manifest.jobs.iter().filter(|job| !job.schedule.is_empty()).count();
    if jobs > 0 {
        asked.push(Message::new("plugin-asks-jobs").with("count", jobs));
    }
    asked.iter().map(|message| view.sentence(message)).collect()
}

/// What it keeps about people, each with its purpose.
pub fn personal_data(view: &View, manifest: &Manifest) -> Vec<String> {
    let language = view.language().tag();
    manifest.personal_data.iter().map(|data| data.purpose.in_language(language).to_owned()).collect()
}
