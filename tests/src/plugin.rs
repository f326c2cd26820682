//! Plugins.

mod command;
mod conformance;
mod events;
mod jobs;
mod pages;
mod process;
mod services;
mod stage;
mod tables;
mod worker;
