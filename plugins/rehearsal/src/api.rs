//! The platform's API over HTTP: who may call what, how often, and what it answers.

mod address;
mod call;
mod codes;
mod customer;
mod figures;
mod gate;
mod library;
mod mass;
mod origin;
mod quota;
mod tags;
mod token;
mod users;

pub use call::Upload;
pub use gate::{Answered, Asked, serve};
pub use mass::send_to_all;
