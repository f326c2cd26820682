//! The servers that a plugin talks to: which it may, and what they answer in a test.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use plugin_protocol::host::{Fetch, Fetched};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::{Code, Failure};
use serde_json::{Map, Value};

/// Stands in for all servers.
pub(crate) type Server = Arc<dyn Fn(Fetch) -> Result<Fetched, Failure> + Send + Sync>;

/// What servers answer, and what they were asked.
#[derive(Default)]
pub(crate) struct Servers {
    /// By method and address.
    pub(crate) of: HashMap<(String, String), VecDeque<Fetched>>,
    /// To whatever else is asked.
    pub(crate) others: VecDeque<Fetched>,
    /// Answers instead of those.
    pub(crate) function: Option<Server>,
    pub(crate) asked: Vec<Fetch>,
}

impl Servers {
    /// The next answer to a request.
    pub(crate) fn answer(&mut self, asked: Fetch) -> Result<Fetched, Failure> {
        let next = self.of.iter_mut().find(|((method, address), _)| is_for(&asked, method, address));
        let next = next.and_then(|(_, answers)| answers.pop_front()).or_else(|| self.others.pop_front());
        let silence = || {
            Failure::new(Code::PluginError, format!("nobody answers {} {}", asked.method, asked.url))
                .hint("a test says what is answered: host.answer_fetch(status, body)")
        };
        let answer = next.ok_or_else(silence);
        self.asked.push(asked);
        answer
    }
}

/// Whether a request has this method and address; a query counts only where the address has one.
pub(crate) fn is_for(asked: &Fetch, method: &str, address: &str) -> bool {
    let without_query = asked.url.split('?').next().unwrap_or_default();
    asked.method == method && (asked.url == address || without_query == address)
}

/// Whether the manifest allows the address, with these settings.
pub(crate) fn is_allowed(manifest: &Manifest, settings: &Map<String, Value>, url: &str) -> bool {
    let Some(wanted) = authority(url) else { return false };
    manifest.http.iter().any(|host| {
        let setting = host.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let host = match setting {
            Some(name) => settings.get(name).and_then(Value::as_str).unwrap_or_default(),
            None => host,
        };
        authority(host).is_some_and(|host| host.eq_ignore_ascii_case(wanted))
    })
}

/// Host and port of an address, or of a host alone.
fn authority(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or(url);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // A name and a password before the host would make another host of it.
    (!authority.is_empty() && !authority.contains(['@', '\\'])).then_some(authority)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_named_servers_are_reached() {
        let manifest: Manifest = serde_json::from_value(json!({
            "id": "a", "version": "0.1.0", "title": { "zh": "甲", "en": "A" },
            "http": ["api.example.com", "{server}"],
        }))
        .unwrap();
        let settings = json!({ "server": "http://localhost:8080/base" });
        let allowed = |url| is_allowed(&manifest, settings.as_object().unwrap(), url);
        assert!(allowed("https://api.example.com/v1?x") && allowed("http://localhost:8080/other"));
        for url in ["https://example.com", "http://localhost", "https://api.example.com@evil.org", "", "https://"] {
            assert!(!allowed(url), "{url}");
        }
    }
}
