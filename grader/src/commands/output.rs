//! Writes files that the person asked for: whole or not at all, and never over another one unasked.

use std::io::Write;
use std::path::Path;

use crate::session::{Failure, Outcome, Session};

/// Asks before these files are written where one of them exists already.
///
/// # Errors
/// When one of them is a directory, and when the person says no or cannot be asked.
pub fn may_replace(session: &Session, paths: &[&Path], yes: bool) -> Result<(), Failure> {
    if let Some(directory) = paths.iter().find(|path| path.is_dir()) {
        return Err(session.failure(Outcome::Usage, "output-directory", &[("file", &directory.display())]));
    }
    let existing: Vec<String> =
        paths.iter().filter(|path| path.exists()).map(|path| path.display().to_string()).collect();
    if existing.is_empty() {
        return Ok(());
    }
    session.confirm(&session.words("replace", &[("files", &existing.join(", "))]), yes)
}

/// Writes a file so that it is whole at every moment.
///
/// # Errors
/// When its directory cannot be written to.
pub fn write(session: &Session, path: &Path, content: &[u8]) -> Result<(), Failure> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = std::fs::File::create(&temporary)
        .and_then(|mut file| {
            file.write_all(content)?;
            file.sync_all()
        })
        .and_then(|()| std::fs::rename(&temporary, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&temporary);
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty() && !parent.exists());
        match directory {
            Some(directory) => {
                session.failure(Outcome::Environment, "no-directory", &[("directory", &directory.display())])
            }
            None => {
                session.failure(Outcome::Environment, "unwritable", &[("file", &path.display()), ("cause", &error)])
            }
        }
    })
}
