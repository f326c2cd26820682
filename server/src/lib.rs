//! The course server: chapters, assignments, marks, classes, plugins.
//!
//! A request goes through [`router`] (every address, and the layers around them) to a handler in [`pages`] or [`api`];
//! its extractors from [`auth`] say who asks. The handler asks a function in [`store`] (all SQL, through [`db`]) and
//! renders a template through [`view`]. What goes wrong is an [`error::Error`]; [`pages::error`] shows it.
//! The same area has the same file name in `pages/`, `store/`, `templates/` and the tests.

pub mod address;
pub mod api;
pub mod app;
pub mod arrival;
pub mod assets;
pub mod auth;
pub mod backup;
pub mod bell;
pub mod clock;
pub mod commands;
pub mod config;
pub mod content;
pub mod cookie;
pub mod db;
pub mod demo;
pub mod difference;
pub mod entrance;
pub mod error;
pub mod export;
pub mod i18n;
pub mod importing;
pub mod local_access;
pub mod markdown;
pub mod marking;
pub mod marks;
pub mod media;
pub mod moment;
pub mod notice;
pub mod pages;
pub mod passwords;
pub mod plugins;
pub mod points;
pub mod prepared;
pub mod qr;
pub mod regrade;
pub mod request;
pub mod roster_file;
pub mod router;
pub mod rules;
pub mod search;
pub mod secret;
pub mod serve;
pub mod sheet;
pub mod store;
pub mod templates;
pub mod terminal;
pub mod transfer;
pub mod view;
