//! `server plugin new`: a plugin that compiles, passes its tests and shows a page.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use toml_edit::{Array, DocumentMut, Item, Value};

/// Files of a new plugin: where they go, and their text.
const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("new/Cargo.toml.in")),
    ("plugin.toml", include_str!("new/plugin.toml.in")),
    ("src/lib.rs", include_str!("new/lib.rs.in")),
    ("templates/notes.html", include_str!("new/notes.html.in")),
    ("locales/zh-CN.ftl", include_str!("new/zh-CN.ftl.in")),
    ("locales/en.ftl", include_str!("new/en.ftl.in")),
    ("migrations/001_note.sql", include_str!("new/001_note.sql.in")),
    ("tests/notes.rs", include_str!("new/notes.rs.in")),
];

const LONGEST: usize = 32;

/// Arguments of `server plugin new`.
#[derive(Args)]
pub struct New {
    /// Name of the plugin: lower-case letters, digits and '-', such as notice-board
    name: String,
    /// Folder to make it in [default: plugins/NAME in the workspace around, else NAME]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Folder of the course platform's sources, for a plugin outside of them
    #[arg(long, value_name = "DIR")]
    sources: Option<PathBuf>,
}

impl New {
    /// Writes the files and says what to do next.
    pub fn run(self) -> Result<()> {
        check_name(&self.name)?;
        let here = std::env::current_dir().context("the current directory cannot be read")?;
        let around = here.ancestors().find(|folder| is_sources(folder)).map(Path::to_owned);
        let sources = match (&self.sources, &around) {
            (Some(folder), _) => {
                let full = here.join(folder);
                ensure!(is_sources(&full), "{} has no plugins/plugin-sdk; it is not the sources", full.display());
                full
            }
            (None, Some(folder)) => folder.clone(),
            (None, None) => bail!(
                "the plugin SDK is not around {}; run this inside the course platform's sources, or name them with --sources",
                here.display()
            ),
        };
        let folder = match (self.folder, &around) {
            (Some(folder), _) => here.join(folder),
            (None, Some(root)) => root.join("plugins").join(&self.name),
            (None, None) => here.join(&self.name),
        };
        ensure!(!folder.exists(), "{} exists already; nothing was changed", folder.display());
        let member = folder.strip_prefix(&sources).ok().map(|path| path.to_string_lossy().into_owned());
        let plugin = Scaffold::new(&self.name, &sources, member.is_some());
        plugin.write(&folder)?;
        if let Some(member) = &member {
            add_member(&sources.join("Cargo.toml"), member)?;
        }
        println!("{}", folder.display());
        match member {
            Some(_) => {
                eprintln!(
                    "\nIts tests:    cargo test -p {name}\nIts library:  cargo build -p {name}",
                    name = self.name
                );
                eprintln!("Its checks:   cargo run -q -- plugin check {library}", library = library(&self.name));
                eprintln!("Its page:     cargo run -- demo --tool {}, then open the demo class", self.name);
            }
            None => {
                eprintln!("\nIn that folder\n\nits tests:    cargo test\nits library:  cargo build");
                eprintln!("its checks:   server plugin check {}", library(&self.name));
                eprintln!("its page:     server demo --plugins target/debug --tool {}", self.name);
            }
        }
        Ok(())
    }
}

fn library(name: &str) -> String {
    let folder = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    format!("{folder}/debug/lib{}.so", name.replace('-', "_"))
}

fn check_name(name: &str) -> Result<()> {
    let is_sign = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fine = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(is_sign) && !name.ends_with('-');
    ensure!(
        fine && name.len() <= LONGEST,
        "{name:?} is no name of a plugin: 1–{LONGEST} lower-case letters, digits and '-', a letter first, such as notice-board"
    );
    Ok(())
}

fn is_sources(folder: &Path) -> bool {
    folder.join("plugins/plugin-sdk/Cargo.toml").is_file()
}

