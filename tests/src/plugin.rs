//! Plugins.

mod command;
mod conformance;
mod events;
mod faults;
mod jobs;
mod marks;
mod pages;
mod peer;
mod process;
mod program;
mod role;
pub mod room;
mod semester;
mod running;
mod services;
mod stage;
mod tables;
mod worker;
