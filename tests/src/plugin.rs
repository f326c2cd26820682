//! Plugins.

mod command;
mod conformance;
mod events;
mod faults;
mod flow;
mod jobs;
mod lifecycle;
mod marks;
mod notebook;
mod outside;
mod pages;
mod peer;
mod process;
mod program;
mod role;
pub mod room;
mod running;
mod scaffold;
mod semester;
mod services;
mod stage;
mod tables;
mod variant;
mod worker;