/// What stands for the placeholders of the files.
struct Scaffold(Vec<(&'static str, String)>);

impl Scaffold {
    fn new(name: &str, sources: &Path, in_workspace: bool) -> Self {
        let capital = |word: &str| {
            let mut signs = word.chars();
            signs.next().map(|first| first.to_uppercase().chain(signs).collect::<String>()).unwrap_or_default()
        };
        let path = |package: &str| {
            format!(" = {{ path = {:?} }}", sources.join("plugins").join(package).display().to_string())
        };
        let inherited = |key: &str| format!("{key}.workspace = true\n");
        let (package, sdk, kit, end) = if in_workspace {
            let package = ["version", "edition", "rust-version", "license", "publish"].map(inherited).concat();
            let shared = || ".workspace = true".to_owned();
            (package, shared(), shared(), "\n[lints]\nworkspace = true".to_owned())
        } else {
            let package = "version = \"0.1.0\"\nedition = \"2024\"\npublish = false\n".to_owned();
            (package, path("plugin-sdk"), path("plugin-test"), "\n# A workspace of its own.\n[workspace]".to_owned())
        };
        Self(vec![
            ("{name}", name.to_owned()),
            ("{module}", name.replace('-', "_")),
            ("{type}", name.split('-').map(capital).collect()),
            ("{package}", package),
            ("{sdk}", sdk),
            ("{kit}", kit),
            ("{end}", end),
        ])
    }

    fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (place, value)| text.replace(place, value))
    }

    fn write(&self, folder: &Path) -> Result<()> {
        for (name, text) in FILES {
            let path = folder.join(name);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).with_context(|| format!("{} cannot be made", parent.display()))?;
            fs::write(&path, self.fill(text)).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        Ok(())
    }
}

/// Adds a folder to `members` and `default-members` of a workspace; what else the file says stays as it is.
fn add_member(path: &Path, member: &str) -> Result<()> {
    let failed = || format!("{} could not be changed; add {member:?} to its members by hand", path.display());
    let text = fs::read_to_string(path).with_context(failed)?;
    let mut document: DocumentMut = text.parse().with_context(failed)?;
    for list in ["members", "default-members"] {
        let list = document.get_mut("workspace").and_then(|workspace| workspace.get_mut(list));
        if let Some(array) = list.and_then(Item::as_array_mut) {
            add(array, member);
        }
    }
    fs::write(path, document.to_string()).with_context(failed)
}

/// Adds a text where it belongs by the alphabet, written as its neighbours are.
fn add(array: &mut Array, member: &str) {
    if array.iter().any(|value| value.as_str() == Some(member)) {
        return;
    }
    let place = array.iter().position(|value| value.as_str() > Some(member)).unwrap_or(array.len());
    let mut value = Value::from(member);
    if let Some(neighbour) = array.get(place).or_else(|| array.get(place.saturating_sub(1))) {
        *value.decor_mut() = neighbour.decor().clone();
    }
    // What was the first is now behind a comma, and in one line a blank stands there.
    if place == 0
        && let Some(first) = array.get_mut(0)
        && first.decor().prefix().and_then(|prefix| prefix.as_str()).is_none_or(str::is_empty)
    {
        first.decor_mut().set_prefix(" ");
    }
    array.insert_formatted(place, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        for good in ["a", "notice-board", "tool2"] {
            check_name(good).unwrap();
        }
        for bad in ["", "-a", "a-", "Notes", "a_b", "笔记", "2tool", &"a".repeat(33)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_member_is_added_in_its_place_and_nothing_else_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Cargo.toml");
        let text = "# first\n[workspace]\nmembers = [\n    \"plugins/a\", # why\n    \"server\",\n]\ndefault-members = [\"server\"]\n";
        fs::write(&path, text).unwrap();
        add_member(&path, "plugins/notes").unwrap();
        add_member(&path, "plugins/notes").unwrap();
        let changed = fs::read_to_string(&path).unwrap();
        assert!(changed.starts_with("# first\n") && changed.contains("# why"), "{changed}");
        assert_eq!(changed.matches("\"plugins/notes\"").count(), 2, "{changed}");
        assert!(changed.contains("default-members = [\"plugins/notes\", \"server\"]"), "{changed}");
        let document: DocumentMut = changed.parse().unwrap();
        let members: Vec<&str> =
            document["workspace"]["members"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(members, ["plugins/a", "plugins/notes", "server"]);
    }

    #[test]
    fn every_placeholder_is_filled() {
        for in_workspace in [true, false] {
            let scaffold = Scaffold::new("notice-board", Path::new("/sources"), in_workspace);
            for (name, text) in FILES {
                let filled = scaffold.fill(text);
                let left = ["{name}", "{module}", "{type}", "{package}", "{sdk}", "{kit}", "{end}"];
                assert!(left.iter().all(|place| !filled.contains(place)), "{name}: {filled}");
            }
        }
    }
}
