//! The notebook's own tests, with the plugin in a real worker: the third of the hosts that its tests run on.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use plugin_loader::{Services, file};
use plugin_protocol::context::Request;
use plugin_protocol::op::Op;
use plugin_protocol::{Code, Failure};
use plugin_test::{Runner, TestHost};
use serde_json::Value;
use server::plugins::Scope;
use server::plugins::log::Log;
use server::plugins::process::{self, Launcher, Process, Unanswered, Why};
use server::plugins::worker::start::{Start, What};
use tempfile::TempDir;
use tests::binary;
use tokio::runtime::Runtime;

#[path = "../../fixtures/notebook/tests/checks/mod.rs"]
mod checks;

/// A worker of the real program.
struct Worker {
    runtime: Runtime,
    process: Process,
    _folder: TempDir,
}

impl Worker {
    fn start(path: PathBuf, services: Arc<dyn Services>) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let read = file::read(&path).expect("the fixture is a plugin");
        let start = Start {
            plugin: read.manifest.id.clone(),
            what: What::Library,
            file: path,
            sha256: read.sha256,
            command: Vec::new(),
            folder: folder.path().to_owned(),
            memory_mib: read.manifest.limits.memory_mib,
            threads: read.manifest.limits.threads,
        };
        let log = Arc::new(Log::new(&start.plugin, folder.path()));
        let answer: process::Answer = Arc::new(move |scope, op, payload| {
            let services = services.clone();
            Box::pin(async move {
                let token = scope.chain.first().and_then(|token| token.parse().ok()).expect("the call's token");
                let ask = move || services.call(token, op as u32, &payload);
                let (code, bytes) = tokio::task::spawn_blocking(ask).await.expect("the kit answers");
                match Code::from_plugin(code) {
                    Code::Ok => Ok(bytes),
                    code => Err(Failure::from_bytes(code, &bytes)),
                }
            })
        });
        let started = runtime.block_on(async {
            let launcher = Launcher::new(&binary::server(), folder.path());
            process::start(&launcher, &start, log, answer).await
        });
        Self { process: started.expect("the worker starts"), runtime, _folder: folder }
    }
}

impl Runner for Worker {
    fn call(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        let request: Request<Value> = serde_json::from_slice(input).expect("the kit sends requests");
        // The kit knows a call by its token.
        let scope = Scope::new(request.context, Duration::from_secs(10));
        let scope = Arc::new(Scope { chain: vec![token.to_string()], ..scope });
        let op = Op::from_number(op).expect("the kit asks for operations that there are");
        match self.runtime.block_on(self.process.call(op, scope, input.to_vec())) {
            Ok(reply) if reply.is_empty() => (0, b"null".to_vec()),
            Ok(reply) => (0, reply),
            Err(Unanswered::Failed(failure)) => (failure.code.number(), failure.to_bytes()),
            Err(Unanswered::NotSent) => {
                (Code::Busy.number(), Failure::new(Code::Busy, "the worker is gone").to_bytes())
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.runtime.block_on(self.process.kill(Why::Done));
    }
}

fn host() -> TestHost {
    let path = binary::plugin("notebook");
    let manifest = file::read(&path).expect("the fixture is a plugin").manifest;
    TestHost::with(manifest, |services| Arc::new(Worker::start(path, services)))
}

mod in_a_worker {
    super::checks::on!(super::host());
}
