//! The host's side of the C interface: [`file`](mod@file) reads a plugin without running any of it, [`Plugin`] opens and calls
//! it. The only place that opens libraries.
//!
//! A library is opened for good: unloading one is unsound as soon as it has a thread-local value with a destructor.
//! Whoever wants to be rid of it ends the process.

pub mod file;
mod library;

use std::sync::Arc;

pub use file::{FileError, FileKind, PluginFile};
pub use library::{OpenError, Plugin};

/// What a plugin may ask while it works on a call.
pub trait Services: Send + Sync {
    /// Answers service `op` on behalf of the call `token` (0: of none): a code and JSON.
    fn call(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>);
    /// Whether anybody still waits for the call.
    fn alive(&self, token: u64) -> bool;
}

impl<T: Services + ?Sized> Services for Arc<T> {
    fn call(&self, token: u64, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        (**self).call(token, op, input)
    }

    fn alive(&self, token: u64) -> bool {
        (**self).alive(token)
    }
}
