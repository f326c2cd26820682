//! Handlers, one file an area: read the request, ask the store, render.

pub mod assignment;
pub mod attachment;
pub mod attempt;
pub mod chapter;
pub mod course;
pub mod draft;
pub mod error;
pub mod marks;
pub mod search;
pub mod style;
