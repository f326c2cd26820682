//! Making the host of a test.

use std::path::Path;
use std::sync::Arc;

use plugin_abi::PluginV1;
use plugin_database::SqliteTables;
use plugin_loader::{Plugin, Services, file};
use plugin_protocol::manifest::Manifest;
use plugin_render::Renderer;

use super::TestHost;
use crate::check;
use crate::people::{self, CLASS};
use crate::runner::Runner;
use crate::site::SITE;
use crate::state::State;

impl TestHost {
    /// Runs a plugin that is linked into the test: `TestHost::new(&notebook::PLUGIN)`.
    #[track_caller]
    pub fn new(plugin: &'static PluginV1) -> Self {
        let described = Plugin::linked(plugin, Arc::new(Nobody));
        let manifest = serde_json::from_slice(described.manifest())
            .unwrap_or_else(|error| panic!("the manifest cannot be read: {error}"));
        Self::with(manifest, |services| Arc::new(started(Plugin::linked(plugin, services))))
    }

    /// Runs a plugin from its library, as the server's worker does, but in this process.
    #[track_caller]
    pub fn open(path: &Path) -> Self {
        let file = file::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let id = file.manifest.id.clone();
        Self::with(file.manifest, |services| {
            let plugin =
                Plugin::open(path, &id, services).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            Arc::new(started(plugin))
        })
    }

    /// Runs a plugin in any other way.
    #[track_caller]
    pub fn with(manifest: Manifest, start: impl FnOnce(Arc<dyn Services>) -> Arc<dyn Runner>) -> Self {
        let tables = SqliteTables::in_memory().unwrap_or_else(|failure| panic!("tables in memory: {failure}"));
        let renderer = Renderer::new(&manifest, SITE);
        let problems = check::problems(&manifest, &tables, &renderer);
        assert!(problems.is_empty(), "the plugin {} is wrong:\n  {}", manifest.id, problems.join("\n  "));
        let state = Arc::new(State::new(manifest, tables, renderer));
        let runner = start(state.clone());
        let person = Some(people::teacher());
        Self { state, runner, class: CLASS, person, language: "zh-CN".into(), is_waited_for: true }
    }
}

#[track_caller]
fn started(plugin: Plugin) -> Plugin {
    plugin.init().unwrap_or_else(|error| panic!("{error}"));
    plugin
}

/// Services before there is a host.
struct Nobody;

impl Services for Nobody {
    fn call(&self, _: u64, _: u32, _: &[u8]) -> (i32, Vec<u8>) {
        (plugin_protocol::Code::Unsupported.number(), Vec::new())
    }

    fn alive(&self, _: u64) -> bool {
        false
    }
}
