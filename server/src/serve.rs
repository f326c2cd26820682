//! Opens everything and answers requests until told to stop.

use std::net::SocketAddr;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::{db, router};

/// A server that has bound its address but answers nobody yet.
pub struct Server {
    /// State of the server, for commands that fill it.
    pub app: App,
    listener: TcpListener,
}

impl Server {
    /// Creates the data directory, opens and migrates the database, and binds the address.
    pub async fn open(config: Config, clock: Clock) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&config.data)
            .with_context(|| format!("the data directory cannot be created: {}", config.data.display()))?;
        let db = db::open(&config.database_url()?, config.allow_unsafe_postgres).await?;
        let listener = TcpListener::bind(config.listen).await.with_context(|| {
            format!("{} is taken or not an address of this machine; choose another with --listen", config.listen)
        })?;
        Ok(Self { app: App::new(config, db, clock)?, listener })
    }

    /// The bound address (its port is a real one where 0 was asked for).
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Answers until `stop` is cancelled, then finishes what is in progress and closes the database.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let service = router::router(self.app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let stopping = stop.clone();
        axum::serve(self.listener, service)
            .with_graceful_shutdown(async move { stopping.cancelled().await })
            .await?;
        self.app.db.close().await;
        Ok(())
    }
}
