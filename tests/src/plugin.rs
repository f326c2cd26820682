//! Plugins.

mod command;
mod conformance;
mod events;
mod jobs;
mod pages;
mod process;
mod program;
mod services;
mod stage;
mod tables;
mod worker;
