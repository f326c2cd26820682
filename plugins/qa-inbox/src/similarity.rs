//! How like a text is to the entries of the FAQ: characters, pairs of characters and pairs of sounds, weighed by how rare
//! they are. No dictionary and no segmenter, so that short, misspelt and spoken Chinese works as well.

mod feature;
mod index;
mod plain;
mod posting;
mod synonym;

pub use index::{Hit, Index, Text};
pub use plain::plain;
pub use synonym::Synonyms;
