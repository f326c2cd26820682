//! Outgoing HTTP, for plugins whose worker has no network.
//!
//! Only to hosts that the manifest names. A host that it names literally, or that an administrator put into a setting of
//! the site, may be inside the campus network: an administrator has read it. One that a teacher put into a setting of a
//! class must resolve to public addresses, so that it opens no way into the server's own network. Link-local addresses,
//! where clouds keep their credentials, are never reached. A redirect is an answer: the plugin decides whether to follow.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use plugin_protocol::body::Body;
use plugin_protocol::host::{Fetch, Fetched, HostOp};
use plugin_protocol::manifest::Manifest;
use plugin_protocol::{Code, Failure};
use ureq::http::{Method, Request, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::{Host, Scope, bad_request, class, remaining};

/// The largest body of a request or an answer, in bytes.
const MOST_BODY: usize = 4 * 1024 * 1024;
/// The most headers of a request.
const MOST_HEADERS: usize = 64;

/// Whose word it is that a host may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// An administrator's.
    Administrator,
    /// A teacher's.
    Teacher,
}

pub(super) async fn fetch(host: &Host, manifest: &Manifest, scope: &Scope, asked: Fetch) -> Result<Fetched, Failure> {
    let uri: Uri = asked.url.parse().map_err(|_| bad_request(HostOp::Fetch, "the address is none"))?;
    if !matches!(uri.scheme_str(), Some("https" | "http")) {
        return Err(bad_request(HostOp::Fetch, "the address does not begin with https:// or http://"));
    }
    let authority = uri.authority().map(|authority| authority.as_str().to_ascii_lowercase()).unwrap_or_default();
    if authority.is_empty() || authority.contains('@') {
        return Err(bad_request(HostOp::Fetch, "the address has no host, or a name and password before it"));
    }
    let class_id = scope.context.class.as_ref().map(|class| class.id);
    let settings = class::in_force(host, manifest, class_id).await?;
    let setting = |name: &str| {
        let declared = manifest.settings.iter().find(|one| one.name == name)?;
        let trust = if declared.for_each_class { Trust::Teacher } else { Trust::Administrator };
        Some((settings.get(name)?.as_str()?.to_owned(), trust))
    };
    let Some(trust) = allowed(&manifest.http, &authority, uri.scheme_str(), setting) else {
        let message = format!("{} may not talk to {authority}", manifest.id);
        let hint = format!("name it in `http` in plugin.toml; allowed are: {}", manifest.http.join(", "));
        return Err(Failure::new(Code::Denied, message).at("fetch").hint(hint));
    };
    let deadline = Instant::now() + remaining(scope);
    let sent = tokio::task::spawn_blocking(move || send(&uri, asked, trust, deadline));
    sent.await.map_err(|_| Failure::new(Code::Busy, "the server stops"))?
}

/// Whether a list of hosts allows one, and by whose word; the administrator's counts more.
fn allowed(
    hosts: &[String],
    authority: &str,
    scheme: Option<&str>,
    setting: impl Fn(&str) -> Option<(String, Trust)>,
) -> Option<Trust> {
    let is_it = |host: &str| {
        let host = host.trim().to_ascii_lowercase();
        let given = host.split_once("://");
        let fits = given.is_none_or(|(given, _)| Some(given) == scheme);
        let host = given.map_or(host.as_str(), |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or_default();
        fits && !host.is_empty() && with_port(host, scheme) == with_port(authority, scheme)
    };
    let word = |host: &String| match host.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => setting(name).filter(|(value, _)| is_it(value)).map(|(_, trust)| trust),
        None => is_it(host).then_some(Trust::Administrator),
    };
    let words: Vec<Trust> = hosts.iter().filter_map(word).collect();
    words.iter().copied().find(|word| *word == Trust::Administrator).or(words.first().copied())
}

/// A host with its port, so that `example.com` and `example.com:443` are one over https.
fn with_port(host: &str, scheme: Option<&str>) -> String {
    let has_port = host.rsplit_once(':').is_some_and(|(before, port)| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && (!before.contains(':') || before.ends_with(']'))
    });
    match scheme {
        _ if has_port => host.to_owned(),
        Some("https") => format!("{host}:443"),
        _ => format!("{host}:80"),
    }
}

/// Headers that are the host's to write.
fn is_ours(name: &str) -> bool {
    ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect"]
        .iter()
        .any(|ours| name.eq_ignore_ascii_case(ours))
        || name.to_ascii_lowercase().starts_with("proxy-")
}

