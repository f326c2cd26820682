//! The `server` command: serves the classroom, and looks after its data.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use server::commands::{admin, backup, demo, plugin, rehearse, restore, serve};
use server::config::Config;
use server::terminal::{note, reasons};
use tracing_subscriber::EnvFilter;

/// A course platform for college classes: chapters, assignments marked at once, marks.
///
/// Without a command it serves the classroom from the directory `data`; the first start prints a link
/// for the first administrator.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    serve: Config,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the classroom (what happens without a command)
    Serve(Config),
    /// Serve a demo class with half a semester behind it, from a directory of its own
    Demo(demo::Demo),
    /// Play the WeChat platform, so that a class practises before its public account is live
    Rehearse(rehearse::Rehearse),
    /// Write everything into one file while people go on working
    Backup(backup::Backup),
    /// Read a backup into an empty database, SQLite or PostgreSQL
    Restore(restore::Restore),
    /// Look after people from the server's own machine
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Look after plugins, and write new ones
    #[command(subcommand)]
    Plugin(plugin::Plugin),
}

fn main() -> ExitCode {
    // A worker has neither a runtime nor threads of its own before it has shut itself in.
    server::plugins::worker::run_if_asked().unwrap_or_else(command)
}

#[tokio::main]
async fn command() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("COURSE_LOG").unwrap_or_else(|_| "info,sqlx=warn,tower_http=warn".into()),
        )
        .with_writer(std::io::stderr)
        // Where nobody reads any more, a word about it would be a panic in whatever was just done.
        .log_internal_errors(false)
        .init();
    let outcome = match cli.command {
        None => serve::run(cli.serve).await,
        Some(Command::Serve(config)) => serve::run(config).await,
        Some(Command::Demo(demo)) => demo.run().await,
        Some(Command::Rehearse(rehearse)) => rehearse.run().await,
        Some(Command::Backup(backup)) => backup.run().await,
        Some(Command::Restore(restore)) => restore.run().await,
        Some(Command::Admin(admin)) => admin.run().await,
        Some(Command::Plugin(plugin)) => plugin.run().await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            note(format_args!("server: {}", reasons(&error)));
            // 3: something around the program (files, addresses, the database) is not as it must be.
            ExitCode::from(3)
        }
    }
}
