//! The rehearsal room over real HTTP: as an account's server sees it, and as an independent library does.

mod account;
mod api;
mod delivery;
mod faults;
mod page;
mod peers;
mod story;
