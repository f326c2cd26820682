//! The command's arguments, and one file for each thing it does.

mod arguments;
mod check;
mod export;
mod grade;
mod help;
mod import;
mod login;
mod output;
mod report;
mod roster;
mod source;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches;

use crate::session::{Failure, Outcome, Session};
use arguments::{Command, RosterCommand};

/// Runs the command with these arguments, the first of which is its own name.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let arguments = help::rewritten(arguments);
    let language = help::language(&arguments);
    let no_color = arguments.iter().any(|argument| argument == "--no-color")
        || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
        || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let mut session = Session { language, json: false, no_color };
    let command = help::command(&session);
    let parsed =
        command.try_get_matches_from(&arguments).and_then(|matches| arguments::Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return code(help::explain(&session, &error)),
    };
    session.json = arguments.json;
    code(match perform(&session, arguments.command) {
        Ok(outcome) => outcome,
        Err(failure) => {
            session.complain(&failure);
            failure.outcome
        }
    })
}

fn perform(session: &Session, command: Command) -> Result<Outcome, Failure> {
    match command {
        Command::Check(arguments) => check::check(session, &arguments),
        Command::Grade(arguments) => grade::grade(session, &arguments),
        Command::Import(arguments) => import::import(session, &arguments),
        Command::Login(arguments) => login::login(session, &arguments),
        Command::Logout(arguments) => login::logout(session, &arguments),
        Command::Roster { command: RosterCommand::Import(arguments) } => roster::import(session, &arguments),
        Command::Export(arguments) => export::export(session, &arguments),
        Command::Completions { shell } => Ok(help::completions(session, shell)),
        Command::Man => Ok(help::man(session)),
    }
}

fn code(outcome: Outcome) -> ExitCode {
    ExitCode::from(outcome as u8)
}
