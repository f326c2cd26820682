//! `server` and `server serve`.

use anyhow::Result;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::Config;
use crate::serve::Server;
use crate::store::activation;
use crate::terminal::say;

/// Serves until Ctrl-C or SIGTERM.
pub async fn run(config: Config) -> Result<()> {
    let server = Server::open(config, Clock::system()).await?;
    say(server.url()?);
    if let Some(path) = activation::setup_link(&server.app.db, server.app.clock.now()).await? {
        say("Nobody is here yet. Open this link within an hour to become the administrator:");
        say(format_args!("  {}{path}", server.url()?));
    }
    server.run(until_asked_to_stop()).await
}

/// Cancelled at the first Ctrl-C or SIGTERM; the second one ends the process at once.
pub(super) fn until_asked_to_stop() -> CancellationToken {
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        signal().await;
        tracing::info!("finishing what is in progress; once more to stop at once");
        asked.cancel();
        signal().await;
        std::process::exit(130);
    });
    stop
}

async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
