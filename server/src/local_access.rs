//! How the teacher's command on the server's own machine finds the server and is let in without set-up: a file in the
//! data directory that only the server's user can read.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;

use crate::secret;

/// A token made for this run; whoever holds it acts as the first administrator.
pub struct LocalAccess {
    path: PathBuf,
    token: String,
    hash: Vec<u8>,
}

impl LocalAccess {
    /// Makes a token; the file is written when the server's address is known.
    pub fn new(data: &Path) -> Self {
        let token = secret::new_token();
        Self { path: data.join("local-access.json"), hash: secret::token_hash(&token), token }
    }

    /// Writes the file with the server's address and the token.
    pub fn write(&self, url: &str) -> anyhow::Result<()> {
        let path = &self.path;
        let _ = std::fs::remove_file(path);
        let mut file = std::fs::File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        writeln!(file, "{}", json!({"url": url, "token": self.token}))?;
        Ok(())
    }

    /// Removes the file, on a clean stop.
    pub fn remove(&self) {
        let _ = std::fs::remove_file(&self.path);
    }

    /// Whether a token (as its hash) is this one. Hashes are compared, so that time tells nothing of the token.
    pub fn is_token(&self, token_hash: &[u8]) -> bool {
        self.hash == token_hash
    }
}
