//! The pages.

pub mod automatic;
pub mod conversation;
pub mod faq;
pub mod figures;
pub mod form;
pub mod inbox;
pub mod reviews;
