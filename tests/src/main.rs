//! The integration tests, one module an area.

#![allow(missing_docs)]

mod error;
mod security;
