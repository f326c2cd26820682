//! Plugins.

mod command;
mod conformance;
mod events;
mod jobs;
mod pages;
mod peer;
mod process;
mod program;
mod services;
mod stage;
mod tables;
mod worker;
