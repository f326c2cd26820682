//! A host whose plugins are functions of the test.

pub(super) use std::sync::{Arc, Mutex};

pub(super) use plugin_protocol::Failure;
pub(super) use plugin_protocol::host::HostOp;
pub(super) use plugin_protocol::manifest::Manifest;
pub(super) use plugin_protocol::op::Op;
pub(super) use serde_json::{Value, json};
pub(super) use server::plugins::context::{self, Parts};
pub(super) use server::plugins::host::{self, Host, Shared};
pub(super) use server::plugins::{Peers, Scope, State, Status};
pub(super) use server::store::plugin::{self, File};
pub(super) use tests::{Classroom, Site};
pub(super) use uuid::Uuid;

/// A manifest with what every one has, and these fields.
pub(super) fn manifest(id: &str, fields: Value) -> Manifest {
    let mut whole = json!({ "id": id, "version": "1.0.0", "title": { "zh": "工具", "en": "Tool" } });
    let fields = fields.as_object().expect("an object").clone();
    whole.as_object_mut().expect("an object").extend(fields);
    serde_json::from_value(whole).expect("a manifest")
}

pub(super) fn ready(manifest: Manifest) -> Status {
    Status {
        manifest: Arc::new(manifest),
        state: State::Ready,
        reason: String::new(),
        sha256: String::new(),
        waiting: None,
        sandbox: None,
        memory_kib: None,
        figures: Vec::new(),
    }
}

/// A host whose plugins are these, and answer with a function.
pub(super) fn host<F>(
    site: &Site,
    plugins: Vec<Status>,
    ask: impl Fn(String, Op, Scope, Value) -> F + Send + Sync + 'static,
) -> Host
where
    F: Future<Output = Result<Value, Failure>> + Send + 'static,
{
    Host {
        parts: Parts::from(&site.app),
        shared: Shared::default(),
        plugins: Peers::new(move || plugins.clone(), ask),
        log: Arc::new(|_, _, _| {}),
    }
}

/// Enables a plugin and gives it to a class.
pub(super) async fn enable(site: &Site, manifest: &Manifest, rooms: &[&Classroom]) {
    let (db, now) = (&site.app.db, site.app.clock.now());
    let file = File { version: manifest.version.clone(), sha256: "00".into() };
    plugin::enable(db, None, manifest, file, now).await.expect("it is enabled");
    for room in rooms {
        plugin::class::add(db, room.actor(), room.class.id, &manifest.id, now).await.expect("the class gets it");
    }
}

/// The scope of a job or an event of a class.
pub(super) async fn scope(host: &Host, manifest: &Manifest, class_id: Option<Uuid>) -> Scope {
    let context = context::of_nobody(&host.parts, manifest, class_id).await.expect("the class is there");
    Scope::new(context, std::time::Duration::from_secs(20))
}

/// What the host answers, as JSON.
pub(super) async fn answer(
    host: &Host,
    manifest: &Manifest,
    scope: &Scope,
    op: HostOp,
    input: Value,
) -> Result<Value, Failure> {
    let payload = if input.is_null() { Vec::new() } else { input.to_string().into_bytes() };
    let bytes = host::answer(host, manifest, scope, op, &payload).await?;
    Ok(if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).expect("JSON") })
}

/// What was called, for tests to look at.
pub(super) type Calls = Arc<Mutex<Vec<(String, Value)>>>;

pub(super) fn seen(calls: &Calls) -> Vec<(String, Value)> {
    calls.lock().expect("no test panicked").clone()
}
