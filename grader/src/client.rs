//! The classroom's HTTP API, as the command uses it.

use std::sync::mpsc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use ureq::Agent;
use ureq::Body;
use ureq::http::Response;

use crate::credentials::{self, Access};
use crate::session::{Color, Failure, Outcome, Session, harmless};

/// The largest reply that is read, in bytes.
const LARGEST_REPLY: u64 = 256 << 20;

/// A server and the right to use it.
pub struct Client<'a> {
    session: &'a Session,
    agent: Agent,
    url: String,
    token: Option<String>,
}

/// A class that the token's owner teaches.
#[derive(Debug, Clone, Deserialize)]
pub struct Class {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub term: Option<String>,
    #[serde(default)]
    pub join_code: Option<String>,
    #[serde(default)]
    pub students: u64,
}

#[derive(Deserialize)]
struct Classes {
    classes: Vec<Class>,
}

/// A reply to `POST /api/v1/login`.
#[derive(Deserialize)]
pub struct Login {
    pub token: String,
    pub name: String,
    #[serde(default)]
    pub expires_at: Option<String>,
}

#[derive(Deserialize)]
struct ErrorReply {
    error: ApiError,
}

/// What the server says when it refuses.
#[derive(Deserialize)]
struct ApiError {
    message: String,
    #[serde(default)]
    help: Option<String>,
    #[serde(default)]
    diagnostics: Vec<ServerDiagnostic>,
    #[serde(default)]
    request_id: Option<String>,
}

/// A finding in a file that the server reports.
#[derive(Debug, Deserialize)]
pub struct ServerDiagnostic {
    #[serde(default)]
    pub severity: Option<String>,
    pub message: String,
    #[serde(default)]
    pub line: Option<u64>,
    #[serde(default)]
    pub column: Option<u64>,
    #[serde(default)]
    pub help: Option<String>,
}

