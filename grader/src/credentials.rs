//! Where the server is and what opens it: what `grader login` stored, the environment, or a server on this machine.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::session::{Failure, Outcome, Session};

/// The credentials that `grader login` stored, readable by their owner alone.
#[derive(Default, Serialize, Deserialize)]
pub struct Store {
    /// The server of the last login.
    current: Option<String>,
    servers: BTreeMap<String, Stored>,
}

/// A token and whose it is.
#[derive(Clone, Serialize, Deserialize)]
pub struct Stored {
    pub token: String,
    pub name: String,
    pub expires_at: Option<String>,
}

/// A server and, if known, a token for it.
pub struct Access {
    pub url: String,
    pub token: Option<String>,
}

/// What a running server leaves in its data directory for its own machine.
#[derive(Deserialize)]
struct LocalAccess {
    url: String,
    token: String,
}

/// Finds the server: the one named, the environment's, one that runs from this directory, the last login's.
///
/// # Errors
/// When none is found, or when a file that should name one cannot be read.
pub fn find(session: &Session, named: Option<&str>) -> Result<Access, Failure> {
    let store = Store::load(session)?;
    let from_environment = std::env::var("GRADER_SERVER").ok().filter(|url| !url.trim().is_empty());
    if let Some(url) = named.map(str::to_owned).or(from_environment) {
        let url = normalised(&url).ok_or_else(|| session.failure(Outcome::Usage, "bad-server", &[("url", &url)]))?;
        let token = match token_file(session)? {
            Some(token) => Some(token),
            None => store.servers.get(&url).map(|stored| stored.token.clone()),
        };
        let token = token.or_else(|| local_access().filter(|local| local.url == url).map(|local| local.token));
        return Ok(Access { url, token });
    }
    if let Some(local) = local_access() {
        return Ok(Access { url: local.url, token: Some(local.token) });
    }
    if let Some((url, stored)) = store.current.as_ref().and_then(|url| store.servers.get_key_value(url)) {
        return Ok(Access { url: url.clone(), token: Some(stored.token.clone()) });
    }
    Err(session.failure(Outcome::Environment, "no-server", &[]))
}

fn token_file(session: &Session) -> Result<Option<String>, Failure> {
    let Some(path) = std::env::var_os("GRADER_TOKEN_FILE").filter(|path| !path.is_empty()) else { return Ok(None) };
    let path = PathBuf::from(path);
    match std::fs::read_to_string(&path) {
        Ok(token) if !token.trim().is_empty() => Ok(Some(token.trim().to_owned())),
        Ok(_) => Err(session.failure(Outcome::Environment, "empty-token-file", &[("file", &path.display())])),
        Err(error) => Err(unreadable(session, &path, &error)),
    }
}

/// A server that runs from this directory; a file left by one that died is found out when it is asked.
fn local_access() -> Option<LocalAccess> {
    ["data", "demo-data"].iter().find_map(|directory| {
        let text = std::fs::read_to_string(Path::new(directory).join("local-access.json")).ok()?;
        let mut access: LocalAccess = serde_json::from_str(&text).ok()?;
        access.url = normalised(&access.url)?;
        Some(access)
    })
}

/// A server's address as it is stored: with its scheme and without a slash at its end.
pub fn normalised(url: &str) -> Option<String> {
    let url = url.trim();
    let (scheme, address) = url.split_once("://").map_or((None, url), |(scheme, rest)| (Some(scheme), rest));
    let url = address.trim_end_matches('/');
    let with_scheme = match scheme {
        Some(scheme @ ("http" | "https")) => format!("{scheme}://{url}"),
        Some(_) => return None,
        None if is_local(url) => format!("http://{url}"),
        None => format!("https://{url}"),
    };
    let host = with_scheme.split_once("://")?.1;
    let plain = !host.is_empty() && !host.contains([' ', '@', '?', '#']) && !host.starts_with([':', '/']);
    plain.then_some(with_scheme)
}

/// Whether the address, without its scheme, is this machine.
pub fn is_local(host: &str) -> bool {
    let host = host.split('/').next().unwrap_or_default();
    ["localhost", "127.", "[::1]"].iter().any(|local| host.starts_with(local))
}

impl Store {
    fn path() -> Option<PathBuf> {
        let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let directory =
            from("XDG_CONFIG_HOME").or_else(|| from("APPDATA")).or_else(|| Some(from("HOME")?.join(".config")))?;
        Some(directory.join("grader").join("credentials.json"))
    }

    /// What is stored; nothing when there is no file yet.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn load(session: &Session) -> Result<Store, Failure> {
        let Some(path) = Store::path() else { return Ok(Store::default()) };
        match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|_| session.failure(Outcome::Environment, "bad-credentials", &[("file", &path.display())])),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Store::default()),
            Err(error) => Err(unreadable(session, &path, &error)),
        }
    }

    /// Adds a token and makes its server the current one.
    pub fn add(&mut self, url: &str, stored: Stored) {
        self.current = Some(url.to_owned());
        self.servers.insert(url.to_owned(), stored);
    }

    /// Forgets a server's token; `None` means the current server. Returns the address if there was one.
    pub fn remove(&mut self, url: Option<&str>) -> Option<String> {
        let url = url.map(str::to_owned).or_else(|| self.current.clone())?;
        self.servers.remove(&url)?;
        if self.current.as_ref() == Some(&url) {
            self.current = None;
        }
        Some(url)
    }

    /// Writes the file, readable by its owner alone, so that it is whole at every moment.
    ///
    /// # Errors
    /// When the directory or the file cannot be written.
    pub fn save(&self, session: &Session) -> Result<(), Failure> {
        let Some(path) = Store::path() else { return Err(session.failure(Outcome::Environment, "no-home", &[])) };
        let text = serde_json::to_string_pretty(self).expect("strings and maps of strings are always JSON");
        save_privately(&path, &text).map_err(|error| {
            session.failure(Outcome::Environment, "unwritable", &[("file", &path.display()), ("cause", &error)])
        })
    }
}

fn save_privately(path: &Path, text: &str) -> std::io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory)?;
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&temporary).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let moved = written.and_then(|()| std::fs::rename(&temporary, path));
    if moved.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    moved
}

/// A file that cannot be read, with the cause in words.
pub fn unreadable(session: &Session, path: &Path, error: &std::io::Error) -> Failure {
    let id = match error.kind() {
        std::io::ErrorKind::NotFound => "file-missing",
        std::io::ErrorKind::PermissionDenied => "file-forbidden",
        std::io::ErrorKind::IsADirectory => "file-directory",
        _ => "file-unreadable",
    };
    session.failure(Outcome::Environment, id, &[("file", &path.display()), ("cause", error)])
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn addresses_are_stored_one_way() {
        for (given, stored) in [
            ("localhost:8080/", Some("http://localhost:8080")),
            ("class.example.cn", Some("https://class.example.cn")),
            ("http://10.0.0.2/", Some("http://10.0.0.2")),
            ("https://a.cn/b/", Some("https://a.cn/b")),
            ("ftp://a.cn", None),
            ("https://", None),
            ("https://me@a.cn", None),
            ("", None),
        ] {
            assert_eq!(normalised(given).as_deref(), stored, "{given}");
        }
    }
}
