//! What teachers and members see of the account.

pub mod account;
pub mod member;
