//! Opens everything and answers requests until told to stop.

use std::fs::File;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::plugins::context::Parts;
use crate::router;

/// How long requests in progress may take after the server was told to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How often a node on a shared database sets its clock by the database's.
const CLOCK_EVERY: Duration = Duration::from_secs(30);

/// How often sessions, codes and counters that have run out are removed.
const SWEEP_EVERY: Duration = Duration::from_secs(10 * 60);

/// A server that has bound its address but answers nobody yet.
pub struct Server {
    /// State of the server, for commands that fill it.
    pub app: App,
    listener: TcpListener,
    /// Held so that a second server does not open the same directory.
    _lock: File,
}

impl Server {
    /// Creates the data directory, opens and migrates the database, and binds the address.
    pub async fn open(config: Config, clock: Clock) -> anyhow::Result<Self> {
        let db = config.storage.open().await?;
        let lock = lock(&config)?;
        follow_database_clock(&db, &clock).await?;
        let listener = TcpListener::bind(config.listen).await.with_context(|| {
            format!("{} is taken or not an address of this machine; choose another with --listen", config.listen)
        })?;
        Ok(Self { app: App::new(config, db, clock)?, listener, _lock: lock })
    }

    /// The bound address (its port is a real one where 0 was asked for).
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Where people on this machine open the site.
    pub fn url(&self) -> anyhow::Result<String> {
        let mut address = self.address()?;
        if address.ip().is_unspecified() {
            address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        Ok(format!("http://{address}"))
    }

    /// Answers until `stop` is cancelled, then finishes what is in progress and closes the database.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let url = self.url()?;
        self.app.local_access.write(&url)?;
        let jobs = start_jobs(&self.app, &stop);
        let service = router::router(self.app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let stopping = stop.clone();
        let serving = axum::serve(self.listener, service)
            .with_graceful_shutdown(async move { stopping.cancelled().await })
            .into_future();
        let drained = async {
            stop.cancelled().await;
            tokio::time::sleep(DRAIN).await;
        };
        tokio::select! {
            served = serving => served?,
            () = drained => tracing::warn!("some requests were still in progress after {} s", DRAIN.as_secs()),
        }
        for job in jobs {
            let _ = job.await;
        }
        self.app.plugins.shared().tables.close().await;
        self.app.db.close().await;
        self.app.local_access.remove();
        Ok(())
    }
}

/// Jobs that run beside the requests until the server stops.
fn start_jobs(app: &App, stop: &CancellationToken) -> Vec<tokio::task::JoinHandle<()>> {
    let mut jobs = vec![tokio::spawn(crate::bell::run(app.clone(), stop.clone()))];
    let (sweeping, until) = (app.clone(), stop.clone());
    jobs.push(tokio::spawn(async move {
        while until.run_until_cancelled(tokio::time::sleep(SWEEP_EVERY)).await.is_some() {
            if let Err(error) = crate::store::sign_in::sweep(&sweeping.db, sweeping.clock.now()).await {
                tracing::warn!(%error, "what has run out could not be removed");
            }
        }
    }));
    jobs.push(tokio::spawn(crate::plugins::reconcile::run(Parts::from(app), app.plugins.clone(), stop.clone())));
    let host = app.plugin_host();
    jobs.push(tokio::spawn(crate::plugins::delivery::run(host.clone(), stop.clone())));
    jobs.push(tokio::spawn(crate::plugins::jobs::run(host, stop.clone())));
    if app.db.is_postgres() {
        let (app, stop) = (app.clone(), stop.clone());
        jobs.push(tokio::spawn(async move {
            while stop.run_until_cancelled(tokio::time::sleep(CLOCK_EVERY)).await.is_some() {
                if let Err(error) = follow_database_clock(&app.db, &app.clock).await {
                    tracing::warn!(%error, "the database's clock could not be read");
                }
            }
        }));
    }
    jobs
}

/// Nodes that share a database share its clock, so that a deadline is the same for all of them.
async fn follow_database_clock(db: &Db, clock: &Clock) -> anyhow::Result<()> {
    if let Db::Postgres(pool) = db {
        let before = Utc::now();
        let theirs: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()").fetch_one(pool).await?;
        let after = Utc::now();
        clock.follow(theirs, before + (after - before) / 2);
    }
    Ok(())
}

fn lock(config: &Config) -> anyhow::Result<File> {
    let path = config.storage.data.join("server.lock");
    let file = File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    if file.try_lock().is_err() {
        bail!(
            "another server already works in {}; stop it, or choose another directory with --data",
            config.storage.data.display()
        );
    }
    Ok(file)
}
