//! Harness for the integration tests: the real server in this process on a port of its own, a real database for each
//! test, and clients that talk HTTP.
//!
//! [`both!`] makes two tests of one body, on SQLite and on PostgreSQL. PostgreSQL is started from the installed server
//! package; where there is none the test says so loudly (and fails when `COURSE_TESTS_REQUIRE_POSTGRES` is set).

pub mod binary;
pub mod classroom;
pub mod client;
pub mod lecture;
pub mod postgres;
pub mod sheet;
pub mod site;

pub use classroom::Classroom;
pub use client::{Client, Reply};
pub use site::{Database, Site, at};

/// Makes a module with two tests of one body: `both!(name, |site| { … })`.
#[macro_export]
macro_rules! both {
    ($(#[$attribute:meta])* $name:ident, |$site:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn body($site: $crate::Site) $body

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body($crate::Site::start($crate::Database::Sqlite).await.expect("SQLite is built in")).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(site) = $crate::Site::start($crate::Database::Postgres).await {
                    body(site).await;
                }
            }
        }
    };
}
