//! `server demo`: a class with half a semester behind it.

use anyhow::Result;
use clap::Args;

use crate::clock::Clock;
use crate::config::Config;
use crate::serve::Server;

/// Arguments of `server demo`.
#[derive(Args)]
pub struct Demo {
    #[command(flatten)]
    config: Config,
}

impl Demo {
    /// Serves the demo class.
    pub async fn run(self) -> Result<()> {
        let server = Server::open(self.config, Clock::system()).await?;
        println!("{}", server.url()?);
        server.run(super::serve::until_asked_to_stop()).await
    }
}