fn send(uri: &Uri, asked: Fetch, trust: Trust, deadline: Instant) -> Result<Fetched, Failure> {
    let method = match asked.method.as_str() {
        "GET" => Method::GET,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "DELETE" => Method::DELETE,
        other => return Err(bad_request(HostOp::Fetch, format!("{other:?} is none of GET, POST, PUT, DELETE"))),
    };
    let body = asked.body.into_bytes();
    if body.len() > MOST_BODY || asked.headers.len() > MOST_HEADERS {
        let message = format!("at most {MOST_BODY} bytes of body and {MOST_HEADERS} headers");
        return Err(bad_request(HostOp::Fetch, message));
    }
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in asked.headers.iter().filter(|(name, _)| !is_ours(name)) {
        request = request.header(name, value);
    }
    let request = request.body(body).map_err(|error| bad_request(HostOp::Fetch, error.to_string()))?;
    let within = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(within))
        // A proxy would look up names by itself, past the rules above.
        .proxy(None)
        .build();
    let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), Careful(trust));
    let mut answer = agent.run(request).map_err(|error| failed(uri, &error))?;
    let status = answer.status().as_u16();
    let headers = answer.headers().iter();
    let headers = headers.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    let headers = headers.collect();
    let bytes = answer.body_mut().with_config().limit(MOST_BODY as u64).read_to_vec();
    let bytes = bytes.map_err(|error| failed(uri, &error))?;
    Ok(Fetched { status, headers, body: Body::new(bytes) })
}

/// What went wrong. Neither path nor query is said: they may hold a secret.
fn failed(uri: &Uri, error: &ureq::Error) -> Failure {
    let host = uri.host().unwrap_or_default();
    match error {
        ureq::Error::Timeout(_) => Failure::new(Code::Timeout, format!("{host} did not answer in time")),
        ureq::Error::HostNotFound => Failure::new(Code::NotFound, format!("there is no host {host}")),
        ureq::Error::BodyExceedsLimit(_) => {
            Failure::new(Code::BadRequest, format!("the answer of {host} is larger than {MOST_BODY} bytes"))
        }
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            Failure::new(Code::Denied, error.to_string())
        }
        error => Failure::new(Code::Busy, format!("{host} could not be reached: {error}")).hint("try again later"),
    }
    .at("fetch")
}

/// Looks names up and leaves out addresses that may not be reached.
#[derive(Debug)]
struct Careful(Trust);

impl Resolver for Careful {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut kept = self.empty();
        for address in found.iter().filter(|address| may_reach(address.ip(), self.0)) {
            kept.push(*address);
        }
        if kept.is_empty() {
            let host = uri.host().unwrap_or_default();
            let message =
                format!("{host} is an address inside the server's own network, which no setting of a class opens");
            return Err(ureq::Error::Io(std::io::Error::new(std::io::ErrorKind::PermissionDenied, message)));
        }
        Ok(kept)
    }
}

fn may_reach(address: IpAddr, trust: Trust) -> bool {
    let address = address.to_canonical();
    let is_link_local = match address {
        IpAddr::V4(four) => four.is_link_local(),
        IpAddr::V6(six) => six.is_unicast_link_local(),
    };
    if is_link_local || address.is_multicast() {
        return false;
    }
    match address {
        _ if trust == Trust::Administrator => true,
        IpAddr::V4(four) => {
            let [first, second, ..] = four.octets();
            let shared = first == 100 && (64..128).contains(&second);
            !(four.is_private() || four.is_loopback() || four.is_broadcast() || shared || first == 0 || first >= 240)
        }
        IpAddr::V6(six) => !(six.is_loopback() || six.is_unique_local() || six.is_unspecified()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn only_the_hosts_of_the_manifest_are_reached() {
        let setting = |name: &str| match name {
            "address" => Some(("https://wechat.example.com/cgi".to_owned(), Trust::Teacher)),
            "of_site" => Some(("relay.example.edu:8443".to_owned(), Trust::Administrator)),
            _ => None,
        };
        let list = hosts(&["api.example.com", "localhost:8080", "{address}", "{of_site}", "{unset}"]);
        let may = |authority: &str, scheme: &str| allowed(&list, authority, Some(scheme), setting);
        assert_eq!(may("api.example.com", "https"), Some(Trust::Administrator));
        assert_eq!(may("api.example.com:443", "https"), Some(Trust::Administrator));
        assert_eq!(may("api.example.com:8443", "https"), None);
        assert_eq!(may("evil.api.example.com", "https"), None);
        assert_eq!(may("api.example.com.evil.org", "https"), None);
        assert_eq!(may("localhost:8080", "http"), Some(Trust::Administrator));
        assert_eq!(may("localhost", "http"), None);
        assert_eq!(may("wechat.example.com", "https"), Some(Trust::Teacher));
        assert_eq!(may("wechat.example.com", "http"), None, "the setting says https");
        assert_eq!(may("relay.example.edu:8443", "https"), Some(Trust::Administrator));
    }

    #[test]
    fn a_teacher_opens_no_way_into_the_network_of_the_server() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        for inside in
            ["127.0.0.1", "10.1.2.3", "192.168.1.1", "100.64.0.1", "0.0.0.0", "::1", "fd00::1", "::ffff:10.0.0.1"]
        {
            assert!(!may_reach(address(inside), Trust::Teacher), "{inside}");
            assert!(may_reach(address(inside), Trust::Administrator), "{inside}");
        }
        for never in ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "224.0.0.1"] {
            assert!(!may_reach(address(never), Trust::Administrator), "{never}");
        }
        assert!(may_reach(address("93.184.216.34"), Trust::Teacher));
    }
}
