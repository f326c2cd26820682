//! The teacher's command: checks, imports and marks assignments, brings rosters in and marks out.

mod client;
mod commands;
mod credentials;
mod session;

use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(std::env::args_os().collect())
}
