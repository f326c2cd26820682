//! Questions as conversations: what a follower sends, who answers it, how the answer gets there, and how it is forgotten.

pub mod answer;
pub mod case;
pub mod delivery;
pub mod forget;
pub mod handover;
pub mod intake;
pub mod kind;
pub mod lease;
pub mod message;
pub mod reply;
pub mod state;
pub mod utterance;
