//! Who hears an event.

use super::{State, Status};
use crate::db::Db;
use crate::error::Result;
use crate::store::plugin::class;
use crate::store::plugin::delivery::{self, Event};

/// Sends events to all who hear them: the enabled plugins, of those the ones that the event's class uses. Quarantined
/// ones too; they get them when they run again.
pub async fn tell(db: &Db, plugins: &[Status], events: Vec<Event>) -> Result<()> {
    let mut addressed = Vec::with_capacity(events.len());
    for event in events {
        let hears =
            |status: &&Status| status.state != State::Disabled && status.manifest.events.hears.contains(&event.name);
        let mut to: Vec<String> = plugins.iter().filter(hears).map(|status| status.manifest.id.clone()).collect();
        if let Some(class_id) = event.class_id.filter(|_| !to.is_empty()) {
            let used = class::of_class(db, class_id).await?;
            to.retain(|plugin| used.iter().any(|used| used.plugin_id == *plugin));
        }
        if !to.is_empty() {
            addressed.push((event, to));
        }
    }
    if addressed.is_empty() { Ok(()) } else { delivery::add(db, addressed).await }
}
