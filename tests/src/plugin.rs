//! Plugins.

mod process;
