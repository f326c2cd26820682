//! `server admin`: what an administrator does on the server's own machine.

use anyhow::{Result, bail};
use clap::{Args, Subcommand};

use crate::clock::Clock;
use crate::config::Storage;
use crate::error::Error;
use crate::store::activation;

/// Subcommands of `server admin`.
#[derive(Subcommand)]
pub enum Admin {
    /// Print a link with which a person sets a new password
    Link(Link),
}

/// Arguments of `server admin link`.
#[derive(Args)]
pub struct Link {
    /// What the person signs in with
    login: String,
    /// Address people use, put before the link
    #[arg(long, env = "COURSE_PUBLIC_URL", default_value = "http://127.0.0.1:3000", value_name = "URL")]
    public_url: String,
    #[command(flatten)]
    storage: Storage,
}

impl Admin {
    /// Runs the subcommand.
    pub async fn run(self) -> Result<()> {
        let Admin::Link(link) = self;
        let db = link.storage.open().await?;
        let path = activation::password_link(&db, None, &link.login, Clock::system().now()).await;
        db.close().await;
        match path {
            Ok(path) => println!("{}{path}", link.public_url.trim_end_matches('/')),
            Err(Error::NotFound) => {
                bail!("nobody signs in as {:?}; the class roster and /admin list the logins", link.login)
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}
