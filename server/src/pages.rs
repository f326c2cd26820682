//! Handlers, one file an area: read the request, ask the store, render.

pub mod error;
pub mod style;
