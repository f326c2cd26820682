//! Why somebody has a shift: kept with the shift when it is planned, in figures without names; the page makes words of
//! it.

use plugin_sdk::prelude::*;
use plugin_sdk::serde_json::{self, Value};

use crate::planning::Reason;
use crate::points;

/// Planned, with the figures of that moment. `kind` is `plan` or `repair`.
pub fn planned(kind: &str, reason: &Reason, gap: i32) -> String {
    json!({
        "kind": kind,
        "load": points::shown(reason.load),
        "target": points::shown(reason.target),
        "people": reason.people,
        "free": reason.free,
        "course": reason.course,
        "away": reason.away,
        "near": reason.near,
        "rested": reason.rested,
        "gap": gap,
    })
    .to_string()
}

/// Without figures: `hand`, `swap` or `favour`.
pub fn simple(kind: &str) -> String {
    json!({ "kind": kind }).to_string()
}

/// For a template; null when nothing was kept.
pub fn shown(reason: &str) -> Value {
    let mut value: Value = serde_json::from_str(reason).unwrap_or_default();
    if let Some(kind) = value["kind"].as_str().map(|kind| format!("why-{kind}")) {
        value["word"] = kind.into();
    }
    value
}
