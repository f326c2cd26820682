//! What a plugin costs in a process of its own: `cargo bench -p tests --bench plugin`.
//!
//! The same page of the same library, with the same rows in the same tables, is asked for in this process and in a
//! worker, in turns; the difference is the price of the boundary. Then many callers at once, pages over HTTP beside a
//! page of the site, and the memory of the workers. Client and server share the machine.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use plugin_loader::{Plugin, Services, file};
use plugin_protocol::Code;
use plugin_protocol::context::{Context, Request};
use plugin_protocol::host::HostOp;
use plugin_protocol::manifest::Manifest;
use plugin_protocol::op::{Op, Page, Response, Service};
use serde_json::{Value, json};
use server::plugins::context::{self, Parts};
use server::plugins::host::{self, Host};
use server::plugins::render::Renderer;
use server::plugins::{Scope, State};
use server::store::class::Membership;
use server::store::plugin::{self, File};
use tests::{Classroom, Client, Database, Site};

const ROUNDS: usize = 2_000;
const NOTES: usize = 20;
const CALLERS: usize = 100;
const SPAN: Duration = Duration::from_secs(3);
const TOOLS: [&str; 3] = ["notebook", "steady", "wishes"];

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let folder = tempfile::tempdir().expect("a folder");
    let site = Site::start_with_plugins(Database::Sqlite, folder.path(), &TOOLS).await.expect("SQLite is built in");
    let class = site.classroom(2).await;
    for name in TOOLS {
        let read = file::read(&folder.path().join(format!("{name}.so"))).expect("a plugin");
        let used = File { version: read.manifest.version.clone(), sha256: read.sha256 };
        let (db, now) = (&site.app.db, site.app.clock.now());
        plugin::enable(db, None, &read.manifest, used, now).await.expect("it is enabled");
        plugin::class::add(db, class.actor(), class.class.id, name, now).await.expect("the class takes it");
    }
    site.app.plugins.nudge();
    for name in TOOLS {
        while site.app.plugins.status(name).is_none_or(|status| status.state != State::Ready) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    let student = site.signed_in(&class.students[0]).await;
    let notebook = format!("/classes/{}/tools/notebook", class.class.id);
    for n in 0..NOTES {
        student.post(&format!("{notebook}/notes"), &[("text", &format!("第 {n} 条记事"))]).await.expect(303);
    }
    boundary(&site, &class, &folder.path().join("notebook.so")).await;
    many(&site, &class).await;
    over_http(&student, &class, &notebook).await;
    println!("memory of the workers (goal: ≤ 3 MB each)");
    memory(&site, "after work");
    // A worker gives back what it does not need once it rests.
    tokio::time::sleep(Duration::from_secs(13)).await;
    memory(&site, "at rest");
    site.stop().await;
}

/// The page of the notebook here and in its worker, by turns.
async fn boundary(site: &Site, class: &Classroom, library: &Path) {
    let manifest = site.app.plugins.status("notebook").expect("it runs").manifest;
    let here = InProcess::new(site, &manifest, library).await;
    let membership = Membership::of_administrator(class.class.id, class.teacher.id);
    let person = Some((&class.teacher, &membership));
    let parts = Parts::from(&site.app);
    let mut times = [Vec::with_capacity(ROUNDS), Vec::with_capacity(ROUNDS)];
    for round in 0..ROUNDS + 100 {
        for (place, times) in times.iter_mut().enumerate() {
            let context = context::of_class(&parts, &manifest, &class.class, person, "zh-CN").await.expect("a context");
            let page = Page { method: "GET".into(), route: "/".into(), path: "/".into(), ..Page::default() };
            let begun = Instant::now();
            let response = match place {
                0 => here.page(context, page).await,
                _ => {
                    let scope = Scope::new(context, Duration::from_secs(3));
                    site.app.plugins.ask("notebook", Op::Http, scope, page).await.expect("a page")
                }
            };
            let took = begun.elapsed();
            let Response::Rendered { html, .. } = response else { panic!("no page: {response:?}") };
            assert_eq!(html.matches("条记事").count(), NOTES, "{html}");
            if round >= 100 {
                times.push(took);
            }
        }
    }
    let [here, worker] = times.map(Percentiles::of);
    println!("a page of {NOTES} rows, two queries, rendered");
    println!("  in this process        {here}");
    println!("  in a worker            {worker}");
    let price = |of: fn(&Percentiles) -> f64| of(&worker) - of(&here);
    println!(
        "  the boundary           p50 {:+6.3} ms  p99 {:+6.3} ms   (goal: p50 ≤ 0.3, p99 ≤ 1)",
        price(|p| p.p50),
        price(|p| p.p99)
    );
}

