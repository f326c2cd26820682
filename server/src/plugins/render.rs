//! Templates and words of a plugin, rendered in its worker beside it with the components, words and files of this site: a
//! template that never ends, or eats all memory, hurts nobody but that plugin.

use std::collections::HashMap;
use std::ops::Deref;

use plugin_protocol::manifest::Manifest;
use plugin_render::Site;
pub use plugin_render::below;

use super::asset;
use crate::i18n::{self, Language};
use crate::{assets, templates};

/// This site, as the pages of plugins see it.
pub const SITE: Site = Site {
    components: || templates::components().collect(),
    sentence: |tag, key, values| i18n::find(i18n::from_tag(tag).unwrap_or(Language::Chinese), key, values),
    asset: |manifest, name| asset::address(manifest, name).or_else(|| assets::address(name).map(Into::into)),
};

/// Reads what the pages of all plugins share, so that processes forked from this one have it in memory once.
pub fn prepare() {
    for language in [Language::Chinese, Language::English] {
        let _ = i18n::find(language, "", &HashMap::new());
    }
    let _ = assets::address("");
}

/// Templates and words of one plugin on this site, read when they are first needed.
pub struct Renderer(plugin_render::Renderer);

impl Renderer {
    /// From what the plugin declares.
    pub fn new(manifest: &Manifest) -> Self {
        Self(plugin_render::Renderer::new(manifest, SITE))
    }
}

impl Deref for Renderer {
    type Target = plugin_render::Renderer;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

#[cfg(test)]
mod tests;
