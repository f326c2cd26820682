//! What is wrong with a plugin before it runs.

use std::collections::BTreeSet;

use fluent_bundle::FluentResource;
use plugin_database::SqliteTables;
use plugin_protocol::manifest::Manifest;

use crate::state::START;

/// Everything that is wrong with the manifest, its translations, and its tables once they are made.
pub(crate) fn problems(manifest: &Manifest, tables: &SqliteTables) -> Vec<String> {
    let mut problems: Vec<String> = manifest.problems().iter().map(ToString::to_string).collect();
    translations(manifest, &mut problems);
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
}

fn translations(manifest: &Manifest, problems: &mut Vec<String>) {
    let [chinese, english] = ["zh-CN", "en"].map(|tag| keys(manifest, tag, problems));
    for (tag, own, other) in [("zh-CN", &chinese, &english), ("en", &english, &chinese)] {
        problems.extend(other.difference(own).map(|key| format!("locales/{tag}.ftl: no sentence {key}")));
    }
}

fn keys(manifest: &Manifest, tag: &str, problems: &mut Vec<String>) -> BTreeSet<String> {
    let Some(text) = manifest.locales.get(tag) else { return BTreeSet::new() };
    let resource = FluentResource::try_new(text.clone()).unwrap_or_else(|(resource, errors)| {
        problems.extend(errors.iter().map(|error| format!("locales/{tag}.ftl: {error}")));
        resource
    });
    resource.entries().filter_map(key).collect()
}

fn key(entry: &fluent_syntax::ast::Entry<&str>) -> Option<String> {
    match entry {
        fluent_syntax::ast::Entry::Message(message) => Some(message.id.name.to_owned()),
        _ => None,
    }
}
