//! Plugins.

mod command;
mod events;
mod jobs;
mod process;
mod services;
mod stage;
mod tables;
