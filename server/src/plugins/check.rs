//! The conformance run: whether a plugin keeps what the boundary asks of it. Each check has a worker of its own, so that
//! one that dies under a check is a result and not the end; tables, roster and permissions are the real ones, in a
//! server that lives for the run.

mod calls;
mod declared;
mod found;
mod workbench;

use std::path::Path;

use plugin_loader::file;
use serde::Serialize;

use found::Found;
pub use found::Wrong;
use workbench::Workbench;

/// How a check went.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Its name, for programs.
    pub check: &'static str,
    /// What it asks, for people.
    pub asks: &'static str,
    /// Whether the plugin passed.
    pub passed: bool,
    /// What was found, or what is wrong.
    pub found: String,
    /// How to mend it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hint: String,
}

/// Runs one check and tells of it.
macro_rules! check {
    ($outcomes:ident, $report:ident, $name:literal, $asks:literal, $found:expr) => {{
        let found: Found = $found;
        let outcome = match found {
            Ok(found) => Outcome { check: $name, asks: $asks, passed: true, found, hint: String::new() },
            Err(wrong) => Outcome { check: $name, asks: $asks, passed: false, found: wrong.message, hint: wrong.hint },
        };
        $report(&outcome);
        $outcomes.push(outcome);
    }};
}

/// Checks a plugin file; `program` is the server program, which becomes the workers. Tells of each check as it ends.
///
/// # Errors
/// When the run itself cannot be set up. A plugin that fails is no error.
pub async fn run(path: &Path, program: &Path, mut report: impl FnMut(&Outcome)) -> anyhow::Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    let read = file::read(path);
    let found = match &read {
        Ok(file) => Ok(format!("{} {}", file.manifest.id, file.manifest.version)),
        Err(error) => Err(Wrong::new(error.to_string())),
    };
    check!(outcomes, report, "file", "the file is a plugin of this interface", found);
    let Ok(file) = read else { return Ok(outcomes) };
    let bench = Workbench::new(file, program).await?;

    check!(outcomes, report, "words", "templates and translations are whole", declared::words(&bench));
    check!(outcomes, report, "tables", "migrations run, and once", declared::tables(&bench).await);
    check!(outcomes, report, "people", "every table is declared, and forgets people", declared::people(&bench).await);
    check!(outcomes, report, "start", "it says hello in time", calls::start(&bench).await);
    check!(outcomes, report, "health", "it says how it is", calls::health(&bench).await);
    check!(outcomes, report, "pages", "every page answers, in both languages", calls::pages(&bench).await);
    check!(outcomes, report, "widgets", "every box answers, in both languages", calls::widgets(&bench).await);
    check!(outcomes, report, "services", "every service it offers is there", calls::services(&bench).await);
    check!(outcomes, report, "events", "events that come twice do no harm", calls::events(&bench).await);
    check!(outcomes, report, "jobs", "every job runs", calls::jobs(&bench).await);
    check!(outcomes, report, "facts", "its facts are those it declares", calls::facts(&bench).await);
    check!(outcomes, report, "junk", "it survives input that is none", calls::junk(&bench).await);
    check!(outcomes, report, "crowd", "many calls at once get their own answers", calls::crowd(&bench).await);
    check!(outcomes, report, "cancel", "a call that nobody waits for holds nobody up", calls::cancel(&bench).await);
    check!(outcomes, report, "memory", "it stays within its memory", calls::memory(&bench).await);
    check!(outcomes, report, "end", "it ends when it is asked to", calls::end(&bench).await);
    bench.close().await;
    Ok(outcomes)
}
