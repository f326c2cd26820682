//! Sentences in Fluent.

use std::collections::BTreeSet;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast::Entry;
use plugin_protocol::manifest::Manifest;
use plugin_protocol::{Code, Failure};
use serde_json::{Map, Value as Json};
use unic_langid::LanguageIdentifier;

use crate::site::Site;
use crate::values::{Values, travelled};

/// The plugin's own sentences in one language, in front of the site's.
pub(crate) struct Words {
    bundle: FluentBundle<FluentResource>,
    tag: &'static str,
    site: Site,
}

impl Words {
    pub(crate) fn read(manifest: &Manifest, tag: &'static str, site: Site) -> Result<Self, Failure> {
        let wrong = |message: String| Failure::new(Code::PluginError, message).at(format!("locales/{tag}.ftl"));
        let identifier: LanguageIdentifier = tag.parse().map_err(|_| wrong(format!("{tag} is no language")))?;
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        // Isolation marks would end up in attributes and in what people copy.
        bundle.set_use_isolating(false);
        if let Some(text) = manifest.locales.get(tag) {
            let resource = FluentResource::try_new(text.clone());
            let resource =
                resource.map_err(|(_, errors)| wrong(errors.first().map(ToString::to_string).unwrap_or_default()))?;
            bundle.add_resource(resource).map_err(|_| wrong("a key is there twice".into()))?;
        }
        Ok(Self { bundle, tag, site })
    }

    /// The sentence for a key, of the plugin or else of the site.
    pub(crate) fn find(&self, key: &str, values: &Values) -> Option<String> {
        match self.bundle.get_message(key).and_then(|message| message.value()) {
            Some(pattern) => {
                let arguments = values.iter().map(|(name, value)| (name.as_ref(), value.clone()));
                let arguments: FluentArgs<'_> = arguments.collect();
                Some(self.bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned())
            }
            None => (self.site.sentence)(self.tag, key, values),
        }
    }

    /// The same, or the text itself: what an author wrote without a key.
    pub(crate) fn sentence(&self, key: &str, values: &Values) -> String {
        self.find(key, values).unwrap_or_else(|| key.to_owned())
    }

    /// The same with arguments as they travel.
    pub(crate) fn text(&self, key: &str, arguments: &Map<String, Json>) -> String {
        self.sentence(key, &travelled(arguments))
    }
}

/// The keys of a Fluent file, and what cannot be read in it.
pub(crate) fn keys(text: &str) -> (BTreeSet<String>, Vec<String>) {
    let (resource, errors) = match FluentResource::try_new(text.to_owned()) {
        Ok(resource) => (resource, Vec::new()),
        Err((resource, errors)) => (resource, errors.iter().map(ToString::to_string).collect()),
    };
    let key = |entry: &Entry<&str>| match entry {
        Entry::Message(message) => Some(message.id.name.to_owned()),
        _ => None,
    };
    (resource.entries().filter_map(key).collect(), errors)
}
