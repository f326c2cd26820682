//! Handlers, one file an area: read the request, ask the store, render.

pub mod chapter;
pub mod course;
pub mod error;
pub mod search;
pub mod style;
