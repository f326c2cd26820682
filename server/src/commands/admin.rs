//! `server admin`: what an administrator does on the server's own machine.

use anyhow::{Result, bail};
use clap::{Args, Subcommand};

use crate::clock::Clock;
use crate::config::Storage;
use crate::error::Error;
use crate::store::{activation, erasure};

/// Subcommands of `server admin`.
#[derive(Subcommand)]
pub enum Admin {
    /// Print a link with which a person sets a new password
    Link(Link),
    /// Forget a person: the account becomes nobody's and plugins erase what they know; work handed in stays, under no name
    Erase(Erase),
}

/// Arguments of `server admin erase`.
#[derive(Args)]
pub struct Erase {
    /// What the person signs in with
    login: String,
    /// Needed: this cannot be undone
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    storage: Storage,
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
        match self {
            Admin::Link(link) => link.run().await,
            Admin::Erase(erase) => erase.run().await,
        }
    }
}

impl Erase {
    async fn run(self) -> Result<()> {
        if !self.yes {
            bail!("this cannot be undone; download the person's data first if it is wanted, then say --yes");
        }
        let db = self.storage.open().await?;
        let erased = erasure::erase(&db, &self.login, Clock::system().now()).await;
        db.close().await;
        match erased {
            Ok(plugins) => {
                println!("{} is nobody's account now; what was handed in stays, under no name.", self.login);
                println!("Answers may name their writer, and backups made before still hold everything.");
                if !plugins.is_empty() {
                    println!(
                        "The running server makes these plugins forget the person, one that is disabled when it is enabled again: {}",
                        plugins.join(", ")
                    );
                }
                Ok(())
            }
            Err(Error::NotFound) => bail!("nobody signs in as {:?}; /admin lists the logins", self.login),
            Err(Error::Invalid(_)) => bail!("{} is an administrator; take that role away in /admin first", self.login),
            Err(error) => Err(error.into()),
        }
    }
}

impl Link {
    async fn run(self) -> Result<()> {
        let link = self;
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
