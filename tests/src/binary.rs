//! The real programs, built once for the run.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

static PROGRAMS: OnceLock<PathBuf> = OnceLock::new();

/// The `server` program.
pub fn server() -> PathBuf {
    folder().join("server")
}

/// The `grader` program.
pub fn grader() -> PathBuf {
    folder().join("grader")
}

/// The plugins that the tests use: fixtures, and the tools of a class.
const PLUGINS: [&str; 9] =
    ["diary", "duty-rota", "fan-tracking", "faults", "notebook", "qa-inbox", "steady", "wechat", "wishes"];

/// The library of a plugin that these programs were built with.
pub fn plugin(name: &str) -> PathBuf {
    folder().join(format!("lib{}.so", name.replace('-', "_")))
}

/// Builds both programs (a no-op where they are up to date) and says where they are. Where `COURSE_TESTS_PROGRAMS` names
/// a folder, they lie there already.
fn folder() -> &'static PathBuf {
    PROGRAMS.get_or_init(|| {
        if let Some(folder) = std::env::var_os("COURSE_TESTS_PROGRAMS") {
            return PathBuf::from(folder);
        }
        // target/debug/deps/integration-… → target/debug
        let own = std::env::current_exe().expect("the test knows where it is");
        let folder = own.ancestors().nth(2).expect("tests lie two folders deep").to_owned();
        let profile = if folder.ends_with("release") { "release" } else { "dev" };
        let status = Command::new(env!("CARGO"))
            .args(["build", "--profile", profile])
            .args(["--quiet", "--package", "server", "--package", "grader", "--bins"])
            .args(PLUGINS.iter().flat_map(|plugin| ["--package", plugin]))
            .arg("--lib")
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .status()
            .expect("cargo runs");
        assert!(status.success(), "the programs do not build");
        folder
    })
}
