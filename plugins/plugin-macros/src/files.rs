//! `plugin.toml` and the folders beside it, put together into one manifest.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plugin_protocol::body::Body;
use plugin_protocol::manifest::{Asset, Manifest, Migration};

/// A manifest with its files, and where they were read from.
pub(crate) struct Read {
    pub(crate) manifest: Manifest,
    pub(crate) paths: Vec<String>,
}

/// Reads the plugin in a folder; everything that is wrong, each with its place.
pub(crate) fn read(folder: &Path) -> Result<Read, Vec<String>> {
    let path = folder.join("plugin.toml");
    let text = fs::read_to_string(&path).map_err(|error| {
        vec![format!("{} cannot be read ({error}); a plugin begins with this file", path.display())]
    })?;
    let mut manifest: Manifest =
        toml::from_str(&text).map_err(|error| vec![format!("plugin.toml: {}", error.to_string().trim_end())])?;
    let mut paths = vec![path];
    let mut problems = Vec::new();
    for (name, bytes) in files(folder, "templates", &mut paths, &mut problems) {
        insert_text(&mut manifest.templates, "templates", name, bytes, &mut problems);
    }
    for (name, bytes) in files(folder, "locales", &mut paths, &mut problems) {
        match name.strip_suffix(".ftl") {
            Some(tag) => insert_text(&mut manifest.locales, "locales", tag.to_owned(), bytes, &mut problems),
            None => problems.push(format!("locales/{name}: the files are zh-CN.ftl and en.ftl")),
        }
    }
    for (name, bytes) in files(folder, "assets", &mut paths, &mut problems) {
        let content_type = mime_guess::from_path(&name).first_or_octet_stream().to_string();
        manifest.assets.insert(name, Asset { content_type, body: Body::new(bytes) });
    }
    let found = files(folder, "migrations", &mut paths, &mut problems);
    manifest.migrations = migrations(found, &mut problems);
    problems.extend(manifest.problems().iter().map(|problem| format!("plugin.toml: {problem}")));
    if !problems.is_empty() {
        return Err(problems);
    }
    let paths = paths.into_iter().map(|path| path.to_string_lossy().into_owned()).collect();
    Ok(Read { manifest, paths })
}

/// The files of a folder and its folders, by name.
fn files(
    folder: &Path,
    inside: &str,
    paths: &mut Vec<PathBuf>,
    problems: &mut Vec<String>,
) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.join(inside)];
    let root = folder.join(inside);
    while let Some(next) = folders.pop() {
        let Ok(entries) = fs::read_dir(&next) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            match fs::read(&path) {
                Ok(bytes) => {
                    found.insert(name, bytes);
                    paths.push(path);
                }
                Err(error) => problems.push(format!("{inside}/{name} cannot be read: {error}")),
            }
        }
    }
    found
}

fn insert_text(
    into: &mut BTreeMap<String, String>,
    folder: &str,
    name: String,
    bytes: Vec<u8>,
    problems: &mut Vec<String>,
) {
    match String::from_utf8(bytes) {
        Ok(text) => {
            into.insert(name, text);
        }
        Err(_) => problems.push(format!("{folder}/{name} is not UTF-8")),
    }
}

/// `001_name.sql` for both databases, or `001_name.sqlite.sql` and `001_name.postgres.sql`.
fn migrations(found: BTreeMap<String, Vec<u8>>, problems: &mut Vec<String>) -> Vec<Migration> {
    let mut steps: BTreeMap<String, (Option<String>, Option<String>)> = BTreeMap::new();
    for (file, bytes) in found {
        let Some(stem) = file.strip_suffix(".sql") else {
            problems.push(format!("migrations/{file}: the files are NNN_name.sql"));
            continue;
        };
        let Ok(sql) = String::from_utf8(bytes) else {
            problems.push(format!("migrations/{file} is not UTF-8"));
            continue;
        };
        if let Some(name) = stem.strip_suffix(".sqlite") {
            steps.entry(name.to_owned()).or_default().0 = Some(sql);
        } else if let Some(name) = stem.strip_suffix(".postgres") {
            steps.entry(name.to_owned()).or_default().1 = Some(sql);
        } else {
            steps.insert(stem.to_owned(), (Some(sql.clone()), Some(sql)));
        }
    }
    let mut migrations = Vec::with_capacity(steps.len());
    for (name, step) in steps {
        match step {
            (Some(sqlite), Some(postgres)) => migrations.push(Migration { name, sqlite, postgres }),
            (None, _) => problems.push(format!("migrations/{name}.sqlite.sql is missing beside its .postgres.sql")),
            (_, None) => problems.push(format!("migrations/{name}.postgres.sql is missing beside its .sqlite.sql")),
        }
    }
    migrations
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "id = \"notes\"\nversion = \"0.1.0\"\ntitle = { zh = \"笔记\", en = \"Notes\" }\n";

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn problems(files: &[(&str, &str)]) -> Vec<String> {
        read(folder(files).path()).err().unwrap_or_default()
    }

    #[test]
    fn the_files_beside_the_manifest_become_part_of_it() {
        let folder = folder(&[
            ("plugin.toml", &format!("{GOOD}permissions = [\"tables\"]\n")),
            ("templates/parts/list.html", "<ul></ul>"),
            ("locales/en.ftl", "hello = Hello"),
            ("assets/look.css", "p {}"),
            ("migrations/001_note.sql", "create table note (id uuid)"),
            ("migrations/002_tag.sqlite.sql", "a"),
            ("migrations/002_tag.postgres.sql", "b"),
        ]);
        let Read { manifest, paths } = read(folder.path()).unwrap_or_else(|problems| panic!("{problems:?}"));
        assert_eq!(manifest.templates["parts/list.html"], "<ul></ul>");
        assert_eq!(manifest.locales["en"], "hello = Hello");
        assert_eq!(manifest.assets["look.css"].content_type, "text/css");
        assert_eq!(
            manifest.migrations[1],
            Migration { name: "002_tag".into(), sqlite: "a".into(), postgres: "b".into() }
        );
        assert_eq!(paths.len(), 7);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert!(problems(&[])[0].contains("plugin.toml cannot be read"));
        assert!(problems(&[("plugin.toml", "id = 1")])[0].contains("line 1"));
        assert!(problems(&[("plugin.toml", &format!("{GOOD}routs = []"))])[0].contains("unknown field `routs`"));
        let half = problems(&[
            ("plugin.toml", &format!("{GOOD}permissions = [\"tables\"]\n")),
            ("migrations/002_tag.sqlite.sql", "a"),
        ]);
        assert!(half[0].contains("002_tag.postgres.sql is missing"), "{half:?}");
        let several = problems(&[("plugin.toml", GOOD), ("locales/fr.ftl", ""), ("migrations/1.txt", "")]);
        assert_eq!(several.len(), 2, "{several:?}");
    }
}
