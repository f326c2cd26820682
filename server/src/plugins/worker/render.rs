//! Templates of a plugin, rendered beside it: one that never ends hurts nobody but its own worker.

use plugin_protocol::manifest::Manifest;
use plugin_protocol::{Code, Failure};

/// The templates and words of one plugin.
pub struct Renderer;

impl Renderer {
    /// From what the plugin declares.
    pub fn new(manifest: &Manifest) -> Self {
        let _ = manifest;
        Self
    }

    /// What becomes of a reply: a view is rendered, anything else stays. `request` is the payload of the call.
    pub fn finish(&self, op: u32, code: i32, reply: Vec<u8>, request: &[u8]) -> (i32, Vec<u8>) {
        let _ = (op, request);
        (code, reply)
    }

    /// Answers the operation `Render`.
    pub fn render(&self, request: &[u8]) -> (i32, Vec<u8>) {
        let _ = request;
        (Code::Unsupported.number(), Failure::new(Code::Unsupported, "no templates here").to_bytes())
    }
}
