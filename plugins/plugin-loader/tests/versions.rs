//! The table of versions in the documentation: what each version of the product loads and offers.

#![allow(missing_docs, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::{env, fs};

use plugin_abi::{ABI_MAJOR, ABI_MINOR};
use plugin_protocol::PROTOCOL;
use plugin_protocol::host::HOST_OPS;
use plugin_protocol::op::OPS;

fn readmes() -> [PathBuf; 2] {
    ["README.md", "README.zh-CN.md"].map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name))
}

/// `0.1` of `0.1.3`: the table has a row for each of them.
fn product() -> String {
    let parts: Vec<_> = env!("CARGO_PKG_VERSION").split('.').take(2).collect();
    parts.join(".")
}

/// What this version says of itself.
fn row() -> String {
    let names = |names: Vec<&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" ");
    let libraries =
        if ABI_MINOR == 0 { format!("{ABI_MAJOR}.0") } else { format!("{ABI_MAJOR}.0–{ABI_MAJOR}.{ABI_MINOR}") };
    let operations = names(OPS.iter().map(|op| op.name()).collect());
    let services = names(HOST_OPS.iter().map(|op| op.name()).collect());
    format!("| {} | {libraries} | {PROTOCOL} | {operations} | {services} |", product())
}

/// The rows of the table: those that begin with a version.
fn rows(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with("| 0.") || line.starts_with("| 1.")).collect()
}

fn write(path: &Path, text: &str) {
    let own = format!("| {} |", product());
    let kept: Vec<&str> = rows(text).into_iter().filter(|line| !line.starts_with(&own)).collect();
    let last = *rows(text).last().expect("the table is there");
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        if !line.starts_with(&own) {
            lines.push(line.to_owned());
        }
        if line == last {
            lines.push(row());
        }
    }
    assert_eq!(rows(&lines.join("\n")).len(), kept.len() + 1);
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

#[test]
fn the_table_of_versions_says_what_this_version_does() {
    for path in readmes() {
        let mut text = fs::read_to_string(&path).unwrap();
        if env::var_os("WRITE_VERSIONS").is_some() {
            write(&path, &text);
            text = fs::read_to_string(&path).unwrap();
        }
        assert_eq!(
            rows(&text).last().copied(),
            Some(row().as_str()),
            "{} is out of date: WRITE_VERSIONS=1 cargo test -p plugin-loader --test versions writes it anew",
            path.display()
        );
    }
}

/// What a version once loaded or offered, every later one of the same interface does too.
#[test]
fn nothing_is_ever_taken_away() {
    let text = fs::read_to_string(&readmes()[0]).unwrap();
    let now = row();
    let cells = |row: &str| -> Vec<String> { row.split('|').map(|cell| cell.trim().to_owned()).collect() };
    let major = |row: &str| cells(row)[2].split('.').next().map(str::to_owned);
    for earlier in rows(&text).into_iter().filter(|earlier| major(earlier) == major(&now)) {
        for column in [4, 5] {
            let names = cells(earlier)[column].clone();
            let lost: Vec<&str> = names.split(' ').filter(|name| !cells(&now)[column].contains(name)).collect();
            assert!(lost.is_empty(), "{earlier}\nhad {lost:?}");
        }
    }
}
