//! Runs a plugin in a test, without the server: the same bytes over the same interface, tables in memory behind the
//! same guard, the same permissions, a clock that stands still, and a class with a teacher and five students.
//!
//! ```ignore
//! #[test]
//! fn a_note_is_on_the_page() {
//!     let host = plugin_test::TestHost::new(&notebook::PLUGIN);
//!     host.as_student(1).post("/notes", &[("text", "bring the poster")]).redirects_to("/");
//!     let page = host.get("/");
//!     assert_eq!(page.template(), "notes.html");
//!     assert_eq!(page.values()["notes"][0]["text"], "bring the poster");
//! }
//! ```
//!
//! What is wrong with the manifest, the migrations, the translations or the templates fails the test where the host is
//! made. Every page is rendered as the site renders it: a test looks at the template's values, or at the HTML.

mod answer;
mod check;
mod fetch;
mod host;
mod people;
mod runner;
mod services;
mod site;
mod state;

pub use answer::{Answer, Box};
pub use host::TestHost;
pub use people::{ARCHIVED_CLASS, CLASS, OPERATOR, OTHER_CLASS, STUDENTS, TEACHER};
pub use runner::{Runner, library};
pub use state::Told;
