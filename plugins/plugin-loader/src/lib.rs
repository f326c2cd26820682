//! The host's side of the C interface: [`file`](mod@file) reads a plugin without running any of it, [`Plugin`] opens and calls
//! it. The only place that opens libraries.
//!
//! A library is opened for good: unloading one is unsound as soon as it has a thread-local value with a destructor.
//! Whoever wants to be rid of it ends the process.

pub mod file;
mod library;
mod services;

pub use file::{FileError, FileKind, PluginFile};
pub use library::{OpenError, Plugin};
pub use services::Services;
