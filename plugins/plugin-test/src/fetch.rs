//! Which servers a plugin may talk to.

use plugin_protocol::manifest::Manifest;
use serde_json::{Map, Value};

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
