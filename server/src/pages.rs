//! Handlers, one file an area: read the request, ask the store, render.

pub mod account;
pub mod admin;
pub mod assignment;
pub mod attachment;
pub mod attempt;
pub mod chapter;
pub mod class;
pub mod course;
pub mod desk;
pub mod draft;
pub mod error;
pub mod give;
pub mod gradebook;
pub mod health;
pub mod inquiry;
pub mod join;
pub mod mark;
pub mod marks;
pub mod plugin;
pub mod review;
pub mod roster;
pub mod search;
pub mod setup;
pub mod sign_in;
pub mod style;
pub mod today;
