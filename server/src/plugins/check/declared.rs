//! What can be checked without calling the plugin: words and tables.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::workbench::Workbench;
use super::{Found, Wrong};
use crate::i18n::{self, Language};
use crate::plugins::render::Renderer;

/// Templates can be parsed, both languages say the same, and every word that is used is there.
pub(super) fn words(bench: &Workbench) -> Found {
    let manifest = &bench.manifest;
    Renderer::new(manifest).check()?;
    let keys = |tag: &str| -> BTreeSet<String> {
        let text = manifest.locales.get(tag).map(String::as_str).unwrap_or_default();
        let is_key = |line: &&str| line.starts_with(|c: char| c.is_ascii_alphabetic());
        text.lines().filter(is_key).filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned())).collect()
    };
    let (chinese, english) = (keys("zh-CN"), keys("en"));
    let lacking: Vec<&String> = chinese.symmetric_difference(&english).collect();
    if !lacking.is_empty() {
        return Err(Wrong::new(format!("words that only one language has: {lacking:?}"))
            .hint("write them into locales/zh-CN.ftl and locales/en.ftl"));
    }
    let unknown: BTreeSet<&str> = manifest
        .templates
        .values()
        .flat_map(|text| text.split("t(key=\"").skip(1))
        .filter_map(|rest| Some(rest.split_once('"')?.0))
        .filter(|key| !chinese.contains(*key) && i18n::plain(Language::Chinese, key) == *key)
        .collect();
    if !unknown.is_empty() {
        return Err(Wrong::new(format!("templates use words that are not there: {unknown:?}")));
    }
    Ok(format!("{} templates, {} words", manifest.templates.len(), chinese.len()))
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
    Ok(format!("{} migrations, {} tables", bench.manifest.migrations.len(), bench.store.tables().await?.len()))
}

/// Every table is declared, and the declared columns are there.
pub(super) async fn people(bench: &Workbench) -> Found {
    let undeclared = bench.store.undeclared(&bench.manifest).await?;
    if !undeclared.is_empty() {
        return Err(Wrong::new(format!("tables that the manifest says nothing about: {undeclared:?}"))
            .hint("name each under [[personal_data]] with the column of the person, or in impersonal_tables"));
    }
    let nobody = Uuid::from_u128(0);
    bench.store.export_person(&bench.manifest, nobody).await?;
    bench.store.erase_person(&bench.manifest, nobody).await?;
    Ok(format!("{} tables speak of people", bench.manifest.personal_data.len()))
}
