//! Templates and words of a plugin, rendered as the site shows them: beside the plugin in its worker, and in the tests of
//! its author.
//!
//! A template sees the values that came with it, the site's components, and the functions `t(key=…)` (the plugin's own
//! words, else the site's), `url(path=…)` and `asset(name=…)`. Everything is escaped.

mod renderer;
mod site;
mod used;
mod values;
mod words;

pub use renderer::{Renderer, below};
pub use site::{LANGUAGES, Site};
pub use used::problems;
pub use values::{Values, value, values};
