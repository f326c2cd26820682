//! The way from a call back to the host, through the C interface. What it carries is no concern of this module.
#![allow(unsafe_code)]

use plugin_abi::{Buf, HostV1, Slice};
use plugin_protocol::Code;

/// The way from a call back to the host.
#[derive(Clone, Copy)]
pub struct Line {
    host: &'static HostV1,
    token: u64,
}

impl Line {
    /// The line of the call with this token.
    pub(crate) fn new(host: &'static HostV1, token: u64) -> Self {
        Self { host, token }
    }

    pub(crate) fn ask(&self, op: u32, input: &[u8]) -> (i32, Vec<u8>) {
        let Some(call) = self.host.call else { return (Code::Unsupported.number(), Vec::new()) };
        let mut output = Buf::EMPTY;
        // SAFETY: the host promised at `init` that its functions may be called with its own `ctx` until the process
        // ends; `input` lives as long as the call, `output` is empty and ours.
        let code = unsafe { call(self.host.ctx, self.token, op, Slice::of(input), &raw mut output) };
        // SAFETY: the host filled `output` with as many bytes as it says, or left it empty.
        let bytes = unsafe { output.bytes() }.to_vec();
        if let Some(free) = output.free {
            // SAFETY: `free` came with these bytes, and they are freed once.
            unsafe { free(output) };
        }
        (code, bytes)
    }

    pub(crate) fn alive(&self) -> bool {
        // SAFETY: as in `ask`.
        self.host.alive.is_none_or(|alive| unsafe { alive(self.host.ctx, self.token) } != 0)
    }
}
