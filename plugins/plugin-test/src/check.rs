//! What is wrong with a plugin before it runs: manifest, words, templates, tables.

use plugin_database::SqliteTables;
use plugin_protocol::manifest::Manifest;
use plugin_render::Renderer;

use crate::site::SITE;
use crate::state::START;

/// Everything that is wrong with the manifest, its words and templates, and its tables once they are made.
pub(crate) fn problems(manifest: &Manifest, tables: &SqliteTables, renderer: &Renderer) -> Vec<String> {
    let mut problems: Vec<String> = manifest.problems().iter().map(ToString::to_string).collect();
    problems.extend(plugin_render::problems(manifest, SITE));
    if let Err(failure) = renderer.check() {
        problems.push(failure.to_string());
    }
    match tables.migrate(manifest, START) {
        Ok(_) => undeclared(manifest, tables, &mut problems),
        Err(failure) => problems.push(failure.to_string()),
    }
    problems
}

fn undeclared(manifest: &Manifest, tables: &SqliteTables, problems: &mut Vec<String>) {
    let undeclared = tables.undeclared(manifest).unwrap_or_default();
    problems.extend(undeclared.iter().map(|table| {
        format!(
            "table {table}: say in plugin.toml whose it is: [[personal_data]] with table and person, or \
             impersonal_tables = [\"{table}\"]"
        )
    }));
    let stuck = tables.undetachable(manifest).unwrap_or_default();
    problems.extend(stuck.iter().map(|column| {
        format!("{column} is \"not null\", so erase = \"detach\" cannot empty it: let it be null, or delete the rows")
    }));
}
