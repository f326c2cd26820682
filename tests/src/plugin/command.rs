//! `server plugin`.
