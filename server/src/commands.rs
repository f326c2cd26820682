//! What the `server` command does, one file a subcommand.

pub mod admin;
pub mod backup;
pub mod demo;
pub mod plugin;
pub mod rehearse;
pub mod restore;
pub mod serve;
