//! What the host's side of the interface asks of whoever loads a plugin.

use std::sync::Arc;

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
