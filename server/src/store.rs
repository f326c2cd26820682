//! All SQL, one file an area. No HTTP types; a transaction lives inside one function.

pub mod account;
pub mod activation;
pub mod admin;
pub mod assignment;
pub mod attachment;
pub mod attempt;
pub mod audit;
pub mod class;
pub mod draft;
pub mod give;
pub mod gradebook;
pub mod import;
pub mod inquiry;
pub mod join;
pub mod mark;
pub mod person;
pub mod personal_data;
pub mod post;
pub mod reading;
pub mod regrade;
pub mod review;
pub mod roster;
pub mod session;
pub mod sign_in;
pub mod today;
pub mod token;
