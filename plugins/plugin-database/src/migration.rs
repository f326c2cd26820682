//! Steps of a plugin's tables: each done once, in a transaction with its record, and never changed afterwards.

use data_encoding::HEXLOWER;
use plugin_protocol::manifest::Migration;
use plugin_protocol::{Code, Failure};
use sha2::{Digest, Sha256};

/// A step that was done, with its text for both databases: a backup can be read into either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The step.
    pub migration: Migration,
    /// Its checksum.
    pub checksum: String,
}

/// SHA-256 over both texts, in hexadecimal.
pub(crate) fn checksum(migration: &Migration) -> String {
    let mut digest = Sha256::new();
    digest.update(migration.sqlite.as_bytes());
    digest.update([0]);
    digest.update(migration.postgres.as_bytes());
    HEXLOWER.encode(&digest.finalize())
}

/// The steps that are still to do.
///
/// # Errors
/// [`Code::Incompatible`] when a step that was done reads otherwise now. A step that was done and is not among them is no
/// error: an older version of the plugin runs on the tables of a newer one.
pub(crate) fn pending<'m>(
    migrations: &'m [Migration],
    done: &[(String, String)],
) -> Result<Vec<&'m Migration>, Failure> {
    let mut steps = Vec::new();
    for migration in migrations {
        match done.iter().find(|(name, _)| *name == migration.name) {
            None => steps.push(migration),
            Some((_, known)) if *known == checksum(migration) => {}
            Some((name, known)) => {
                let short = |text: &str| text.get(..12).unwrap_or(text).to_owned();
                let message = format!(
                    "the migration {name} was done with the checksum {} and now has {}",
                    short(known),
                    short(&checksum(migration))
                );
                return Err(Failure::new(Code::Incompatible, message)
                    .at(format!("migrations/{name}"))
                    .hint("a migration that has been released never changes: put the file back and add a new one"));
            }
        }
    }
    Ok(steps)
}

/// Says which step failed.
pub(crate) fn failed(migration: &Migration, failure: Failure) -> Failure {
    let message = format!("the migration {} failed and left nothing behind: {}", migration.name, failure.message);
    Failure { message, ..failure }.at(format!("migrations/{}", migration.name))
}
