//! The library of a worker: opened, asked, and given a way to ask the server.

use std::sync::Arc;
use std::time::Duration;

use plugin_loader::{Plugin, Services, file};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::{Code, Failure};

use super::start::{Start, What};

/// The plugin of this process; none where it only renders.
pub(super) struct Library(Option<Plugin>);

/// Reads the file and compares its digest, without running any of it.
pub(super) fn check(start: &Start) -> Result<Manifest, String> {
    let read = file::read(&start.file).map_err(|error| error.to_string())?;
    if read.sha256 != start.sha256 {
        return Err(format!(
            "{} has changed since it was checked: its SHA-256 is {}, {} is expected",
            start.file.display(),
            read.sha256,
            start.sha256
        ));
    }
    Ok(read.manifest)
}

impl Library {
    /// Opens it; its constructors run. What was approved is the manifest of the file, so the library must state the same.
    pub(super) fn open(start: &Start, approved: &Manifest, services: Arc<dyn Services>) -> Result<Self, String> {
        if start.what == What::Renderer {
            return Ok(Self(None));
        }
        let plugin = Plugin::open(&start.file, &start.plugin, services).map_err(|error| error.to_string())?;
        let own = serde_json::from_slice::<Manifest>(plugin.manifest());
        if own.ok().as_ref() != Some(approved) {
            return Err("its library states another manifest than the section of its file".into());
        }
        Ok(Self(Some(plugin)))
    }

    pub(super) fn init(&self) -> Result<(), String> {
        self.0.as_ref().map_or(Ok(()), |plugin| plugin.init().map_err(|error| error.to_string()))
    }

    pub(super) fn call(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        match &self.0 {
            Some(plugin) => plugin.call(token, op, input),
            None => {
                let failure = Failure::new(Code::Unsupported, "this worker only renders");
                (Code::Unsupported.number(), failure.to_bytes())
            }
        }
    }

    pub(super) fn only_renders(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn cancel(&self, token: u64) {
        if let Some(plugin) = &self.0 {
            plugin.cancel(token);
        }
    }

    pub(super) fn shutdown(&self, grace: Duration) {
        if let Some(plugin) = &self.0 {
            plugin.shutdown(u32::try_from(grace.as_millis()).unwrap_or(u32::MAX));
        }
    }

    pub(super) fn sdk(&self) -> String {
        self.0.as_ref().map(Plugin::sdk).unwrap_or_default()
    }
}
