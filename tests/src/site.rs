//! A running server with its database, for one test.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use server::app::App;
use server::clock::Clock;
use server::config::{Config, Storage};
use server::serve::Server;
use server::store::person::{self, NewPerson, Person, Role};
use server::store::session;
use server::{cookie, secret};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::client::Client;
use crate::{binary, postgres};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file in a temporary directory.
    Sqlite,
    /// A database of its own on the run's server.
    Postgres,
}

/// A running server. Its clock stands at [`Site::START`] until a test moves it.
pub struct Site {
    /// State of the server: database and clock.
    pub app: App,
    /// `http://127.0.0.1:PORT`
    pub base: String,
    /// URL of the database.
    pub database_url: String,
    folder: TempDir,
    stop: CancellationToken,
    running: Option<tokio::task::JoinHandle<anyhow::Result<()>>>,
}

/// A time, written `2026-10-12 08:00:00` in Shanghai.
pub fn at(text: &str) -> DateTime<Utc> {
    use chrono::TimeZone as _;
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").expect("the time is well formed");
    chrono_tz::Asia::Shanghai.from_local_datetime(&local).single().expect("Shanghai has no gaps").to_utc()
}

impl Site {
    /// Where the clock stands at first.
    pub const START: &'static str = "2026-10-12 08:00:00";

    /// Starts a server; `None` where PostgreSQL is not installed.
    pub async fn start(database: Database) -> Option<Self> {
        Self::start_with(database, |_| {}).await
    }

    /// Starts a server that finds these plugins in a folder, into which their libraries are copied; nothing is enabled.
    pub async fn start_with_plugins(database: Database, folder: &Path, plugins: &[&str]) -> Option<Self> {
        for id in plugins {
            std::fs::copy(binary::plugin(id), folder.join(format!("{id}.so"))).expect("the plugin is built");
        }
        let searched = folder.to_owned();
        Self::start_with(database, move |config| {
            config.plugins = vec![searched];
            config.plugin_worker = Some(binary::server());
        })
        .await
    }

    /// Starts a server with changed settings.
    pub async fn start_with(database: Database, change: impl FnOnce(&mut Config)) -> Option<Self> {
        let folder = tempfile::tempdir().expect("the temporary directory is writable");
        let database_url = match database {
            Database::Sqlite => format!("sqlite:{}", folder.path().join("course.db").display()),
            Database::Postgres => postgres::database().await?,
        };
        let mut config = Config {
            listen: "127.0.0.1:0".parse().expect("an address"),
            storage: Storage {
                data: folder.path().to_owned(),
                database: Some(database_url.clone()),
                database_file: None,
                allow_unsafe_postgres: true,
            },
            content: Some(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../content"))),
            public_url: None,
            trusted_proxies: Vec::new(),
            footer: None,
            plugins: Vec::new(),
            safe_mode: false,
            plugin_worker: None,
        };
        change(&mut config);
        let server = Server::open(config, Clock::fixed(at(Self::START))).await.expect("the server opens");
        let base = format!("http://{}", server.address().expect("the address is bound"));
        let app = server.app.clone();
        let stop = CancellationToken::new();
        let running = Some(tokio::spawn(server.run(stop.clone())));
        Some(Self { app, base, database_url, folder, stop, running })
    }

    /// Moves the clock.
    pub fn set_time(&self, text: &str) {
        self.app.clock.set(at(text));
    }

    /// The data directory.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A browser without a session.
    pub fn visitor(&self) -> Client {
        Client::new(&self.base)
    }

    /// Creates a person without a password.
    pub async fn person(&self, role: Role, login: &str, name: &str) -> Person {
        let new = NewPerson { login: login.into(), name: name.into(), role, password_hash: None };
        let id = person::create(&self.app.db, new, self.app.clock.now()).await.expect("the login is free");
        person::find(&self.app.db, id).await.expect("the database answers").expect("just created")
    }

    /// A browser in which this person is signed in.
    pub async fn signed_in(&self, person: &Person) -> Client {
        let token = secret::new_token();
        let now = self.app.clock.now();
        session::create(&self.app.db, secret::token_hash(&token), person, "test".into(), "127.0.0.1".into(), now)
            .await
            .expect("a session opens");
        Client::new(&self.base).with_cookie(cookie::session_name(&self.app.config), &token)
    }

    /// Creates a teacher and signs them in.
    pub async fn teacher(&self, login: &str) -> (Person, Client) {
        let person = self.person(Role::Teacher, login, &format!("教师 {}", login.to_uppercase())).await;
        let client = self.signed_in(&person).await;
        (person, client)
    }

    /// Stops the server, waits until it has closed its database, and hands over the directory.
    pub async fn close(mut self) -> TempDir {
        self.finish().await;
        std::mem::replace(&mut self.folder, tempfile::tempdir().expect("the temporary directory is writable"))
    }

    /// Stops the server and waits until it has closed its database.
    pub async fn stop(mut self) {
        self.finish().await;
    }

    async fn finish(&mut self) {
        self.stop.cancel();
        if let Some(running) = self.running.take() {
            running.await.expect("the server does not panic").expect("the server ends well");
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
