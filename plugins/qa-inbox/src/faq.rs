//! The class's FAQ: the starter set and the class's own entries, what they suggest, when they answer by themselves, and how
//! they travel to the next class.

pub mod entry;
pub mod gate;
mod kept;
pub mod pair;
pub mod suggest;
pub mod transfer;
