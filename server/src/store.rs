//! All SQL, one file an area. No HTTP types; a transaction lives inside one function.

pub mod audit;
pub mod class;
pub mod person;
pub mod session;
