//! The tables of a plugin, kept apart from everybody else's by the database itself.
//!
//! On SQLite a plugin has a file of its own, so that a statement that never ends holds up nobody else, and an authorizer
//! that lets it read and change its own rows and nothing more. On PostgreSQL it has a schema and a role of its own, and
//! connections that signed in as that role, so that there is nothing to switch back to.
//!
//! Three tables in it are the host's: `host_migration`, `host_once` and `host_outbox`.

#[cfg(feature = "postgres")]
mod copy;
mod limit;
mod migration;
mod outbox;
mod personal;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;
#[cfg(feature = "postgres")]
mod store;

#[cfg(feature = "postgres")]
pub use copy::{Piece, Pieces};
pub use limit::LONGEST;
pub use migration::Applied;
pub use outbox::OutboxEvent;
#[cfg(feature = "postgres")]
pub use postgres::{PostgresTables, RoleError, checked_after_rest, plugins_of, receive_into, send_from};
pub use sqlite::SqliteTables;
#[cfg(feature = "postgres")]
pub use store::Store;
