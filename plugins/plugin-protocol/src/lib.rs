//! What a plugin and its host say to each other. Bytes in, bytes out: [`manifest`] is what a plugin says about itself
//! before it runs, [`frame`] how messages travel between the server and a worker process, [`op`] the operations of a
//! plugin and [`host`] the services of the host, both as JSON; [`code`] is the one list of results.
//!
//! JSON because it describes itself: a field that is new is ignored by whoever does not know it, a missing one has a
//! default, and any language can speak it.

pub mod body;
pub mod code;
pub mod context;
pub mod frame;
pub mod hello;
pub mod host;
pub mod manifest;
pub mod op;
pub mod value;

pub use code::{Code, Failure};

/// Version of the protocol on the socket. It changes only when the frames do, never with the product.
pub const PROTOCOL: u16 = 1;
