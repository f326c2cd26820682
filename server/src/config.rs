//! Settings of the process: flags and environment, read here and nowhere else.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::db::{self, Db};

/// How to serve. Every flag has an environment variable of the same meaning.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address to listen on
    #[arg(long, env = "COURSE_LISTEN", default_value = "127.0.0.1:3000", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,

    /// Where the data is.
    #[command(flatten)]
    pub storage: Storage,

    /// Directory of the courses [default: ./content if it exists, else the built-in courses]
    #[arg(long, env = "COURSE_CONTENT", value_name = "DIR")]
    pub content: Option<PathBuf>,

    /// Address people use, such as `https://course.example.edu`; https makes cookies secure
    #[arg(long, env = "COURSE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// Proxies whose X-Forwarded-For is believed, separated by commas
    #[arg(long, env = "COURSE_TRUSTED_PROXIES", value_delimiter = ',', value_name = "IP")]
    pub trusted_proxies: Vec<IpAddr>,

    /// Line in the footer of every page, such as an ICP number
    #[arg(long, env = "COURSE_FOOTER", value_name = "TEXT")]
    pub footer: Option<String>,

    /// More directories with plugins, separated by commas, beside the program's own and DATA/plugins
    #[arg(long, env = "COURSE_PLUGINS", value_delimiter = ',', value_name = "DIR")]
    pub plugins: Vec<PathBuf>,

    /// Start no plugin, whatever is enabled
    #[arg(long, env = "COURSE_SAFE_MODE")]
    pub safe_mode: bool,

    /// Program that is started to run a plugin [default: this one]
    #[arg(long, env = "COURSE_PLUGIN_WORKER", value_name = "FILE", hide = true)]
    pub plugin_worker: Option<PathBuf>,
}

/// Where the data is; the same for every command that needs it.
#[derive(Args, Clone, Debug)]
pub struct Storage {
    /// Directory for the database, backups and run files; created if missing
    #[arg(long, env = "COURSE_DATA", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,

    /// Database: sqlite:PATH or postgres://USER@HOST/NAME [default: sqlite:DATA/course.db]
    #[arg(long, env = "COURSE_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,

    /// File that holds the database URL, for URLs with a password
    #[arg(long, env = "COURSE_DATABASE_URL_FILE", value_name = "FILE", conflicts_with = "database")]
    pub database_file: Option<PathBuf>,

    /// Start on a PostgreSQL that may lose acknowledged answers (fsync or synchronous_commit off)
    #[arg(long, env = "COURSE_ALLOW_UNSAFE_POSTGRES", hide = true)]
    pub allow_unsafe_postgres: bool,
}

impl Storage {
    /// The database URL in force.
    pub fn database_url(&self) -> anyhow::Result<String> {
        if let Some(file) = &self.database_file {
            let url = std::fs::read_to_string(file)
                .with_context(|| format!("the file with the database URL cannot be read: {}", file.display()))?;
            return Ok(url.trim().to_owned());
        }
        Ok(match &self.database {
            Some(url) => url.clone(),
            None => format!("sqlite:{}", self.data.join("course.db").display()),
        })
    }

    /// Opens a database that is there.
    pub async fn open_existing(&self) -> anyhow::Result<Db> {
        Ok(db::open_existing(&self.database_url()?, self.allow_unsafe_postgres).await?)
    }

    /// Creates the data directory, opens the database and brings it up to date.
    pub async fn open(&self) -> anyhow::Result<Db> {
        std::fs::create_dir_all(&self.data)
            .with_context(|| format!("the data directory cannot be created: {}", self.data.display()))?;
        Ok(db::open(&self.database_url()?, self.allow_unsafe_postgres).await?)
    }
}

impl Config {
    /// Everything in one folder, on this machine only, on a port that is free.
    pub fn in_folder(folder: &std::path::Path) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            storage: Storage {
                data: folder.to_owned(),
                database: None,
                database_file: None,
                allow_unsafe_postgres: false,
            },
            content: None,
            public_url: None,
            trusted_proxies: Vec::new(),
            footer: None,
            plugins: Vec::new(),
            safe_mode: false,
            plugin_worker: None,
        }
    }

    /// Whether people reach the server by https only, so that cookies can be bound to it.
    pub fn is_secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}
