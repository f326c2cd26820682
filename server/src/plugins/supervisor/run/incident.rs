//! What is written down about a plugin.

use plugin_loader::file::PluginFile;

use super::Keeper;
use crate::store::plugin::incident::{self, Incident};
use crate::store::plugin::{self, File};

/// Lines of the log that an incident keeps.
const LINES: usize = 50;

impl Keeper {
    pub(super) fn version(&self) -> String {
        self.of.view.borrow().manifest.version.clone()
    }

    pub(super) fn tail(&self) -> String {
        self.around.log.last(LINES).iter().map(|line| format!("{line}\n")).collect()
    }

    pub(super) async fn note_use(&self, file: &PluginFile) {
        let parts = &self.around.host.parts;
        let used = File { version: file.manifest.version.clone(), sha256: file.sha256.clone() };
        if let Err(error) = plugin::use_file(&parts.db, &file.manifest.id, used, parts.clock.now()).await {
            tracing::warn!(%error, plugin = file.manifest.id, "the file in use could not be written down");
        }
    }

    fn incident(&self, kind: &str, operation: &str, detail: &str, version: &str) -> Incident {
        let id = self.of.view.borrow().manifest.id.clone();
        tracing::warn!(plugin = id, kind, operation, "{detail}");
        Incident {
            plugin_id: id,
            at: self.around.host.parts.clock.now(),
            kind: kind.to_owned(),
            operation: operation.to_owned(),
            detail: detail.to_owned(),
            version: version.to_owned(),
            log: self.tail(),
        }
    }

    pub(super) async fn record(&self, kind: &str, operation: &str, detail: &str, version: &str) {
        let incident = self.incident(kind, operation, detail, version);
        if let Err(error) = incident::record(&self.around.host.parts.db, incident).await {
            tracing::warn!(%error, "an incident could not be written down");
        }
    }

    /// The same, without waiting for the database.
    pub(super) fn record_later(&self, kind: &str, operation: &str, detail: &str) {
        let incident = self.incident(kind, operation, detail, &self.version());
        let db = self.around.host.parts.db.clone();
        tokio::spawn(async move {
            if let Err(error) = incident::record(&db, incident).await {
                tracing::warn!(%error, "an incident could not be written down");
            }
        });
    }
}