/// Many callers at once, of the smallest call.
async fn many(site: &Site, class: &Classroom) {
    let membership = Membership::of_administrator(class.class.id, class.teacher.id);
    let manifest = site.app.plugins.status("steady").expect("it runs").manifest;
    let parts = Parts::from(&site.app);
    let person = Some((&class.teacher, &membership));
    let context = context::of_class(&parts, &manifest, &class.class, person, "zh-CN").await.expect("a context");
    let end = Instant::now() + SPAN;
    let callers = (0..CALLERS).map(|caller| {
        let (plugins, context) = (site.app.plugins.clone(), context.clone());
        tokio::spawn(async move {
            let mut times = Vec::new();
            while Instant::now() < end {
                let scope = Scope::new(context.clone(), Duration::from_secs(3));
                let ask = Service { service: "steady.do/1".into(), caller: "bench".into(), input: json!(caller) };
                let begun = Instant::now();
                let answer: Value = plugins.ask("steady", Op::Service, scope, ask).await.expect("an answer");
                times.push(begun.elapsed());
                assert_eq!(answer, caller);
            }
            times
        })
    });
    let times: Vec<Duration> = join_all(callers).await.into_iter().flat_map(|times| times.expect("no panic")).collect();
    let count = times.len();
    assert!(count > 1_000, "{count} calls are no measurement");
    let all = Percentiles::of(times);
    println!("{CALLERS} callers of the smallest call");
    println!(
        "  in a worker            {all}  {:.0} calls/s   (goal: p99 ≤ 10, ≥ 20,000)",
        count as f64 / SPAN.as_secs_f64()
    );
}

/// The page of a tool beside a page of the site with the same layout, on one connection.
async fn over_http(student: &Client, class: &Classroom, notebook: &str) {
    let people = format!("/classes/{}", class.class.id);
    let wishes = format!("/classes/{}/tools/wishes", class.class.id);
    let pages = [("page of the class", people), ("a page of wishes", wishes), ("a page of notes", notebook.to_owned())];
    let mut times: Vec<_> = pages.iter().map(|_| Vec::with_capacity(ROUNDS)).collect();
    for _ in 0..ROUNDS / 4 {
        for ((_, path), times) in pages.iter().zip(&mut times) {
            let begun = Instant::now();
            student.get(path).await.expect(200);
            times.push(begun.elapsed());
        }
    }
    println!("pages over HTTP, one connection");
    for ((name, _), times) in pages.iter().zip(times) {
        println!("  {name:22} {}", Percentiles::of(times));
    }
}

/// What the workers hold, as the system shares it out.
fn memory(site: &Site, when: &str) {
    for name in TOOLS {
        let pid = site.app.plugins.pid(name).expect("it runs");
        let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let kib = |field: &str| {
            let line = rollup.lines().find_map(|line| line.strip_prefix(field));
            line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(f64::NAN)
        };
        let mib = |field| kib(field) / 1024.0;
        println!(
            "  {name:10} {when:11} PSS {:5.2} MiB  (anonymous {:4.2}, files {:4.2})  RSS {:5.2}",
            mib("Pss:"),
            mib("Pss_Anon:"),
            mib("Pss_File:"),
            mib("Rss:")
        );
    }
}

/// The plugin in this process: the library, its calls to the host and its templates, without a boundary.
struct InProcess {
    plugin: Arc<Plugin>,
    services: Arc<Direct>,
    renderer: Arc<Renderer>,
}

/// Answers the plugin where it is called.
struct Direct {
    host: Host,
    manifest: Arc<Manifest>,
    runtime: tokio::runtime::Handle,
    scope: std::sync::Mutex<Option<Arc<Scope>>>,
}

impl Services for Direct {
    fn call(&self, _: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        let op = HostOp::from_number(op).expect("a service of the host");
        let scope = self.scope.lock().expect("no panic").clone().expect("a call runs");
        match self.runtime.block_on(host::answer(&self.host, &self.manifest, &scope, op, input)) {
            Ok(bytes) => (0, bytes),
            Err(failure) => (failure.code.number(), failure.to_bytes()),
        }
    }

    fn alive(&self, _: u64) -> bool {
        true
    }
}

impl InProcess {
    async fn new(site: &Site, manifest: &Arc<Manifest>, library: &Path) -> Self {
        let services = Arc::new(Direct {
            host: site.app.plugin_host(),
            manifest: manifest.clone(),
            runtime: tokio::runtime::Handle::current(),
            scope: std::sync::Mutex::default(),
        });
        let plugin = Plugin::open(library, "notebook", services.clone()).expect("it opens");
        plugin.init().expect("it starts");
        Self { plugin: Arc::new(plugin), services, renderer: Arc::new(Renderer::new(manifest)) }
    }

    async fn page(&self, context: Context, page: Page) -> Response {
        let request =
            serde_json::to_vec(&Request { context: context.clone(), input: page, until: None }).expect("JSON");
        *self.services.scope.lock().expect("no panic") = Some(Arc::new(Scope::new(context, Duration::from_secs(3))));
        let (plugin, renderer) = (self.plugin.clone(), self.renderer.clone());
        // As a handler does that blocks.
        let answered = tokio::task::spawn_blocking(move || {
            let (code, reply) = plugin.call(1, Op::Http as u32, &request);
            renderer.finish(Op::Http as u32, code, reply, &request)
        });
        let (code, reply) = answered.await.expect("no panic");
        assert_eq!(Code::from_plugin(code), Code::Ok, "{}", String::from_utf8_lossy(&reply));
        serde_json::from_slice(&reply).expect("a response")
    }
}

/// Times of many calls, in milliseconds.
struct Percentiles {
    p50: f64,
    p99: f64,
}

impl Percentiles {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1_000.0;
        Self { p50: at(50), p99: at(99) }
    }
}

impl std::fmt::Display for Percentiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "p50 {:6.3} ms  p99 {:6.3} ms", self.p50, self.p99)
    }
}
