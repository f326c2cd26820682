//! What can be checked without calling the plugin: words and tables.

use uuid::Uuid;

use super::found::{Found, Wrong, count};
use super::workbench::Workbench;
use crate::plugins::render::{Renderer, SITE};

/// Templates can be parsed, both languages say the same, and every word that is used is there.
pub(super) fn words(bench: &Workbench) -> Found {
    let manifest = &bench.manifest;
    Renderer::new(manifest).check()?;
    let problems = plugin_render::problems(manifest, SITE);
    if !problems.is_empty() {
        return Err(Wrong::new(problems.join("; "))
            .hint("every sentence is in locales/zh-CN.ftl and in locales/en.ftl, under the same key"));
    }
    let words = manifest
        .locales
        .get("zh-CN")
        .map_or(0, |text| text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic())).count());
    Ok(format!("{}, {}", count(manifest.templates.len(), "template"), count(words, "word")))
}

/// The migrations run, and running them again does nothing.
pub(super) async fn tables(bench: &Workbench) -> Found {
    let now = chrono::Utc::now();
    // The workbench has done them once; what failed there fails again here and says why.
    bench.store.migrate(&bench.manifest, now).await?;
    let again = bench.store.migrate(&bench.manifest, now).await?;
    if !again.is_empty() {
        return Err(Wrong::new(format!("done a second time: {again:?}")));
    }
    let tables = bench.store.tables().await?.len();
    Ok(format!("{}, {}", count(bench.manifest.migrations.len(), "migration"), count(tables, "table")))
}

/// Every table is declared, and the declared columns are there.
pub(super) async fn people(bench: &Workbench) -> Found {
    let undeclared = bench.store.undeclared(&bench.manifest).await?;
    if !undeclared.is_empty() {
        return Err(Wrong::new(format!("tables that the manifest says nothing about: {undeclared:?}"))
            .hint("name each under [[personal_data]] with the column of the person, or in impersonal_tables"));
    }
    let stuck = bench.store.undetachable(&bench.manifest).await?;
    if !stuck.is_empty() {
        return Err(Wrong::new(format!("erasure cannot empty columns that are \"not null\": {stuck:?}"))
            .hint("let the column be null, or delete the rows: without erase = \"detach\""));
    }
    let nobody = Uuid::from_u128(0);
    bench.store.export_person(&bench.manifest, nobody).await?;
    bench.store.erase_person(&bench.manifest, nobody).await?;
    Ok(format!("about people: {}", count(bench.manifest.personal_data.len(), "table")))
}
