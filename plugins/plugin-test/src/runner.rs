//! What carries the bytes to a plugin and back.

use std::path::PathBuf;

use plugin_loader::Plugin;

/// Calls a plugin: linked into the test, opened from its library, or in a process of its own.
pub trait Runner: Send + Sync {
    /// Does operation `op` on JSON; returns a code and JSON. `token` names the call towards the services.
    fn call(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>);
}

impl Runner for Plugin {
    fn call(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        Plugin::call(self, token, op, input)
    }
}

/// The library of a package that was built together with the running test.
pub fn library(package: &str) -> PathBuf {
    let name = format!("lib{}.so", package.replace('-', "_"));
    let test = std::env::current_exe().expect("a test knows its own file");
    let found = test.ancestors().skip(1).take(2).map(|folder| folder.join(&name)).find(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!(
            "there is no {name} beside {}; write crate-type = [\"cdylib\", \"rlib\"] below [lib] in Cargo.toml",
            test.display()
        )
    })
}
