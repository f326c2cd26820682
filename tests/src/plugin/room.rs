//! A class that uses tools: the fixtures run in real workers of a real server.

pub(crate) use server::plugins::State;
pub(crate) use server::store::person::Role;
pub(crate) use server::store::plugin::{self, File};
pub(crate) use server::store::post;
pub(crate) use tests::{Classroom, Client, Database, Site, binary};

use std::time::{Duration, Instant};

use plugin_loader::file;

/// A class and its tools.
pub(crate) struct Room {
    pub(crate) site: Site,
    pub(crate) class: Classroom,
    /// Where the files of the plugins are.
    pub(crate) folder: tempfile::TempDir,
}

/// Makes a module with two tests of one body: `in_room!(name, ["notebook"], |room| { … })`.
macro_rules! in_room {
    ($name:ident, $plugins:expr, |$room:ident| $body:block) => {
        mod $name {
            use super::*;

            async fn body($room: Room) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body(Room::new(Database::Sqlite, &$plugins).await.expect("SQLite is built in")).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(room) = Room::new(Database::Postgres, &$plugins).await {
                    body(room).await;
                }
            }
        }
    };
}
pub(crate) use in_room;

impl Room {
    /// A class of two students that uses these fixtures; `None` where PostgreSQL is not installed.
    pub(crate) async fn new(database: Database, plugins: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let site = Site::start_with_plugins(database, folder.path(), plugins).await?;
        let class = site.classroom(2).await;
        let room = Self { site, class, folder };
        for id in plugins {
            room.enable(id).await;
            let (db, now) = (&room.site.app.db, room.site.app.clock.now());
            plugin::class::add(db, room.class.actor(), room.class.class.id, id, now).await.expect("the class takes it");
        }
        for id in plugins {
            room.until(id, State::Ready).await;
        }
        Some(room)
    }

    /// Enables the file that lies in the folder.
    pub(crate) async fn enable(&self, id: &str) {
        let read = file::read(&self.folder.path().join(format!("{id}.so"))).expect("a plugin");
        let used = File { version: read.manifest.version.clone(), sha256: read.sha256 };
        let now = self.site.app.clock.now();
        plugin::enable(&self.site.app.db, None, &read.manifest, used, now).await.expect("it is enabled");
        self.site.app.plugins.nudge();
    }

    /// Disables a plugin, and waits until it has stopped.
    pub(crate) async fn disable(&self, id: &str) {
        plugin::disable(&self.site.app.db, None, id, self.site.app.clock.now()).await.expect("it was enabled");
        self.site.app.plugins.nudge();
        self.until(id, State::Disabled).await;
    }

    /// Waits for a state.
    pub(crate) async fn until(&self, id: &str, state: State) {
        let end = Instant::now() + Duration::from_secs(20);
        while self.site.app.plugins.status(id).is_none_or(|status| status.state != state) {
            assert!(Instant::now() < end, "{id} is not {state:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// A page of the class.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/classes/{}{rest}", self.class.class.id)
    }

    pub(crate) async fn student(&self, index: usize) -> Client {
        self.site.signed_in(&self.class.students[index]).await
    }

    pub(crate) async fn teacher(&self) -> Client {
        self.site.signed_in(&self.class.teacher).await
    }

    pub(crate) async fn administrator(&self) -> Client {
        let person = self.site.person(Role::Administrator, "root", "管理员").await;
        self.site.signed_in(&person).await
    }
}
