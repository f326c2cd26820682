//! The integration tests, one module an area.

#![allow(missing_docs)]

mod access;
mod account;
mod assignment;
mod attempt;
mod backup;
mod bell;
mod chapter;
mod class;
mod command;
mod draft;
mod durability;
mod error;
mod export;
mod give;
mod gradebook;
mod import;
mod inquiry;
mod mark;
mod plugin;
mod purity;
mod request;
mod review;
mod roster;
mod search;
mod security;
mod sign_in;
mod transfer;
