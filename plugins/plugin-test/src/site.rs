//! The site that pages of a test are rendered for: its real components and words, read from the sources beside the kit.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use plugin_render::{LANGUAGES, Site, Values};

pub(crate) const SITE: Site = Site {
    components: || files("templates/components").into_iter().collect(),
    sentence,
    asset: |manifest, name| {
        let of_plugin = manifest.assets.contains_key(name).then(|| format!("/tools/{}/test/{name}", manifest.id));
        let is_of_site = || folder("static").join(name).is_file() || matches!(name, "style.css" | "app.js");
        of_plugin.or_else(|| is_of_site().then(|| format!("/static/test/{name}")))
    },
};

static WORDS: LazyLock<Vec<FluentBundle<FluentResource>>> = LazyLock::new(|| LANGUAGES.iter().map(words).collect());

fn sentence(tag: &str, key: &str, values: &Values) -> Option<String> {
    let index = LANGUAGES.iter().position(|known| *known == tag)?;
    let bundle = WORDS.get(index)?;
    let pattern = bundle.get_message(key)?.value()?;
    let arguments: FluentArgs<'_> = values.iter().map(|(name, value)| (name.as_ref(), value.clone())).collect();
    Some(bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned())
}

fn words(tag: &&str) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![tag.parse().expect("the languages of the site have tags")]);
    bundle.set_use_isolating(false);
    for (name, text) in files(&format!("locales/{tag}")) {
        let resource = FluentResource::try_new(text).unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
        // The server's own tests say where a key is there twice.
        let _ = bundle.add_resource(resource);
    }
    bundle
}

/// The files of a folder of the server, by name.
fn files(inside: &str) -> BTreeMap<String, String> {
    let folder = folder(inside);
    let missing = |error| panic!("the site's {inside} are not at {}: {error}", folder.display());
    let entries = fs::read_dir(&folder).unwrap_or_else(missing);
    let read =
        |path: PathBuf| Some((path.file_name()?.to_string_lossy().into_owned(), fs::read_to_string(&path).ok()?));
    entries.flatten().filter_map(|entry| read(entry.path())).collect()
}

fn folder(inside: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../server", inside].iter().collect()
}
