//! Both sides of the C interface in one process: the loader's and the SDK's. Small enough for Miri, which looks at every
//! pointer (`tests/sanitize.sh`).

#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use plugin_loader::{OpenError, Plugin as Loaded, Services};
use plugin_sdk::abi::PluginV1;
use plugin_sdk::prelude::*;
use plugin_sdk::protocol::host::HostOp;
use plugin_sdk::protocol::op::Op;
use plugin_sdk::protocol::{Code, Failure};

const MANIFEST: &str = r#"{ "id": "talk", "version": "0.1.0", "title": { "zh": "说", "en": "Talk" } }"#;

static TALK: PluginV1 = plugin_sdk::entry::export::<Talk>(MANIFEST);
static SILENT: PluginV1 = plugin_sdk::entry::export::<Silent>(MANIFEST);

#[derive(Default)]
struct Talk {
    calls: AtomicU64,
}

impl Plugin for Talk {
    fn service(&self, host: &Host, request: &Service) -> Result<Value> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        match request.service.as_str() {
            "talk.echo/1" => Ok(request.input.clone()),
            "talk.ask/1" => host.service("other.answer/1", &request.input),
            "talk.log/1" => {
                log::info!("{}", request.input);
                Ok(json!(host.alive()))
            }
            "talk.count/1" => Ok(self.calls.load(Ordering::Relaxed).into()),
            "talk.refuse/1" => Err(invalid("too-long").at("text")),
            "talk.nested/1" => {
                // What panics inside is caught inside; the call goes on.
                let caught = std::panic::catch_unwind(|| panic!("inside"));
                Ok(json!(caught.is_err()))
            }
            other => panic!("nobody provides {other}"),
        }
    }
}

/// Panics where it should start.
#[derive(Default)]
struct Silent;

impl Plugin for Silent {
    fn start(&self) -> Result<()> {
        panic!("not today")
    }
}

/// Answers services with what was asked, twice as long; refuses the rest.
#[derive(Default)]
struct Doubling {
    log: Mutex<Vec<String>>,
}

impl Services for Doubling {
    fn call(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        let text = String::from_utf8(input.to_vec()).unwrap();
        match HostOp::from_number(op).unwrap() {
            HostOp::Log => {
                self.log.lock().unwrap().push(format!("{token} {text}"));
                (0, Vec::new())
            }
            HostOp::Service => (0, format!("[{text}, {text}]").into_bytes()),
            _ => (Code::Denied.number(), Failure::new(Code::Denied, "no").to_bytes()),
        }
    }

    fn alive(&self, token: u64) -> bool {
        token.is_multiple_of(2)
    }
}

fn service(name: &str, input: Value) -> Vec<u8> {
    json!({
        "context": { "now": "2026-10-12T00:00:00Z", "language": "en" },
        "input": { "service": name, "caller": "test", "input": input },
    })
    .to_string()
    .into_bytes()
}

fn ask(plugin: &Loaded, token: u64, name: &str, input: Value) -> (i32, Value) {
    let (code, bytes) = plugin.call(token, Op::Service as u32, &service(name, input));
    (code, serde_json::from_slice(&bytes).unwrap())
}

/// One test, since the host of a process is one.
#[test]
fn everything_crosses_and_nothing_is_lost() {
    let host = Arc::new(Doubling::default());
    let plugin = Loaded::linked(&TALK, host.clone());
    let early = plugin.call(1, Op::Service as u32, &service("talk.echo/1", json!(1)));
    assert_eq!(early.0, Code::Unsupported.number(), "not started yet");
    plugin.init().unwrap();

    for input in [json!(null), json!("中文"), json!("x".repeat(10_000)), json!({ "a": [1, 2.5, -0.0] })] {
        assert_eq!(ask(&plugin, 2, "talk.echo/1", input.clone()), (0, input));
    }
    let (code, answer) = ask(&plugin, 3, "talk.ask/1", json!("why"));
    assert_eq!((code, answer[0]["input"].as_str(), answer[1] == answer[0]), (0, Some("why"), true));
    assert_eq!(ask(&plugin, 4, "talk.log/1", json!("four")), (0, json!(true)));
    assert_eq!(ask(&plugin, 5, "talk.log/1", json!("five")), (0, json!(false)));
    let log = host.log.lock().unwrap().clone();
    assert!(log.len() == 2 && log[0].starts_with("4 ") && log[1].starts_with("5 "), "{log:?}");

    let (code, refused) = ask(&plugin, 6, "talk.refuse/1", json!(null));
    assert_eq!((code, refused["key"].as_str()), (Code::BadRequest.number(), Some("too-long")));
    let (code, panicked) = ask(&plugin, 7, "talk.gone/1", json!(null));
    assert_eq!((code, panicked["message"].as_str()), (Code::Panic.number(), Some("nobody provides talk.gone/1")));
    assert_eq!(ask(&plugin, 8, "talk.nested/1", json!(null)), (0, json!(true)));

    for junk in [b"".as_slice(), b"{", b"\xff", b"null"] {
        assert_eq!(plugin.call(9, Op::Service as u32, junk).0, Code::BadRequest.number());
    }
    assert_eq!(plugin.call(9, 99, b"{}").0, Code::Unsupported.number());

    let before = ask(&plugin, 10, "talk.count/1", json!(null)).1.as_u64().unwrap();
    thread::scope(|scope| {
        for thread in 0..4_u64 {
            let plugin = &plugin;
            scope.spawn(move || {
                for call in 0..4 {
                    let token = 100 + 10 * thread + call;
                    let name = if call == 2 { "talk.gone/1" } else { "talk.echo/1" };
                    let (code, answer) = ask(plugin, token, name, json!(token));
                    let wanted = if call == 2 { Code::Panic } else { Code::Ok };
                    assert_eq!(code, wanted.number(), "{answer}");
                }
            });
        }
        plugin.cancel(100);
    });
    assert_eq!(ask(&plugin, 11, "talk.count/1", json!(null)).1, before + 17);
    plugin.shutdown(10);

    let silent = Loaded::linked(&SILENT, host.clone());
    assert!(matches!(silent.init(), Err(OpenError::Start(Code::Panic))));
}
