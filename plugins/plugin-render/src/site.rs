//! The site around a plugin's pages.

use plugin_protocol::manifest::Manifest;

use crate::values::Values;

/// The languages of the site.
pub const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// The site around a plugin's pages.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// Its components, by file: what a plugin's templates may use.
    pub components: fn() -> Vec<(String, String)>,
    /// Its sentence for a key in the language with this tag; none when it has no such key.
    pub sentence: fn(&str, &str, &Values) -> Option<String>,
    /// Where a file of the plugin is, or else one of the site with this name.
    pub asset: fn(&Manifest, &str) -> Option<String>,
}