impl<'a> Client<'a> {
    /// A client for the server that is found; it must have a token.
    ///
    /// # Errors
    /// When there is no server or no token for it.
    pub fn signed_in(session: &'a Session, server: Option<&str>) -> Result<Client<'a>, Failure> {
        let access = credentials::find(session, server)?;
        if access.token.is_none() {
            return Err(session.failure(Outcome::Environment, "not-signed-in", &[("url", &access.url)]));
        }
        Ok(Client::new(session, access))
    }

    /// A client with or without a token.
    pub fn new(session: &'a Session, access: Access) -> Client<'a> {
        let local = access.url.split_once("://").is_some_and(|(_, host)| credentials::is_local(host));
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(Duration::from_secs(300)))
            .user_agent(concat!("grader/", env!("CARGO_PKG_VERSION")));
        if local {
            config = config.proxy(None);
        }
        Client { session, agent: config.build().into(), url: access.url, token: access.token }
    }

    /// The server's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Signs in and returns a token.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub fn login(&self, login: &str, password: &str, label: &str) -> Result<Login, Failure> {
        #[derive(Serialize)]
        struct Request<'a> {
            login: &'a str,
            password: &'a str,
            label: &'a str,
        }
        self.post_json("/api/v1/login", &Request { login, password, label })
    }

    /// The class that `wanted` names: by id, join code or exact name.
    ///
    /// # Errors
    /// When there is none or more than one, and when the server cannot be asked.
    pub fn class(&self, wanted: &str) -> Result<Class, Failure> {
        let mut classes = self.get_json::<Classes>("/api/v1/classes")?.classes;
        let wanted = wanted.trim();
        if let Some(at) = classes.iter().position(|class| class.id == wanted) {
            return Ok(classes.swap_remove(at));
        }
        let is_code = |class: &Class| class.join_code.as_deref().is_some_and(|code| code.eq_ignore_ascii_case(wanted));
        let found: Vec<&Class> = classes.iter().filter(|class| class.name == wanted || is_code(class)).collect();
        match found[..] {
            [class] => Ok(class.clone()),
            [] => {
                let mut failure = self.session.failure(Outcome::Usage, "no-class", &[("class", &harmless(wanted))]);
                failure.help = Some(match classes.is_empty() {
                    true => self.session.words("no-classes", &[]),
                    false => self.listed("class-list", &classes.iter().collect::<Vec<_>>()),
                });
                Err(failure)
            }
            _ => {
                let mut failure =
                    self.session.failure(Outcome::Usage, "ambiguous-class", &[("class", &harmless(wanted))]);
                failure.help = Some(self.listed("ambiguous-class-help", &found));
                Err(failure)
            }
        }
    }

    fn listed(&self, id: &str, classes: &[&Class]) -> String {
        let mut words = self.session.words(id, &[]);
        for class in classes.iter().take(30) {
            let term = class.term.as_deref().map(|term| format!(" · {term}")).unwrap_or_default();
            let code = class.join_code.as_deref().unwrap_or("—");
            let line = self.session.words("class-line", &[("students", &class.students), ("code", &harmless(code))]);
            words.push_str(&format!(
                "\n  {}{}  {}  {}",
                harmless(&class.name),
                harmless(&term),
                line,
                harmless(&class.id)
            ));
        }
        words
    }

    /// Gets JSON.
    ///
    /// # Errors
    /// When the server cannot be reached, refuses, or replies with something else.
    pub fn get_json<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.read_json(&self.get(path)?)
    }

    /// Gets bytes.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub fn get(&self, path: &str) -> Result<Vec<u8>, Failure> {
        let mut request = self.agent.get(self.address(path)).header("Accept-Language", self.session.language.tag());
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        self.finish(self.waiting(|| request.call()))
    }

    /// Posts JSON and reads JSON.
    ///
    /// # Errors
    /// When the server cannot be reached, refuses, or replies with something else.
    pub fn post_json<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Failure> {
        let body = serde_json::to_vec(body).expect("requests are plain structures of strings");
        self.read_json(&self.send("POST", path, "application/json", &body)?)
    }

    /// Sends a body and returns the reply's.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub fn send(&self, method: &str, path: &str, content_type: &str, body: &[u8]) -> Result<Vec<u8>, Failure> {
        let address = self.address(path);
        let request = if method == "PUT" { self.agent.put(address) } else { self.agent.post(address) };
        let mut request = request.header("Accept-Language", self.session.language.tag()).content_type(content_type);
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        self.finish(self.waiting(|| request.send(body)))
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Says after a second that it is waiting, when a person watches.
    fn waiting<T>(&self, work: impl FnOnce() -> T) -> T {
        if !self.session.can_ask() {
            return work();
        }
        let words = self.session.paint_words(Color::Soft, &self.session.words("waiting", &[("url", &self.url)]));
        let (done, wait) = mpsc::channel::<()>();
        let watcher = std::thread::spawn(move || {
            let mut seconds = 0;
            while wait.recv_timeout(Duration::from_secs(1)) == Err(mpsc::RecvTimeoutError::Timeout) {
                seconds += 1;
                eprint!("\r{words} {seconds} s ");
            }
            if seconds > 0 {
                eprint!("\r\u{1b}[K");
            }
        });
        let result = work();
        drop(done);
        let _ = watcher.join();
        result
    }

    fn finish(&self, reply: Result<Response<Body>, ureq::Error>) -> Result<Vec<u8>, Failure> {
        let mut reply = reply.map_err(|error| self.unreachable(&error))?;
        let status = reply.status().as_u16();
        let body = reply
            .body_mut()
            .with_config()
            .limit(LARGEST_REPLY)
            .read_to_vec()
            .map_err(|error| self.unreachable(&error))?;
        if (200..300).contains(&status) {
            return Ok(body);
        }
        let outcome = if status >= 500 { Outcome::Environment } else { Outcome::Refused };
        let Ok(ErrorReply { error }) = serde_json::from_slice(&body) else {
            let id = match status {
                500.. => "server-failed",
                404 | 405 => "not-a-classroom",
                _ => "not-accepted",
            };
            return Err(self.session.failure(outcome, id, &[("url", &self.url), ("status", &status)]));
        };
        let mut message = harmless(&error.message);
        for found in error.diagnostics.iter().take(20) {
            message.push_str(&format!("\n  {}", Self::line_of(found)));
        }
        if let Some(request) = error.request_id.filter(|_| status >= 500) {
            message.push_str(&self.session.words("request-id", &[("id", &harmless(&request))]));
        }
        let own_help = match status {
            401 => Some(self.session.words("sign-in-again", &[("url", &self.url)])),
            _ => None,
        };
        Err(Failure { outcome, message, help: error.help.map(|help| harmless(&help)).or(own_help) })
    }

    /// A finding of the server in one line.
    fn line_of(found: &ServerDiagnostic) -> String {
        let place = match (found.line, found.column) {
            (Some(line), Some(column)) => format!("{line}:{column}: "),
            (Some(line), None) => format!("{line}: "),
            _ => String::new(),
        };
        let help = found.help.as_deref().map(|help| format!(" {}", harmless(help))).unwrap_or_default();
        format!("{place}{}{help}", harmless(&found.message))
    }

    fn unreachable(&self, error: &ureq::Error) -> Failure {
        let id = match error {
            ureq::Error::HostNotFound => "host-not-found",
            ureq::Error::Timeout(_) => "server-timeout",
            ureq::Error::BadUri(_) | ureq::Error::Http(_) => "bad-server",
            ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => "server-certificate",
            ureq::Error::Io(cause) if cause.kind() == std::io::ErrorKind::ConnectionRefused => "server-down",
            _ => "server-unreachable",
        };
        let outcome = if id == "bad-server" { Outcome::Usage } else { Outcome::Environment };
        let cause = error.to_string();
        let cause = cause.strip_prefix("io: ").unwrap_or(&cause);
        self.session.failure(outcome, id, &[("url", &self.url), ("cause", &cause)])
    }

    /// Reads a reply's JSON.
    ///
    /// # Errors
    /// When it is not what this version of the command expects.
    pub fn read_json<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, Failure> {
        serde_json::from_slice(body).map_err(|error| {
            self.session.failure(Outcome::Environment, "odd-reply", &[("url", &self.url), ("cause", &error)])
        })
    }
}

/// A path segment or a query value with everything but letters and digits encoded.
pub fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
