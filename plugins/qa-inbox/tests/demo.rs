//! The half semester of the demo, as the host asks for it.

#![allow(missing_docs, clippy::unwrap_used)]

use std::sync::Arc;

use plugin_loader::{Plugin, Services};
use plugin_sdk::protocol::op::Op;
use plugin_sdk::serde_json::{self, Value, json};
use plugin_test::{Runner, TestHost};

/// Asks for services in the host's name.
struct AsHost(Plugin);

impl Runner for AsHost {
    fn call(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        if op != Op::Service as u32 {
            return self.0.call(token, op, input);
        }
        let mut request: Value = serde_json::from_slice(input).unwrap();
        request["input"]["caller"] = json!("host");
        self.0.call(token, op, &serde_json::to_vec(&request).unwrap())
    }
}

struct Nobody;

impl Services for Nobody {
    fn call(&self, _: u64, _: u32, _: &[u8]) -> (i32, Vec<u8>) {
        (0, Vec::new())
    }

    fn alive(&self, _: u64) -> bool {
        false
    }
}

fn host() -> TestHost {
    let described = Plugin::linked(&qa_inbox::PLUGIN, Arc::new(Nobody));
    let manifest = serde_json::from_slice(described.manifest()).unwrap();
    TestHost::with(manifest, |services| {
        let plugin = Plugin::linked(&qa_inbox::PLUGIN, services);
        plugin.init().unwrap();
        Arc::new(AsHost(plugin))
    })
}

fn fill(host: &TestHost) -> Value {
    let input = json!({ "from": "2026-08-17", "to": "2026-12-07", "today": "2026-10-12" });
    host.service("inbox.demo/1", input).unwrap()
}

#[test]
fn half_a_semester_looks_true_and_is_told_once() {
    let host = host();
    let questions = fill(&host)["questions"].as_i64().unwrap();
    assert!((60..200).contains(&questions), "{questions}");
    let inbox = host.get("/");
    let waiting = inbox.values()["waiting"].as_array().unwrap();
    assert!(!waiting.is_empty() && waiting.iter().all(|line| line["text"] != ""), "{waiting:?}");
    let everything = || {
        let tables = ["question", "message", "response", "pair", "review", "faq"];
        tables.map(|table| host.rows(&format!("select * from {table} order by id"), Vec::new()).rows)
    };
    let first = everything();
    assert_eq!(fill(&host), json!({ "questions": 0 }), "the second time changes nothing");
    assert_eq!(everything(), first);

    let inbox = host.get("/");
    assert_eq!((&inbox.values()["count"], &inbox.values()["fetching"]), (&json!(5), &json!(1)));
    assert_eq!(inbox.values()["to_copy"].as_array().unwrap().len(), 1);
    let figures = host.get("/figures?days=180");
    assert!(figures.values()["first"]["count"].as_i64().unwrap() >= 60);
    assert!((1..=60).contains(&figures.values()["first"]["median"].as_i64().unwrap()));
    assert!(figures.values()["next"]["count"].as_i64().unwrap() >= 5);
    let faq = host.get("/faq");
    assert_eq!((&faq.values()["learning"], faq.values()["drafts"].as_array().unwrap().len()), (&json!(false), 1));
    assert_eq!(host.facts().students.len(), 5, "everybody has done something");
    let ahead = host.rows("select id from message where at > $1", vec![host.now().into()]).rows;
    assert!(ahead.is_empty(), "nothing is answered before it happens");
    let days = host.service("inbox.daily/1", json!({ "from": "2026-08-17", "to": "2026-10-12" })).unwrap();
    let asked: i64 = days["days"].as_array().unwrap().iter().map(|day| day["asked"].as_i64().unwrap()).sum();
    assert_eq!(asked, questions);
}

#[test]
fn other_classes_stay_as_they_are() {
    let host = host();
    fill(&host);
    assert_eq!(host.in_other_class().get("/").values()["count"], 0);
    assert!(fill(&host.in_other_class())["questions"].as_i64().unwrap() > 0, "each class has its own");
}
