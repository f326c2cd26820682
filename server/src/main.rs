//! The `server` command.

use clap::{Parser, Subcommand};
use server::clock::Clock;
use server::config::Config;
use server::serve::Server;
use tokio_util::sync::CancellationToken;

/// A course platform for college classes
#[derive(Parser)]
#[command(version, about)]
struct Command {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    config: Config,
}

#[derive(Subcommand)]
enum Action {
    /// Serve the classroom (the default)
    Serve,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let command = Command::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("COURSE_LOG")
                .unwrap_or_else(|_| "info,sqlx=warn,tower_http=warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    match command.action {
        None | Some(Action::Serve) => {
            let server = Server::open(command.config, Clock::system()).await?;
            println!("http://{}", server.address()?);
            let stop = CancellationToken::new();
            let signal = stop.clone();
            tokio::spawn(async move {
                let _ = tokio::signal::ctrl_c().await;
                signal.cancel();
            });
            server.run(stop).await
        }
    }
}
