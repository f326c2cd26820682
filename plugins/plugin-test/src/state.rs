//! What a test's host remembers between calls.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use plugin_database::SqliteTables;
use plugin_protocol::Failure;
use plugin_protocol::context::Context;
use plugin_protocol::host::{Log, Schedule};
use plugin_protocol::manifest::{Manifest, SettingKind};
use plugin_render::Renderer;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::fetch::Servers;

/// What the clock shows first: eight o'clock on a Monday morning in Shanghai.
pub(crate) const START: DateTime<Utc> = DateTime::from_timestamp_nanos(1_791_763_200_000_000_000);

/// An event that the plugin told.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Class; none for the whole site.
    pub class: Option<Uuid>,
    /// When.
    pub at: DateTime<Utc>,
    /// What it says.
    pub data: Value,
}

/// Stands in for another plugin's service.
pub(crate) type Stub = Arc<dyn Fn(Value) -> Result<Value, Failure> + Send + Sync>;

pub(crate) struct State {
    pub(crate) manifest: Manifest,
    pub(crate) tables: SqliteTables,
    pub(crate) renderer: Renderer,
    world: Mutex<World>,
    running: Mutex<HashMap<u64, Running>>,
}

/// A call that runs.
#[derive(Clone)]
struct Running {
    context: Context,
    is_waited_for: bool,
}

pub(crate) struct World {
    pub(crate) now: DateTime<Utc>,
    pub(crate) settings: Map<String, Value>,
    pub(crate) secrets: HashMap<String, String>,
    pub(crate) logs: Vec<Log>,
    pub(crate) events: Vec<Told>,
    /// How many of the events have been brought back to the plugin.
    pub(crate) delivered: usize,
    pub(crate) scheduled: BTreeMap<(String, String), Schedule>,
    /// By name, and the class where they are offered; none: in every class.
    pub(crate) stubs: HashMap<(String, Option<Uuid>), Stub>,
    pub(crate) servers: Servers,
    /// People who are not in their class any more.
    pub(crate) left: HashSet<Uuid>,
}

impl State {
    pub(crate) fn new(manifest: Manifest, tables: SqliteTables, renderer: Renderer) -> Self {
        let not_secret = |setting: &&plugin_protocol::manifest::Setting| {
            setting.kind != SettingKind::Secret && !setting.default.is_null()
        };
        let defaults = manifest.settings.iter().filter(not_secret);
        let settings = defaults.map(|setting| (setting.name.clone(), setting.default.clone())).collect();
        let world = World {
            now: START,
            settings,
            secrets: HashMap::new(),
            logs: Vec::new(),
            events: Vec::new(),
            delivered: 0,
            scheduled: BTreeMap::new(),
            stubs: HashMap::new(),
            servers: Servers::default(),
            left: HashSet::new(),
        };
        Self { manifest, tables, renderer, world: Mutex::new(world), running: Mutex::default() }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a call; returns its token.
    pub(crate) fn begin(&self, context: Context, is_waited_for: bool) -> u64 {
        // One count for the process: the plugin that is linked into a test serves all its hosts.
        static TOKENS: AtomicU64 = AtomicU64::new(1);
        let token = TOKENS.fetch_add(1, Ordering::Relaxed);
        self.running().insert(token, Running { context, is_waited_for });
        token
    }

    pub(crate) fn end(&self, token: u64) {
        self.running().remove(&token);
    }

    /// The context of a call that runs.
    pub(crate) fn context(&self, token: u64) -> Option<Context> {
        self.running().get(&token).map(|running| running.context.clone())
    }

    pub(crate) fn is_waited_for(&self, token: u64) -> bool {
        self.running().get(&token).is_some_and(|running| running.is_waited_for)
    }

    fn running(&self) -> MutexGuard<'_, HashMap<u64, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
