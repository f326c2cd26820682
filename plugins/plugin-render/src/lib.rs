//! Templates and words of a plugin, rendered as the site shows them: beside the plugin in its worker, and in the tests of
//! its author.
//!
//! A template sees the values that came with it, the site's components, and the functions `t(key=…)` (the plugin's own
//! words, else the site's), `url(path=…)` and `asset(name=…)`. Everything is escaped.

mod renderer;
mod used;
mod words;

use plugin_protocol::manifest::Manifest;

pub use renderer::{Renderer, below};
pub use used::problems;
pub use words::{Values, value, values};

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
