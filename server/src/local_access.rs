//! How the teacher's command on the server's own machine finds the server and is let in without set-up: a file in the
//! data directory that only the server's user can read.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::OnceLock;

use anyhow::Context;
use serde_json::json;

use crate::app::App;
use crate::auth;

/// The token of this process; whoever holds it acts as the first administrator.
static TOKEN_HASH: OnceLock<Vec<u8>> = OnceLock::new();
static TOKEN: OnceLock<String> = OnceLock::new();

/// The file, removed on a clean stop.
pub struct LocalAccess {
    path: PathBuf,
}

impl LocalAccess {
    /// Writes the file with the server's address and a token made for this run.
    pub fn write(app: &App, url: &str) -> anyhow::Result<Self> {
        let token = TOKEN.get_or_init(auth::new_token);
        TOKEN_HASH.get_or_init(|| auth::token_hash(token));
        let path = app.config.storage.data.join("local-access.json");
        let _ = std::fs::remove_file(&path);
        let mut file = std::fs::File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        writeln!(file, "{}", json!({"url": url, "token": token}))?;
        Ok(Self { path })
    }

    /// Removes the file.
    pub fn remove(self) {
        let _ = std::fs::remove_file(self.path);
    }
}

/// Whether a token (as its hash) is the local one. Hashes are compared, so that time tells nothing of the token.
pub fn is_local(token_hash: &[u8]) -> bool {
    TOKEN_HASH.get().is_some_and(|own| own == token_hash)
}
