//! The integration tests, one module an area.

#![allow(missing_docs)]

mod backup;
mod error;
mod security;
